"""The demonstration shows devices and a visit, told through the services."""

import pytest

from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.fieldkit.models import Device, SiteVisit, Submission
from saphan.care.fieldkit.seeds import SITE, plant
from saphan.care.screening.models import Interview
from saphan.care.screening.seeds import load_instruments
from tests.people import client_of

pytestmark = pytest.mark.once
KIT = "/desk/screening/kit/"


def test_the_desk_has_devices_and_a_visit_to_show(people: People) -> None:
    load_instruments()
    plant(people)
    assert sorted(Device.objects.values_list("alias", "state")) == [("blue telephone", "active"), ("old laptop", "expired")]
    visit = SiteVisit.objects.get()
    assert visit.people.count() == 4
    interview = Interview.objects.get(submission=Submission.objects.get())
    assert (interview.state, interview.source, interview.replies.values("at").distinct().count()) == ("completed", "kit", 7)
    assert set(AuditEvent.objects.values_list("outcome", flat=True)) == {"done"}
    client = client_of(people.supervisor)
    devices, listed, one = (client.get(f"{KIT}{path}").content.decode() for path in ("devices/", "visits/", f"visits/{visit.pk}/"))
    assert "blue telephone" in devices
    assert "old laptop" in devices
    assert visit.reference in listed
    assert SITE["place"] in one
    assert interview.reference in one
    assert client_of(people.stranger).get(f"{KIT}visits/{visit.pk}/").status_code == 404
