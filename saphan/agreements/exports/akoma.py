"""Akoma Ntoso 3 (OASIS LegalDocML): one language of one version as an `act` with its articles, its signatures and the events of its life."""

from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from saphan.agreements.codes import ForceKind
from saphan.agreements.models import AgreementVersion, ForceEvent, ProvisionText
from saphan.agreements.states import SignatureState

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
# ISO 639-2 names of languages, as the standard asks for.
LANGUAGES = {"en": "eng", "th": "tha", "lo": "lao", "km": "khm", "my": "mya", "vi": "vie", "zh": "zho"}
KINDS = {
    ForceKind.ENTERS: "amendment", ForceKind.RESUMED: "amendment", ForceKind.SUSPENDED: "amendment", ForceKind.TERMINATED: "repeal",
    ForceKind.REPLACED: "repeal", ForceKind.EXPIRES: "repeal",
}  # fmt: skip
SOURCE = "#saphan"


def document(version: AgreementVersion, language: str) -> bytes:
    """The file, in UTF-8."""
    register_namespace("", NAMESPACE)
    root = Element(_name("akomaNtoso"))
    act = _under(root, "act", name="agreement", contains="originalVersion")
    _meta(act, version, language)
    _preface(act, version, language)
    body = _under(act, "body")
    for text in version.texts.all():
        if text.language == language:
            _article(body, text)
    _conclusions(act, version)
    indent(root, " ")
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _meta(act: Element, version: AgreementVersion, language: str) -> None:
    meta = _under(act, "meta")
    work = f"/akn/{_country(version)}/act/{_day(version)}/{version.agreement.code.lower().replace('/', '-')}"
    expression = f"{work}/{LANGUAGES.get(language, language)}@{version.semver}"
    identification = _under(meta, "identification", source=SOURCE)
    for level, uri in (("FRBRWork", work), ("FRBRExpression", expression), ("FRBRManifestation", f"{expression}.xml")):
        _level(identification, level, uri, version, language)
    events = list(_life(version))
    if events:
        lifecycle = _under(meta, "lifecycle", source=SOURCE)
        for number, (day, kind) in enumerate(events, 1):
            _under(lifecycle, "eventRef", eId=f"e{number}", date=day.isoformat(), source=SOURCE, type=kind)
    references = _under(meta, "references", source=SOURCE)
    _under(references, "TLCOrganization", eId="saphan", href="/ontology/organization/saphan", showAs="Saphan")
    for party in version.agreement.parties.all():
        _under(
            references, "TLCOrganization", eId=f"party_{party.place + 1}", href=f"/ontology/organization/party-{party.place + 1}", showAs=str(party)
        )


def _level(identification: Element, name: str, uri: str, version: AgreementVersion, language: str) -> None:
    level = _under(identification, name)
    _under(level, "FRBRthis", value=f"{uri}/!main")
    _under(level, "FRBRuri", value=uri)
    if name == "FRBRWork":
        _under(level, "FRBRalias", value=version.digest or version.semver, name="digest" if version.digest else "version")
    _under(level, "FRBRdate", date=_day(version), name="Generation" if name != "FRBRManifestation" else "XMLConversion")
    _under(level, "FRBRauthor", href="#party_1" if name == "FRBRWork" else SOURCE)
    if name == "FRBRWork":
        _under(level, "FRBRcountry", value=_country(version))
        _under(level, "FRBRsubtype", value=version.agreement.kind)
        _under(level, "FRBRnumber", value=version.agreement.code)
    if name == "FRBRExpression":
        _under(level, "FRBRlanguage", language=LANGUAGES.get(language, language))
    if name == "FRBRManifestation":
        _under(level, "FRBRformat", value="application/akn+xml")


def _country(version: AgreementVersion) -> str:
    """Of the first party that is a country; the United Nations' sign where none is."""
    codes = [party.country_id for party in version.agreement.parties.all() if party.country_id]
    return str(codes[0]).lower() if codes else "un"


def _day(version: AgreementVersion) -> str:
    """Of the last signature, else of the drafting."""
    days = [one.signed_on for one in version.signatures.all() if one.state == SignatureState.CONFIRMED]
    return max(days).isoformat() if days else version.drafted_at.date().isoformat()


def _life(version: AgreementVersion) -> Iterator[tuple[date, str]]:
    yield date.fromisoformat(_day(version)), "generation"
    for event in ForceEvent.objects.standing().filter(version=version, provision=""):
        yield event.on, KINDS[ForceKind(event.kind)]


def _preface(act: Element, version: AgreementVersion, language: str) -> None:
    line = _under(_under(act, "preface"), "p")
    title = _under(line, "docTitle")
    title.text = version.agreement.titles.get(language) or version.agreement.title
    number = _under(line, "docNumber")
    number.text = version.semver


def _article(body: Element, text: ProvisionText) -> None:
    sign = "".join(letter if letter.isalnum() else "_" for letter in text.number)
    article = _under(body, "article", eId=f"art_{sign}")
    _under(article, "num").text = text.number
    if text.heading:
        _under(article, "heading").text = text.heading
    for number, part in enumerate(filter(None, (part.strip() for part in text.prose.split("\n\n"))), 1):
        paragraph = _under(article, "paragraph", eId=f"art_{sign}__para_{number}")
        _under(_under(paragraph, "content"), "p").text = part


def _conclusions(act: Element, version: AgreementVersion) -> None:
    signatures = [one for one in version.signatures.select_related("party") if one.state == SignatureState.CONFIRMED]
    if not signatures:
        return
    conclusions = _under(act, "conclusions")
    for one in signatures:
        line = _under(conclusions, "p")
        signature = _under(line, "signature")
        signature.text = f"{one.party}: {one.signatory}, {one.office}, {one.signed_on.isoformat()}"


def _under(parent: Element, tag: str, /, **attributes: str) -> Element:
    return SubElement(parent, _name(tag), attributes)


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
