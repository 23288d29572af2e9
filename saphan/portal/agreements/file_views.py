"""The words of a public agreement to take along: Akoma Ntoso, PDF, Word. Made of the release, once for each release."""

from collections.abc import Callable
from uuid import UUID

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from saphan.core.paper import NoPrinter
from saphan.portal.agreements.exports import akoma, paper, word
from saphan.portal.agreements.models import PublicAgreement
from saphan.portal.delivery import deliver

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KEPT_S = 24 * 3600
MOST_KEPT = 4 * 1024 * 1024  # a larger file is made each time


@require_safe
def as_akoma(request: HttpRequest, pk: UUID, language: str) -> HttpResponse:
    """Akoma Ntoso 3, one language a file."""
    agreement = _with_words(pk)
    if language not in agreement.languages():
        raise Http404
    return _file(request, agreement, f"{language}.xml", "application/akn+xml", lambda: akoma.document(agreement, language))


@require_safe
def as_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All languages as PDF. Not found where no PDF can be made here; the page then offers none."""
    agreement = _with_words(pk)
    try:
        return _file(request, agreement, "pdf", "application/pdf", lambda: paper.document(agreement))
    except NoPrinter as error:
        raise Http404 from error


@require_safe
def as_word(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All languages as a Word document."""
    agreement = _with_words(pk)
    return _file(request, agreement, "docx", DOCX, lambda: word.document(agreement))


def _with_words(pk: UUID) -> PublicAgreement:
    """What is not, or no longer, released, or has no words, is 404."""
    agreement = PublicAgreement.objects.filter(pk=pk).first()
    if agreement is None or not agreement.versions or not agreement.provisions:
        raise Http404
    return agreement


def _file(request: HttpRequest, agreement: PublicAgreement, ending: str, kind: str, made: Callable[[], bytes]) -> HttpResponse:
    key = f"agreement-file:{agreement.pk}:{agreement.released_at.timestamp()}:{ending}"
    content = cache.get(key)
    if content is None:
        content = made()
        if len(content) <= MOST_KEPT:
            cache.set(key, content, KEPT_S)
    name = "".join(letter if letter.isalnum() or letter in "-." else "-" for letter in f"{agreement.code}-{agreement.versions[0]['number']}.{ending}")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return deliver(request, HttpResponse(content, content_type=kind, headers=headers))
