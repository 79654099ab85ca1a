"""The tables, made step by step; each step runs once, in a transaction with its own record.

The SQL stays in the subset that SQLite and PostgreSQL share. Ids of items, reports and messages are
UUID text, node ids are hex text, digests and signed bytes are blobs, times are `*_ms` integers.
Never edit a step that was released: add another.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("node")

FIRST_TABLES = (
    """CREATE TABLE users (name TEXT PRIMARY KEY, role TEXT NOT NULL,
       pseudonym TEXT NOT NULL UNIQUE, token_digest BLOB NOT NULL UNIQUE,
       created_at_ms INTEGER NOT NULL) STRICT""",
    """CREATE TABLE answers (user_name TEXT NOT NULL, key TEXT NOT NULL,
       request_digest BLOB NOT NULL, answer TEXT NOT NULL, at_ms INTEGER NOT NULL,
       PRIMARY KEY (user_name, key)) STRICT""",
    """CREATE TABLE reports (id TEXT PRIMARY KEY, reference TEXT NOT NULL, channel TEXT NOT NULL,
       urgency TEXT NOT NULL, received_at_ms INTEGER NOT NULL, filed_at_ms INTEGER NOT NULL,
       filed_by TEXT NOT NULL, notes TEXT NOT NULL, reporter TEXT NOT NULL) STRICT""",
    """CREATE TABLE items (id TEXT PRIMARY KEY, report_id TEXT NOT NULL, finder TEXT NOT NULL,
       address TEXT NOT NULL, canonical TEXT NOT NULL, rule TEXT NOT NULL, kind TEXT NOT NULL,
       site_type TEXT NOT NULL, commerciality TEXT NOT NULL, channel TEXT NOT NULL,
       urgency TEXT NOT NULL, received_at_ms INTEGER NOT NULL, created_at_ms INTEGER NOT NULL,
       changed_at_ms INTEGER NOT NULL, state TEXT NOT NULL, owner TEXT NOT NULL,
       epoch INTEGER NOT NULL, offered_to TEXT NOT NULL, taken_by TEXT NOT NULL,
       lease_until_ms INTEGER NOT NULL, country TEXT NOT NULL, verdict TEXT NOT NULL,
       returned TEXT NOT NULL) STRICT""",
    "CREATE INDEX items_of_report ON items (report_id)",
    "CREATE INDEX items_by_state ON items (state, received_at_ms)",
    "CREATE INDEX items_by_canonical ON items (canonical)",
    """CREATE TABLE facts (number INTEGER PRIMARY KEY, origin TEXT NOT NULL, id TEXT NOT NULL,
       item_id TEXT NOT NULL, kind TEXT NOT NULL, made_at_ms INTEGER NOT NULL,
       body BLOB NOT NULL) STRICT""",
    "CREATE UNIQUE INDEX facts_once ON facts (origin, id)",
    "CREATE INDEX facts_of_item ON facts (item_id, kind)",
    """CREATE TABLE planned_shares (number INTEGER PRIMARY KEY, item_id TEXT NOT NULL,
       kind TEXT NOT NULL, fact_id TEXT NOT NULL, audience TEXT NOT NULL,
       planned_at_ms INTEGER NOT NULL) STRICT""",
    "CREATE UNIQUE INDEX planned_once ON planned_shares (fact_id, audience)",
    """CREATE TABLE messages (number INTEGER PRIMARY KEY, origin TEXT NOT NULL, id TEXT NOT NULL,
       digest BLOB NOT NULL, kind TEXT NOT NULL, item_id TEXT NOT NULL, sender TEXT NOT NULL,
       result TEXT NOT NULL, signed BLOB NOT NULL, at_ms INTEGER NOT NULL) STRICT""",
    "CREATE UNIQUE INDEX messages_once ON messages (origin, id)",
    "CREATE INDEX messages_of_item ON messages (item_id)",
    """CREATE TABLE outbox (number INTEGER PRIMARY KEY, peer TEXT NOT NULL, origin TEXT NOT NULL,
       message_id TEXT NOT NULL, kind TEXT NOT NULL, item_id TEXT NOT NULL, rank INTEGER NOT NULL,
       state TEXT NOT NULL, result TEXT NOT NULL, tries INTEGER NOT NULL,
       incarnation INTEGER NOT NULL, seq INTEGER NOT NULL, queued_at_ms INTEGER NOT NULL) STRICT""",
    "CREATE UNIQUE INDEX outbox_once ON outbox (peer, origin, message_id)",
    "CREATE INDEX outbox_waiting ON outbox (peer, state, rank, number)",
    """CREATE TABLE envelopes (peer TEXT NOT NULL, incarnation INTEGER NOT NULL,
       seq INTEGER NOT NULL, digest BLOB NOT NULL, head BLOB NOT NULL, wire BLOB, receipt BLOB,
       sealed_at_ms INTEGER NOT NULL, settled TEXT NOT NULL,
       PRIMARY KEY (peer, incarnation, seq)) STRICT""",
    """CREATE TABLE receptions (peer TEXT NOT NULL, incarnation INTEGER NOT NULL,
       seq INTEGER NOT NULL, digest BLOB NOT NULL, head BLOB NOT NULL, receipt BLOB NOT NULL,
       received_at_ms INTEGER NOT NULL, PRIMARY KEY (peer, incarnation, seq)) STRICT""",
    """CREATE TABLE evidence (number INTEGER PRIMARY KEY, peer TEXT NOT NULL, about TEXT NOT NULL,
       signed BLOB NOT NULL, at_ms INTEGER NOT NULL) STRICT""",
    """CREATE TABLE peers (node_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, level TEXT NOT NULL,
       allow_private INTEGER NOT NULL, added_at_ms INTEGER NOT NULL,
       confirmed_at_ms INTEGER NOT NULL, confirmed_digest BLOB NOT NULL,
       last_contact_ms INTEGER NOT NULL, skew_ms INTEGER, known_card_version INTEGER NOT NULL,
       batch_max INTEGER NOT NULL) STRICT""",
    """CREATE TABLE cards (node_id TEXT NOT NULL, version INTEGER NOT NULL, digest BLOB NOT NULL,
       signed BLOB NOT NULL, PRIMARY KEY (node_id, version)) STRICT""",
    """CREATE TABLE audit (number INTEGER PRIMARY KEY, previous BLOB NOT NULL, digest BLOB NOT NULL,
       at_ms INTEGER NOT NULL, actor TEXT NOT NULL, event TEXT NOT NULL, item_id TEXT NOT NULL,
       detail TEXT NOT NULL) STRICT""",
    "CREATE INDEX audit_of_item ON audit (item_id)",
    """CREATE TABLE alarms (code TEXT NOT NULL, about TEXT NOT NULL, since_ms INTEGER NOT NULL,
       last_ms INTEGER NOT NULL, times INTEGER NOT NULL,
       message TEXT NOT NULL, advice TEXT NOT NULL, PRIMARY KEY (code, about)) STRICT""",
)


@migrations(name="0001_first_tables")
def first_tables(db: Database) -> None:
    """The straight path: reports, items, facts, exchange, people, audit."""
    for statement in FIRST_TABLES:
        db.execute(statement)
