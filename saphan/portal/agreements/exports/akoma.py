"""Akoma Ntoso 3.0 (OASIS LegalDocML) of a public agreement: one language of its newest signed version, as its release tells it."""

from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from saphan.portal.agreements.models import Article, PublicAgreement

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
# ISO 639-2 names of languages, as the standard asks for.
LANGUAGES = {"en": "eng", "th": "tha", "lo": "lao", "km": "khm", "my": "mya", "vi": "vie", "zh": "zho"}
ENDS = ("terminated", "replaced", "expires")
SOURCE = "#saphan"


def document(agreement: PublicAgreement, language: str) -> bytes:
    """The file, in UTF-8."""
    register_namespace("", NAMESPACE)
    root = Element(_name("akomaNtoso"))
    act = _under(root, "act", name="agreement", contains="originalVersion")
    _meta(act, agreement, language)
    line = _under(_under(act, "preface"), "p")
    _under(line, "docTitle").text = agreement.titles.get(language) or agreement.titles.get("en") or agreement.code
    _under(line, "docNumber").text = agreement.versions[0]["number"]
    body = _under(act, "body")
    for article in agreement.articles(language):
        _article(body, article)
    _conclusions(act, agreement)
    indent(root, " ")
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _meta(act: Element, agreement: PublicAgreement, language: str) -> None:
    version, day = agreement.versions[0], agreement.newest_day
    work = f"/akn/{_country(agreement)}/act/{day}/{agreement.code.lower().replace('/', '-')}"
    expression = f"{work}/{LANGUAGES.get(language, language)}@{version['number']}"
    meta = _under(act, "meta")
    identification = _under(meta, "identification", source=SOURCE)
    for level, uri in (("FRBRWork", work), ("FRBRExpression", expression), ("FRBRManifestation", f"{expression}.xml")):
        _level(identification, level, uri, agreement, language)
    lifecycle = _under(meta, "lifecycle", source=SOURCE)
    events = [event for event in agreement.events if event["version"] == version["number"] and not event["provision"]]
    told = [(day, "generation"), *((event["on"], "repeal" if event["kind"] in ENDS else "amendment") for event in events)]
    for number, (on, kind) in enumerate(told, 1):
        _under(lifecycle, "eventRef", eId=f"e{number}", date=on, source=SOURCE, type=kind)
    references = _under(meta, "references", source=SOURCE)
    _under(references, "TLCOrganization", eId="saphan", href="/ontology/organization/saphan", showAs="Saphan")
    for number, party in enumerate(agreement.parties, 1):
        _under(references, "TLCOrganization", eId=f"party_{number}", href=f"/ontology/organization/party-{number}", showAs=party["name_en"])


def _level(identification: Element, name: str, uri: str, agreement: PublicAgreement, language: str) -> None:
    """One of the three levels of identity; each has its own tail, in the order of the standard."""
    version = agreement.versions[0]
    level = _under(identification, name)
    _under(level, "FRBRthis", value=f"{uri}/!main")
    _under(level, "FRBRuri", value=uri)
    if name == "FRBRWork":
        _under(level, "FRBRalias", value=version["digest"] or version["number"], name="digest" if version["digest"] else "version")
    _under(level, "FRBRdate", date=agreement.newest_day, name="XMLConversion" if name == "FRBRManifestation" else "Generation")
    _under(level, "FRBRauthor", href="#party_1" if name == "FRBRWork" and agreement.parties else SOURCE)
    if name == "FRBRWork":
        _under(level, "FRBRcountry", value=_country(agreement))
        _under(level, "FRBRsubtype", value=agreement.kind)
        _under(level, "FRBRnumber", value=agreement.code)
    elif name == "FRBRExpression":
        _under(level, "FRBRlanguage", language=LANGUAGES.get(language, language))
    else:
        _under(level, "FRBRformat", value="application/akn+xml")


def _country(agreement: PublicAgreement) -> str:
    """Of the first party that is a country; the United Nations' sign where none is."""
    return next((str(party["country"]).lower() for party in agreement.parties if party["country"]), "un")


def _article(body: Element, told: Article) -> None:
    sign = "".join(letter if letter.isalnum() else "_" for letter in told.number)
    article = _under(body, "article", eId=f"art_{sign}")
    _under(article, "num").text = told.number
    if told.heading:
        _under(article, "heading").text = told.heading
    for number, part in enumerate(told.paragraphs, 1):
        paragraph = _under(article, "paragraph", eId=f"art_{sign}__para_{number}")
        _under(_under(paragraph, "content"), "p").text = part


def _conclusions(act: Element, agreement: PublicAgreement) -> None:
    if signatures := agreement.versions[0]["signatures"]:
        conclusions = _under(act, "conclusions")
        for one in signatures:
            _under(_under(conclusions, "p"), "signature").text = f"{one['party_en']}: {one['signatory']}, {one['office']}, {one['on']}"


def _under(parent: Element, tag: str, /, **attributes: str) -> Element:
    return SubElement(parent, _name(tag), attributes)


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
