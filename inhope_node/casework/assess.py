"""Assess an item: neutral labels, three answers, a verdict per jurisdiction.

The verdict decides, in the same transaction, what INTERPOL shall be told: baseline always, what is
illegal nationally by the policy of this node, and only by the node whose analyst decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inhope_node.casework.bodies import own_body
from inhope_node.casework.turn import INTERPOL, Turn, moved, plan, state_fact
from inhope_node.errors import WrongState
from inhope_node.model.item import Item
from inhope_node.model.lifecycle import Event, State
from protocol.bodies.assessment import AssessmentBody
from protocol.vocabulary import VerdictResult

RANK = (
    VerdictResult.BASELINE,
    VerdictResult.NATIONALLY_ILLEGAL,
    VerdictResult.UNDETERMINED,
    VerdictResult.NOT_ILLEGAL,
    VerdictResult.OUT_OF_REMIT,
    VerdictResult.NOT_ASSESSABLE,
)
EVENT_OF = {
    VerdictResult.BASELINE: Event.ASSESS_ILLEGAL,
    VerdictResult.NATIONALLY_ILLEGAL: Event.ASSESS_ILLEGAL,
    VerdictResult.UNDETERMINED: Event.ASSESS_UNDETERMINED,
    VerdictResult.NOT_ILLEGAL: Event.ASSESS_NOT_ILLEGAL,
    VerdictResult.OUT_OF_REMIT: Event.ASSESS_NOT_ILLEGAL,
    VerdictResult.NOT_ASSESSABLE: Event.ASSESS_NOT_ASSESSABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the analyst says, as typed.

    Attributes:
        baseline: Answers yes, no or unknown to `real`, `below_age_limit`, `severity`.
        verdicts: Result per jurisdiction (country code).
    """

    labels: Sequence[str]
    baseline: Mapping[str, str]
    verdicts: Mapping[str, str]


def assess(turn: Turn, item_id: str, finding: Finding) -> Item:
    """Write the assessment and move the item on.

    Raises:
        NotFound: This node has no such item.
        WrongState: The acting analyst does not hold it.
        BadInput: The finding contradicts itself or uses unknown words.
    """
    item = turn.store.items.get(item_id)
    if item.owner == turn.me and item.state is State.ASSESSING and item.taken_by != turn.actor:
        raise WrongState(f"{item.taken_by} has this item now; take another, `item next` finds one.")
    body = _body(turn, finding)
    verdict = strongest(body)
    after = moved(
        turn, item, EVENT_OF[verdict], verdict=verdict.value, taken_by="", lease_until_ms=0
    )
    fact = state_fact(turn, item, "assessment", body)
    if goes_to_interpol(turn, verdict):
        plan(turn, item, INTERPOL, fact)
    return after


def strongest(body: AssessmentBody) -> VerdictResult:
    """The verdict that rules the item's way: the gravest of all jurisdictions."""
    results = {verdict.result for verdict in body.verdicts}
    return next(result for result in RANK if result in results)


def goes_to_interpol(turn: Turn, verdict: VerdictResult) -> bool:
    """Whether INTERPOL is told of an item this node judged so."""
    national = turn.rules.interpol_national and verdict is VerdictResult.NATIONALLY_ILLEGAL
    return verdict is VerdictResult.BASELINE or national


def _body(turn: Turn, finding: Finding) -> AssessmentBody:
    verdicts = [{"jurisdiction": cc, "result": r} for cc, r in sorted(finding.verdicts.items())]
    values = {
        "method": "manual",
        "assessor": turn.actor,
        "assessed_at_ms": turn.now_ms,
        "labels": sorted(set(finding.labels)),
        "baseline": dict(finding.baseline),
        "verdicts": verdicts,
    }
    return own_body(AssessmentBody, values)
