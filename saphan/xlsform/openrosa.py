"""The OpenRosa side, so that ODK Collect and its kin can take forms and send interviews: XForm, form list, manifest, submissions.

Source: the OpenRosa Form List, Form Submission and Metadata specifications (docs.getodk.org/openrosa). XML of others is read without DTD and entities.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring  # only made here, never read

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext_lazy as _
from pyxform.xls2xform import convert

from saphan.xlsform.definition import Form, Node, Question, Repeat
from saphan.xlsform.kinds import FILES
from saphan.xlsform.places import Place
from saphan.xlsform.workbook import Tables
from saphan.xlsform.writing import tables_of

FORM_LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"
RESPONSE = "http://openrosa.org/http/response"
MAX_XML = 4 * 1024 * 1024
MAX_NODES = 50_000
MAX_DEPTH = 40
MAX_VALUE = 20_000


class Malformed(Exception):
    """A submission that cannot be read; `code` says why, `sentence` in the active language."""

    SENTENCES = {
        "too_large": _("The submission is too large."),
        "not_xml": _("The submission is not well-formed XML."),
        "forbidden": _("The submission holds a document type or entities."),
        "no_form": _("The submission does not say of which form it is."),
        "no_instance": _("The submission has no instanceID."),
        "other_form": _("The submission is of another form."),
    }

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def sentence(self) -> str:
        """Why the submission cannot be read."""
        return str(self.SENTENCES[self.code])


@dataclass(frozen=True)
class Entry:
    """One form in the list that a device asks for. `hash` is `md5:…` over the XForm, as the specification has it."""

    form_id: str
    name: str
    version: str
    hash: str
    download_url: str
    manifest_url: str = ""
    description: str = ""


@dataclass(frozen=True)
class MediaFile:
    """One file of a form in its manifest."""

    name: str
    hash: str
    download_url: str


@dataclass(frozen=True)
class Submission:
    """What a device sent. `unknown` holds the values of nodes that the form does not have, by path: nothing sent is lost."""

    form_id: str
    version: str
    instance_id: str
    values: dict[Place, str]
    meta: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    repeats: dict[Place, str] = field(default_factory=dict)  # number of instances by place of the repeat

    def files(self, form: Form) -> tuple[str, ...]:
        """The names of files that the values mention and that must come along."""
        return tuple(value for place, value in self.values.items() if value and form.question(place.code).kind in FILES)


def as_xform(source: Form | Tables) -> bytes:
    """The XForm of a form or of its tables, as pyxform compiles it. From a form the reason for a question goes along as guidance where it has none."""
    tables = _with_reasons(tables_of(source)) if isinstance(source, Form) else source
    return str(convert(xlsform=dict(tables), form_name="data").xform).encode()


def _with_reasons(tables: Tables) -> Tables:
    """Devices know no column `why`; they show guidance to the interviewer."""
    survey = []
    for row in tables["survey"]:
        guided = any(heading.startswith("guidance_hint") for heading in row)
        reasons = {heading.replace("why", "guidance_hint", 1): cell for heading, cell in row.items() if heading.partition("::")[0] == "why"}
        survey.append(row if guided else {**row, **reasons})
    return {**tables, "survey": survey}


def digest_of(xform: bytes) -> str:
    """The hash by which a device sees that a form has changed."""
    return "md5:" + hashlib.md5(xform, usedforsecurity=False).hexdigest()


def form_list(entries: Iterable[Entry]) -> bytes:
    """The answer to `formList`."""
    root = Element("xforms", {"xmlns": FORM_LIST})
    for entry in entries:
        xform = SubElement(root, "xform")
        fields = (
            ("formID", entry.form_id), ("name", entry.name), ("version", entry.version), ("hash", entry.hash),
            ("descriptionText", entry.description), ("downloadUrl", entry.download_url), ("manifestUrl", entry.manifest_url),
        )  # fmt: skip
        for name, text in fields:
            if text or name in ("formID", "name", "version", "hash", "downloadUrl"):
                SubElement(xform, name).text = text
    return _written(root)


def manifest(files: Iterable[MediaFile]) -> bytes:
    """The answer to a request for a form's manifest."""
    root = Element("manifest", {"xmlns": MANIFEST})
    for file in files:
        medium = SubElement(root, "mediaFile")
        for name, text in (("filename", file.name), ("hash", file.hash), ("downloadUrl", file.download_url)):
            SubElement(medium, name).text = text
    return _written(root)


def response(message: str, status: int) -> bytes:
    """The body that goes with an answer to a device; `status` is the HTTP status it is sent with."""
    root = Element("OpenRosaResponse", {"xmlns": RESPONSE})
    nature = "submit_success" if 200 <= status < 300 else "submit_error"
    SubElement(root, "message", {"nature": nature}).text = message
    return _written(root)


def headers(max_bytes: int) -> dict[str, str]:
    """The headers that every OpenRosa answer carries; `max_bytes` is the largest request that is taken."""
    return {"X-OpenRosa-Version": "1.0", "X-OpenRosa-Accept-Content-Length": str(max_bytes)}


def _written(root: Element) -> bytes:
    body: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


# submissions


def form_of(xml: bytes) -> tuple[str, str]:
    """Form id and version of a submission, before the form is looked up. Raises Malformed."""
    root = _parsed(xml)
    form_id = root.get("id", "") or _namespace(root.tag)
    if not form_id:
        raise Malformed("no_form")
    return form_id, root.get("version", "")


def read_submission(xml: bytes, form: Form) -> Submission:
    """The answers of a submission, by place. Raises Malformed on what is no submission, or is one of another form."""
    root = _parsed(xml)
    form_id, version = form_of(xml)
    if form_id != form.form_id:
        raise Malformed("other_form")
    meta = {_local(node.tag): (node.text or "").strip() for part in root if _local(part.tag) == "meta" for node in part}
    instance_id = meta.get("instanceID", "") or root.get("instanceID", "")
    if not instance_id:
        raise Malformed("no_instance")
    reader = _Reader()
    reader.read(root, form.children, (), "")
    return Submission(form_id, version, instance_id[:200], reader.values, meta, reader.unknown, reader.repeats)


def _parsed(xml: bytes) -> Element:
    if len(xml) > MAX_XML:
        raise Malformed("too_large")
    try:
        root: Element = fromstring(xml, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise Malformed("forbidden") from None
    except (ParseError, ValueError, LookupError, RecursionError):
        raise Malformed("not_xml") from None
    if any(number >= MAX_NODES for number, _node in enumerate(root.iter())) or _deep(root):
        raise Malformed("too_large")
    return root


def _deep(root: Element) -> bool:
    level = [root]
    for _step in range(MAX_DEPTH):
        level = [child for node in level for child in node]
        if not level:
            return False
    return True


class _Reader:
    """Walks along the form and the submission together."""

    def __init__(self) -> None:
        self.values: dict[Place, str] = {}
        self.unknown: dict[str, str] = {}
        self.repeats: dict[Place, str] = {}

    def read(self, element: Element, children: tuple[Node, ...], index: tuple[int, ...], path: str) -> None:
        """Takes the nodes below one element of the submission."""
        known = {node.name: node for node in children}
        times = dict.fromkeys((node.name for node in children if isinstance(node, Repeat)), 0)
        for child in element:
            name = _local(child.tag)
            node = known.get(name)
            if node is None:
                if name != "meta" or path:
                    self._keep(child, f"{path}/{name}")
            elif isinstance(node, Question):
                self._take(node, child, index)
            elif isinstance(node, Repeat):
                times[name] += 1
                self.read(child, node.children, (*index, times[name]), f"{path}/{name}")
            else:
                self.read(child, node.children, index, f"{path}/{name}")
        for name, number in times.items():
            self.repeats[Place.of(known[name].code, index)] = str(number)

    def _take(self, question: Question, element: Element, index: tuple[int, ...]) -> None:
        text = (element.text or "").strip()[:MAX_VALUE]
        if text:
            self.values[Place.of(question.code, index)] = text

    def _keep(self, element: Element, path: str) -> None:
        for name, text in _texts(element, path):
            self.unknown[name] = text[:MAX_VALUE]


def _texts(element: Element, path: str) -> Iterator[tuple[str, str]]:
    if (element.text or "").strip():
        yield path, (element.text or "").strip()
    for child in element:
        yield from _texts(child, f"{path}/{_local(child.tag)}")


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _namespace(tag: object) -> str:
    return str(tag)[1:].partition("}")[0] if str(tag).startswith("{") else ""
