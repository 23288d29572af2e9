"""What holds for a whole site stands at the matching question of each interview, counts in no result before the worker confirms it, and can be put right."""

from typing import Any

import pytest

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.fieldkit import visits
from saphan.care.fieldkit.models import SiteVisit
from saphan.care.fieldkit.parcels import Site
from saphan.care.fieldkit.site_facts import site_facts
from saphan.care.persons.models import Person
from saphan.care.persons.services import Facts
from saphan.care.screening import results, services
from saphan.care.screening.codes import FIVE_VALUED
from saphan.care.screening.instruments import InstrumentVersion, Question
from saphan.care.screening.models import Interview, Reply
from saphan.care.screening.seeds import load_instruments
from saphan.care.screening.story import SAFE
from saphan.core.ids import new_id
from tests.people import NOON, client_of

KIT = "/desk/screening/kit/"
TOLD = {"place": "the blue shed", "site_kind": "factory", "activity": "manufacture", "province": "", "conditions": "canary-kingfisher"}
KEPT, OTHER = "AL.D5.DOCSCONF", "AL.D5.VIOL"


@pytest.fixture
def visit(people: People) -> SiteVisit:
    load_instruments()
    facts = TOLD | {"papers_kept": "yes", "hours_long": "no"}
    return visits.record_visit(visited_on=NOON.date(), facts=facts, by=people.owner, at=NOON)


@pytest.fixture
def person(owner: User, visit: SiteVisit) -> Person:
    return visits.add_person(visit_id=visit.pk, facts=Facts(age_band="adult", sex="female", language="lo"), by=owner, at=NOON)


@pytest.fixture
def interview(owner: User, person: Person) -> Interview:
    version = InstrumentVersion.objects.get(instrument="adult_labour")
    made = services.prepare(person=person, version=version, by=owner, at=NOON)
    services.check_safety(interview_id=made.pk, points=SAFE, by=owner, at=NOON)
    return services.start(interview_id=made.pk, present="", by=owner, at=NOON)


def question(by: User, interview: Interview, code: str = KEPT) -> Any:
    return client_of(by).get(f"/desk/screening/interviews/{interview.pk}/questions/{code}/")


def test_every_question_of_the_table_is_one_of_the_shipped_instruments(visit: SiteVisit) -> None:
    named = [code for fact in site_facts() for code in fact.answers]
    assert len(named) == len(set(named))
    assert set(named) == set(Question.objects.filter(code__in=named, kind=FIVE_VALUED).values_list("code", flat=True))


def test_the_matching_question_offers_it_and_nothing_counts_before_it_is_confirmed(owner: User, visit: SiteVisit, interview: Interview) -> None:
    shown = question(owner, interview).content.decode()
    assert f"Known from the visit {visit.reference}" in shown
    assert 'value="yes" checked' in shown
    assert "Known from the visit" not in question(owner, interview, OTHER).content.decode()
    assert 'value="no" checked' in question(owner, interview, "AL.D4.HOURS").content.decode()
    assert not Reply.objects.exists()
    assert results.evaluate(interview, by=owner, at=NOON).dimension("D5").evidence == ()


def test_continue_confirms_it_and_another_answer_changes_it(owner: User, interview: Interview) -> None:
    address = f"/desk/screening/interviews/{interview.pk}/questions/{KEPT}/"
    client_of(owner).post(address, {"answer": "yes", "note": "", "seen": 0, "then": "next"})
    assert results.evaluate(interview, by=owner, at=NOON).dimension("D5").evidence == (KEPT,)
    client_of(owner).post(address, {"answer": "no", "note": "", "seen": 1, "then": "next"})
    shown = question(owner, interview).content.decode()
    assert "Known from the visit" not in shown
    assert 'value="no" checked' in shown


def test_the_reading_of_the_visit_is_on_record(owner: User, interview: Interview) -> None:
    before = AuditEvent.objects.filter(action="fieldkit:read_visit").count()
    question(owner, interview, OTHER)
    assert AuditEvent.objects.filter(action="fieldkit:read_visit").count() == before
    question(owner, interview)
    assert AuditEvent.objects.filter(action="fieldkit:read_visit").count() == before + 1


def test_a_colleague_who_may_not_read_the_visit_is_offered_nothing(people: People, interview: Interview) -> None:
    services.pause(interview_id=interview.pk, by=people.owner, at=NOON)
    services.hand_over(interview_id=interview.pk, to=people.colleague, by=people.owner, at=NOON)
    Interview.objects.filter(pk=interview.pk).update(state="under_way")
    shown = question(people.colleague, interview)
    assert shown.status_code == 200
    assert "Known from the visit" not in shown.content.decode()


def test_the_form_says_which_question_a_fact_answers(owner: User, visit: SiteVisit) -> None:
    shown = client_of(owner).get(f"{KIT}visits/new/").content.decode()
    assert "Identity papers are kept by others than the workers" in shown
    assert "Does or did somebody at the work keep your identity papers" in shown
    page = client_of(owner).get(f"{KIT}visits/{visit.pk}/").content.decode()
    assert "Identity papers are kept by others than the workers" in page


def test_what_was_written_is_put_right_at_the_desk(people: People, visit: SiteVisit, interview: Interview) -> None:
    address = f"{KIT}visits/{visit.pk}/correct/"
    client = client_of(people.owner)
    assert "canary-kingfisher" in client.get(address).content.decode()
    assert client.post(address, TOLD | {"place": "", "once": "a"}).status_code == 422
    assert client.post(address, TOLD | {"papers_kept": "no", "once": "b"}).status_code == 302
    assert visits.read_facts(visit, by=people.owner, at=NOON)["papers_kept"] == "yes"  # this one was read before
    again = SiteVisit.objects.get(pk=visit.pk)
    assert visits.read_facts(again, by=people.owner, at=NOON)["papers_kept"] == "no"
    assert again.visited_on == visit.visited_on
    assert 'value="no" checked' in question(people.owner, interview).content.decode()
    assert client_of(people.colleague).get(address).status_code == 404
    assert client_of(people.stranger).post(address, TOLD).status_code in (403, 404)


def test_what_a_device_says_later_leaves_the_facts_that_only_the_desk_asks(owner: User, person: Person) -> None:
    key = new_id()
    visit = visits.record_visit(visited_on=NOON.date(), facts=TOLD | {"papers_kept": "yes"}, by=owner, at=NOON, source_id=key)
    site = Site(key, NOON.date(), TOLD | {"conditions": "written anew"})
    visits.at_site(site=site, person=person, by=owner, at=NOON)
    facts = visits.read_facts(SiteVisit.objects.get(pk=visit.pk), by=owner, at=NOON)
    assert (facts["conditions"], facts["papers_kept"]) == ("written anew", "yes")
