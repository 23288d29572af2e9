"""What a procedure may say: parties, roles, facts, fields, and articles of prose with typed clauses. The published JSON Schema comes from here."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from saphan.agreements.procedures.terms import NAME, Condition, Length

Name = Annotated[str, Field(pattern=NAME)]
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Version = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
PROSE = re.compile(r"^[a-z]{2}$")
DAY = re.compile(r"^[12][0-9]{3}-[01][0-9]-[0-3][0-9]$")


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


def _as_checks(value: Any) -> Any:
    return [value] if isinstance(value, dict | str) else value


def _as_check(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


def _as_day(value: Any) -> Any:
    """Only a day written out is a day: a number would be read as seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and DAY.match(value)):
        return value
    raise ValueError("write a day as year-month-day, for example 2027-01-01")


def as_number(value: Any) -> Any:
    """Python takes true for 1; a file does not."""
    return str(value) if isinstance(value, bool) else value


class Clause(BaseModel):
    """A typed row of an article. A word that is not foreseen is an error, never passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Party(Clause):
    """Who signs and who owes; `country` decides the calendar of working days."""

    name: Text
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Languages(Clause):
    """The languages whose text binds, and the one in which the parties work."""

    authoritative: Annotated[tuple[Language, ...], Field(min_length=1, max_length=6, strict=False)]
    working: Language


class Stage(Clause):
    """Where a subject stands: whose role owns it, what may follow, when it should be left, and which message must have come before it is left."""

    id: Name
    by: Name
    next: Annotated[tuple[Name, ...], Field(max_length=20, strict=False)] = ()
    due: Length | None = None
    needs_message: Name | None = None
    final: bool = False
    lasting: bool = False  # a lasting solution other than return: a subject may always enter it, whatever is still open


class Check(Clause):
    """Something that must be done before the stage is left."""

    id: Name
    when: Annotated[Condition | None, Field(alias="if")] = None
    at: Name | None = None


class Consent(Clause):
    """What the person is asked, and in which form she answers. `covers` names the groups of fields she is told of; where it is said, nothing else may go."""

    id: Name
    to: Text
    covers: Annotated[tuple[Name, ...], Field(max_length=30, strict=False)] = ()
    form: Literal["written", "spoken_or_written"]
    guardian_if: Condition | None = None
    renew: Length | None = None
    at: Name | None = None


class Document(Clause):
    """What must be on file before the stage is left, by whom, signed by whom."""

    id: Name
    by: Name
    signed_by: Annotated[tuple[Name, ...], Field(max_length=10, strict=False)] = ()
    when: Annotated[Condition | None, Field(alias="if")] = None
    at: Name | None = None


class Send(Clause):
    """A message that may cross: from whom to whom, which groups of fields, under which consents, what answers it, how long it is kept."""

    id: Name
    at: Name | None = None
    sender: Annotated[Name, Field(alias="from")]
    receiver: Annotated[Name, Field(alias="to")]
    fields: Annotated[tuple[Name, ...], Field(max_length=30, strict=False)] = ()
    needs: Annotated[tuple[Name, ...], Field(max_length=10, strict=False)] = ()
    answer: Name | None = None
    keep: Length | None = None
    readers: Annotated[tuple[Name, ...], Field(max_length=10, strict=False)] = ()


class Oblige(Clause):
    """A promise: who owes what by when. It starts when the stage `at` is entered, or when the message `on` was sent, and is kept by `kept_by`."""

    id: Name
    party: Name
    by: Name
    at: Name | None = None
    on: Name | None = None
    due: Length | None = None
    every: Annotated[tuple[Length, ...], Field(max_length=60, strict=False)] = ()
    when: Annotated[Condition | None, Field(alias="if")] = None
    kept_by: Name | None = None
    late_to: Name | None = None
    very_late: Length | None = None
    very_late_to: Name | None = None


class Block(Clause):
    """A fact that forbids a stage, with the sentence that is shown."""

    when: Annotated[Condition, Field(alias="if")]
    to: Name
    say: Text


class Depart(Clause):
    """Which rules an emergency may shorten, who approves, that a reason is written, and by when the other party is told."""

    allow: Annotated[tuple[Literal["due", "check", "document", "message"], ...], Field(min_length=1, strict=False)]
    approve: Annotated[tuple[Name, ...], Field(min_length=1, max_length=10, strict=False)]
    reason: Literal["required"]
    tell: Length


class Lifecycle(Clause):
    """How the agreement is suspended and amended, and what happens to cases under way."""

    suspend: Length
    amend: Literal["both_sign"]
    running_cases: Literal["keep_version", "rebind_with_consent"]


class Score(Clause):
    """Which promises are counted, how often, against which target, and below which number nothing is shown."""

    every: Literal["month", "quarter", "year"]
    over: Annotated[tuple[Name, ...], Field(min_length=1, max_length=60, strict=False)]
    target: Annotated[float, Field(gt=0, le=1)]
    publish_min: Annotated[int, Field(ge=3, le=1000)]


class Article(Clause):
    """Prose in each language, and the rows that run. `when` holds for every row of the article."""

    art: Annotated[str, Field(pattern=r"^[0-9]{1,3}[a-z]?$", coerce_numbers_to_str=True, strict=False)]
    prose: dict[Language, Text]
    when: Condition | None = None
    stage: Stage | None = None
    check: Annotated[tuple[Annotated[Check, BeforeValidator(_as_check)], ...], BeforeValidator(_as_checks), Field(max_length=40, strict=False)] = ()
    consent: Annotated[tuple[Consent, ...], BeforeValidator(_as_list), Field(max_length=20, strict=False)] = ()
    document: Annotated[tuple[Document, ...], BeforeValidator(_as_list), Field(max_length=20, strict=False)] = ()
    send: Annotated[tuple[Send, ...], BeforeValidator(_as_list), Field(max_length=20, strict=False)] = ()
    oblige: Annotated[tuple[Oblige, ...], BeforeValidator(_as_list), Field(max_length=20, strict=False)] = ()
    block: Annotated[tuple[Block, ...], BeforeValidator(_as_list), Field(max_length=20, strict=False)] = ()
    depart: Depart | None = None
    lifecycle: Lifecycle | None = None
    score: Score | None = None

    @model_validator(mode="before")
    @classmethod
    def _gather_prose(cls, value: Any) -> Any:
        """In a file the prose stands under its language: `en: …`, `th: …`."""
        if not isinstance(value, dict) or "prose" in value:
            return value
        prose = {key: text for key, text in value.items() if PROSE.match(str(key))}
        return {key: text for key, text in value.items() if key not in prose} | {"prose": prose}


class Procedure(Clause):
    """One version of an agreement's running part."""

    saphan_sop: Annotated[Literal[1], BeforeValidator(as_number)]
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[/-][a-z0-9]+){0,6}$", max_length=60)]
    version: Version
    title: dict[Language, Text] = Field(default_factory=dict)
    under: Annotated[str, Field(max_length=120)] = ""
    source: Annotated[str, Field(max_length=400)] = ""
    parties: Annotated[dict[Name, Party], Field(min_length=1, max_length=8)]
    languages: Languages
    effective: Annotated[date, BeforeValidator(_as_day), Field(strict=False, json_schema_extra={"pattern": DAY.pattern})]
    review: Length | None = None
    roles: Annotated[dict[Name, Name], Field(min_length=1, max_length=60)]
    facts: Annotated[dict[Name, Text], Field(max_length=60)] = Field(default_factory=dict)
    fields: Annotated[dict[Name, Annotated[tuple[Name, ...], Field(max_length=60, strict=False)]], Field(max_length=60)] = Field(default_factory=dict)
    never: Annotated[tuple[Name, ...], Field(max_length=100, strict=False)] = ()
    articles: Annotated[tuple[Article, ...], Field(min_length=1, max_length=200, strict=False)]

    def plain(self) -> dict[str, Any]:
        """The procedure as plain values in the words of a file, without what was not said: what is hashed and signed."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
