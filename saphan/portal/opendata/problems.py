"""Answers that are none, as RFC 9457 writes them: what is wrong, at which parameter, in the reader's language."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

CONTENT_TYPE = "application/problem+json"


def problem(status: int, title: str, detail: str, errors: list[dict[str, str]] | None = None) -> HttpResponse:
    """A refusal that a program can read and a person can understand."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": errors or []}
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False})


def not_found(_request: HttpRequest, _fault: Any = None, **_address: str) -> HttpResponse:
    """Never there, or no longer public: both look the same."""
    return problem(404, _("Not found"), _("There is nothing public under this address."))


def not_allowed() -> HttpResponse:
    response = problem(405, _("Not allowed"), _("This data can be read, not changed: ask with GET."))
    response["Allow"] = "GET, HEAD, OPTIONS"
    return response


def invalid(_request: HttpRequest, fault: Any) -> HttpResponse:
    """Names each parameter that was wrong, and says what would be right."""
    errors = [{"field": str(error["loc"][-1]), "detail": sentence(error["type"], error.get("ctx", {}))} for error in fault.errors]
    return problem(422, _("Parameters are not right"), "; ".join(f"{error['field']}: {error['detail']}" for error in errors), errors)


def sentence(kind: str, limits: dict[str, Any]) -> str:
    """What is wrong with a value, by the kind of fault that was found."""
    if kind.startswith("int_"):
        return _("Write a whole number.")
    if kind.startswith("datetime_"):
        return _("Write a moment like 2026-11-23T05:00:00Z.")
    if kind.startswith("date_"):
        return _("Write a day like 2026-11-23.")
    told = {
        "greater_than_equal": _("At least %(ge)s."),
        "less_than_equal": _("At most %(le)s."),
        "string_too_long": _("At most %(max_length)s letters."),
        "extra_forbidden": _("There is no such parameter."),
        "enum": _("One of these: %(expected)s."),
    }
    return told.get(kind, _("This value cannot be one.")) % limits
