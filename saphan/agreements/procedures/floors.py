"""Floor packs: minimum rules of a treaty or a law, as data, which a draft may not fall below. Signed by whoever answers for them.

A pack says for which countries and which kinds of procedure it holds; the kind is the last word of a procedure's id (`th-la/return`).
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path as File
from typing import Annotated, Any, Literal

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BeforeValidator, Field, ValidationError

from saphan.agreements.procedures.articles import Clause, Language, Name, Procedure, Text, Version, as_number
from saphan.agreements.procedures.findings import Finding, Lines, Path, Unreadable, fault
from saphan.agreements.procedures.floor_checks import CHECKS, Missing
from saphan.agreements.procedures.reading import read
from saphan.agreements.procedures.rules.draft import Draft
from saphan.agreements.procedures.terms import Condition, Length

FOLDER = File(__file__).resolve().parents[3] / "seeds" / "reference" / "floors"
SENTENCE = "{say} ({source}). {missing}"
Names = Annotated[tuple[Name, ...], Field(min_length=1, max_length=60, strict=False)]
Kind = Literal[
    "never", "block", "check", "document", "guardian", "consent", "stage", "only", "depart", "keep", "promise", "passes", "next", "lasting"
]


class Requirement(Clause):
    """One minimum rule. `kind` says how it is tried; the other words are what that kind needs. `near` names the row whose article is told."""

    id: Annotated[str, Field(pattern=r"^F[0-9]{3}$")]
    kind: Kind
    source: Text
    confidence: Literal["sourced", "recalled", "proposal"]
    say: dict[Language, Text]
    severity: Literal["error", "warning"] = "error"
    name: Name | None = None
    names: Annotated[tuple[Name, ...], Field(max_length=60, strict=False)] = ()
    when: Annotated[Condition | None, Field(alias="if")] = None
    before: Name | None = None
    at: Name | None = None
    near: Name | None = None
    both_parties: bool = False
    least: Length | None = None
    most: Length | None = None


class Floor(Clause):
    """A pack of minimum rules with its source."""

    floor: Annotated[Literal[1], BeforeValidator(as_number)]
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{3,60}$")]
    version: Version
    title: dict[Language, Text]
    source: Text
    countries: Annotated[tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...], Field(max_length=250, strict=False)] = ()
    kinds: Names
    requires: Annotated[tuple[Requirement, ...], Field(min_length=1, max_length=200, strict=False)]

    @property
    def digest(self) -> str:
        """What is signed: SHA-256 over the canonical form of the pack."""
        plain = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return "sha256:" + hashlib.sha256(rfc8785.dumps(plain)).hexdigest()

    def binds(self, procedure: Procedure) -> bool:
        """Whether the pack holds for this procedure: one of its parties is of the countries, and the kind is meant."""
        here = not self.countries or any(party.country in self.countries for party in procedure.parties.values())
        return here and procedure.id.rsplit("/", 1)[-1] in self.kinds

    def findings(self, draft: Draft, lines: Lines) -> Iterator[Finding]:
        """Where a draft falls below the floor."""
        for requirement in self.requires if self.binds(draft.procedure) else ():
            for missing in CHECKS[requirement.kind](draft, requirement):
                yield _finding(draft, lines, requirement, missing)


class Forged(Exception):
    """A pack of minimum rules does not carry the signature of the key that was given."""


def load_floor(content: bytes | str) -> Floor:
    """The pack written in a YAML or JSON file, read as carefully as a procedure. Raises `Unreadable`."""
    found = read(content)
    try:
        return Floor.model_validate(found.value, by_alias=True, by_name=False)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path: Path = tuple(first["loc"])
        named = str(path[-1]) if path else "the file"
        raise Unreadable((fault("L06", found.lines.of(path), path, "", found=named, reason="it is no minimum rule of a known kind"),)) from None


@cache
def shipped_floors() -> tuple[Floor, ...]:
    """The packs of seeds/reference/floors."""
    return tuple(load_floor(file.read_bytes()) for file in sorted(FOLDER.glob("*.yaml")))


def floors_for(procedure: Procedure, floors: Iterable[Floor] | None = None) -> tuple[Floor, ...]:
    """Those that bind this procedure, of the shipped ones or of those given."""
    return tuple(floor for floor in (shipped_floors() if floors is None else floors) if floor.binds(procedure))


def sign_floor(floor: Floor, key: Ed25519PrivateKey) -> str:
    """The signature that stands beside a pack, in base64."""
    return base64.b64encode(key.sign(_signed(floor))).decode("ascii")


def verify_floor(floor: Floor, signature: str, key: Ed25519PublicKey) -> None:
    """Raises `Forged` where the pack is not what the holder of the key signed."""
    try:
        key.verify(base64.b64decode(signature, validate=True), _signed(floor))
    except (InvalidSignature, ValueError):
        raise Forged(f"The minimum rules “{floor.id}” do not carry a valid signature.") from None


def load_signed_floors(folder: File, key: Ed25519PublicKey) -> Sequence[Floor]:
    """The packs of a folder, each with its signature in a file of the same name and `.sig`. Raises `Forged` for one without a valid one."""
    floors = []
    for file in sorted(folder.glob("*.yaml")):
        floor, beside = load_floor(file.read_bytes()), file.with_name(file.name + ".sig")
        verify_floor(floor, beside.read_text(encoding="ascii").strip() if beside.exists() else "", key)
        floors.append(floor)
    return tuple(floors)


def _signed(floor: Floor) -> bytes:
    return f"saphan floor {floor.id} {floor.version} {floor.digest}".encode()


def _finding(draft: Draft, lines: Lines, requirement: Requirement, missing: Missing) -> Finding:
    article = missing.article or article_of(draft, requirement.near)
    place = next((row.path for row in draft.articles if row.number == article), missing.path)
    parameters = {"say": requirement.say.get("en", ""), "source": requirement.source, "missing": missing.sentence}
    return Finding(requirement.id, requirement.severity, article, lines.of(place), place, SENTENCE, parameters)


def article_of(draft: Draft, name: str | None) -> str:
    """The article of a stage, check, document, message, promise or consent; "" where there is none."""
    compiled = draft.compiled
    if name is None:
        return ""
    if name in compiled.stages:
        return compiled.stages[name].article
    for rules in (compiled.checks, compiled.documents, compiled.messages, compiled.promises):
        if name in rules:
            found: Any = rules[name]
            return str(found.article)
    return compiled.consents[name][0].article if name in compiled.consents else ""
