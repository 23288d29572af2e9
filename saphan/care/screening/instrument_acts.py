"""Acts upon instruments: a workbook is looked at, brought in as a draft, approved by a second person, retired. None changes an interview under way."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.screening.heads import Head, head_of
from saphan.care.screening.instruments import Instrument, InstrumentUpload, InstrumentVersion
from saphan.care.screening.states import VERSION_LIFE, VersionState
from saphan.care.screening.versions import keep_form, refuse_unfit_indicators
from saphan.core.errors import Invalid, NotFound
from saphan.xlsform.comparing import Comparison, compare
from saphan.xlsform.definition import Form
from saphan.xlsform.reading import read_workbook

CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
MOST_BYTES = 5 * 1024 * 1024
KEPT = timedelta(days=1)


@transaction.atomic
def look_at(*, file_name: str, content: bytes, by: User, at: datetime) -> InstrumentUpload:
    """Keeps a workbook between preview and decision, for a day; only its bringer sees it."""
    require(by, Action.INSTRUMENT_IMPORT)
    if len(content) > MOST_BYTES:
        raise Invalid(fields={"file": _("The file is larger than 5 MB. Leave pictures and sound out of the workbook.")})
    InstrumentUpload.objects.filter(uploaded_at__lt=at - KEPT).delete()
    upload = InstrumentUpload.objects.create(file_name=file_name[:120], content=content, uploaded_at=at, uploaded_by=by)
    record(by=by, action=Action.INSTRUMENT_IMPORT, target=upload, at=at, fields=["preview"])
    return upload


@transaction.atomic
def bring_in(*, upload_id: UUID, by: User, at: datetime) -> InstrumentVersion:
    """The workbook becomes a new draft version of its instrument. Raises Invalid when it breaks a rule of versions; nothing changes then."""
    require(by, Action.INSTRUMENT_IMPORT)
    upload = InstrumentUpload.objects.select_for_update().filter(pk=upload_id, uploaded_by=by).first()
    if upload is None:
        raise NotFound
    form = read_workbook(bytes(upload.content), upload.file_name).form
    if form is None:
        raise Invalid(_("This workbook cannot be read."))
    if told := standing_against(form, against_the_last(form, latest_of(form.form_id))):
        raise Invalid(" ".join(told))
    version = _next_version(head_of(form), by, at)
    keep_form(version, form)
    upload.delete()
    record(by=by, action=Action.INSTRUMENT_IMPORT, target=version, at=at, fields=["questions"])
    return version


def _next_version(head: Head, by: User, at: datetime) -> InstrumentVersion:
    instrument, _made = Instrument.objects.get_or_create(code=head.code, defaults=head.of_instrument)
    last = InstrumentVersion.objects.select_for_update().filter(instrument=instrument).order_by("-number").first()
    return InstrumentVersion.objects.create(
        instrument=instrument, number=last.number + 1 if last else 1, state=VersionState.DRAFT, imported_at=at, imported_by=by, **head.of_version
    )  # fmt: skip


def latest_of(code: str) -> InstrumentVersion | None:
    """The newest version of an instrument, whatever its state."""
    found = InstrumentVersion.objects.select_related("instrument", "questionnaire").filter(instrument=code)
    return found.exclude(questionnaire=None).order_by("-number").first()


def against_the_last(form: Form, last: InstrumentVersion | None) -> Comparison | None:
    """What differs from the newest version of the same instrument; None where it is new."""
    return compare(last.form, form) if last else None


def standing_against(form: Form, differences: Comparison | None) -> list[str]:
    """Why this form may not become a version: sentences, empty when it may."""
    told = []
    if not CODE.fullmatch(form.form_id):
        told.append(_("The settings sheet needs a form_id of at most 40 Latin letters, digits, hyphens and underscores."))
    for code, what in refuse_unfit_indicators(form).items():
        told.append(_("Question %(code)s: no rule knows “%(what)s”.") % {"code": code, "what": what})
    if differences is not None:
        told += _against_versions(differences)
    return told


def _against_versions(differences: Comparison) -> list[str]:
    told = []
    if all(change.kind == "settings" for change in differences.changes):
        told.append(_("This form asks the same as the newest version."))
    gone = _("The answer “%(option)s” of the list “%(list)s” is gone. Answers are never taken away, only retired: keep its row.")
    renamed = _("The answer “%(before)s” of the list “%(list)s” is now called “%(after)s”. The name of an answer is never changed.")
    told += [gone % {"option": one.name, "list": one.listed} for one in differences.removed_options]
    told += [renamed % {"before": one.name, "after": one.other, "list": one.listed} for one in differences.renamed_options]
    return told


@transaction.atomic
def approve(*, version_id: UUID, by: User, at: datetime) -> InstrumentVersion:
    """A second person of the ministry approves a draft: from now on it gives formal results."""
    version = _held(version_id)
    require(by, Action.INSTRUMENT_APPROVE, version)
    version.state = VERSION_LIFE.target("approve", version.state)
    if not version.source_en:
        raise Invalid(_("A version without a source cannot be approved. Name it in the settings sheet (sph_source) and bring it in again."))
    version.approved_at, version.approved_by = at, by
    version.save(update_fields=["state", "approved_at", "approved_by"])
    record(by=by, action=Action.INSTRUMENT_APPROVE, target=version, at=at, fields=["state"])
    return version


@transaction.atomic
def retire(*, version_id: UUID, by: User, at: datetime) -> InstrumentVersion:
    """No new interview begins with it; those under way go on."""
    version = _held(version_id)
    require(by, Action.INSTRUMENT_RETIRE, version)
    version.state = VERSION_LIFE.target("retire", version.state)
    version.retired_at, version.retired_by = at, by
    version.save(update_fields=["state", "retired_at", "retired_by"])
    record(by=by, action=Action.INSTRUMENT_RETIRE, target=version, at=at, fields=["state"])
    return version


def _held(version_id: UUID) -> InstrumentVersion:
    version = InstrumentVersion.objects.select_for_update().filter(pk=version_id).first()
    if version is None:
        raise NotFound
    return version
