"""SIGKILL of any daemon at random moments under load: nothing lost, nothing doubled.

Six federations, ten kills each, sixty in all. People go on working through every crash; afterwards
every item is where its fate says, every channel is contiguous, and both ends agree on every byte.
"""

import random
import time
from contextlib import ExitStack
from itertools import permutations
from pathlib import Path

import pytest
from support.evidence import compare_channel
from support.federation import Day, met, opened_store

from inhope_node.demo.federation import Federation
from inhope_node.demo.generator import make_plan
from inhope_node.demo.launch import Processes

pytestmark = pytest.mark.long

ROUNDS = 6
KILLS_A_ROUND = 10
REPORTS = 120
GAP_S = 0.1
PAUSE_S_MAX = 1.2


@pytest.mark.parametrize("seed", range(1, ROUNDS + 1))
def test_crash_at_random_moments_loses_and_doubles_nothing(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - a seed that can be played again, no secret
    plan = make_plan(seed, REPORTS)
    with met(tmp_path, Processes()) as federation:
        day = Day(federation, plan)
        day.crew.gap_s = GAP_S
        day.crew.start()
        killed = kill_again_and_again(federation, chance)
        day.work_until(lambda: day.casebook.judged == len(plan.items), timeout_s=120)
        day.work_until_still(still_s=3, timeout_s=120)
        day.crew.end()
        finding = day.finding()
        assert (finding.lost, finding.doubled) == (0, 0), finding.deviations
        assert killed == KILLS_A_ROUND
        federation.stop()
        assert compare_all(federation) > 0


def kill_again_and_again(federation: Federation, chance: random.Random) -> int:
    """Kill and start again; which and when comes from the seed."""
    killed = 0
    for _ in range(KILLS_A_ROUND):
        time.sleep(chance.uniform(0.02, PAUSE_S_MAX))
        name = chance.choice(sorted(federation.stations))
        running = federation.stations[name].running
        assert running is not None
        assert running.alive, f"{name} had ended by itself"
        federation.kill(name)
        killed += 1
        federation.restart(name)
    return killed


def compare_all(federation: Federation) -> int:
    """Compare every channel from both ends; returns how many envelopes were carried."""
    envelopes = 0
    with ExitStack() as stack:
        stores = {
            name: stack.enter_context(opened_store(federation, name))
            for name in federation.stations
        }
        ids = {known.name: known.id for store in stores.values() for known in store.peers.all()}
        for sender, receiver in permutations(stores, 2):
            report = compare_channel(stores[sender], ids[sender], stores[receiver], ids[receiver])
            assert report.faults == (), (sender, receiver)
            envelopes += report.envelopes
    return envelopes
