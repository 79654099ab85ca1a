"""`user`: who may work at this node. A new user's token goes into a file and is never printed.

The file is made before the node is asked, so that a token cannot be lost between the two.
"""

import os
import shlex
from pathlib import Path

import click

from inhope_node.cli import output, sources
from inhope_node.cli.caller import Caller
from inhope_node.cli.groups import NodeGroup
from inhope_node.desk_client import Json, path_of
from inhope_node.errors import BadInput, WrongState
from inhope_node.model.people import UserRole


@click.group(cls=NodeGroup)
def user() -> None:
    """Say who may work at this node.

    Example:
      inhope-node user add dana --role analyst
      inhope-node user list
    """


@user.command("add")
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice([role.value for role in UserRole]),
    required=True,
    help="What they may do.",
)
@click.option(
    "--pseudonym", default="", help="Name that partners and letters show; made up if none."
)
@click.option(
    "--token-to",
    type=sources.PATH,
    help="Where to write their token; default: HOME/tokens/NAME.token.",
)
@click.pass_obj
def add(caller: Caller, name: str, role: str, pseudonym: str, token_to: Path | None) -> None:
    """Add a user and write their personal token into a file that only you can read.

    Hand the file over safely; whoever has it acts in that user's name.

    Example:
      inhope-node user add dana --role analyst
      inhope-node --as dana item next
    """
    path = token_to or caller.token_path(name)
    body = {"name": name, "role": role} | ({"pseudonym": pseudonym} if pseudonym else {})
    answer = _add(caller, body, path)
    document = {"user": answer["user"], "token_file": str(path)}
    output.show(document, lambda: _print_added(answer["user"], path))


@user.command("list")
@click.pass_obj
def list_(caller: Caller) -> None:
    """List the users of this node.

    Example:
      inhope-node user list
    """
    answer = caller.desk().get(path_of("users"))
    output.show(answer, lambda: _print_users(answer["users"]))


def _add(caller: Caller, body: Json, path: Path) -> Json:
    desk = caller.desk()
    target = _new_private_file(path)
    try:
        with os.fdopen(target, "w", encoding="ascii") as opened:
            answer = desk.post(path_of("users"), body)
            opened.write(answer["token"] + "\n")
    except BaseException:
        path.unlink()
        raise
    return answer


def _new_private_file(path: Path) -> int:
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError as error:
        raise WrongState(
            f"{shlex.quote(str(path))} exists already; choose another place with --token-to FILE."
        ) from error
    except OSError as error:
        raise BadInput(f"Cannot write {shlex.quote(str(path))}: {error.strerror}.") from error


def _print_added(user: Json, path: Path) -> None:
    output.fields((*_about(user), ("token file", path)))


def _about(user: Json) -> tuple[tuple[str, object], ...]:
    return (("name", user["name"]), ("role", user["role"]), ("pseudonym", user["pseudonym"]))


def _print_users(rows: list[Json]) -> None:
    output.table(
        ("name", "role", "pseudonym"),
        [(row["name"], row["role"], row["pseudonym"]) for row in rows],
        none="No users.",
    )
