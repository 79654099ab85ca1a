"""The version that leads every payload, read before anything else of it (spec: bytes).

A later version may have other fields, so its number is looked at before their count: the peer then
hears that we do not speak it, and not that it made a mistake.
"""

from keys.encoding import Value
from keys.shape import fixed_list, integer
from protocol.errors import VersionUnknown
from protocol.limits import PROTOCOL_VERSION


def versioned(value: Value, length: int) -> list[Value]:
    """Return the `length` fields of a payload, its version first.

    Raises:
        VersionUnknown: It is of a version that is not spoken here.
        Malformed: It is no array of that many fields led by a number.
    """
    if isinstance(value, list) and value and integer(value[0]) != PROTOCOL_VERSION:
        raise VersionUnknown("Only protocol version 1 is spoken here.")
    return fixed_list(value, length)
