"""The address without a language, and the pictures of public pages."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils._os import safe_join
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe

PICTURES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".gif": "image/gif", ".avif": "image/avif"}
YEAR = 365 * 24 * 3600


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """Leads to the home page in the language that the reader's browser asks for."""
    response = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
def picture(_request: HttpRequest, path: str) -> FileResponse:
    """A picture as scaled for a public page. Originals are not given out; the name of a scaled picture changes with its content."""
    try:
        file = Path(safe_join(settings.MEDIA_ROOT / "images", path))
    except SuspiciousFileOperation as outside:
        raise Http404 from outside
    if file.suffix.lower() not in PICTURES or not file.is_file():
        raise Http404
    response = FileResponse(file.open("rb"), content_type=PICTURES[file.suffix.lower()])
    patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    return response
