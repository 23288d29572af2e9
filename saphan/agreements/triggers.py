"""What is signed does not change: the database refuses it, on both engines, also to its owner. Laid by the room's first migration.

A later migration that rebuilds one of these tables on SQLite (any change of a column) must lay the triggers again.
"""

from collections.abc import Iterator
from typing import Any

SENTENCE = "a signed version never changes"
APPEND_ONLY = "events of force are never changed; take one back by another"
NOT_ALL = "signed is what all parties have signed, by confirmed signatures over its digest"
OTHER_DIGEST = "a signature stands under the digest of its version"
VERSIONS, TEXTS, SIGNATURES, EVENTS = (
    "agreements_agreementversion", "agreements_provisiontext", "agreements_signature", "agreements_forceevent",
)  # fmt: skip
PARTIES = "agreements_agreementparty"
# Every column of a version but its state and the day of notification.
KEPT = (
    "id", "agreement_id", "major", "minor", "patch", "based_on_id", "languages", "procedure", "canonical", "digest", "findings", "errors", "changes",
    "drafted_at", "drafted_by_id", "agreed_at", "signed_at",
)  # fmt: skip
OWNED = (TEXTS, SIGNATURES)
ACTS = ("insert", "update", "delete")
ROWS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def lay(connection: Any) -> None:
    """Creates the triggers."""
    with connection.cursor() as cursor:
        for statement in _laying(connection.vendor):
            cursor.execute(statement)


def lift(connection: Any) -> None:
    """Drops the triggers: for the reverse of the migration, and for tests that play the intruder."""
    with connection.cursor() as cursor:
        for name, table, _when, _condition, _sentence in _rules(connection.vendor):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
        if connection.vendor == "postgresql":
            for table in (VERSIONS, *OWNED, EVENTS):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_whole ON {table}")


def _rules(vendor: str) -> Iterator[tuple[str, str, str, str, str]]:
    """Name, table, act, condition under which it is refused, sentence."""
    other = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    same = _as_text if vendor == "postgresql" else (lambda row, column: f"{row}.{column}")
    changed = " OR ".join(f"{same('OLD', c)} {other} {same('NEW', c)}" for c in KEPT)
    yield f"{VERSIONS}_signed", VERSIONS, "update", f"OLD.signed_at IS NOT NULL AND ({changed})", SENTENCE
    yield f"{VERSIONS}_all", VERSIONS, "update", f"OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL AND ({_somebody_has_not_signed()})", NOT_ALL
    yield f"{VERSIONS}_born", VERSIONS, "insert", "NEW.signed_at IS NOT NULL", NOT_ALL
    yield f"{VERSIONS}_stays", VERSIONS, "delete", "OLD.signed_at IS NOT NULL", SENTENCE
    for table in OWNED:
        for act in ACTS:
            yield f"{table}_no_{act}", table, act, " OR ".join(_is_signed(row) for row in ROWS[act]), SENTENCE
    # Names of our own tables and columns stand in these statements, and nothing that anybody typed: hence no S608 in this file.
    digest = f"NOT EXISTS (SELECT 1 FROM {VERSIONS} v WHERE v.id = NEW.version_id AND v.digest = NEW.digest AND v.digest <> '')"
    for act in ("insert", "update"):
        yield f"{SIGNATURES}_digest_{act}", SIGNATURES, act, digest, OTHER_DIGEST
    for act in ("update", "delete"):
        yield f"{EVENTS}_no_{act}", EVENTS, act, "", APPEND_ONLY


def _as_text(row: str, column: str) -> str:
    """PostgreSQL: jsonb compares by meaning and everything has a text."""
    return f"{row}.{column}::text"


def _is_signed(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM {VERSIONS} v WHERE v.id = {row}.version_id AND v.signed_at IS NOT NULL)"


def _somebody_has_not_signed() -> str:
    signed = (
        f"SELECT 1 FROM {SIGNATURES} s WHERE s.party_id = p.id AND s.version_id = NEW.id AND s.state = 'confirmed' "
        "AND s.digest = NEW.digest AND NEW.digest <> ''"
    )
    parties = f"SELECT 1 FROM {PARTIES} p WHERE p.agreement_id = NEW.agreement_id AND p.role = 'party'"
    return f"NOT EXISTS ({parties}) OR EXISTS ({parties} AND NOT EXISTS ({signed}))"


def _laying(vendor: str) -> Iterator[str]:
    for name, table, act, condition, sentence in _rules(vendor):
        if vendor == "postgresql":
            yield from _for_postgresql(name, table, act, condition, sentence)
        else:
            when = f" WHEN {condition}" if condition else ""
            yield f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {table}{when} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    if vendor == "postgresql":
        yield _refusing("agreements_refuse_whole", SENTENCE)
        for table in (VERSIONS, *OWNED, EVENTS):
            yield f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION agreements_refuse_whole()"


def _for_postgresql(name: str, table: str, act: str, condition: str, sentence: str) -> Iterator[str]:
    """A condition that asks another table cannot stand in WHEN there, so the function asks."""
    back = "OLD" if act == "delete" else "NEW"
    body = f"IF {condition or 'true'} THEN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {back};"
    yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    yield f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def _refusing(name: str, sentence: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
