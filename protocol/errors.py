"""The faults of the wire, split by who must act.

    ProtocolError
      UsageFault   we asked for what the protocol forbids: a bug of ours
      Stranger     nobody we verified proved to have sent this: answered with silence
      PeerFault    the other side broke the protocol: it has a word for the refusal of a whole
                   element (`code`) and one for a single message in a receipt (`result`)

Texts name a field and a rule. They never quote what was received: an error may end in a log.
"""

from typing import ClassVar

from keys.errors import CannotOpen as KeyCannotOpen
from protocol.vocabulary import RefusalCode, ResultCode


class ProtocolError(Exception):
    """The base of every fault of this floor."""


class UsageFault(ProtocolError):
    """We asked for what the protocol forbids: a bug of ours."""


class Stranger(ProtocolError):
    """Nobody we know proved to have sent this; it is answered with silence."""


class PeerFault(ProtocolError):
    """The other side broke the protocol.

    Attributes:
        code: The word of the refusal for a whole envelope.
        result: The word in a receipt for one message.
    """

    code: ClassVar[RefusalCode] = RefusalCode.MALFORMED
    result: ClassVar[ResultCode] = ResultCode.MALFORMED


class ElementMalformed(PeerFault):
    """The bytes are not canonical or have another shape."""


class TooBig(PeerFault):
    """Longer than the limit."""

    code = RefusalCode.TOO_BIG


class VersionUnknown(PeerFault):
    """A protocol version we do not speak."""

    code = RefusalCode.VERSION


class SuiteUnknown(PeerFault):
    """A suite number we do not know."""

    code = RefusalCode.SUITE


class NetDiffers(PeerFault):
    """It belongs to another network."""

    code = RefusalCode.NET
    result = ResultCode.NET


class NotForUs(PeerFault):
    """It names another receiver."""

    code = RefusalCode.NOT_FOR_ME


class KeyCompromised(PeerFault):
    """It is signed with a key that its owner reported as stolen."""

    code = RefusalCode.KEY
    result = ResultCode.ORIGIN


class CannotOpen(PeerFault, KeyCannotOpen):
    """The envelope is sealed for a key that is gone, or was altered; `keys` has the same word."""

    code = RefusalCode.KEY


class ContentsRefused(PeerFault):
    """Something that could be a file: the sentence names the field and the rule."""

    result = ResultCode.CONTENTS


class SchemaRefused(PeerFault):
    """The body does not have the fields or words of its kind."""

    result = ResultCode.SCHEMA


class HandlingRefused(PeerFault):
    """Its handling does not let it go to that node."""

    result = ResultCode.HANDLING


class BadContents(PeerFault):
    """The envelope opens, but what is inside is not well formed."""
