"""The shape of what the API answers and the dump writes. Names of fields are a promise: they are added to, never changed."""

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

PERMANENT = "Sixteen letters and digits, the same for ever and in every language, then a dot and the language."
CODES = "Codes of countries (ISO 3166-1)."
NAMES = "By language."


class Translation(Schema):
    """The same thing in another language."""

    language: str
    id: str
    url: str


class Public(Schema):
    """What every public thing has."""

    id: str = Field(description=PERMANENT)
    language: str
    title: str
    summary: str
    url: str = Field(description="Where it stands now. It may move: keep the permanent address.")
    permanent_url: str
    published_on: date | None
    changed_at: datetime | None
    countries: list[str] = Field(description=CODES)
    topics: list[str] = Field(description="Ids of topics.")
    author: str
    translations: list[Translation]


class Original(Schema):
    """What a text was adapted from."""

    title: str
    source: str
    url: str
    published_on: date | None


class News(Public):
    """An article of News & Updates in one language."""

    text_html: str
    provinces: list[str] = Field(description="Codes of provinces (ISO 3166-2).")
    adapted_from: Original | None
    invented: bool = Field(description="True for the items of a demonstration, which report nothing that happened.")


class Version(Schema):
    """One file of a document. A newer one does not push it out."""

    language: str
    part: str
    label: str
    dated_on: date
    changes: str
    present: bool = Field(description="False when a newer version of the same text exists.")
    media_type: str
    size: int
    sha256: str
    url: str = Field(description="Empty where the library may not give out copies, or the file was taken out.")


class Elsewhere(Schema):
    """Where the text stands elsewhere."""

    language: str
    url: str
    note: str


class Document(Public):
    """A document of the library as one language describes it, with all its files."""

    type: str
    authors: list[str]
    publisher: str
    year: int
    licence: str = Field(description="What one may do with the files.")
    licence_url: str
    licence_note: str
    source_url: str
    versions: list[Version]
    elsewhere: list[Elsewhere]
    invented: bool


class Country(Schema):
    """A country by its ISO 3166-1 code."""

    id: str
    names: dict[str, str] = Field(description=NAMES)


class Province(Schema):
    """A province by its ISO 3166-2 code."""

    id: str
    country: str
    names: dict[str, str] = Field(description=NAMES)


class Service(Schema):
    """What an organisation offers to people in need. There is no address here, and there will be none: shelters must not be found."""

    id: str
    names: dict[str, str] = Field(description=NAMES)
    organisation: dict[str, str] = Field(description=NAMES)
    kind: str
    country: str
    province: str = Field(description="Empty when it works everywhere in its country, or its place is not told.")
    phone: str
    hours: str
    languages: list[str]
    verified_on: date | None


class Topic(Schema):
    """A subject of the field."""

    id: str
    names: dict[str, str] = Field(description=NAMES)


class Listed(Schema):
    """One page of a list: how many there are in all, and where the neighbours of this page stand."""

    count: int
    page: int
    pages: int
    next: str | None
    previous: str | None


class NewsList(Listed):
    items: list[News]


class DocumentList(Listed):
    items: list[Document]


class CountryList(Listed):
    items: list[Country]


class ProvinceList(Listed):
    items: list[Province]


class ServiceList(Listed):
    items: list[Service]


class TopicList(Listed):
    items: list[Topic]


class Fault(Schema):
    """What is wrong with one parameter."""

    field: str
    detail: str


class Problem(Schema):
    """An answer that is none (RFC 9457), in the reader's language."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] = []
