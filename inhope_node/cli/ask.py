"""Questions to a person: on stderr, answered with the keyboard, so that stdout stays data.

The same questions take their answers from a pipe, a line each; when it ends too early that is a
fault with a sentence. What is typed here is never an argument of a process, and nothing remembers
it: no history, no echo of a passphrase.
"""

import sys
from collections.abc import Mapping

import click

from inhope_node.errors import BadInput, PassphraseWrong


def text(question: str, *, default: str = "") -> str:
    """Ask until something was typed; Enter alone takes `default` if there is one.

    Raises:
        BadInput: The input is a pipe and ended.
    """
    return _typed(question, default=default or None).strip()


def line(question: str) -> str:
    """Ask once; Enter alone gives an empty text.

    Raises:
        BadInput: The input is a pipe and ended.
    """
    return _typed(question, default="").strip()


def lines(introduction: str) -> tuple[str, ...]:
    """Ask for any number of lines, up to an empty one or the end of a pipe."""
    click.echo(introduction, err=True)
    typed: list[str] = []
    while True:
        try:
            answer = line(f"{len(typed) + 1:>3}")
        except BadInput:
            answer = ""
        if not answer:
            return tuple(typed)
        typed.append(answer)


def secret(question: str, confirm: bool) -> str:  # noqa: FBT001 - the signature passphrases ask for
    """Ask without echo, twice if `confirm`.

    Raises:
        PassphraseWrong: Nobody can be asked here.
    """
    try:
        return click.prompt(
            question,
            hide_input=True,
            err=True,
            confirmation_prompt=f"{question}, once more" if confirm else False,
        )
    except click.Abort:
        if sys.stdin.isatty():
            raise
    raise PassphraseWrong(
        "There is no passphrase and nobody to ask: give --passphrase-file, INHOPE_PASSPHRASE or"
        " the systemd credential inhope-passphrase."
    )


def letter(question: str, answers: Mapping[str, str]) -> str:
    """Ask for one of the letters of `answers` and return the word it stands for.

    Raises:
        BadInput: The input is a pipe and ended.
    """
    offered = "  ".join(f"[{key}] {word}" for key, word in answers.items())
    while True:
        typed = text(f"{question}  {offered}").lower()
        if typed in answers:
            return answers[typed]
        click.echo(f"Type one of the letters {', '.join(answers)} and Enter.", err=True)


def _typed(question: str, *, default: str | None) -> str:
    try:
        return click.prompt(question, default=default, err=True, show_default=bool(default))
    except click.Abort:
        click.echo(err=True)
        if sys.stdin.isatty():
            raise
    raise BadInput(f"The input ended before this was answered: {question}")
