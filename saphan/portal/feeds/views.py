"""Feeds, the page that lists them, and permanent links."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from saphan.portal.delivery import SECONDS, deliver, tail
from saphan.portal.feeds.channels import EVERYTHING, Channel
from saphan.portal.feeds.formats import FORMATS, TYPES
from saphan.portal.feeds.selectors import channel_of, channels_in
from saphan.portal.feeds.writing import written
from saphan.portal.pages import site_menu
from saphan.portal.search.asking import FACETS
from saphan.portal.search.models import SearchEntry

LONGEST = 200  # letters of a question that a feed keeps


@require_safe
def feed(request: HttpRequest, shape: str, name: str, language: str = "", subject: str = "") -> HttpResponse:
    """One feed in one format. The language stands in the path, or in `?lang=` where the path has none; `all` is every language."""
    asked = "" if language else request.GET.get("lang", "")
    spoken = language or asked or settings.LANGUAGE_CODE
    if shape not in FORMATS or spoken not in (EVERYTHING, *dict(settings.LANGUAGES)):
        raise Http404
    question = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:LONGEST] if name == "search" else ""
    facets = [facet for facet in FACETS if facet != "lang"] if name == "search" else []
    chosen = tuple((facet, request.GET[facet][:LONGEST]) for facet in facets if request.GET.get(facet))
    channel = channel_of(name, spoken, subject or question, chosen)
    if channel is None:
        raise Http404
    body, content_type, changed_at = written(channel, shape)
    response = HttpResponse(body, content_type=content_type, headers={"Last-Modified": http_date(changed_at.timestamp())})
    response["Content-Language"] = channel.spoken
    response["Access-Control-Allow-Origin"] = "*"  # public words, read by feed readers that run in a browser
    response = deliver(request, response, query=tail(lang=asked))  # a question is somebody's own: nothing keeps it
    if response.status_code == 200 and response.has_header("ETag"):
        return get_conditional_response(request, etag=response["ETag"], last_modified=int(changed_at.timestamp()), response=response) or response
    return response


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every feed of the reader's language, each in three formats."""
    language = get_language() or settings.LANGUAGE_CODE
    groups = {group: [(channel, _addresses(channel)) for channel in channels] for group, channels in channels_in(language).items()}
    others = [(code, name, _addresses(found)) for code, name in settings.LANGUAGES if (found := channel_of(EVERYTHING, code))]
    every = channel_of(EVERYTHING, EVERYTHING)
    context = {
        "groups": groups,
        "others": others,
        "every": _addresses(every) if every else [],
        "site_menu": site_menu(language, request.path),
    }
    return deliver(request, render(request, "feeds/listing.html", context))


def _addresses(channel: Channel) -> list[tuple[str, str]]:
    return [(label, channel.path(shape)) for shape, label in TYPES.items()]


@require_safe
def permanent(request: HttpRequest, permanent: str, language: str = "") -> HttpResponse:
    """Leads to where a thing stands now, in the language asked for, else in the reader's own, else in one that exists."""
    places = dict(SearchEntry.objects.filter(permanent=permanent).order_by("-pk").values_list("language", "url"))
    if not places or (language and language not in places):
        raise Http404
    response = HttpResponseRedirect(places[language or _best(request, list(places))])
    patch_cache_control(response, public=True, max_age=SECONDS)
    if not language:
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def _best(request: HttpRequest, languages: list[str]) -> str:
    """The first of the reader's languages that exists. The choice made on the site counts before the browser's."""
    wanted = [request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")]
    wanted += [code.partition("-")[0] for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    return next((code for code in [*wanted, settings.LANGUAGE_CODE] if code in languages), languages[0])
