"""What the names of a procedure are called on the screens, and who can hold the offices that it names.

A catalogue beside each shipped procedure, by its id: it is no part of what is hashed and signed, so words may be mended without a new version.
A signed version of the same procedure uses it too; a name that it does not know stays the name turned into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language

from saphan.access.models import User
from saphan.agreements.procedures.entering import spoken


@dataclass(frozen=True)
class Office:
    """Who can hold an office that a procedure names: kinds of organisation, roles of the platform; where nothing is said, any."""

    kinds: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()

    def fits(self, user: User) -> bool:
        """Whether this person could be the one. It does not say that she is: she states it herself."""
        return (not self.kinds or user.org.kind in self.kinds) and (not self.roles or not self.roles.isdisjoint(user.roles))


@dataclass(frozen=True)
class Catalogue:
    """The names and offices of one procedure."""

    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    offices: Mapping[str, Office] = field(default_factory=dict)


@cache
def catalogues() -> dict[str, Catalogue]:
    """By the id of the procedure."""
    folder = Path(settings.PACKAGE).parent / "seeds" / "reference" / "procedures" / "names"
    return dict(_read(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in sorted(folder.glob("*.yaml")))


def _read(plain: dict[str, Any]) -> tuple[str, Catalogue]:
    offices = {role: Office(**{part: frozenset(told) for part, told in who.items()}) for role, who in plain.get("offices", {}).items()}
    return plain["procedure"], Catalogue(plain["names"], offices)


def named(name: str, identity: str) -> str:
    """A name of this procedure in the reader's language, else in English, else the name as words."""
    told = catalogues().get(identity, Catalogue()).names.get(name, {})
    return told.get((get_language() or "en")[:2]) or told.get("en") or spoken(name)


def office(role: str, identity: str) -> Office:
    """Who can hold this office; anybody where nothing is known of it."""
    return catalogues().get(identity, Catalogue()).offices.get(role, Office())
