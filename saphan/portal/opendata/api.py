"""The public API: everything that is published, for programs. It reads and never writes, asks nobody who they are, and keeps nothing of it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import NinjaAPI, P, PathEx, Query
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer

from saphan.directory.models import Country, Province
from saphan.portal.feeds.selectors import Wanted, entries
from saphan.portal.heads import absolute
from saphan.portal.news.models import Topic
from saphan.portal.opendata import problems, records, shapes
from saphan.portal.opendata.asking import Asked, AskedPlaces, AskedServices, Paged
from saphan.portal.places.directory import PublicService
from saphan.portal.search.models import SearchEntry

VERSION = "1"
Identity = PathEx[str, P(pattern=r"^[a-z2-7]{16}\.[a-z]{2}$", description=shapes.PERMANENT)]
REFUSALS = {404: shapes.Problem, 422: shapes.Problem}


class AsWritten(JSONRenderer):
    """JSON with every script in its own letters."""

    json_dumps_params = {"ensure_ascii": False}


class PublicAPI(NinjaAPI):
    """Our API with its refusals described as what they are."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        document = super().get_openapi_schema(**kwargs)
        for path in document["paths"].values():
            for operation in path.values():
                for parameter in operation.get("parameters", []):
                    parameter["schema"] = _never_null(parameter["schema"])
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        response["content"] = {problems.CONTENT_TYPE: response["content"].pop("application/json")}
        return document


def _never_null(schema: Any) -> Any:
    """A parameter is left out or has a value: null cannot be written in an address."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**rest, **kinds[0]} if kinds else schema


api = PublicAPI(
    title="Saphan: public data",
    version=VERSION,
    description="News, library, places and topics of a web resource for combating human trafficking. Free to use, no key, GET only.",
    docs_url=None,
    renderer=AsWritten(),
    urls_namespace="api",
)
api.add_exception_handler(ValidationError, problems.invalid)
api.add_exception_handler(Http404, problems.not_found)


@api.get("/news", response={200: shapes.NewsList, 422: shapes.Problem}, summary="News, newest first", tags=["news"])
def list_news(request: HttpRequest, asked: Query[Asked]) -> Any:
    return page_of(request, asked, asked.entries("news"), records.news_of)


@api.get("/news/{id}", response={200: shapes.News, **REFUSALS}, summary="One article", tags=["news"])
def read_news(request: HttpRequest, id: Identity) -> Any:
    return one(request, "news", id, records.news_of)


@api.get("/library", response={200: shapes.DocumentList, 422: shapes.Problem}, summary="Documents of the library, newest first", tags=["library"])
def list_documents(request: HttpRequest, asked: Query[Asked]) -> Any:
    return page_of(request, asked, asked.entries("document"), records.documents_of)


@api.get("/library/{id}", response={200: shapes.Document, **REFUSALS}, summary="One document with its versions", tags=["library"])
def read_document(request: HttpRequest, id: Identity) -> Any:
    return one(request, "document", id, records.documents_of)


@api.get("/countries", response={200: shapes.CountryList, 422: shapes.Problem}, summary="Countries", tags=["places"])
def list_countries(request: HttpRequest, asked: Query[Paged]) -> Any:
    return page_of(request, asked, Country.objects.order_by("pk"), records.countries_of)


@api.get("/provinces", response={200: shapes.ProvinceList, 422: shapes.Problem}, summary="Provinces", tags=["places"])
def list_provinces(request: HttpRequest, asked: Query[AskedPlaces]) -> Any:
    return page_of(request, asked, Province.objects.filter(asked.condition()).order_by("pk"), records.provinces_of)


@api.get("/services", response={200: shapes.ServiceList, 422: shapes.Problem}, summary="Services for people in need", tags=["places"])
def list_services(request: HttpRequest, asked: Query[AskedServices]) -> Any:
    return page_of(request, asked, PublicService.objects.filter(asked.condition()).order_by("pk"), records.services_of)


@api.get("/services/{id}", response={200: shapes.Service, **REFUSALS}, summary="One service", tags=["places"])
def read_service(request: HttpRequest, id: UUID) -> Any:
    refuse_unknown(request, ())
    found = records.services_of(list(PublicService.objects.filter(pk=id)))
    if not found:
        raise Http404
    return found[0]


@api.get("/topics", response={200: shapes.TopicList, 422: shapes.Problem}, summary="Topics", tags=["topics"])
def list_topics(request: HttpRequest, asked: Query[Paged]) -> Any:
    return page_of(request, asked, Topic.objects.order_by("slug").values_list("slug", flat=True).distinct(), records.topics_of)


def page_of(request: HttpRequest, asked: Paged, found: "QuerySet[Any, Any]", write: Callable[[Sequence[Any]], Sequence[Any]]) -> dict[str, Any]:
    """One page of a list with the addresses of its neighbours. A page behind the last one is empty."""
    refuse_unknown(request, type(asked).model_fields)
    count = found.count()
    pages = max(1, -(-count // asked.size))
    items = write(list(found[(asked.page - 1) * asked.size : asked.page * asked.size]))
    return {
        "count": count,
        "page": asked.page,
        "pages": pages,
        "next": neighbour(request, asked.page + 1) if asked.page < pages else None,
        "previous": neighbour(request, min(asked.page - 1, pages)) if asked.page > 1 else None,
        "items": items,
    }


def refuse_unknown(request: HttpRequest, known: Iterable[str]) -> None:
    """A parameter that does not exist is a fault: silently left aside it would give a wrong answer."""
    unknown = [name for name in request.GET if name not in known]
    if unknown:
        raise ValidationError([{"type": "extra_forbidden", "loc": ("query", name), "msg": ""} for name in unknown])


def neighbour(request: HttpRequest, number: int) -> str:
    """The address of another page of the same list."""
    asked = request.GET.copy()
    asked["page"] = str(number)
    return absolute(f"{request.path}?{asked.urlencode()}")


def one(request: HttpRequest, kind: str, identity: str, write: Callable[[Sequence[SearchEntry]], Sequence[Any]]) -> Any:
    """One public thing by its permanent id, 404 when there is none (any more)."""
    refuse_unknown(request, ())
    permanent, _dot, language = identity.partition(".")
    found = write(list(entries(Wanted(kind=kind, language=language)).filter(permanent=permanent)[:1]))
    if not found:
        raise Http404
    return found[0]
