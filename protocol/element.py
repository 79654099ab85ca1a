"""One element: what a request or an answer holds, and nothing beside it (spec: transport).

An element is an envelope (`[signed, sealed]`) or one signed structure whose tag says which.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from keys.encoding import Value, decode
from keys.errors import Malformed
from keys.signed import Signed, read_signed
from protocol import hello as hello_module
from protocol import receipt as receipt_module
from protocol import refusal as refusal_module
from protocol.envelope import Envelope, read_envelope
from protocol.errors import ElementMalformed, TooBig
from protocol.hello import HelloElement, read_hello
from protocol.limits import ELEMENT_BYTES_MAX, SIGNED_BYTES_MAX
from protocol.receipt import ReceiptElement, read_receipt
from protocol.refusal import RefusalElement, read_refusal

Element: TypeAlias = Envelope | ReceiptElement | HelloElement | RefusalElement

READERS: Final[dict[str, Callable[[Signed], Element]]] = {
    receipt_module.TAG: read_receipt,
    hello_module.TAG: read_hello,
    refusal_module.TAG: read_refusal,
}
ENVELOPE_ITEMS = 2


def read_element(data: bytes) -> Element:
    """Read one element; no signature is checked here.

    Raises:
        TooBig: Longer than any element.
        PeerFault: Not canonical, of no known shape, or of another version or suite.
    """
    if len(data) > ELEMENT_BYTES_MAX:
        raise TooBig("An element has at most 1 MiB and a little.")
    try:
        value = decode(data, bytes_max=ELEMENT_BYTES_MAX)
    except Malformed as fault:
        raise ElementMalformed(str(fault)) from fault
    if isinstance(value, list) and len(value) == ENVELOPE_ITEMS:
        return read_envelope(value)
    if len(data) > SIGNED_BYTES_MAX:
        raise TooBig("A signed element has at most 512 KiB.")
    return _signed(value)


def _signed(value: Value) -> Element:
    tag = value[0] if isinstance(value, list) and value else None
    if not isinstance(tag, str) or tag not in READERS:
        raise ElementMalformed("This is no element we know.")
    try:
        signed: Signed = read_signed(value, tag=tag)
    except Malformed as fault:
        raise ElementMalformed(str(fault)) from fault
    return READERS[tag](signed)
