"""From a seed to a plan: reports shaped like the published figures, with every item's fate.

No code of a node is used here: the plan is the independent account that the homes are
compared with afterwards. An address has facts (what it shows, what each law says, where it
is hosted); its way follows from the facts and from who found it.
"""

from dataclasses import dataclass, field
from typing import Final

from inhope_node.demo import figures
from inhope_node.demo.addresses import address, draw_host, draw_page
from inhope_node.demo.chance import Chance
from inhope_node.demo.members import HOTLINES, Member, hotline_of
from inhope_node.demo.plan import Outcome, Plan, PlannedItem, PlannedReport, Return

REPORTS_MAX: Final = 300
ITEMS_MAX: Final = 300
"""Longer plans would keep a small machine busy for minutes; all pages shrink alike then."""

_ALL_YES: Final = ("yes", "yes", "yes")
_NATIONAL_ANSWERS: Final = (("yes", "yes", "no"), ("no", "yes", "yes"), ("yes", "unknown", "yes"))
_HARMLESS_ANSWERS: Final = (("no", "no", "no"), ("yes", "no", "no"), ("yes", "no", "unknown"))
_OTHER_LAW_PER_MILLE: Final = 300
_OTHER_LAW_AGREES_PER_MILLE: Final = 500
_SECOND_LABEL_PER_MILLE: Final = 250
_STATES: Final = {
    "": "police_pending",
    "reported_to_police": "police_informed",
    "reported_to_provider": "notified",
    "removed": "removed",
    "unavailable": "unavailable",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is true about one address, whoever finds it.

    Attributes:
        address: The address.
        site_type: What kind of place it is.
        labels: What it shows, neutrally.
        answers: The three baseline questions.
        laws: The verdict of every hotline's country.
        country: Where it is hosted.
    """

    address: str = field(repr=False)
    site_type: str
    labels: tuple[str, ...]
    answers: tuple[str, str, str]
    laws: tuple[tuple[str, str], ...]
    country: str


def make_plan(seed: int, reports: int) -> Plan:
    """Fix `reports` reports and the fate of every item; the same seed gives the same plan.

    Raises:
        ValueError: `reports` is not between 1 and `REPORTS_MAX`.
    """
    if not 1 <= reports <= REPORTS_MAX:
        raise ValueError(f"A plan has 1 to {REPORTS_MAX} reports.")
    chance = Chance(seed)
    known: list[Facts] = []
    planned = tuple(
        _report(chance, number, items, known)
        for number, items in enumerate(_page_sizes(chance, reports), start=1)
    )
    return Plan(seed, planned)


def _page_sizes(chance: Chance, reports: int) -> list[int]:
    """Draw how many items each report has; too many in all shrink every page alike."""
    further = [chance.between(*chance.pick(figures.PAGE_ITEMS)) - 1 for _ in range(reports)]
    room = ITEMS_MAX - reports
    wanted = max(sum(further), room, 1)
    return [1 + items * room // wanted for items in further]


def _report(chance: Chance, number: int, items: int, known: list[Facts]) -> PlannedReport:
    """Draw one report; the facts of its addresses join those known before."""
    finder = chance.pick(figures.FINDERS)
    if items == 1 and known and chance.happens(figures.REPEATED_PER_MILLE):
        facts = [chance.one_of(known)]
    else:
        facts = _page(chance, number, items)
        known.extend(facts)
    return PlannedReport(
        hotline=finder.name,
        reference=f"demo-{number:05d}",
        channel=chance.pick(figures.CHANNELS),
        urgency=chance.pick(figures.URGENCIES),
        site_type=facts[0].site_type,
        reporter=_reporter(chance),
        items=tuple(_fate(chance, each, finder) for each in facts),
    )


def _reporter(chance: Chance) -> str:
    """Draw whether the reporter left a way to be reached; it must never leave the hotline."""
    if not chance.happens(figures.NAMED_PER_MILLE):
        return ""
    return f"mail reporter-{chance.token(8)}@post.example"


def _page(chance: Chance, number: int, items: int) -> list[Facts]:
    """Draw the facts of all addresses on one page."""
    site_type = chance.pick(figures.SITE_TYPES)
    host = draw_host(chance, site_type)
    page = draw_page(chance, number)
    country = chance.pick(figures.HOSTING)
    return [
        _facts(chance, address(host, page, site_type=site_type, item=item), site_type, country)
        for item in range(1, items + 1)
    ]


def _facts(chance: Chance, exact: str, site_type: str, page_country: str) -> Facts:
    """Draw what is true about one address."""
    labels = [chance.one_of(figures.LABELS)]
    if chance.happens(_SECOND_LABEL_PER_MILLE):
        labels.append(chance.one_of(figures.LABELS))
    answers, laws = _judgement(chance)
    here = chance.happens(figures.SAME_PLACE_PER_MILLE)
    return Facts(
        address=exact,
        site_type=site_type,
        labels=tuple(sorted(set(labels))),
        answers=answers,
        laws=laws,
        country=page_country if here else chance.pick(figures.HOSTING),
    )


def _judgement(chance: Chance) -> tuple[tuple[str, str, str], tuple[tuple[str, str], ...]]:
    """Draw the answers and, for each hotline's country, the verdict that agrees with them."""
    countries = [member.country for member in HOTLINES]
    if not chance.happens(figures.ILLEGAL_PER_MILLE):
        answers = chance.one_of(_HARMLESS_ANSWERS)
        return answers, tuple((country, "not_illegal") for country in countries)
    if chance.happens(figures.BASELINE_PER_MILLE):
        return _ALL_YES, tuple((country, "baseline") for country in countries)
    return chance.one_of(_NATIONAL_ANSWERS), tuple(
        (country, "nationally_illegal") for country in countries
    )


def _verdicts(chance: Chance, facts: Facts, finder: Member) -> tuple[tuple[str, str], ...]:
    """State the law of the finder's country, sometimes another country's as well.

    What is illegal only nationally may be allowed elsewhere; what is baseline never is.
    """
    laws = dict(facts.laws)
    stated = [(finder.country, laws.pop(finder.country))]
    if chance.happens(_OTHER_LAW_PER_MILLE):
        country = chance.one_of(sorted(laws))
        agrees = chance.happens(_OTHER_LAW_AGREES_PER_MILLE)
        national = laws[country] == "nationally_illegal"
        stated.append((country, "not_illegal" if national and not agrees else laws[country]))
    return tuple(stated)


def _fate(chance: Chance, facts: Facts, finder: Member) -> PlannedItem:
    """Decide what becomes of an item with these facts when `finder` finds it."""
    verdicts = _verdicts(chance, facts, finder)
    illegal = verdicts[0][1] != "not_illegal"
    returns = _misplaced(chance, facts, finder) if illegal else ()
    outcome, owner = _outcome(facts, finder) if illegal else (Outcome.NOT_ILLEGAL, finder)
    acts = _acts(chance) if outcome in {Outcome.HOME, Outcome.ABROAD} else ()
    stated = (*(by.country for by, _ in returns), facts.country) if illegal else ()
    return PlannedItem(
        address=facts.address,
        labels=facts.labels,
        answers=facts.answers,
        verdicts=verdicts,
        hosting=stated,
        returns=tuple(Return(by.name, reason) for by, reason in returns),
        outcome=outcome,
        owner=owner.name,
        acts=acts,
        state=_final_state(outcome, acts),
        at_interpol=_reaches_interpol(verdicts[0][1], finder),
    )


def _outcome(facts: Facts, finder: Member) -> tuple[Outcome, Member]:
    """Say where an illegal item leads, and who owns it then."""
    host = hotline_of(facts.country)
    if host is None:
        return Outcome.ORPHANED, finder
    return (Outcome.HOME, finder) if host is finder else (Outcome.ABROAD, host)


def _misplaced(chance: Chance, facts: Facts, finder: Member) -> tuple[tuple[Member, str], ...]:
    """Draw whether the finder first names a wrong country, whose hotline returns the item."""
    if not chance.happens(figures.MISPLACED_PER_MILLE):
        return ()
    wrong = [each for each in HOTLINES if each is not finder and each.country != facts.country]
    return ((chance.one_of(wrong), chance.pick(figures.RETURN_REASONS)),)


def _acts(chance: Chance) -> tuple[str, ...]:
    """Draw what the owner does: police always, then the provider, then what came of it."""
    if not chance.happens(figures.PROVIDER_TOLD_PER_MILLE):
        return ("reported_to_police",)
    reaction = chance.pick(figures.REACTIONS)
    told = ("reported_to_police", "reported_to_provider")
    return (*told, reaction) if reaction else told


def _final_state(outcome: Outcome, acts: tuple[str, ...]) -> str:
    """Return the state that finder and owner end with."""
    if outcome is Outcome.NOT_ILLEGAL:
        return "closed_not_illegal"
    if outcome is Outcome.ORPHANED:
        return "orphaned"
    return _STATES[acts[-1] if acts else ""]


def _reaches_interpol(verdict: str, finder: Member) -> bool:
    """Baseline always reaches INTERPOL, nationally illegal by the policy of who decided."""
    return verdict == "baseline" or (verdict == "nationally_illegal" and finder.shares_national)
