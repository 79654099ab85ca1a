"""What can go wrong on the ground floor, each leaf named by what is wrong.

Texts are whole sentences for the person at the desk. They never quote what was received, typed or
kept secret: an error may end in a log.
"""


class KeysError(Exception):
    """Anything that `keys` refuses; the leaves below say what."""


class Malformed(KeysError):
    """Bytes or a value that do not have the one form the specification allows."""


class BadSignature(KeysError):
    """A signature that does not verify under the key it names."""


class UnknownKey(KeysError):
    """A key id that stands in no card of this node, or no key that may still be used."""


class WeakKey(Malformed):
    """A key that must not be used: wrong length, small order or not canonical."""


class CannotOpen(KeysError):
    """Sealed bytes that this key does not open, or that were altered."""


class CardRefused(KeysError):
    """A card that does not follow from what is known of its node."""


class WordsMistyped(KeysError):
    """Words that cannot be right for any card: one is not in the list, or the check fails."""


class WordsDiffer(KeysError):
    """Well-formed words of another card: somebody may be in between."""


class VaultLocked(KeysError):
    """The passphrase is wrong or the vault is damaged; the two cannot be told apart."""


class VaultExposed(KeysError):
    """The vault is readable by others, or is no regular file."""


class BackendUnfit(KeysError):
    """A library below us lacks an algorithm or computes wrongly; the node must not start."""
