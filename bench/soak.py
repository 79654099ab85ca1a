"""Run the demo with many seeds and add up what it found: `make soak`.

Every run kills and restarts a daemon in its middle. A run is wrong when its program fails, or when
an item is doubled or lost, which includes: not where its fate says. The table shows one run per
line, then the sums.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

PROGRAM = str(Path(sys.executable).with_name("inhope-node"))
COLUMNS = (
    *("reports", "items", "offered", "accepted", "returned", "orphaned", "at_interpol"),
    *("envelopes", "receipts", "restarts", "lost", "doubled", "seconds"),
)
RUN_SECONDS_MAX = 1800


def run(seed: int, reports: int) -> dict[str, float]:
    """Return the figures of one demo; its exit code is the figure `exit`."""
    command = [PROGRAM, "demo", "--until-done", "--json"]
    done = subprocess.run(
        [*command, "--seed", str(seed), "--reports", str(reports)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=RUN_SECONDS_MAX,
    )
    try:
        figures = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        figures = {}
    if done.returncode or not figures:
        print(done.stderr[-2000:], file=sys.stderr)
    return {**figures, "exit": done.returncode}


def is_good(figures: dict[str, float]) -> bool:
    """Say whether a run ended well, with nothing lost and nothing doubled."""
    return all(figures.get(name) == 0 for name in ("exit", "lost", "doubled"))


def row(title: str, figures: dict[str, float]) -> str:
    """Return one line of the table."""
    cells = (f"{figures.get(name, 0):>{len(name)}.0f}" for name in COLUMNS)
    return f"{title:>5}  " + "  ".join(cells)


def main() -> int:
    """Run all seeds; return 1 if any of them went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=20, help="how many seeds")
    parser.add_argument("--reports", type=int, default=200, help="reports in each run")
    chosen = parser.parse_args()
    print(" seed  " + "  ".join(COLUMNS), flush=True)
    results = {}
    for seed in range(chosen.first, chosen.first + chosen.seeds):
        results[seed] = run(seed, chosen.reports)
        verdict = "" if is_good(results[seed]) else "  WRONG"
        print(row(str(seed), results[seed]) + verdict, flush=True)
    sums = {name: sum(figures.get(name, 0) for figures in results.values()) for name in COLUMNS}
    print(row("all", sums))
    wrong = [str(seed) for seed, figures in results.items() if not is_good(figures)]
    print(f"{len(results) - len(wrong)} of {len(results)} seeds good.")
    if wrong:
        print("Wrong: seeds " + ", ".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
