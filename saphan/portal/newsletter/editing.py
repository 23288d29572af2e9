"""What an editor does to an edition: words, order, what is hidden, what is added. Each act notes who changed the issue last."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound
from saphan.portal.newsletter.drafting import item_of, locked, require_draft, touch, wanted_of
from saphan.portal.newsletter.issues import Edition, Item
from saphan.portal.newsletter.kinds import order_of
from saphan.portal.search.models import SearchEntry


@transaction.atomic
def write_edition(*, edition_id: UUID, subject: str, introduction: str, by: User, at: datetime) -> Edition:
    """The subject and the words before the items."""
    edition = _held(edition_id, by)
    edition.subject, edition.introduction = " ".join(subject.split()), introduction.strip()
    edition.save(update_fields=["subject", "introduction"])
    _note(edition, ["subject", "introduction"], by, at)
    return edition


@transaction.atomic
def write_item(*, item_id: UUID, title: str, summary: str, by: User, at: datetime) -> Item:
    """Other words for an item. They stay when the issue is drafted again."""
    item = _item(item_id, by)
    item.title, item.summary, item.edited = " ".join(title.split()), " ".join(summary.split()), True
    if not item.title:
        raise Invalid(fields={"title": _("An item needs a title.")})
    item.save(update_fields=["title", "summary", "edited"])
    _note(item.edition, ["title", "summary"], by, at)
    return item


@transaction.atomic
def show(*, item_id: UUID, by: User, at: datetime) -> Item:
    """Shows a hidden item again."""
    return _shown(item_id, by, at, hidden=False)


@transaction.atomic
def hide(*, item_id: UUID, by: User, at: datetime) -> Item:
    """Leaves an item out of its edition; it stays on the editor's page."""
    return _shown(item_id, by, at, hidden=True)


def _shown(item_id: UUID, by: User, at: datetime, *, hidden: bool) -> Item:
    item = _item(item_id, by)
    item.hidden = hidden
    item.save(update_fields=["hidden"])
    _note(item.edition, ["hidden"], by, at)
    return item


@transaction.atomic
def move(*, item_id: UUID, position: int, by: User, at: datetime) -> Item:
    """Puts an item at a position within its section, counted from 1; beyond the end is the end."""
    item = _item(item_id, by)
    section = [other for other in in_order(item.edition) if other.kind == item.kind and other.pk != item.pk]
    section.insert(max(0, min(position - 1, len(section))), item)
    rest = [other for other in in_order(item.edition) if other.kind != item.kind]
    ordered = sorted([*rest, *section], key=lambda one: order_of(one.kind))
    for place, one in enumerate(ordered, 1):
        one.place = place
    Item.objects.bulk_update(ordered, ["place"])
    _note(item.edition, ["place"], by, at)
    return item


@transaction.atomic
def add(*, edition_id: UUID, key: str, by: User, at: datetime) -> Item:
    """Adds a public thing that the draft did not choose. Raises Invalid when it stands there already, NotFound when it is not public."""
    edition = _held(edition_id, by)
    entry = SearchEntry.objects.filter(key=key).first()
    if entry is None:
        raise NotFound
    if edition.items.filter(permanent=entry.permanent).exists():
        raise Invalid(_("This stands in the edition already."))
    place = (edition.items.aggregate(last=Max("place"))["last"] or 0) + 1
    item = item_of(edition, wanted_of(entry), place, added=True)
    item.save(force_insert=True)
    _note(edition, ["items"], by, at)
    return item


@transaction.atomic
def drop(*, item_id: UUID, by: User, at: datetime) -> None:
    """Takes away what was added by hand. What the draft chose is hidden instead, or it would come back."""
    item = _item(item_id, by)
    if not item.added:
        raise Invalid(_("Hide this item: the next draft would bring it back."))
    item.delete()
    _note(item.edition, ["items"], by, at)


def in_order(edition: Edition) -> list[Item]:
    """The items as they stand in the letter: by section, then by place."""
    return sorted(edition.items.all(), key=lambda item: (order_of(item.kind), item.kind, item.place))


def _held(edition_id: UUID, by: User) -> Edition:
    edition = Edition.objects.filter(pk=edition_id).first()
    if edition is None:
        raise NotFound
    edition.issue = locked(edition.issue_id)
    require(by, Action.NEWSLETTER_EDIT, edition.issue)
    require_draft(edition.issue)
    return edition


def _item(item_id: UUID, by: User) -> Item:
    item = Item.objects.filter(pk=item_id).first()
    if item is None:
        raise NotFound
    item.edition = _held(item.edition_id, by)
    return item


def _note(edition: Edition, fields: list[str], by: User, at: datetime) -> None:
    touch(edition.issue, by=by, at=at)
    record(by=by, action=Action.NEWSLETTER_EDIT, target=edition, at=at, fields=fields)
