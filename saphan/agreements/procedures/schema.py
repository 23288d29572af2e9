"""The published JSON Schema of a procedure (draft 2020-12), made from the models, with the short forms a file may use."""

import json
from typing import Any

from saphan.agreements.procedures.articles import Article, Procedure
from saphan.agreements.procedures.terms import NAME

SINGLE = ("consent", "document", "send", "oblige", "block")  # one row may stand without the list around it


def published_schema() -> dict[str, Any]:
    """The schema in the words of a file: prose stands under its language, one row needs no list, a check may be its name alone."""
    schema = Procedure.model_json_schema(by_alias=True, mode="validation")
    article = schema["$defs"][Article.__name__]
    shown = article["properties"]
    article["required"] = ["art"]  # and prose, under its languages or, as in the signed form, under the word
    article["patternProperties"] = shown["prose"]["patternProperties"]
    article["minProperties"] = 2
    shown["art"] = {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 999}, shown["art"]]}
    for name in SINGLE:
        shown[name] = {"anyOf": [shown[name]["items"], shown[name]]}
    check = shown["check"]
    check["items"] = {"anyOf": [{"$ref": "#/$defs/Name"}, check["items"]]}
    shown["check"] = {"anyOf": [*check["items"]["anyOf"], check]}
    schema["$defs"]["Name"] = {"type": "string", "pattern": NAME}
    _close(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Saphan procedure",
        "description": "The running part of an agreement: articles of prose with typed clauses. See docs/handbook/procedures.md.",
    } | {name: value for name, value in schema.items() if name not in ("title", "description")}


def schema_text() -> str:
    """The schema as it stands in docs/develop/procedure.schema.json."""
    return json.dumps(published_schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _close(part: Any) -> None:
    """A map whose names follow a pattern takes no other names."""
    if isinstance(part, dict):
        if "patternProperties" in part:
            part.setdefault("additionalProperties", False)
        for value in part.values():
            _close(value)
    elif isinstance(part, list):
        for value in part:
            _close(value)
