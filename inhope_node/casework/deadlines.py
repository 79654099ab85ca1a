"""Every state has a clock: ends leases and unanswered offers, raises alarms for what is overdue.

An alarm counts items per state and names none; `item list --state` finds them.
"""

from inhope_node.casework.locate import end_offers
from inhope_node.casework.take import end_leases
from inhope_node.casework.turn import Turn
from inhope_node.model.lifecycle import TIMER, State


def watch(turn: Turn) -> None:
    """Look once at leases, overdue states and messages that wait too long."""
    with turn.store.transaction():
        end_leases(turn)
        end_offers(turn)
        for state, timer in TIMER.items():
            if state is not State.ASSESSING:
                _overdue(turn, state, getattr(turn.rules.deadlines_ms, timer))
        _undelivered(turn)


def _overdue(turn: Turn, state: State, deadline_ms: int) -> None:
    count = turn.store.items.overdue(turn.me, state, turn.now_ms - deadline_ms)
    if not count:
        turn.store.alarms.clear("overdue", state.value)
        return
    turn.store.alarms.raise_(
        "overdue",
        state.value,
        now_ms=turn.now_ms,
        message=f"{count} items of ours stand in '{state.value}' longer than they should.",
        advice=f"`item list --state {state.value}` shows them.",
    )


def _undelivered(turn: Turn) -> None:
    limits = turn.rules.deadlines_ms
    waiting, urgent = turn.store.outbox.waiting(), turn.store.outbox.urgent_since()
    for known in turn.store.peers.all():
        count, oldest_ms = waiting.get(known.id, (0, turn.now_ms))
        late = turn.now_ms - oldest_ms >= limits.undelivered
        hurt = turn.now_ms - urgent.get(known.id, turn.now_ms) >= limits.undelivered_urgent
        if not count or not (late or hurt):
            turn.store.alarms.clear("undelivered", known.name)
            continue
        turn.store.alarms.raise_(
            "undelivered",
            known.name,
            now_ms=turn.now_ms,
            message=f"{count} messages wait for {known.name} longer than they should.",
            advice=f"`peer show {known.name}` says why; call them if their node stays away.",
        )
