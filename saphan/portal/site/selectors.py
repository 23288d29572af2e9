"""Who wrote what."""

import json
import re
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

# Columns of a revision that change without anybody changing the text.
BOOKKEEPING = {
    "pk", "path", "depth", "numchild", "url_path", "draft_title", "live", "has_unpublished_changes", "owner", "locked", "locked_at", "locked_by",
    "expired", "first_published_at", "last_published_at", "latest_revision", "latest_revision_created_at", "live_revision", "content_type",
    "wagtail_admin_comments", "translation_key", "locale", "go_live_at", "expire_at", "alias_of",
}  # fmt: skip
# The editors' form gives each paragraph a key; a text that came from elsewhere has none until somebody opens it.
PARAGRAPH_KEY = re.compile(r' data-block-key=\\*"[^"\\]*\\*"')


def last_writer_id(revision: Any) -> UUID | None:
    """The account that wrote the last change up to this revision; saving an unchanged text is reading, not writing."""
    writer = revision.user_id
    text = _text(revision)
    for earlier in type(revision).objects.for_instance(revision.content_object).filter(pk__lt=revision.pk).order_by("-pk").iterator():
        if _text(earlier) != text:
            break
        writer = earlier.user_id
    return writer  # type: ignore[no-any-return]  # Wagtail carries no types


def _text(revision: Any) -> dict[str, Any]:
    stored = json.dumps(revision.content, cls=DjangoJSONEncoder)  # as stored: a fresh revision still holds dates and ids
    content = json.loads(PARAGRAPH_KEY.sub("", stored))
    return {name: value for name, value in content.items() if name not in BOOKKEEPING}
