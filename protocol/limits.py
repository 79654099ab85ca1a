"""Every bound of the wire, with its unit in its name (spec: limits)."""

from typing import Final

PROTOCOL_VERSION: Final = 1
SUITE: Final = 1

MESSAGE_BYTES_MAX: Final = 56 * 1024
MESSAGES_PER_ENVELOPE_MAX: Final = 256
PLAINTEXT_BYTES_MIN: Final = 4096
PLAINTEXT_BYTES_MAX: Final = 1024 * 1024
SEALED_BYTES_MAX: Final = PLAINTEXT_BYTES_MAX + 2048
ENVELOPE_BYTES_MAX: Final = SEALED_BYTES_MAX + 8192
ELEMENT_BYTES_MAX: Final = ENVELOPE_BYTES_MAX
SIGNED_BYTES_MAX: Final = 512 * 1024
"""Of a receipt, a hello or a refusal; a hello may carry eight cards."""

TO_MAX: Final = 64
HELLO_CARDS_MAX: Final = 8
ITEM_HASHES_MAX: Final = 16
LABELS_MAX: Final = 64
VERDICTS_MAX: Final = 64
HOSTING_ADDRESSES_MAX: Final = 8
EXTENSION_NAMESPACES_MAX: Final = 4
EXTENSION_ENTRIES_MAX: Final = 16
EXTENSION_CHARS_MAX: Final = 64

ADDRESS_CHARS_MAX: Final = 2048
ADDRESS_RUN_CHARS_MAX: Final = 512
RUN_CHARS_MAX: Final = 256
FREE_TEXT_CHARS_MAX: Final = 2000
REASON_CHARS_MAX: Final = 500

BINARY_BYTES_MAX: Final = 528
"""Of all binary in one body: 16 hashes of 32 bytes and the id of the report."""
CHANGES_MAX: Final = 320
"""Between lower case, upper case and digits inside the words of one body or report, addresses not
counted; base64 of 1 KiB has some 870, hex some 960."""
DIGEST_CHARS_MAX: Final = 1152
"""Of all digests in hex in one body or report that count for nothing: a dozen files with two each;
hex of 1 KiB has 2048."""
CHANGES_WITH_ADDRESS_MAX: Final = 560
"""The same with one address."""
CHANGES_PER_ADDRESS: Final = 64
"""What every further address of a report adds to that."""
NAME_CHARS_MAX: Final = 200
PSEUDONYM_CHARS_MAX: Final = 64

SALT_BYTES: Final = 16
ENVELOPE_SALT_BYTES: Final = 32
NONCE_BYTES: Final = 16
"""Of a hello."""
RETRY_MIN_MS: Final = 1_000
RETRY_MAX_MS: Final = 15 * 60_000
