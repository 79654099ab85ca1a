"""What two stopped nodes hold of a channel between them, compared place by place."""

from dataclasses import dataclass

from inhope_node.store.database import rows
from inhope_node.store.store import Store
from keys.identifiers import NO_DIGEST
from keys.signed import parse_signed
from protocol.envelope import read_head
from protocol.limits import ELEMENT_BYTES_MAX


@dataclass(frozen=True, slots=True)
class ChannelReport:
    """How many envelopes a channel carried and what is wrong with it (nothing, it is hoped)."""

    envelopes: int
    faults: tuple[str, ...]


def compare_channel(
    sender: Store, sender_id: str, receiver: Store, receiver_id: str
) -> ChannelReport:
    """Read a channel from both ends.

    Contiguous: places without a gap, each linked to the one before. Acknowledged is durable: every
    receipt the sender holds stands at the receiver, byte for byte, and every message delivered by
    the sender's book is in the receiver's.
    """
    taken = rows(
        receiver.db,
        "SELECT * FROM receptions WHERE peer = :p ORDER BY incarnation, seq",
        p=sender_id,
    )
    faults: list[str] = []
    previous, place = NO_DIGEST, (1, 0)
    for row in taken:
        header = read_head(parse_signed(row["head"], tag="envelope", bytes_max=ELEMENT_BYTES_MAX))
        follows = (row["incarnation"], row["seq"]) in {(place[0], place[1] + 1), (place[0] + 1, 1)}
        if not follows or header.previous != previous:
            faults.append(f"gap at {row['incarnation']}/{row['seq']}")
        previous, place = row["digest"], (row["incarnation"], row["seq"])
    theirs = {(row["incarnation"], row["seq"]): row["receipt"] for row in taken}
    faults += _lost_receipts(sender, receiver_id, theirs)
    faults += _lost_messages(sender, receiver, receiver_id)
    if receiver.audit.broken_at() or sender.audit.broken_at():
        faults.append("audit chain broken")
    return ChannelReport(len(taken), tuple(faults))


def _lost_receipts(
    sender: Store, receiver_id: str, theirs: dict[tuple[int, int], bytes]
) -> list[str]:
    sql = "SELECT incarnation, seq, receipt FROM envelopes WHERE peer = :p AND receipt IS NOT NULL"
    return [
        f"receipt differs at {row['incarnation']}/{row['seq']}"
        for row in rows(sender.db, sql, p=receiver_id)
        if theirs.get((row["incarnation"], row["seq"])) != row["receipt"]
    ]


def _lost_messages(sender: Store, receiver: Store, receiver_id: str) -> list[str]:
    sql = "SELECT origin, message_id FROM outbox WHERE peer = :p AND state = 'delivered'"
    return [
        f"message {row['message_id']} was acknowledged and is not there"
        for row in rows(sender.db, sql, p=receiver_id)
        if receiver.messages.find(row["origin"], row["message_id"]) is None
    ]
