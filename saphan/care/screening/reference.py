"""Tables of reference that screening reads from seeds/reference: the combination table, the quorum rule, emergency numbers, open services."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from saphan.care.screening.rules import Table
from saphan.core.origin import Provenance, in_language


def reference_path(name: str) -> Path:
    """Where a table of reference lies."""
    path: Path = settings.PACKAGE.parent / "seeds" / "reference" / name
    return path


def rows_of(name: str) -> list[dict[str, str]]:
    """All rows of a table; codes are read as text."""
    with reference_path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def combination_table() -> Table:
    """The 64 combinations of the six dimensions."""
    rows = rows_of("ilo_classification_table.csv")
    return Table((tuple(row[f"d{n}"] == "1" for n in range(1, 7)), row["adult_result"], row["child_result_given_act_present"]) for row in rows)


@dataclass(frozen=True)
class QuorumRule:
    """When a team may decide; a proposal until the deploying ministry confirms it. A hearing keeps the version under which it was convened."""

    code: str
    version: str
    minimum_members: int
    minimum_agencies: int
    required_roles: tuple[str, ...]
    remote_share: int  # of those counted, in percent at most
    sitting: bool  # only those who were present in a recorded sitting with a chair are counted
    majority_en: str
    majority_th: str
    applies_from: date
    provenance: Provenance
    approval_en: str
    approval_th: str

    @property
    def majority(self) -> str:
        """What counts as a majority, in the reader's language."""
        return in_language(self.majority_en, self.majority_th)

    @property
    def approval(self) -> str:
        """Whether it has been confirmed, in the reader's language."""
        return in_language(self.approval_en, self.approval_th)

    @property
    def roles_said(self) -> list[str]:
        """The parts of which somebody must be there, in the reader's language."""
        return [team_roles()[code].name for code in self.required_roles]


@cache
def quorum_rules() -> dict[tuple[str, str], QuorumRule]:
    """Every quorum rule by its code and version."""
    return {(row["code"], row["version"]): _quorum_rule(row) for row in rows_of("hearing_rules.csv")}


def _quorum_rule(row: Mapping[str, str]) -> QuorumRule:
    return QuorumRule(
        row["code"], row["version"], int(row["minimum_members"]), int(row["minimum_agencies"]), tuple(row["required_roles"].split()),
        int(row["remote_share"]), row["sitting"] == "1", row["majority"], row["majority_th"], date.fromisoformat(row["applies_from"]),
        Provenance(row["provenance"]), row["approval"], row["approval_th"],
    )  # fmt: skip


STANDARD_QUORUM = "mdt_standard"


def quorum_on(day: date, code: str = STANDARD_QUORUM) -> QuorumRule:
    """The version of a rule that applies to a hearing convened on this day."""
    known = [rule for rule in quorum_rules().values() if rule.code == code and rule.applies_from <= day]
    return max(known, key=lambda rule: rule.applies_from)


@dataclass(frozen=True)
class TeamRole:
    """A part that somebody takes in the team; an interpreter or a guardian is there without a vote."""

    code: str
    name_en: str
    name_th: str
    votes: bool
    agency_kinds: tuple[str, ...]  # where it is offered first
    provenance: Provenance

    @property
    def name(self) -> str:
        return in_language(self.name_en, self.name_th)


@cache
def team_roles() -> dict[str, TeamRole]:
    """Every part in the team by its code."""
    return {
        row["code"]: TeamRole(
            row["code"], row["name_en"], row["name_th"], row["votes"] == "1", tuple(row["agency_kinds"].split()), Provenance(row["provenance"])
        )
        for row in rows_of("team_roles.csv")
    }


def usual_role(agency_kind: str) -> str:
    """The part that a member of such an agency takes unless something else is said."""
    return next((role.code for role in team_roles().values() if agency_kind in role.agency_kinds), "ministry_officer")


@dataclass(frozen=True)
class LegalBasis:
    """What a clock of the procedure rests on, and how sure that is."""

    code: str
    basis_en: str
    basis_th: str
    provenance: Provenance
    approval_en: str
    approval_th: str

    @property
    def basis(self) -> str:
        return in_language(self.basis_en, self.basis_th)

    @property
    def approval(self) -> str:
        return in_language(self.approval_en, self.approval_th)


@cache
def legal_bases() -> dict[str, LegalBasis]:
    """The basis of each stage and promise of the procedure that has a clock of its own here."""
    return {
        row["code"]: LegalBasis(row["code"], row["basis"], row["basis_th"], Provenance(row["provenance"]), row["approval"], row["approval_th"])
        for row in rows_of("legal_bases.csv")
    }


@dataclass(frozen=True)
class EmergencyContact:
    """A number to call now, and for what."""

    number: str
    name: str
    use: str
    provenance: Provenance
    confidence: str


def emergency_contacts() -> list[EmergencyContact]:
    """The numbers of the emergency page in the reader's language."""
    return [
        EmergencyContact(
            row["number"],
            in_language(row["name_en"], row["name_th"]),
            in_language(row["for_en"], row["for_th"]),
            Provenance(row["provenance"]),
            in_language(row["confidence"], row["confidence_th"]),
        )
        for row in rows_of("emergency_contacts.csv")
    ]


def open_services() -> list[str]:
    """What stays open to everybody, whatever a team decides."""
    return [in_language(row["name_en"], row["name_th"]) for row in rows_of("open_services.csv")]


def open_services_in(language: str) -> list[str]:
    """The same in the language of a letter."""
    return [row[f"name_{language}"] for row in rows_of("open_services.csv")]
