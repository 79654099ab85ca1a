"""A node's home: the folder that holds all it is. Makes one, opens one, changes its card.

    node.toml settings · vault secrets · node.db everything else, encrypted · cards/ our own signed
    cards, public · tokens/ personal tokens of this machine's people · desk.sock · lock

Nothing here runs a use-case or opens a network.
"""

import contextlib
import os
import re
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from inhope_node.config import Config, read_config, starting_settings
from inhope_node.errors import BackendMissing, BadInput, HomeUnusable, PassphraseWrong
from inhope_node.folder import (
    CARDS,
    DATABASE,
    TOKENS,
    VAULT,
    check_folder,
    clear_folder,
    lock_folder,
    make_folder,
    write_file,
)
from inhope_node.folder import (
    SETTINGS as SETTINGS,  # noqa: PLC0414 (for callers as well)
)
from inhope_node.model.people import User, UserRole
from inhope_node.store.store import Store, open_store
from keys.card import Endpoint, Organisation, Role, SignedCard, next_card, parse_card
from keys.certificate import pin
from keys.encoding import encode
from keys.errors import BackendUnfit, CardRefused, Malformed, VaultExposed, VaultLocked
from keys.identifiers import show_id
from keys.identity import Identity, create_identity
from keys.selftest import check_backend
from keys.trust import introduce
from keys.vault import DEFAULT, Cost, load, save
from keys.words import card_words

FIRST_USER: Final = "administrator"
TOKEN_BYTES: Final = 32
PORT_MAX: Final = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class InitResult:
    """What a person needs to know about a new home."""

    node_id: str
    words: tuple[str, ...]
    token_path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHome:
    """A home that is ours to use until `close`."""

    path: Path
    config: Config
    identity: Identity
    chain: tuple[SignedCard, ...]
    lock: int

    def open_store(self) -> Store:
        """Open the database; call it on the thread that will use it."""
        return open_store(self.path / DATABASE, self.identity.store_key)

    def close(self) -> None:
        """Let others use the home."""
        os.close(self.lock)


def create_home(  # noqa: PLR0913 (a node has these, each named by the caller)
    path: Path,
    *,
    net: str,
    name: str,
    role: str,
    countries: tuple[str, ...],
    contact: str,
    listen: str,
    endpoint: str,
    passphrase: str,
    now_ms: int,
    cost: Cost = DEFAULT,
) -> InitResult:
    """Make a new home with keys, first card, empty database and the first administrator.

    Raises:
        HomeUnusable: The folder exists and is not empty, or cannot be made.
        BadInput: A name, country or address does not have the form that a card asks for.
        BackendMissing: The cryptographic libraries are unfit.
    """
    _fit_backend()
    host, port = _listen(listen)
    organisation = Organisation(
        name=name, role=_role(role), countries=tuple(sorted(set(countries))), contact=contact
    )
    try:
        identity, card = create_identity(
            net=net, organisation=organisation, endpoint_url=endpoint, now_ms=now_ms
        )
    except Malformed as fault:
        raise BadInput(f"The card of this node would not be valid: {fault}") from fault
    make_folder(path)
    try:
        write_file(path / SETTINGS, starting_settings(host, port).encode())
        _save_vault(path, identity, passphrase, cost)
        write_file(path / CARDS / "1.card", card.encode())
        with contextlib.closing(open_store(path / DATABASE, identity.store_key)) as store:
            token_path = _first_user(path, store, now_ms)
    except BaseException:
        clear_folder(path)
        raise
    return InitResult(
        node_id=show_id(identity.node_id), words=card_words(card.digest), token_path=token_path
    )


def open_home(path: Path, passphrase: str) -> OpenHome:
    """Lock and unlock a home.

    Raises:
        BackendMissing, HomeUnusable, HomeInUse, PassphraseWrong: each says what to do.
    """
    _fit_backend()
    check_folder(path)
    lock = lock_folder(path)
    try:
        config, chain = read_config(path / SETTINGS), own_chain(path)
        identity = _unlocked(path, passphrase)
        _see_together(chain, identity)
        return OpenHome(path=path, config=config, identity=identity, chain=chain, lock=lock)
    except BaseException:
        os.close(lock)
        raise


def _see_together(chain: tuple[SignedCard, ...], identity: Identity) -> None:
    if chain[0].card.node_id != identity.node_id:
        raise HomeUnusable(
            "The cards and the vault of this home are of two nodes: restore what belongs together."
        )


def own_chain(path: Path) -> tuple[SignedCard, ...]:
    """All cards of this home's node, oldest first. Needs no passphrase.

    Raises:
        HomeUnusable: They are missing or damaged.
    """
    check_folder(path)
    try:
        files = sorted((path / CARDS).glob("*.card"), key=lambda file: int(file.stem))
        return introduce([parse_card(file.read_bytes()) for file in files]).cards
    except (OSError, ValueError, Malformed, CardRefused) as fault:
        raise HomeUnusable(
            "The node's own cards are missing or damaged: restore the folder cards/."
        ) from fault


def own_card(path: Path) -> SignedCard:
    """The newest card of this home's node.

    Raises:
        HomeUnusable: There is none.
    """
    return own_chain(path)[-1]


def chain_file(chain: tuple[SignedCard, ...]) -> bytes:
    """The bytes of a card file that peers exchange: the whole chain, so that nothing is missing."""
    return encode([card.encode() for card in chain])


def change_card(  # noqa: PLR0913 (what may change, each named by the caller)
    path: Path,
    passphrase: str,
    *,
    now_ms: int,
    name: str | None = None,
    contact: str | None = None,
    endpoint: str | None = None,
) -> SignedCard:
    """Sign the next card of this home's node; peers get it with the next hello.

    Raises:
        HomeInUse: A node runs on this home; stop it first.
        BadInput: A value does not have the form that a card asks for, or the root is not here.
    """
    home = open_home(path, passphrase)
    try:
        last = home.chain[-1]
        old = last.card.organisation
        pins = (pin(home.identity.tls.certificate_der),)
        if home.identity.root is None:
            raise BadInput("The root key is not in this vault; sign the card where it is kept.")
        card = next_card(
            last,
            secret=home.identity.root,
            issued_at_ms=now_ms,
            organisation=replace(old, name=name or old.name, contact=contact or old.contact),
            endpoints=(Endpoint(endpoint, pins),) if endpoint else last.card.endpoints,
        )
        write_file(path / CARDS / f"{card.card.version}.card", card.encode())
    except (Malformed, CardRefused) as fault:
        raise BadInput(f"The new card would not be valid: {fault}") from fault
    finally:
        home.close()
    return card


def write_token(path: Path, user: str, token: str) -> Path:
    """Write a personal token where only the owner of the home reads it."""
    file = path / TOKENS / f"{user}.token"
    write_file(file, token.encode() + b"\n")
    return file


def _first_user(path: Path, store: Store, now_ms: int) -> Path:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    user = User(
        name=FIRST_USER,
        role=UserRole.ADMINISTRATOR,
        pseudonym=FIRST_USER,
        created_at_ms=now_ms,
    )
    with store.transaction():
        store.users.add(user, token)
        store.audit.add(at_ms=now_ms, actor="system", event="home_created")
    return write_token(path, FIRST_USER, token)


def _fit_backend() -> None:
    try:
        check_backend()
    except BackendUnfit as fault:
        raise BackendMissing(str(fault)) from fault


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as fault:
        raise BadInput(f"A role is one of {', '.join(role.value for role in Role)}.") from fault


def _listen(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not re.fullmatch("[0-9]{1,5}", port) or not 1 <= int(port) <= PORT_MAX:
        raise BadInput("Say where to listen as HOST:PORT, for example 127.0.0.1:8443.")
    return host.strip("[]"), int(port)


def _save_vault(path: Path, identity: Identity, passphrase: str, cost: Cost) -> None:
    try:
        save(path / VAULT, identity, passphrase, cost=cost)
    except VaultLocked as fault:
        raise BadInput(f"The vault cannot be made: {fault}") from fault
    except OSError as fault:
        raise HomeUnusable(f"The vault cannot be written: {fault.strerror}.") from fault


def _unlocked(path: Path, passphrase: str) -> Identity:
    try:
        return load(path / VAULT, passphrase)
    except VaultLocked as fault:
        raise PassphraseWrong(
            "The vault does not open: the passphrase is wrong, or the file is damaged."
        ) from fault
    except VaultExposed as fault:
        raise HomeUnusable(str(fault)) from fault
    except OSError as fault:
        raise HomeUnusable(f"The vault cannot be read: {fault.strerror}.") from fault
