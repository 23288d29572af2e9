"""Saving a draft: the whole of it after each change, part by part, so that two officers at different articles do not wait for each other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.drafting import NotClean, locked_version, set_procedure
from saphan.agreements.models import AgreementVersion
from saphan.agreements.running import sentence_of
from saphan.agreements.states import VersionState
from saphan.agreements.workspace.articles import Plain, article_or_none, mark_of, with_article, with_moved_article, with_new_article, without_article
from saphan.agreements.workspace.models import Revision, What
from saphan.agreements.workspace.writing import text_of
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, Outdated, WrongState

Change = Callable[[Plain], Plain]
LISTS = ("parties", "roles", "facts", "fields")
GENERAL = ("title", "under", "source", "effective", "review", "languages", "never")


class Apart(Outdated):
    """Somebody changed the same part meanwhile. `theirs` is the part as it stands now; nothing of either is lost."""

    def __init__(self, theirs: Plain | None) -> None:
        super().__init__(_("Somebody else changed this meanwhile."))
        self.theirs = theirs


@dataclass(frozen=True)
class Edit:
    """What is changed: which kind of change, at which article."""

    what: What
    article: str = ""


@transaction.atomic
def save_article(*, version_id: UUID, key: str, article: Plain, mark: str, edit: Edit, by: User, at: datetime, also: Change | None = None) -> Revision:
    """Puts an article in place of what it was when `mark` was taken; `also` changes the rest, for example a new name everywhere. Raises Apart."""
    version = drafting_version(version_id, by)
    plain = version.plain()
    present = article_or_none(plain, key)
    if mark_of(present) != mark:
        raise Apart(present)
    changed = with_article(plain, key, article)
    return put(version, also(changed) if also else changed, edit, by=by, at=at)


@transaction.atomic
def add_article(*, version_id: UUID, article: Plain, after: str, by: User, at: datetime) -> Revision:
    """One more article, behind another or at the end."""
    version = drafting_version(version_id, by)
    plain = version.plain()
    if article_or_none(plain, article["art"]) is not None:
        raise Invalid(fields={"art": _("There is an article with this number.")})
    return put(version, with_new_article(plain, article, after), Edit(What.ARTICLE, article["art"]), by=by, at=at)


@transaction.atomic
def remove_article(*, version_id: UUID, key: str, mark: str, by: User, at: datetime) -> Revision:
    """Takes an article away. Raises Apart where it is not the one that was seen."""
    version = drafting_version(version_id, by)
    plain = version.plain()
    present = article_or_none(plain, key)
    if mark_of(present) != mark:
        raise Apart(present)
    if len(plain["articles"]) == 1:
        raise Invalid(_("The last article stays: a running part without articles is none."))
    return put(version, without_article(plain, key), Edit(What.ARTICLE_GONE, key), by=by, at=at)


@transaction.atomic
def move_article(*, version_id: UUID, key: str, steps: int, by: User, at: datetime) -> Revision:
    """Puts it so many places further down, or up."""
    version = drafting_version(version_id, by)
    return put(version, with_moved_article(version.plain(), key, steps), Edit(What.MOVED, key), by=by, at=at)


@transaction.atomic
def save_head(*, version_id: UUID, section: str, value: object, mark: str, by: User, at: datetime, also: Change | None = None) -> Revision:
    """Puts one list of the head in place of what it was when `mark` was taken. Raises Apart."""
    version = drafting_version(version_id, by)
    plain = version.plain()
    present = plain.get(section)
    if section not in LISTS:
        raise NotFound
    if mark_of(present) != mark:
        raise Apart({section: present})
    changed = {word: told for word, told in plain.items() if word != section} | ({section: value} if value not in ("", None, [], {}) else {})
    return put(version, also(changed) if also else changed, Edit(What.HEAD), by=by, at=at)


@transaction.atomic
def save_general(*, version_id: UUID, changed: Change, seen: str, by: User, at: datetime) -> Revision:
    """Changes what is said once for the whole. Raises Apart, with the whole draft as it stands, where somebody changed that meanwhile."""
    version = drafting_version(version_id, by)
    plain = version.plain()
    if mark_of(general_part(plain)) != seen:
        raise Apart(plain)
    return put(version, changed(plain), Edit(What.HEAD), by=by, at=at)


def general_part(plain: Plain) -> Plain:
    """What is said once for the whole procedure."""
    return {word: plain[word] for word in GENERAL if word in plain}


@transaction.atomic
def begin_running_part(*, version_id: UUID, plain: Plain, by: User, at: datetime) -> Revision:
    """Gives a version without a running part its first one."""
    version = drafting_version(version_id, by)
    if version.procedure:
        raise WrongState(_("This version has a running part already."))
    return put(version, plain, Edit(What.BEGUN), by=by, at=at)


@transaction.atomic
def go_back(*, version_id: UUID, number: int, by: User, at: datetime) -> Revision:
    """Puts an earlier text back, as a new revision: what was undone can be undone too."""
    version = drafting_version(version_id, by)
    earlier = Revision.objects.filter(version=version, number=number).first()
    if earlier is None:
        raise NotFound
    return put(version, earlier.plain(), Edit(What.UNDONE), by=by, at=at)


def drafting_version(version_id: UUID, by: User) -> AgreementVersion:
    """The version, held, for whoever may write its draft. Raises WrongState once it lies before the parties: then its words change by proposals."""
    version = locked_version(version_id)
    require(by, Action.AGREEMENT_DRAFT, version.agreement)
    if version.state == VersionState.NEGOTIATING:
        raise WrongState(_("This version lies before the parties: an article is changed by a proposal that all of them accept."))
    if version.state != VersionState.DRAFTING:
        raise WrongState(_("The words of this version are closed: it is “%(state)s”.") % {"state": version.get_state_display()})
    return version


def put(version: AgreementVersion, plain: Plain, edit: Edit, *, by: User, at: datetime) -> Revision:
    """Writes the whole draft into a held version and keeps it as a revision. Raises `Unreadable` where it does not fit the schema.

    Raises NotClean where it would have errors although it is negotiated already.
    """
    source = text_of(plain)
    last = version.revisions.first()
    if version.canonical and (last is None or last.digest != version.digest):
        last = _kept(version, Edit(What.BEFORE), (last.number if last else 0) + 1, by, at)
    set_procedure(version, source)
    if version.errors and version.state != VersionState.DRAFTING:
        raise NotClean(" ".join([_("With this change the running part would have errors."), *(sentence_of(f) for f in version.findings if is_error(f))]))
    version.save()
    kept = _kept(version, edit, (last.number if last else 0) + 1, by, at)
    record(by=by, action=Action.AGREEMENT_DRAFT, target=version, at=at, fields=[edit.what.value, *([f"art:{edit.article}"] if edit.article else [])])
    return kept


def is_error(finding: dict[str, object]) -> bool:
    return finding.get("severity") == "error"


def _kept(version: AgreementVersion, edit: Edit, number: int, by: User, at: datetime) -> Revision:
    return Revision.objects.create(
        version=version, number=number, what=edit.what, article=edit.article[:20], canonical=version.canonical, digest=version.digest, at=at, by=by
    )
