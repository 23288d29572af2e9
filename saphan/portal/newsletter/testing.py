"""A test letter: an edition as its readers will get it, to the person who works on it and to nobody else."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import NotFound
from saphan.portal.heads import absolute
from saphan.portal.mailroom.letters import Letter
from saphan.portal.mailroom.posting import letter_kind, post
from saphan.portal.newsletter.addressing import letter_of
from saphan.portal.newsletter.digest import Ways, digest_of
from saphan.portal.newsletter.issues import Edition

KIND = "newsletter.test"
PLAIN, DISCREET = "plain", "discreet"


@transaction.atomic
def send_test(*, edition_id: UUID, face: str, by: User, at: datetime) -> None:
    """Posts the edition to the one who asks. `face` is plain or discreet."""
    edition = Edition.objects.filter(pk=edition_id).first()
    if edition is None or face not in (PLAIN, DISCREET):
        raise NotFound
    require(by, Action.NEWSLETTER_TEST, edition.issue)
    post(KIND, f"{edition.pk} {by.pk} {face}", key=f"{edition.pk} {by.pk} {face} {at.isoformat()}")
    record(by=by, action=Action.NEWSLETTER_TEST, target=edition, at=at)


@letter_kind(KIND)
def make(reference: str) -> Letter | None:
    """The test letter as it is when it is sent. Its ways out lead to the page of the newsletter: there is nobody to leave."""
    edition_id, user_id, face = reference.split(" ")
    edition = Edition.objects.select_related("issue").filter(pk=edition_id).first()
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if edition is None or user is None:
        return None
    page = absolute(f"/{edition.language}/newsletter/")
    letter = letter_of(digest_of(edition), Ways(page, page), to=user.email, id="", discreet=face == DISCREET)
    headers = tuple(header for header in letter.headers if not header[0].startswith("List-Unsubscribe"))
    return Letter(**{**letter.__dict__, "headers": headers})
