"""What the editors' system says after a document was saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail import hooks

from saphan.portal.library.models import DocumentPage, StoredFile


def tell_of_silent_files(request: HttpRequest, page: Any) -> None:
    """Warns of files without words, such as scans: nobody will find them by what they say."""
    if not isinstance(page, DocumentPage):
        return
    digests = [version.file_id for version in page.versions.all()]
    silent = StoredFile.objects.filter(pk__in=digests, letters=0, destroyed_at=None).count()
    if silent:
        messages.warning(
            request,
            _("No text was found in %(n)s of the files: the words in them cannot be searched. A scan needs text recognition first.") % {"n": silent},
        )


hooks.register("after_create_page", tell_of_silent_files)
hooks.register("after_edit_page", tell_of_silent_files)
