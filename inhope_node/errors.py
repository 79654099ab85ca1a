"""The faults of a node that a person can mend: one sentence, an exit code, an HTTP status.

A `NodeError` says what is wrong and what to do about it. It crosses the desk API as its
`code` and its sentence and is built again on the other side by `rebuilt`, so that the
command line and a hotline's own case system meet the same faults as the casework inside.
Faults of a peer (`protocol.errors.PeerFault`) and bugs of ours are other families.

No sentence ever holds contents: no address, no note, no reporter, no passphrase, no key.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final


class NodeError(Exception):
    """A fault that a person can mend; its text is one sentence that says how.

    Attributes:
        code: Stable word, the same in the desk API, in `--json` and in the documentation.
        exit_code: What a command ends with.
        http_status: What the desk API answers with; 500 where the fault never travels.
    """

    code: ClassVar[str] = "internal"
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500


class Internal(NodeError):
    """Something broke in the node itself; its log says more, this sentence does not."""


class BadInput(NodeError):
    """What was typed or sent cannot be understood."""

    code = "bad-input"
    exit_code = 2
    http_status = 400


class NotAllowed(NodeError):
    """The user's role does not include this."""

    code = "not-allowed"
    exit_code = 3
    http_status = 403


class NotSignedIn(NodeError):
    """There is no token, or no user has this one."""

    code = "not-signed-in"
    exit_code = 3
    http_status = 401


class NotFound(NodeError):
    """This node has no such report, item, peer or user."""

    code = "not-found"
    exit_code = 4
    http_status = 404


class WrongState(NodeError):
    """The thing exists, but its state does not know this step."""

    code = "wrong-state"
    exit_code = 5
    http_status = 409


class ContentsRefused(NodeError):
    """A text could carry a file, and no field of a node may."""

    code = "refused-contents"
    exit_code = 6
    http_status = 422


class StoreFull(NodeError):
    """The disk is full; nothing was stored, nothing was lost."""

    code = "storage-full"
    exit_code = 7
    http_status = 507


class NodeNotRunning(NodeError):
    """Nobody answers on the socket of this home."""

    code = "node-not-running"
    exit_code = 8
    http_status = 503


class PassphraseWrong(NodeError):
    """The passphrase is missing or does not open the vault."""

    code = "passphrase"
    exit_code = 9


class HomeUnusable(NodeError):
    """The folder is no home, cannot be read, or is open to others."""

    code = "home"
    exit_code = 10


class HomeInUse(NodeError):
    """Another daemon runs on this home."""

    code = "in-use"
    exit_code = 11


class PortInUse(NodeError):
    """Another program listens on the node's port."""

    code = "port-in-use"
    exit_code = 12


class WordsWrong(NodeError):
    """The typed words do not belong to the card that was shown."""

    code = "words"
    exit_code = 13
    http_status = 409


class CardNotAccepted(NodeError):
    """The card is damaged, of another network, or does not follow the one known before."""

    code = "card"
    exit_code = 14
    http_status = 409


class BackendMissing(NodeError):
    """The cryptographic libraries are missing, too old or give wrong answers."""

    code = "backend"
    exit_code = 15


_LEAVES: Final[tuple[type[NodeError], ...]] = (
    Internal,
    BadInput,
    NotAllowed,
    NotSignedIn,
    NotFound,
    WrongState,
    ContentsRefused,
    StoreFull,
    NodeNotRunning,
    PassphraseWrong,
    HomeUnusable,
    HomeInUse,
    PortInUse,
    WordsWrong,
    CardNotAccepted,
    BackendMissing,
)

BY_CODE: Final[Mapping[str, type[NodeError]]] = MappingProxyType(
    {leaf.code: leaf for leaf in _LEAVES}
)


def rebuilt(code: str, sentence: str) -> NodeError:
    """Build the fault that an answer of the desk API names; `Internal` for an unknown code."""
    return BY_CODE.get(code, Internal)(sentence)
