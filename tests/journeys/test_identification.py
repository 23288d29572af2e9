"""A team of three agencies hears a case on day 12, one member from afar, one with a conflict; a letter is read out and a review asked for. In Thai, on a telephone."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from saphan.core import clock
from tests.running import Site

pytestmark = pytest.mark.journey

TELEPHONE = {"width": 390, "height": 844}
NEEDS = "ต้องการพักผ่อนและพบแพทย์ กังวลเรื่องหนี้"
MINUTES = "ผู้เสียหายเล่าด้วยถ้อยคำของตนเองผ่านล่าม"
REASONS = "คำตอบพูดถึงการยึดเอกสารและหนี้"
DISSENT = "อยากฟังเพื่อนร่วมงานก่อน"
WHY = "ไม่มีใครถามเรื่องหนี้"
MEMBERS = {"mdt1": "identified", "mdt2": "identified", "mdt3": "identified", "mdt4": "more_information"}  # mdt5 has a conflict
INTERVIEWED = """
from datetime import timedelta
from saphan.access.seeds import people_as_planted
from saphan.care.persons.models import Person
from saphan.care.screening.story import FACTORY, _interviewed, _person
from saphan.core import clock
people, now = people_as_planted(), clock.now()
interview = _interviewed(people.owner, _person(people.owner, Person.Sex.FEMALE, now - timedelta(days=13)), FACTORY, now - timedelta(days=12))
print(interview.pk, interview.person_id)
"""
DECIDED = (
    INTERVIEWED.rsplit("print", 1)[0]
    + """
from saphan.care.screening.story import _convene, _decide
hearing = _convene(people, interview, now - timedelta(days=11))
_decide(people, hearing, now - timedelta(days=1))
print(hearing.pk, interview.person_id)
"""
)
SEALED = ("Four of five members", "in her own words", "second worker of the same house", "fears for the debt")  # of the demonstration's story


@pytest.fixture(scope="module")
def interviewed(journey_site: Site) -> tuple[str, str]:
    """Somebody who speaks Lao was interviewed twelve days ago."""
    interview, person = journey_site.run(INTERVIEWED).split()[-2:]
    return interview, person


@pytest.fixture(scope="module")
def decided(journey_site: Site) -> tuple[str, str]:
    """A team decided yesterday upon somebody who speaks Lao."""
    hearing, person = journey_site.run(DECIDED).split()[-2:]
    return f"/desk/screening/hearings/{hearing}/", person


@pytest.fixture
def as_(signed_in: Callable[[str], Page], journey_site: Site) -> Callable[[str], Page]:
    def page_of(login: str) -> Page:
        page = signed_in(login)
        page.context.add_cookies([{"name": "django_language", "value": "th", "url": journey_site.url}])
        page.set_viewport_size(TELEPHONE)
        return page

    return page_of


Look = Callable[[Page, str], None]
As = Callable[[str], Page]


def test_a_team_decides_on_day_twelve(as_: As, looked_at: Look, interviewed: tuple[str, str]) -> None:
    interview, person = interviewed
    the_worker_tells_of_rights_and_begins_services(as_, person)
    hearing = the_worker_convenes_three_agencies(as_, looked_at, interview)
    members_declare_and_one_has_a_conflict(as_, hearing)
    the_chair_keeps_the_sitting_with_one_from_afar(as_, looked_at, hearing)
    members_vote_and_one_dissents(as_, looked_at, hearing)
    the_supervisor_writes_the_decision_down(as_, looked_at, hearing)
    a_member_finds_it_closed(as_, hearing)


def test_the_letter_and_a_review_request(as_: As, looked_at: Look, decided: tuple[str, str]) -> None:
    hearing, person = decided
    the_letter_is_in_the_persons_language(as_, looked_at, hearing)
    the_clocks_stand_on_one_line(as_, looked_at, person)
    a_review_is_asked_for_and_other_members_are_called(as_, looked_at, hearing)


def the_worker_tells_of_rights_and_begins_services(as_: As, person: str) -> None:
    page = as_("somsri")
    page.goto(f"/desk/screening/people/{person}/identification/")
    page.locator("form[action$='/rights/'] button").click()
    page.fill("[name=services_began_on]", day(-12))
    page.check("[name=agrees][value=yes]")
    page.locator("form[action$='/services/'] button.button").click()
    expect(page.locator("form[action$='/services/']")).to_have_count(0)


def the_worker_convenes_three_agencies(as_: As, looked_at: Look, interview: str) -> str:
    page = as_("somsri")
    page.goto(f"/desk/screening/interviews/{interview}/convene/")
    assert page.input_value("[name=services_began_on]") != ""  # known already, not asked again
    for box in page.locator("[name=members]").all():
        box.check()
    choose_named(page, "chair", "Ekkachai")
    choose_named(page, "recorder", "Chai")
    page.fill("[name=needs]", NEEDS)
    looked_at(page, "identification-convene")
    send(page, "[name=services_began_on]")
    expect(page).to_have_url(re.compile(r"/hearings/[0-9a-f-]{36}/$"))
    return path_of(page)


def members_declare_and_one_has_a_conflict(as_: As, hearing: str) -> None:
    for login in [*MEMBERS, "mdt5"]:
        page = as_(login)
        page.goto(hearing)
        assert NEEDS not in page.content()  # the file opens after the declaration only
        page.check(f"[name=conflict][value={'conflict' if login == 'mdt5' else 'none'}]")
        send(page, "[name=conflict]")
        page.goto(hearing)
        assert (NEEDS in page.content()) is (login != "mdt5"), login


def the_chair_keeps_the_sitting_with_one_from_afar(as_: As, looked_at: Look, hearing: str) -> None:
    page = as_("mdt3")
    page.goto(hearing)
    form = page.locator("form[action$='/sitting/open/']")
    names = form.locator("legend").all_inner_texts()
    assert len(names) == 4  # the one with a conflict is not offered
    for name in names:
        how = "remote" if "Fon" in name else "room"
        form.locator("fieldset", has_text=name.strip().split("\n")[0]).locator(f"[value={how}]").check()
    form.locator("button.button").click()
    for name, value in {"heard": "person", "interpreter": "present", "told": "yes"}.items():
        page.check(f"form[action$='/sitting/end/'] [name={name}][value={value}]")
    page.fill("[name=minutes]", MINUTES)
    looked_at(page, "identification-sitting")
    page.locator("form[action$='/sitting/end/'] button.button").click()
    expect(page.locator("main")).to_contain_text(MINUTES, use_inner_text=False)


def members_vote_and_one_dissents(as_: As, looked_at: Look, hearing: str) -> None:
    for login, choice in MEMBERS.items():
        page = as_(login)
        page.goto(hearing)
        page.check(f"[name=choice][value={choice}]")
        page.fill("[name=reason]", REASONS if choice == "identified" else DISSENT)
        if login == "mdt1":
            looked_at(page, "identification-vote")
        send(page, "[name=reason]")


def the_supervisor_writes_the_decision_down(as_: As, looked_at: Look, hearing: str) -> None:
    page = as_("malee")
    page.goto(hearing)
    page.fill("[name=summary]", REASONS)
    send(page, "[name=summary]")
    expect(page.locator("main")).to_contain_text(DISSENT)
    looked_at(page, "identification-decided")


def a_member_finds_it_closed(as_: As, hearing: str) -> None:
    reply = as_("mdt1").goto(hearing)
    assert reply is not None
    assert reply.status == 404


def the_letter_is_in_the_persons_language(as_: As, looked_at: Look, hearing: str) -> None:
    page = as_("somsri")
    page.goto(hearing + "letter/")
    expect(page.locator("article.letter")).to_have_attribute("lang", "lo")
    assert not [words for words in SEALED if words in page.content()]
    looked_at(page, "identification-letter")
    with page.expect_download() as coming:
        page.locator("a[href*='/letter/file/']").click()
    assert re.fullmatch(r"T-[0-9A-Z]{8}-lo\.pdf", coming.value.suggested_filename)
    assert coming.value.path().read_bytes().startswith(b"%PDF")
    page.check("[name=how][value=read_aloud]")
    page.select_option("[name=read_by]", "interpreter")
    send(page, "[name=how]")
    expect(page).to_have_url(re.compile(re.escape(hearing) + "$"))


def the_clocks_stand_on_one_line(as_: As, looked_at: Look, person: str) -> None:
    page = as_("somsri")
    page.goto(f"/desk/screening/people/{person}/identification/")
    page.locator("form[action$='/offer-reflection/'] button").click()
    page.locator("button[name=how][value=accept]").click()
    expect(page.locator(".clockline svg")).to_be_visible()
    looked_at(page, "identification-clocks")


def a_review_is_asked_for_and_other_members_are_called(as_: As, looked_at: Look, hearing: str) -> None:
    page = as_("somsri")
    page.goto(hearing + "requests/new/")
    page.check("[name=asked_by][value=person]")
    page.check("[name=form][value=spoken]")
    page.fill("[name=reason]", WHY)
    looked_at(page, "identification-request")
    send(page, "[name=reason]")
    page = as_("malee")
    page.goto(hearing + "review/")
    for box in page.locator("[name=members]").all():
        box.check()
    send(page, "[name=members]")
    expect(page.locator("[name=same]")).to_be_visible()  # they sat the first time
    looked_at(page, "identification-review")
    page.check("[name=same]")
    send(page, "[name=members]")
    again = path_of(page)
    assert again != hearing
    for kept in (hearing, again):
        page.goto(kept)
        expect(page.locator("h1")).to_be_visible()


def day(offset: int) -> str:
    return (clock.now() + timedelta(days=offset)).date().isoformat()


def choose_named(page: Page, field: str, name: str) -> None:
    labels = page.locator(f"[name={field}] option").all_inner_texts()
    page.select_option(f"[name={field}]", label=next(label for label in labels if label.startswith(name)))


def send(page: Page, field_inside: str) -> None:
    form = page.locator(f"form:has({field_inside})").first
    form.evaluate("f => { const d = f.closest('details'); if (d) d.open = true }")
    form.locator("button.button").last.click()
    page.wait_for_load_state()


def path_of(page: Page) -> str:
    return re.sub(r"^https?://[^/]+|[?#].*$", "", page.url)
