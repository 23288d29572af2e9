"""What one may ask the API for."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from django.conf import settings
from django.db.models import Q, QuerySet
from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from saphan.portal.feeds.selectors import Wanted, entries, found_by
from saphan.portal.search.models import SearchEntry

MOST = 100
Language = StrEnum("Language", {code: code for code, _name in settings.LANGUAGES})  # type: ignore[misc]  # the members are the site's languages
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 code, for example TH.")]


def _written_as(pattern: str, kind: Literal["date_parsing", "datetime_parsing"]) -> BeforeValidator:
    """Only the form that is documented: a number would be read as seconds since 1970."""

    def checked(value: Any) -> Any:
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            raise PydanticCustomError(kind, "not written as documented")
        return value

    return BeforeValidator(checked)


Day = Annotated[date, _written_as(r"\d{4}-\d\d-\d\d", "date_parsing")]
MOMENT = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)"


def _in_utc(moment: datetime) -> datetime:
    """The same moment in UTC: databases refuse displacements of more than sixteen hours."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("datetime_parsing", "no moment of the calendar") from None


Moment = Annotated[AwareDatetime, _written_as(MOMENT, "datetime_parsing"), AfterValidator(_in_utc)]


class Paged(Schema):
    """Which page of a list."""

    page: int = Field(1, ge=1, le=10_000, description="Which page of the list.")
    size: int = Field(50, ge=1, le=MOST, description=f"Items on a page, at most {MOST}.")


class Asked(Paged):
    """What news and documents may be narrowed by."""

    language: Language | None = Field(None, description=f"Language of the text: {', '.join(dict(settings.LANGUAGES))}.")
    country: CountryCode | None = None
    topic: str | None = Field(None, pattern=r"^[a-z0-9_-]{1,60}$", description="Id of a topic.")
    since: Day | None = Field(None, description="Published on this day or later.")
    until: Day | None = Field(None, description="Published on this day or earlier.")
    changed_since: Moment | None = Field(None, description="Changed at this moment or later: for programs that keep a copy.")
    q: str | None = Field(None, max_length=200, description="Words to look for, as in the search of the site.")

    def entries(self, kind: str) -> "QuerySet[SearchEntry]":
        """The public things of one kind that are asked for, newest first."""
        language = str(self.language or "")
        wanted = Wanted(kind, language, self.country or "", self.topic or "", self.since, self.until, self.changed_since)
        found = entries(wanted)
        return found.filter(found_by(self.q, language)) if self.q is not None else found


class AskedServices(Paged):
    """What services may be narrowed by."""

    country: CountryCode | None = None
    province: str | None = Field(None, pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$", description="ISO 3166-2 code, for example TH-57.")
    kind: str | None = Field(None, pattern=r"^[a-z_]{1,40}$", description="What it is for, for example health.")

    def condition(self) -> Q:
        asked = {"country": self.country, "province": self.province, "kind": self.kind}
        return Q(**{name: value for name, value in asked.items() if value})


class AskedPlaces(Paged):
    """What places may be narrowed by."""

    country: CountryCode | None = None

    def condition(self) -> Q:
        return Q(country=self.country) if self.country else Q()
