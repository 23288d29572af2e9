"""Permanent addresses: to the page of a document in the reader's language, and to each of its files."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe

from saphan.core.inspection import CONTENT_TYPES, kind_of
from saphan.portal.delivery import SECONDS
from saphan.portal.library.addresses import keys_of
from saphan.portal.library.models import DocumentPage, DocumentVersion
from saphan.portal.library.services import path_of
from saphan.portal.library.shelves import SHORT, Place, shelf_of
from saphan.portal.library.terms import LANGUAGE_NAMES, FileKind, Licence

COVER = "webp"


@require_safe
def document(request: HttpRequest, public_id: str) -> HttpResponse:
    """Leads to the page of a document in the reader's language, or in the nearest one it has; says when it was withdrawn."""
    pages = list(_pages(public_id))
    live = {page.locale.language_code: page for page in pages if page.live}
    if not live:
        return _withdrawn_or_unknown(request, pages)
    wanted = [get_language_from_request(request), settings.LANGUAGE_CODE]
    page = next((live[code] for code in wanted if code in live), next(iter(live.values())))
    response = HttpResponseRedirect(page.get_url(request) or f"/{page.locale.language_code}/")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
def file(request: HttpRequest, public_id: str, name: str, ending: str) -> HttpResponse | FileResponse:
    """A file of a published document. Its name is a part of its digest, or a language: then the newest version in it."""
    if ending not in (*FileKind.values, COVER):
        raise Http404
    if name in LANGUAGE_NAMES:
        return HttpResponseRedirect(_newest(public_id, name, ending).now.address)
    version = _version(public_id, name, ending)
    stored, page = version.file, version.page
    if stored.destroyed_at:
        return _withdrawn_or_unknown(request, [page])
    etag = f'"{stored.pk}"'
    if (answer := get_conditional_response(request, etag=etag)) is not None:
        return answer
    try:
        response = FileResponse(path_of(stored.pk, ending).open("rb"))
    except FileNotFoundError:
        raise Http404 from None
    response["ETag"] = etag
    response["Content-Type"] = "image/webp" if ending == COVER else CONTENT_TYPES[kind_of(f"x.{ending}")]
    response["Content-Disposition"] = content_disposition_header(ending != COVER, _file_name(page, version, ending)) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    patch_cache_control(response, public=True, max_age=SECONDS)
    return response


def _pages(public_id: str) -> "QuerySet[DocumentPage]":
    """The pages of a document in all languages."""
    keys = keys_of(public_id)
    if keys is None:
        raise Http404
    pages: QuerySet[DocumentPage] = DocumentPage.objects.filter(translation_key__range=keys).select_related("locale").order_by("path")
    return pages


def _withdrawn_or_unknown(request: HttpRequest, pages: list[DocumentPage]) -> HttpResponse:
    if not any(page.first_published_at for page in pages):
        raise Http404
    return render(request, "library/withdrawn.html", status=410)


def _version(public_id: str, name: str, ending: str) -> DocumentVersion:
    """The published version that a part of its digest names. One query."""
    keys = keys_of(public_id)
    if keys is None or len(name) != SHORT:
        raise Http404
    wanted = {"file__kind": FileKind.PDF, "file__has_cover": True, "page__shows_first_page": True} if ending == COVER else {"file__kind": ending}
    found = DocumentVersion.objects.filter(page__live=True, page__translation_key__range=keys, file__digest__startswith=name.lower(), **wanted)
    version: DocumentVersion | None = found.exclude(page__licence=Licence.UNKNOWN).select_related("file", "page", "page__locale").first()
    if version is None:
        raise Http404
    return version


def _newest(public_id: str, language: str, ending: str) -> Place:
    """The newest version in a language; of the whole document before its parts."""
    page = _pages(public_id).filter(live=True).exclude(licence=Licence.UNKNOWN).first()
    places = shelf_of(page).places if page else []
    for place in places:
        if (place.now.language.code, place.now.kind) == (language, ending):
            return place
    raise Http404


def _file_name(page: DocumentPage, version: DocumentVersion, ending: str) -> str:
    """A name that tells on a reader's disk what the file is: title, language and version."""
    parts = [page.title[:80], version.part, version.language, version.label]
    return "-".join(slugify(part, allow_unicode=True) for part in parts if slugify(part, allow_unicode=True)) + f".{ending}"
