"""Tables of reference that screening reads from seeds/reference: the combination table, the quorum rule, emergency numbers, open services."""

import csv
from dataclasses import dataclass
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
    """When a team may decide; a proposal until the deploying ministry confirms it."""

    code: str
    version: str
    minimum_members: int
    minimum_agencies: int
    majority: str
    provenance: Provenance
    approval_en: str
    approval_th: str

    @property
    def approval(self) -> str:
        """Whether it has been confirmed, in the reader's language."""
        return in_language(self.approval_en, self.approval_th)


@cache
def quorum_rules() -> dict[str, QuorumRule]:
    """Every quorum rule by its code."""
    return {
        row["code"]: QuorumRule(
            row["code"],
            row["version"],
            int(row["minimum_members"]),
            int(row["minimum_agencies"]),
            row["majority"],
            Provenance(row["provenance"]),
            row["approval"],
            row["approval_th"],
        )
        for row in rows_of("hearing_rules.csv")
    }


STANDARD_QUORUM = "mdt_standard"


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
