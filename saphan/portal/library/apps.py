"""The resource library."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    """Documents with author, year, licence and full text."""

    name = "saphan.portal.library"
    label = "portal_library"

    def ready(self) -> None:
        from django.db import models
        from django.db.models.signals import post_delete
        from wagtail.admin.forms.models import register_form_field_override

        from saphan.portal.feeds.contents import CONTENTS
        from saphan.portal.library import feeding, uploads
        from saphan.portal.library.models import DocumentPage, StoredFile
        from saphan.portal.library.selectors import documents_naming
        from saphan.portal.pages import BESIDE
        from saphan.portal.search.sources import KINDS

        KINDS.update({"library": _("Library"), "document": _("Document")})
        BESIDE.append(documents_naming)
        CONTENTS["document"] = feeding.contents
        register_form_field_override(models.ForeignKey, to=StoredFile, override={"form_class": uploads.FileField, "widget": uploads.FileInput})
        post_delete.connect(document_gone, sender=DocumentPage, dispatch_uid="library")


def document_gone(instance: Any, **_kwargs: Any) -> None:
    """The pages of a document in other languages lose the files that stood on a deleted one."""
    instance.tell_sisters()
