"""`item assess`: what an analyst saw, as labels, three answers and a verdict for each country.

All of it can be said with options, or none: then it is asked, one letter and Enter a question, and
shown once more before it is sent, because an assessment is never taken back. Three times yes is
baseline; the node checks that, here it only spares a question.
"""

import re
import uuid
from collections.abc import Mapping
from typing import Final

import click

from inhope_node.cli import ask, output
from inhope_node.cli.caller import Caller
from inhope_node.cli.groups import NodeCommand
from inhope_node.cli.item_view import show_item
from inhope_node.cli.parameters import item_id
from inhope_node.desk_client import DeskClient, Json, path_of
from inhope_node.errors import BadInput
from protocol.vocabulary import Reply, VerdictResult

QUESTIONS: Final = ("real", "below_age_limit", "severity")
REPLIES: Final = {"y": Reply.YES.value, "n": Reply.NO.value, "u": Reply.UNKNOWN.value}
VERDICTS: Final = {
    "n": VerdictResult.NATIONALLY_ILLEGAL.value,
    "o": VerdictResult.NOT_ILLEGAL.value,
    "u": VerdictResult.UNDETERMINED.value,
    "a": VerdictResult.NOT_ASSESSABLE.value,
    "r": VerdictResult.OUT_OF_REMIT.value,
}
_LABEL: Final = re.compile(r"[^@:]+@[^@:]+:[^@:]+")
_VERDICT: Final = re.compile(r"([A-Za-z]{2})=([a-z_]+)")
_answer = click.Choice([each.value for each in Reply])


@click.command(
    cls=NodeCommand, epilog=f"Verdicts: {', '.join(each.value for each in VerdictResult)}."
)
@item_id
@click.option("--label", "labels", multiple=True, help="taxonomy@version:label; repeat it.")
@click.option("--real", type=_answer, help="First question of baseline.")
@click.option("--below-age-limit", type=_answer, help="Second question of baseline.")
@click.option("--severity", type=_answer, help="Third question of baseline.")
@click.option(
    "--verdict", "verdicts", multiple=True, metavar="CC=VERDICT", help="For one country; repeat it."
)
@click.pass_obj
def assess(
    caller: Caller,
    /,
    item_id: uuid.UUID,
    labels: tuple[str, ...],
    verdicts: tuple[str, ...],
    **answers: str | None,
) -> None:
    r"""Say what an item you took is: asked question by question if no option is given.

    Example:
      inhope-node item assess 01890a5d-ac96-7744-b1c2-0123456789ab
      inhope-node item assess ID --label demo@1:alpha --real yes --below-age-limit yes \
          --severity yes --verdict XA=baseline
    """
    desk = caller.desk()
    if labels or verdicts or any(answers.values()):
        body = _said(labels, answers, verdicts)
    else:
        body = _asked(desk)
    show_item(caller, desk.post(path_of("items", str(item_id), "assess"), body))


def _said(
    labels: tuple[str, ...], answers: Mapping[str, str | None], verdicts: tuple[str, ...]
) -> Json:
    if not (verdicts and all(answers.values())):
        raise BadInput(
            "Give --real, --below-age-limit, --severity and at least one --verdict CC=VERDICT,"
            " or no option at all to be asked."
        )
    return {
        "labels": list(labels),
        "baseline": {question: answers[question] for question in QUESTIONS},
        "verdicts": dict(_verdict(text) for text in verdicts),
    }


def _verdict(text: str) -> tuple[str, str]:
    matched = _VERDICT.fullmatch(text)
    if matched is None or matched[2] not in set(VerdictResult):
        known = ", ".join(each.value for each in VerdictResult)
        raise BadInput(f"A verdict reads CC=VERDICT, such as XA=baseline; verdicts are {known}.")
    return matched[1].upper(), matched[2]


def _asked(desk: DeskClient) -> Json:
    countries = _countries(desk)
    labels = _asked_labels()
    baseline = {question: ask.letter(question.replace("_", " "), REPLIES) for question in QUESTIONS}
    verdicts = {country: _asked_verdict(country, baseline) for country in countries}
    body = {"labels": labels, "baseline": baseline, "verdicts": verdicts}
    _confirm(body)
    return body


def _asked_labels() -> list[str]:
    while True:
        labels = ask.line("Labels, separated by spaces (Enter for none)").split()
        if all(_LABEL.fullmatch(label) for label in labels):
            return labels
        click.echo("A label reads taxonomy@version:label, such as demo@1:alpha.", err=True)


def _countries(desk: DeskClient) -> list[str]:
    own: list[str] = desk.get(path_of("status"))["countries"]
    return own or ask.text("Countries whose law you judge by, two letters each").upper().split()


def _asked_verdict(country: str, baseline: Mapping[str, str]) -> str:
    if set(baseline.values()) == {Reply.YES.value}:
        return VerdictResult.BASELINE.value
    return ask.letter(f"verdict in {country}", VERDICTS)


def _confirm(body: Json) -> None:
    verdicts = ", ".join(f"{country} {verdict}" for country, verdict in body["verdicts"].items())
    click.echo(f"\n  labels   {output.cell(body['labels'])}\n  verdict  {verdicts}", err=True)
    if ask.letter("Send it?", {"y": "yes", "n": "no"}) == "no":
        raise click.Abort
