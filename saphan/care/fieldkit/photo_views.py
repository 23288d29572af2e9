"""Opening a photo from its interview."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.care.fieldkit import photos
from saphan.care.persons.forms import PurposeForm
from saphan.care.screening.views import overview_page, visible_interview
from saphan.core import clock
from saphan.core.attachments import attachment_response


@page_for(Action.INTERVIEW_READ)
@require_POST
def open_photo(request: StaffRequest, interview_id: UUID, enclosure_id: UUID) -> HttpResponse:
    """Gives the photo back as a download, for a stated purpose."""
    interview = visible_interview(request, interview_id)
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return overview_page(request, interview, status=422)
    kept, content = photos.read_photo(
        interview=interview, enclosure_id=enclosure_id, purpose=form.cleaned_data["purpose"], by=request.user, at=clock.now()
    )
    return attachment_response(kept, content)
