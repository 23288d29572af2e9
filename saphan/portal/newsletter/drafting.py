"""The digest drafts itself: from what became public in a month, one edition for each language, and one for each country with enough to tell."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, WrongState
from saphan.portal.newsletter.issue_states import IssueState
from saphan.portal.newsletter.issues import SUMMARY, TITLE, Edition, Issue, Item, first_of
from saphan.portal.newsletter.kinds import DIGEST_KINDS, order_of
from saphan.portal.search.models import SearchEntry

DRAFT_DAY = 25  # of the month: from then on its issue is there, drafted by itself
ENOUGH = 3  # entries of its own that make an edition of a country
PER_SECTION = 12
COMMON = "en"  # the language of texts that have no version in the reader's own


@dataclass(frozen=True)
class Wanted:
    """What an edition should tell, as the search has it now."""

    key: str
    permanent: str
    kind: str
    language: str
    title: str
    summary: str
    url: str
    countries: tuple[str, ...]
    topics: tuple[str, ...]


@transaction.atomic
def draft(*, month: date, by: User, at: datetime) -> Issue:
    """Begins the issue of a month; one after another that was cancelled on its way or withdrawn gets the next number.

    One that has drafted itself is brought up to date and becomes hers. Raises Invalid when the month has one that somebody works on.
    """
    require(by, Action.NEWSLETTER_DRAFT)
    first = first_of(month)
    earlier = Issue.objects.filter(month=first)
    untouched = earlier.select_for_update(of=("self",)).filter(state=IssueState.DRAFT, changed_by=None).first()
    if untouched is not None:
        _fill(untouched)
        touch(untouched, by=by, at=at)
        record(by=by, action=Action.NEWSLETTER_DRAFT, target=untouched, at=at)
        return untouched
    if earlier.exclude(state=IssueState.CANCELLED).filter(withdrawn_at=None).exists():
        raise Invalid(fields={"month": _("This month has an issue already.")})
    left = earlier.filter(begun_at__isnull=False).aggregate(last=Max("number"))["last"] or 0
    issue = Issue.objects.create(month=first, number=left + 1, drafted_at=at, changed_at=at, changed_by=by)
    _fill(issue)
    record(by=by, action=Action.NEWSLETTER_DRAFT, target=issue, at=at)
    return issue


@transaction.atomic
def draft_itself(*, at: datetime) -> Issue | None:
    """From a day of the month on the issue of the month is there without anybody's asking, and follows what becomes public until somebody touches it.

    A month whose issue somebody has cancelled or withdrawn is left to people. Answers what was written, or None.
    """
    today = timezone.localdate(at)
    if today.day < DRAFT_DAY:
        return None
    issue = Issue.objects.select_for_update(of=("self",)).filter(month=first_of(today)).order_by("drafted_at").last()
    if issue is None:
        issue = Issue.objects.create(month=first_of(today), drafted_at=at, changed_at=at)
    elif issue.state != IssueState.DRAFT or issue.changed_by_id is not None:
        return None
    _fill(issue)
    record(by=None, action=Action.NEWSLETTER_DRAFT, target=issue, at=at)
    return issue


@transaction.atomic
def draft_again(*, issue_id: UUID, by: User, at: datetime) -> Issue:
    """Brings an issue up to what is public now. Words, order and choices of the editor stay; what is no longer public goes, unless she wrote on it."""
    issue = locked(issue_id)
    require(by, Action.NEWSLETTER_EDIT, issue)
    require_draft(issue)
    _fill(issue)
    touch(issue, by=by, at=at)
    record(by=by, action=Action.NEWSLETTER_DRAFT, target=issue, at=at)
    return issue


def locked(issue_id: UUID) -> Issue:
    """The issue, held until the transaction ends."""
    issue = Issue.objects.select_for_update(of=("self",)).filter(pk=issue_id).first()
    if issue is None:
        raise NotFound
    return issue


def require_draft(issue: Issue) -> None:
    """Raises WrongState unless the issue is being written: what somebody has called ready is not changed behind her back."""
    if issue.state != IssueState.DRAFT:
        raise WrongState(_("Take the issue back to draft first."))


def touch(issue: Issue, *, by: User, at: datetime) -> None:
    """Notes who changed it last: that person does not give it its date."""
    issue.changed_at, issue.changed_by = at, by
    issue.save(update_fields=["changed_at", "changed_by"])


def after(month: date) -> date:
    """The first day of the next month."""
    return first_of(month + timedelta(days=31))


def _fill(issue: Issue) -> None:
    found = _found(issue.month)
    existing = {(e.language, e.country): e for e in issue.editions.all()}
    for language, _name in settings.LANGUAGES:
        for country in ["", *_countries_with_enough(found, language)]:
            edition = existing.pop((language, country), None) or Edition.objects.create(issue=issue, language=language, country=country)
            _renew(edition, list(_of_edition(found, language, country)))
    for edition in existing.values():  # a country that has too little by now
        if not edition.introduction and not edition.items.filter(edited=True).exists():
            edition.delete()
        else:
            _renew(edition, list(_of_edition(found, edition.language, edition.country)))


def _found(month: date) -> list[Wanted]:
    """Everything that a digest of the month may tell, in the order of its sections, newest first."""
    found = []
    for kind in sorted(DIGEST_KINDS.values(), key=lambda k: k.order):
        entries = SearchEntry.objects.filter(kind.chosen(month, after(month)), kind=kind.kind).defer("text").order_by("-published_on", "-pk")
        found += [wanted_of(entry) for entry in entries.iterator()]
    return found


def wanted_of(entry: SearchEntry) -> Wanted:
    """A search entry as an item needs it."""
    return Wanted(
        entry.key, entry.permanent, entry.kind, entry.language, entry.title, entry.summary, entry.url, tuple(entry.countries), tuple(entry.topics)
    )


def _countries_with_enough(found: Iterable[Wanted], language: str) -> list[str]:
    told = Counter(country for one in found if one.language == language for country in one.countries)
    return sorted(country for country, count in told.items() if count >= ENOUGH)


def _of_edition(found: list[Wanted], language: str, country: str) -> Iterable[Wanted]:
    """In the edition's own language first; in the common one what has no version there. A country's edition also tells what concerns no single country."""
    fitting = [one for one in found if not country or country in one.countries or not one.countries]
    own = [one for one in fitting if one.language == language]
    translated = {one.permanent for one in own}
    others = [one for one in fitting if one.language == COMMON != language and one.permanent not in translated]
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    for one in sorted([*own, *others], key=lambda w: order_of(w.kind)):
        if counts[one.kind] < PER_SECTION and one.permanent not in seen:
            counts[one.kind] += 1
            seen.add(one.permanent)
            yield one


def _renew(edition: Edition, wanted: list[Wanted]) -> None:
    held = {item.permanent: item for item in edition.items.all()}
    place = edition.items.aggregate(last=Max("place"))["last"] or 0
    fresh = []
    for one in wanted:
        item = held.pop(one.permanent, None)
        if item is None:
            place += 1
            fresh.append(item_of(edition, one, place))
        else:
            refresh(item, one)
    Item.objects.bulk_create(fresh)
    gone = [item.pk for item in held.values() if not (item.edited or item.added)]
    edition.items.filter(pk__in=gone).delete()


def item_of(edition: Edition, one: Wanted, place: int, *, added: bool = False) -> Item:
    """A new item of an edition, not yet saved."""
    return Item(
        edition=edition, place=place, kind=one.kind, key=one.key, permanent=one.permanent, language=one.language, title=one.title[:TITLE],
        summary=one.summary[:SUMMARY], url=one.url, topics=list(one.topics), countries=list(one.countries), added=added,
    )  # fmt: skip


def refresh(item: Item, one: Wanted) -> None:
    """Brings an item up to its entry; words that an editor wrote stay."""
    item.key, item.language, item.url, item.topics, item.kind = one.key, one.language, one.url, list(one.topics), one.kind
    item.countries = list(one.countries)
    if not item.edited:
        item.title, item.summary = one.title[:TITLE], one.summary[:SUMMARY]
    item.save(update_fields=["key", "language", "url", "topics", "countries", "kind", "title", "summary"])
