"""Files of an agreement: kept sealed under the key of the office that keeps it, opened for whoever may read what is inside."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.codes import DocumentKind
from saphan.agreements.models import DocumentOfAgreement
from saphan.agreements.registering import locked
from saphan.audit.services import record
from saphan.core.attachments import Inspected, keep_upload, open_attachment
from saphan.core.errors import Invalid
from saphan.core.sensitivity import Sensitivity

CLASS = Sensitivity.LEGAL


@dataclass(frozen=True)
class Label:
    """What stands on the folder."""

    title: str
    kind: str = DocumentKind.TEXT
    language: str = ""
    version_id: UUID | None = None
    meeting_id: UUID | None = None


@transaction.atomic
def file_document(*, agreement_id: UUID, upload: Inspected, label: Label, by: User, at: datetime) -> DocumentOfAgreement:
    """Keeps an inspected file with the agreement."""
    agreement = locked(agreement_id)
    require(by, Action.AGREEMENT_FILE, agreement)
    if agreement.kept_by_id is None:
        raise Invalid(_("Nobody keeps this agreement yet. Change its facts first: then your office keeps it."))
    _refuse_foreign(label, agreement_id)
    kept = keep_upload(upload, scope=agreement.pk, sensitivity=CLASS, org=agreement.kept_by_id, by_id=by.pk, at=at)
    document = DocumentOfAgreement.objects.create(
        agreement=agreement, version_id=label.version_id, meeting_id=label.meeting_id, attachment=kept, kind=label.kind, title=label.title,
        language=label.language, filed_at=at, filed_by=by,
    )  # fmt: skip
    record(by=by, action=Action.AGREEMENT_FILE, target=document, at=at, fields=["kind", "title"])
    return document


def _refuse_foreign(label: Label, agreement_id: UUID) -> None:
    from saphan.agreements.models import AgreementVersion, Meeting

    for model, pk in ((AgreementVersion, label.version_id), (Meeting, label.meeting_id)):
        if pk and not model.objects.filter(pk=pk, agreement=agreement_id).exists():
            raise Invalid(_("This belongs to another agreement."))


def open_document(*, document: DocumentOfAgreement, by: User, at: datetime) -> bytes:
    """The content for one reader; the reading is on record. Raises Refused, WrongState, KeyMissing."""
    require(by, Action.AGREEMENT_READ_INSIDE, document.agreement)
    content = open_attachment(document.attachment, org=document.attachment.org)
    record(by=by, action=Action.AGREEMENT_READ_INSIDE, target=document, at=at)
    return content
