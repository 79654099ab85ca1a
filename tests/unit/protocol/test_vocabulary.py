"""The words of the wire never change: what is pinned here, other houses have built on."""

from enum import StrEnum

import pytest

from protocol import errors, vocabulary
from protocol.errors import PeerFault, ProtocolError
from protocol.vocabulary import (
    HASH_BYTES,
    HashAlgorithm,
    RefusalClass,
    RefusalCode,
    refusal_class,
)

WORDS = {
    "Kind": "item assessment hosting offer acceptance return claim action withdrawal hash-verdict "
    "query answer dispute ruling",
    "Colour": "red amber green",
    "VerdictResult": "baseline nationally_illegal not_illegal undetermined not_assessable "
    "out_of_remit",
    "Reply": "yes no unknown",
    "Method": "manual hash_match partner_verdict",
    "Outcome": "opened cannot-open bad-contents",
    "RefusalCode": "malformed too-big version suite net not-for-me bad-signature key card gap "
    "stale conflict busy storage",
    "RefusalClass": "retry repair final",
    "ResultCode": "malformed net id origin handling contents schema subject epoch superseded state "
    "internal",
    "ReturnReason": "not_hosted_here incomplete not_accessible duplicate out_of_remit capacity",
    "ActionType": "reported_to_police police_hold police_release reported_to_provider reminded "
    "escalated removed unavailable moved back_online closed",
    "ItemKind": "page image video archive text link_list account message other",
    "SiteType": "not_determined website web_page file_host image_host image_store image_board "
    "forum blog social link_site banner_site redirector web_archive search_provider "
    "not_applicable",
    "Commerciality": "unknown commercial non_commercial",
    "IntakeChannel": "web_form onion_form phone email post partner police proactive provider api",
    "Urgency": "normal high imminent_risk",
    "HostingMethod": "manual dns rdap geo_database cdn_answer",
    "HashAlgorithm": "md5 sha1 sha256 pdq photodna",
}
CLASSES = {
    "retry": "busy storage",
    "repair": "card gap stale key conflict",
    "final": "malformed too-big version suite net not-for-me bad-signature",
}


def test_no_word_is_lost_and_none_comes_in_unseen() -> None:
    found = {
        name: [member.value for member in words]
        for name, words in vars(vocabulary).items()
        if isinstance(words, type) and issubclass(words, StrEnum) and words is not StrEnum
    }
    assert found == {name: words.split() for name, words in WORDS.items()}


@pytest.mark.parametrize("code", RefusalCode)
def test_every_refusal_has_one_class(code: RefusalCode) -> None:
    assert [name for name, codes in CLASSES.items() if code in codes.split()] == [
        refusal_class(code)
    ]
    assert isinstance(refusal_class(code), RefusalClass)


def test_hashes_have_the_lengths_of_their_algorithms() -> None:
    assert [HASH_BYTES[algorithm] for algorithm in HashAlgorithm] == [16, 20, 32, 32, 144]


WORDS_OF_FAULTS = {
    "PeerFault": "malformed malformed",
    "ElementMalformed": "malformed malformed",
    "BadContents": "malformed malformed",
    "TooBig": "too-big malformed",
    "VersionUnknown": "version malformed",
    "SuiteUnknown": "suite malformed",
    "NetDiffers": "net net",
    "NotForUs": "not-for-me malformed",
    "KeyCompromised": "key origin",
    "CannotOpen": "key malformed",
    "ContentsRefused": "malformed contents",
    "SchemaRefused": "malformed schema",
    "HandlingRefused": "malformed handling",
}


def test_every_fault_of_a_peer_has_a_word_for_a_refusal_and_one_for_a_receipt() -> None:
    faults = [
        found
        for found in vars(errors).values()
        if isinstance(found, type) and issubclass(found, PeerFault)
    ]
    found = {fault.__name__: f"{fault.code.value} {fault.result.value}" for fault in faults}
    assert found == WORDS_OF_FAULTS
    assert all(issubclass(fault, ProtocolError) for fault in faults)
