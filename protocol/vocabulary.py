"""The words of the wire, as closed enums (spec: vocabulary).

A word that is not here is refused, never guessed. Words are only ever added.
"""

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a message says. Only kinds with a schema in the catalogue are understood yet."""

    ITEM = "item"
    ASSESSMENT = "assessment"
    HOSTING = "hosting"
    OFFER = "offer"
    ACCEPTANCE = "acceptance"
    RETURN = "return"
    CLAIM = "claim"
    ACTION = "action"
    WITHDRAWAL = "withdrawal"
    HASH_VERDICT = "hash-verdict"
    QUERY = "query"
    ANSWER = "answer"
    DISPUTE = "dispute"
    RULING = "ruling"


class Colour(StrEnum):
    """Who may be told (spec: handling)."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class VerdictResult(StrEnum):
    """What an assessment comes to under one law."""

    BASELINE = "baseline"
    NATIONALLY_ILLEGAL = "nationally_illegal"
    NOT_ILLEGAL = "not_illegal"
    UNDETERMINED = "undetermined"
    NOT_ASSESSABLE = "not_assessable"
    OUT_OF_REMIT = "out_of_remit"


class Reply(StrEnum):
    """An answer to one of the three baseline questions."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Method(StrEnum):
    """How an assessment was made."""

    MANUAL = "manual"
    HASH_MATCH = "hash_match"
    PARTNER_VERDICT = "partner_verdict"


class Outcome(StrEnum):
    """What became of a whole envelope (spec: receipt)."""

    OPENED = "opened"
    CANNOT_OPEN = "cannot-open"
    BAD_CONTENTS = "bad-contents"


class RefusalCode(StrEnum):
    """Why an envelope was not taken in (spec: refusals)."""

    MALFORMED = "malformed"
    TOO_BIG = "too-big"
    VERSION = "version"
    SUITE = "suite"
    NET = "net"
    NOT_FOR_ME = "not-for-me"
    BAD_SIGNATURE = "bad-signature"
    KEY = "key"
    CARD = "card"
    GAP = "gap"
    STALE = "stale"
    CONFLICT = "conflict"
    BUSY = "busy"
    STORAGE = "storage"


class RefusalClass(StrEnum):
    """What the sender does about a refusal."""

    RETRY = "retry"
    REPAIR = "repair"
    FINAL = "final"


RETRIED: Final = frozenset({RefusalCode.BUSY, RefusalCode.STORAGE})
REPAIRED: Final = frozenset(
    {
        RefusalCode.KEY,
        RefusalCode.CARD,
        RefusalCode.GAP,
        RefusalCode.STALE,
        RefusalCode.CONFLICT,
    }
)


def refusal_class(code: RefusalCode) -> RefusalClass:
    """What the sender does about `code`: same bytes later, repair first, or never these bytes."""
    if code in RETRIED:
        return RefusalClass.RETRY
    return RefusalClass.REPAIR if code in REPAIRED else RefusalClass.FINAL


class ResultCode(StrEnum):
    """Why one message was refused or parked (spec: receipt)."""

    MALFORMED = "malformed"
    NET = "net"
    ID = "id"
    ORIGIN = "origin"
    HANDLING = "handling"
    CONTENTS = "contents"
    SCHEMA = "schema"
    SUBJECT = "subject"
    EPOCH = "epoch"
    SUPERSEDED = "superseded"
    STATE = "state"
    INTERNAL = "internal"


class ReturnReason(StrEnum):
    """Why an offer is given back."""

    NOT_HOSTED_HERE = "not_hosted_here"
    INCOMPLETE = "incomplete"
    NOT_ACCESSIBLE = "not_accessible"
    DUPLICATE = "duplicate"
    OUT_OF_REMIT = "out_of_remit"
    CAPACITY = "capacity"


class ActionType(StrEnum):
    """What an owner did about an item, or learnt about it."""

    REPORTED_TO_POLICE = "reported_to_police"
    POLICE_HOLD = "police_hold"
    POLICE_RELEASE = "police_release"
    REPORTED_TO_PROVIDER = "reported_to_provider"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    REMOVED = "removed"
    UNAVAILABLE = "unavailable"
    MOVED = "moved"
    BACK_ONLINE = "back_online"
    CLOSED = "closed"


class ItemKind(StrEnum):
    """What stands at an address."""

    PAGE = "page"
    IMAGE = "image"
    VIDEO = "video"
    ARCHIVE = "archive"
    TEXT = "text"
    LINK_LIST = "link_list"
    ACCOUNT = "account"
    MESSAGE = "message"
    OTHER = "other"


class SiteType(StrEnum):
    """What kind of site it is."""

    NOT_DETERMINED = "not_determined"
    WEBSITE = "website"
    WEB_PAGE = "web_page"
    FILE_HOST = "file_host"
    IMAGE_HOST = "image_host"
    IMAGE_STORE = "image_store"
    IMAGE_BOARD = "image_board"
    FORUM = "forum"
    BLOG = "blog"
    SOCIAL = "social"
    LINK_SITE = "link_site"
    BANNER_SITE = "banner_site"
    REDIRECTOR = "redirector"
    WEB_ARCHIVE = "web_archive"
    SEARCH_PROVIDER = "search_provider"
    NOT_APPLICABLE = "not_applicable"


class Commerciality(StrEnum):
    """Whether somebody earns by it."""

    UNKNOWN = "unknown"
    COMMERCIAL = "commercial"
    NON_COMMERCIAL = "non_commercial"


class IntakeChannel(StrEnum):
    """How a report came into the house."""

    WEB_FORM = "web_form"
    ONION_FORM = "onion_form"
    PHONE = "phone"
    EMAIL = "email"
    POST = "post"
    PARTNER = "partner"
    POLICE = "police"
    PROACTIVE = "proactive"
    PROVIDER = "provider"
    API = "api"


class Urgency(StrEnum):
    """How pressing a report is."""

    NORMAL = "normal"
    HIGH = "high"
    IMMINENT_RISK = "imminent_risk"


class HostingMethod(StrEnum):
    """How a hosting country was found."""

    MANUAL = "manual"
    DNS = "dns"
    RDAP = "rdap"
    GEO_DATABASE = "geo_database"
    CDN_ANSWER = "cdn_answer"


class HashAlgorithm(StrEnum):
    """Digests and perceptual hashes that an item may carry."""

    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    PDQ = "pdq"
    PHOTODNA = "photodna"


HASH_BYTES: Final[dict[HashAlgorithm, int]] = {
    HashAlgorithm.MD5: 16,
    HashAlgorithm.SHA1: 20,
    HashAlgorithm.SHA256: 32,
    HashAlgorithm.PDQ: 32,
    HashAlgorithm.PHOTODNA: 144,
}
