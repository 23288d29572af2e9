"""What of the directory the public may know."""

from saphan.access.seeds import People
from saphan.directory.models import Service
from saphan.releases.directory import public_directory
from tests.people import NOON


def test_a_public_service_leaves_the_release_once_it_is_taken_out(people: People) -> None:
    service = Service.objects.filter(organisation=people.ngo).first()
    assert service is not None
    Service.objects.filter(pk=service.pk).update(public=True)
    assert [entry["id"] for entry in public_directory()["services"]] == [str(service.pk)]
    Service.objects.filter(pk=service.pk).update(ended_on=NOON.date())
    assert public_directory()["services"] == []
