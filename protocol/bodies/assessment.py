"""The body of `assessment`: what one person found, facts apart from law.

Labels are neutral and name their taxonomy; verdicts stand per jurisdiction. Baseline asks three
questions and is the verdict exactly where all three answers are yes.
"""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from protocol.bodies.base import Ascending, Country, Lax, TimeMs, WireBody, WirePart, Word
from protocol.limits import LABELS_MAX, PSEUDONYM_CHARS_MAX, VERDICTS_MAX
from protocol.vocabulary import Method, Reply, VerdictResult

Label = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}@[0-9a-z.]{1,16}:[a-z0-9][a-z0-9_.-]{0,63}$")
]


class Baseline(WirePart):
    """The answers to the three questions of the baseline."""

    real: Annotated[Reply, Lax, Word]
    below_age_limit: Annotated[Reply, Lax, Word]
    severity: Annotated[Reply, Lax, Word]

    @property
    def holds(self) -> bool:
        """Whether all three are yes."""
        return {self.real, self.below_age_limit, self.severity} == {Reply.YES}


class Verdict(WirePart):
    """What it comes to under the law of one country."""

    jurisdiction: Country
    result: Annotated[VerdictResult, Lax, Word]


def _by_country(verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    countries = [verdict.jurisdiction for verdict in verdicts]
    if countries != sorted(set(countries)):
        raise ValueError("must be sorted by jurisdiction, each once")
    return verdicts


class AssessmentBody(WireBody):
    """One finding; a later one never erases it.

    Attributes:
        assessor: Pseudonym, stable per node, never a name.
        labels: `taxonomy@version:label`, sorted.
        verdicts: Sorted by jurisdiction, one to 64.
    """

    method: Annotated[Method, Lax, Word]
    assessor: Annotated[str, Field(min_length=1, max_length=PSEUDONYM_CHARS_MAX)]
    assessed_at_ms: TimeMs
    labels: Annotated[tuple[Label, ...], Field(strict=False, max_length=LABELS_MAX), Ascending]
    baseline: Baseline
    verdicts: Annotated[
        tuple[Verdict, ...],
        Field(strict=False, min_length=1, max_length=VERDICTS_MAX),
        AfterValidator(_by_country),
    ]

    @model_validator(mode="after")
    def check_baseline(self) -> Self:
        """Tie the verdict `baseline` to the three answers, both ways."""
        says = any(verdict.result is VerdictResult.BASELINE for verdict in self.verdicts)
        if says != self.baseline.holds:
            raise ValueError("the verdict is baseline exactly when all three answers are yes")
        return self
