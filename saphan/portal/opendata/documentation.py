"""The page on which programmers read what the API offers, made from its OpenAPI document by the server: no script, nobody else's code."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from saphan.portal.delivery import deliver
from saphan.portal.heads import absolute
from saphan.portal.opendata.api import api
from saphan.portal.opendata.licence import LICENCE
from saphan.portal.pages import site_menu


@dataclass(frozen=True)
class Field:
    """One parameter of a question, or one field of an answer."""

    name: str
    kind: str
    told: str
    required: bool = False


@dataclass(frozen=True)
class Operation:
    """One address of the API."""

    path: str
    summary: str
    parameters: list[Field]
    answer: str


@dataclass(frozen=True)
class Shape:
    """One kind of answer with its fields."""

    name: str
    told: str
    fields: list[Field]


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """What can be asked, what is answered, and under which licence."""
    language = get_language() or settings.LANGUAGE_CODE
    document = description()
    context = {
        "operations": operations_in(document),
        "shapes": shapes_in(document),
        "example": absolute("/api/v1/news?country=TH&language=th&size=10"),
        "licence": LICENCE,
        "site_menu": site_menu(language, request.path),
    }
    return deliver(request, render(request, "opendata/documentation.html", context))


@cache
def description() -> dict[str, Any]:
    """The OpenAPI document; the same as long as the program runs."""
    document: dict[str, Any] = api.get_openapi_schema()
    return document


def operations_in(document: dict[str, Any]) -> list[Operation]:
    """Each address with its parameters, in the order of the document."""
    found = []
    for address, methods in document["paths"].items():
        told = methods["get"]
        parameters = [
            Field(p["name"], kind_of(p["schema"]), p["schema"].get("description") or p.get("description", ""), p.get("required", False))
            for p in told.get("parameters", [])
        ]
        found.append(Operation(address, told["summary"], parameters, kind_of(told["responses"][200]["content"]["application/json"]["schema"])))
    return found


def shapes_in(document: dict[str, Any]) -> list[Shape]:
    """Each kind of answer with its fields; lists are told once, in words of the page."""
    return [
        Shape(
            name,
            shape.get("description", ""),
            [Field(part, kind_of(told), told.get("description", "")) for part, told in shape["properties"].items()],
        )
        for name, shape in sorted(document["components"]["schemas"].items())
        if "properties" in shape and not name.endswith("List")
    ]


def kind_of(schema: dict[str, Any]) -> str:
    """The type of a value in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        kinds = [kind_of(one) for one in schema["anyOf"]]
        return " · ".join(kind for kind in kinds if kind != "null") + (", or null" if "null" in kinds else "")
    if schema.get("type") == "array":
        return f"list of {kind_of(schema['items'])}"
    if "additionalProperties" in schema:
        return f"{kind_of(schema['additionalProperties'])} by key"
    if "enum" in schema:
        return " ".join(json.dumps(value) for value in schema["enum"])
    return str(schema.get("format") or schema.get("type", ""))


app_name = "data"
urlpatterns = [path("", documentation, name="documentation")]
