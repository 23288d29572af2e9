"""NUL reaches no view: not in an address, not in a form; a body that a view reads by itself stays unread."""

from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from saphan.core.plaintext import PlainTextMiddleware, without_nul

FORM = "application/x-www-form-urlencoded"


def seen(request: HttpRequest) -> HttpRequest:
    """The request as the next one behind the middleware has it."""
    kept: list[Any] = []

    def view(passed: HttpRequest) -> HttpResponse:
        kept.append(passed)
        return HttpResponse()

    PlainTextMiddleware(view)(request)
    passed: HttpRequest = kept[0]
    return passed


def test_a_query_loses_it_and_keeps_the_rest() -> None:
    request = seen(RequestFactory().get("/?need=%00&a=1%002&a=3&b%00=x"))
    assert request.GET.dict() == {"need": "", "a": "3", "b": "x"}
    assert request.GET.getlist("a") == ["12", "3"]


@pytest.mark.parametrize("multipart", [False, True])
def test_a_form_loses_it_when_it_is_read(multipart: bool) -> None:
    factory = RequestFactory()
    request = factory.post("/", {"pledge": "P-\0 1", "act": "x"}) if multipart else factory.post("/", "pledge=P-%00%201&act=x", content_type=FORM)
    passed = seen(request)
    assert passed.POST.dict() == {"pledge": "P- 1", "act": "x"}
    with pytest.raises(AttributeError):
        passed.POST["act"] = "y"  # type: ignore[misc]  # a form stays unchangeable


def test_a_body_that_a_view_reads_by_itself_is_untouched() -> None:
    request = seen(RequestFactory().post("/", {"a": "b"}))
    assert b'name="a"' in request.read()


def test_a_path_that_holds_it_is_nobodys() -> None:
    with pytest.raises(Http404):
        seen(RequestFactory().get("/en/needs/%00/"))


def test_what_holds_none_is_the_same_object() -> None:
    request = RequestFactory().get("/?a=1")
    assert without_nul(request.GET) is request.GET
