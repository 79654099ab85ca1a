"""Work on items as analysts do, in as few words as a test needs."""

from collections.abc import Mapping

from support.nodes import Desk

from inhope_node.casework.act import act
from inhope_node.casework.answer_offer import accept, give_back
from inhope_node.casework.assess import Finding, assess
from inhope_node.casework.file_report import Submission, file_report
from inhope_node.casework.locate import locate
from inhope_node.casework.take import take
from inhope_node.model.item import Item

YES = {"real": "yes", "below_age_limit": "yes", "severity": "yes"}
PARTLY = {"real": "yes", "below_age_limit": "no", "severity": "yes"}


def filed(desk: Desk, *addresses: str, urgency: str = "normal") -> list[Item]:
    """A report with these addresses."""
    addresses = addresses or ("https://one.example/a",)
    with desk.store.transaction():
        return file_report(desk.turn(), Submission(addresses=addresses, urgency=urgency))[1]


def judged(desk: Desk, item: Item, result: str = "baseline", *, country: str = "") -> Item:
    """Taken and assessed under the desk's own law."""
    law = country or desk.turn().countries[0]
    baseline: Mapping[str, str] = YES if result == "baseline" else PARTLY
    with desk.store.transaction():
        take(desk.turn(), item.id)
        finding = Finding(labels=["demo@1:alpha"], baseline=baseline, verdicts={law: result})
        return assess(desk.turn(), item.id, finding)


def placed(desk: Desk, item: Item, country: str) -> Item:
    """Located in a country."""
    with desk.store.transaction():
        return locate(desk.turn(), item.id, {"country": country})


def offered(desk: Desk, country: str = "XB", *, result: str = "baseline") -> Item:
    """A new item, judged and offered to the hotline of `country`."""
    return placed(desk, judged(desk, filed(desk)[0], result), country)


def accepted(desk: Desk, item: Item) -> Item:
    """Accept an offered item."""
    with desk.store.transaction():
        return accept(desk.turn(), item.id)


def returned(desk: Desk, item: Item, reason: str = "not_hosted_here") -> Item:
    """Return an offered item."""
    with desk.store.transaction():
        return give_back(desk.turn(), item.id, reason)


def done(desk: Desk, item: Item, action: str = "reported_to_police") -> Item:
    """Act on an item."""
    with desk.store.transaction():
        return act(desk.turn(), item.id, action, "")
