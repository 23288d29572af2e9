"""The types of the XLSForm reference: their spellings, which of them a person answers, and which we do not carry out.

Source: the XLSForm reference table (xlsform.org) and the type dictionary of pyxform 4.5.
"""

import re
from typing import NamedTuple

SELECTS = frozenset({"select_one", "select_multiple", "rank"})
NUMBERS = frozenset({"integer", "decimal", "range"})
DATES = frozenset({"date", "time", "datetime"})
FILES = frozenset({"image", "audio", "video", "file"})
ASKED = SELECTS | NUMBERS | DATES | FILES | {"text", "geopoint", "barcode", "acknowledge"}
WRITTEN_BY_DEVICE = frozenset({"start", "end", "today", "deviceid", "username", "email", "phonenumber", "simserial", "subscriberid"})
NOT_KEPT = frozenset(
    {"audit", "background-audio", "start-geopoint", "background-geopoint"}
)  # kept in the file for ODK Collect; no page of ours fills them
CARRIED = ASKED | WRITTEN_BY_DEVICE | NOT_KEPT | {"note", "calculate", "hidden"}
REFUSED = frozenset(
    "geotrace geoshape osm csv-external xml-external select_one_external select_one_from_file select_multiple_from_file trigger_external".split()
)

ALIASES = {
    "string": "text", "q string": "text", "add text prompt": "text", "int": "integer", "q int": "integer", "add integer prompt": "integer",
    "q decimal": "decimal", "add decimal prompt": "decimal", "percentage": "integer",
    "q date": "date", "add date prompt": "date", "q time": "time", "datetime": "datetime", "date time": "datetime", "q date time": "datetime",
    "q datetime": "datetime", "add date time prompt": "datetime", "add datetime prompt": "datetime",
    "photo": "image", "q picture": "image", "q image": "image", "add photo prompt": "image", "add image prompt": "image",
    "q audio": "audio", "add audio prompt": "audio", "q video": "video", "add video prompt": "video", "add file prompt": "file",
    "gps": "geopoint", "location": "geopoint", "q geopoint": "geopoint", "q location": "geopoint", "add location prompt": "geopoint",
    "q geotrace": "geotrace", "q geoshape": "geoshape", "q barcode": "barcode", "add barcode prompt": "barcode",
    "trigger": "acknowledge", "q acknowledge": "acknowledge", "add acknowledge prompt": "acknowledge",
    "q note": "note", "add note prompt": "note", "q calculate": "calculate", "add calculate prompt": "calculate",
    "start time": "start", "get start time": "start", "end time": "end", "get end time": "end", "get today": "today",
    "device id": "deviceid", "get device id": "deviceid", "imei": "deviceid", "uri:deviceid": "deviceid",
    "uri:username": "username", "uri:email": "email", "phone number": "phonenumber", "get phone number": "phonenumber", "uri:phonenumber": "phonenumber",
    "sim id": "simserial", "get sim id": "simserial", "uri:simserial": "simserial", "subscriber id": "subscriberid", "get subscriber id": "subscriberid",
    "uri:subscriberid": "subscriberid",
}  # fmt: skip
SELECT_SPELLINGS = {
    "select_one": "select_one", "select one": "select_one", "select1": "select_one", "select one from": "select_one", "select one using": "select_one",
    "add select one prompt using": "select_one", "select_multiple": "select_multiple", "select multiple": "select_multiple",
    "select all that apply": "select_multiple", "select all that apply from": "select_multiple", "select multiple from": "select_multiple",
    "select multiple using": "select_multiple", "add select multiple prompt using": "select_multiple", "rank": "rank",
    "select_one_external": "select_one_external", "select one external": "select_one_external",
    "select_one_from_file": "select_one_from_file", "select one from file": "select_one_from_file",
    "select_multiple_from_file": "select_multiple_from_file", "select multiple from file": "select_multiple_from_file",
}  # fmt: skip
SELECT = re.compile(
    r"(?P<kind>"
    + "|".join(sorted(map(re.escape, SELECT_SPELLINGS), key=len, reverse=True))
    + r")\s+(?P<list>\S+)(?P<other>\s+or[_ ](?:specify[_ ])?other)?",
    re.IGNORECASE,
)
BOUND = re.compile(r"(?P<edge>begin|end)[ _]+(?P<what>group|repeat|lgroup|looped group|loop)", re.IGNORECASE)


class Typed(NamedTuple):
    """What the cell `type` says: a kind, the list it chooses from, whether *other* may be written; or the edge of a group or repeat."""

    kind: str
    choices: str = ""
    or_other: bool = False
    edge: str = ""


def read_type(cell: str) -> Typed | None:
    """What the cell means, or None where no spelling of XLSForm fits."""
    words = " ".join(cell.split())
    if bound := BOUND.fullmatch(words):
        return _edge(bound["edge"].lower(), bound["what"].lower())
    if chosen := SELECT.fullmatch(words):
        return Typed(SELECT_SPELLINGS[chosen["kind"].lower()], chosen["list"], bool(chosen["other"]))
    low = words.lower()
    kind = ALIASES.get(low, low)
    return Typed(kind) if kind in (CARRIED | REFUSED) - SELECTS else None


def _edge(edge: str, what: str) -> Typed:
    if what == "loop":
        return Typed("loop", edge=edge)
    return Typed("group" if what == "group" else "repeat", edge=edge)
