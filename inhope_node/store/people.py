"""Saves and finds users, and the answers already given to their calls.

A token is 32 random bytes; only its digest is kept. An answer is kept under the caller's
idempotency key in the transaction of what it reports, so a call repeated after a broken connection
gets the same answer and changes nothing twice.
"""

import hashlib

from sqlite_utils import Database

from inhope_node.errors import BadInput
from inhope_node.model.people import User, UserRole
from inhope_node.store.database import IntegrityFault, Row, change, first, rows

USER = "name, role, pseudonym, created_at_ms"
ANSWER_KEPT_MS = 7 * 86_400_000


def token_digest(token: str) -> bytes:
    """What is kept of a token; tokens are random, so a plain hash hides them."""
    return hashlib.sha256(token.encode()).digest()


class Users:
    """The people of this house."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, user: User, token: str) -> None:
        """Keep a new user with the digest of the token.

        Raises:
            BadInput: Name or pseudonym is taken.
        """
        sql = """INSERT INTO users (name, role, pseudonym, token_digest, created_at_ms)
                 VALUES (:name, :role, :pseudonym, :digest, :at)"""
        values = {"role": user.role.value, "digest": token_digest(token), "at": user.created_at_ms}
        try:
            change(self._db, sql, name=user.name, pseudonym=user.pseudonym, **values)
        except IntegrityFault as fault:
            raise BadInput(
                "There is a user of that name or pseudonym already; choose another."
            ) from fault

    def by_token(self, token: str) -> User | None:
        """Whose token this is."""
        sql = f"SELECT {USER} FROM users WHERE token_digest = :digest"  # noqa: S608 (a constant)
        row = first(self._db, sql, digest=token_digest(token))
        return None if row is None else _user(row)

    def all(self) -> list[User]:
        """Everybody, by name."""
        return [_user(row) for row in rows(self._db, f"SELECT {USER} FROM users ORDER BY name")]  # noqa: S608


def _user(row: Row) -> User:
    return User(**{**row, "role": UserRole(row["role"])})


class Answers:
    """Answers already given, by user and idempotency key."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, user: str, key: str, request_digest: bytes) -> str | None:
        """The stored answer to this very call, or None if it is new.

        Raises:
            BadInput: The key was used for another call.
        """
        sql = "SELECT request_digest, answer FROM answers WHERE user_name = :user AND key = :key"
        row = first(self._db, sql, user=user, key=key)
        if row is None:
            return None
        if row["request_digest"] != request_digest:
            raise BadInput("This Idempotency-Key was used for another call; use a new one.")
        return str(row["answer"])

    def keep(self, user: str, key: str, request_digest: bytes, answer: str, now_ms: int) -> None:
        """Keep an answer, and forget those of last week."""
        sql = "INSERT INTO answers VALUES (:user, :key, :digest, :answer, :now)"
        values = {"digest": request_digest, "answer": answer, "now": now_ms}
        change(self._db, sql, user=user, key=key, **values)
        change(self._db, "DELETE FROM answers WHERE at_ms < :old", old=now_ms - ANSWER_KEPT_MS)
