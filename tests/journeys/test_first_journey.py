"""The first journey: a report at the hotline becomes a person, a decision, a case, a referral, each step by whoever does it in a day."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tests.running import ROOT, Site

pytestmark = pytest.mark.journey

PRIVATE = "Daoruang"  # an invented name that only those may read whom the file is open to
WORDS = {
    "en": {"narrative": "Locked in a workshop at night, papers taken.", "reason": "The answers speak of papers taken and of debt.", "sent": "sent"},
    "th": {"narrative": "ถูกขังในโรงงานตอนกลางคืน ถูกยึดเอกสาร", "reason": "คำตอบพูดถึงการยึดเอกสารและหนี้", "sent": "ส่งแล้ว"},
}
YES = {"AL.D1.WAGE", "AL.D1.JOB", "AL.D4.HOURS", "AL.D4.LOWPAY", "AL.D5.DOCSCONF", "AL.D5.DEBT"}
HOSPITAL = re.compile("Hospital|โรงพยาบาล")
Look = Callable[[Page, str], None]


@dataclass
class Walk:
    """What the people of one journey pass on to each other: addresses, nothing that a screen would not show."""

    language: str
    site: Site
    page_of: Callable[[str], Page]
    look: Look
    seen: dict[str, str] = field(default_factory=dict)

    def as_(self, login: str) -> Page:
        page = self.page_of(login)
        page.context.add_cookies([{"name": "django_language", "value": self.language, "url": self.site.url}])
        return page

    def picture(self, page: Page, name: str) -> None:
        self.look(page, f"journey-{self.language}-{name}")

    def word(self, name: str) -> str:
        return WORDS[self.language][name]


@pytest.mark.parametrize("language", ["en", pytest.param("th", marks=pytest.mark.long)])
def test_from_the_first_call_to_an_accepted_referral(language: str, journey_site: Site, signed_in: Callable[[str], Page], looked_at: Look) -> None:
    walk = Walk(language, journey_site, signed_in, looked_at)
    the_hotline_officer_records_a_report(walk)
    a_worker_makes_contact_and_opens_a_file(walk)
    the_worker_screens_the_person(walk)
    the_team_decides_with_votes_and_reasons(walk)
    the_worker_opens_the_case_with_consent(walk)
    the_worker_refers_to_the_hospital(walk)
    before_acceptance_the_hospital_sees_the_notice_only(walk)
    the_hospital_accepts_and_its_scope_opens(walk)
    a_stranger_finds_nothing(walk)
    every_step_stands_in_the_timeline_and_in_the_audit(walk)


def the_hotline_officer_records_a_report(walk: Walk) -> None:
    page = walk.as_("anong")
    page.goto("/desk/reports/new/")
    walk.picture(page, "report-empty")
    send(page, "[name=narrative]")
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()  # nothing was typed: each field says what is missing
    page.check("[name=danger][value=yes]")
    page.check("[name=caller_safe][value=yes]")
    page.fill("[name=narrative]", walk.word("narrative"))
    send(page, "[name=narrative]")
    expect(page).to_have_url(re.compile(r"/desk/reports/[0-9a-f-]{36}/$"))
    walk.picture(page, "report")
    walk.seen["report"] = path_of(page)
    assert walk.word("narrative") not in page.content()


def a_worker_makes_contact_and_opens_a_file(walk: Walk) -> None:
    page = walk.as_("somsri")
    page.goto("/desk/")
    walk.picture(page, "my-day")
    page.goto(walk.seen["report"])
    page.check("[name=outcome][value=safe]")
    send(page, "[name=outcome]")
    page.goto(walk.seen["report"] + "open/")
    page.check("[name=age_band][value=adult]")
    page.select_option("select[name=language]", "lo")
    page.fill("[name=given_name]", PRIVATE)
    send(page, "[name=given_name]")
    walk.seen["person"] = path_of(page)
    walk.seen["alias"] = page.locator("h1").inner_text().strip()
    walk.picture(page, "file")
    assert PRIVATE not in page.content()


def the_worker_screens_the_person(walk: Walk) -> None:
    page = walk.as_("somsri")
    page.goto("/desk/screening/new/")
    page.select_option("[name=person]", walk.seen["person"].rstrip("/").split("/")[-1])
    page.locator("[name=instrument]").first.check()
    walk.picture(page, "screening-new")
    send(page, "[name=person]")
    walk.seen["interview"] = "/".join(path_of(page).split("/")[:5]) + "/"
    page.goto(walk.seen["interview"] + "safety/")
    for name, value in {"private_place": "yes", "interpreter": "not_needed", "consent": "yes", "may_skip": "yes", "referrals_ready": "yes"}.items():
        choose(page, name, value)
    page.locator("[name=person_risk]").nth(1).check()
    page.locator("[name=worker_risk]").nth(1).check()
    walk.picture(page, "safety")
    send(page, "[name=private_place]")
    page.goto(walk.seen["interview"])
    page.locator("form[action$='/start/'] button.button").click()
    answer_all_questions(page, walk)
    page.goto(walk.seen["interview"])
    page.locator("form[action$='/complete/'] button.button").click()
    walk.picture(page, "result")


def answer_all_questions(page: Page, walk: Walk) -> None:
    pictured = False
    for _turn in range(100):
        found = re.search(r"/questions/([^/]+)/$", page.url)
        if not found:
            return
        page.check(f"[name=answer][value={'yes' if found.group(1) in YES or not found.group(1).startswith('AL.D') else 'no'}]")
        if not pictured:
            walk.picture(page, "question")
            pictured = True
        page.locator("button[name=then][value=next]").click()
    raise AssertionError("the questions did not end")


def the_team_decides_with_votes_and_reasons(walk: Walk) -> None:
    page = walk.as_("somsri")
    page.goto(walk.seen["interview"] + "convene/")
    page.fill("[name=services_began_on]", today(walk))
    for box in page.locator("[name=members]").all():
        box.check()
    walk.picture(page, "convene")
    send(page, "[name=services_began_on]")
    walk.seen["hearing"] = path_of(page)
    for number in range(1, 6):
        member_votes(walk, f"mdt{number}", "identified" if number < 5 else "more_information")
    page = walk.as_("malee")
    page.goto(walk.seen["hearing"])
    the_sitting_is_kept(page)
    page.fill("[name=summary]", walk.word("reason"))
    send(page, "[name=summary]")
    walk.picture(page, "decided")
    page.goto(walk.seen["hearing"] + "letter/")
    walk.picture(page, "letter")


def the_sitting_is_kept(page: Page) -> None:
    """All are there; the person was heard."""
    for seat in page.locator("form[action$='/sitting/open/'] [value=room]").all():
        seat.check()
    page.locator("form[action$='/sitting/open/'] button.button").click()
    for name, value in {"heard": "person", "interpreter": "present", "told": "yes"}.items():
        page.check(f"form[action$='/sitting/end/'] [name={name}][value={value}]")
    page.fill("[name=minutes]", "-")
    page.locator("form[action$='/sitting/end/'] button.button").click()


def member_votes(walk: Walk, login: str, choice: str) -> None:
    page = walk.as_(login)
    page.goto(walk.seen["hearing"])
    choose(page, "conflict", "none")
    send(page, "[name=conflict]")
    choose(page, "choice", choice)
    page.fill("[name=reason]", walk.word("reason"))
    if login == "mdt1":
        walk.picture(page, "vote")
    send(page, "[name=reason]")


def the_worker_opens_the_case_with_consent(walk: Walk) -> None:
    page = walk.as_("somsri")
    page.goto(f"/desk/cases/open/{walk.seen['person'].rstrip('/').split('/')[-1]}/")
    walk.picture(page, "case-open")
    send(page, "[name=capacity]")
    expect(page).to_have_url(re.compile(r"/desk/cases/[0-9a-f-]{36}/$"))
    walk.seen["case"] = path_of(page)
    walk.picture(page, "case")
    page.goto(walk.seen["case"] + "sharing/")
    form = page.locator("form:has([name=receiver])")
    form.evaluate("f => { const d = f.closest('details'); if (d) d.open = true }")
    form.locator("[name=receiver]").select_option(
        label=next(t for t in form.locator("[name=receiver] option").all_inner_texts() if HOSPITAL.search(t))
    )
    form.locator("[name=classes][value=identity]").check()
    form.locator("[name=classes][value=health]").check()
    send(page, "[name=receiver]")
    walk.picture(page, "sharing")


def the_worker_refers_to_the_hospital(walk: Walk) -> None:
    page = walk.as_("somsri")
    page.goto(f"/desk/referrals/new/{walk.seen['case'].rstrip('/').split('/')[-1]}/")
    page.select_option("[name=need]", "trauma_care")
    page.check("[name=risk][value=high]")
    send(page, "[name=need]")
    walk.picture(page, "compose")
    page.locator("label:has([name=service])").filter(has_text=HOSPITAL).first.locator("input").check()
    send(page, "[name=service]")
    walk.seen["referral"] = path_of(page)
    walk.picture(page, "preview")
    send(page, "[name=consent]")
    expect(page.locator("main")).to_contain_text(walk.word("sent"))


def before_acceptance_the_hospital_sees_the_notice_only(walk: Walk) -> None:
    page = walk.as_("wipa")
    page.goto(walk.seen["referral"])
    walk.picture(page, "notice")
    assert walk.seen["alias"] not in page.content()
    assert PRIVATE not in page.content()
    assert status(page, walk.seen["case"]) == 404
    assert status(page, walk.seen["person"]) == 404
    page.goto(walk.seen["referral"])
    page.locator("form[action$='/acknowledge/'] button").click()


def the_hospital_accepts_and_its_scope_opens(walk: Walk) -> None:
    page = walk.as_("wipa")
    page.goto(walk.seen["referral"])
    page.locator("form[action$='/accept/'] button").click()
    walk.picture(page, "accepted")
    assert status(page, walk.seen["case"]) == 200
    walk.picture(page, "case-of-the-receiver")
    assert walk.seen["alias"] in page.content()
    assert PRIVATE not in page.content()
    shown = page.locator("form[action$='/show/']").first
    shown.evaluate("f => { const d = f.closest('details'); if (d) d.open = true }")
    shown.locator("[value=identity]").check()
    assert shown.locator("[value=exploitation]").count() == 0
    send(page, "[name=classes]")
    expect(page.locator("main")).to_contain_text(PRIVATE)


def a_stranger_finds_nothing(walk: Walk) -> None:
    page = walk.as_("keo")
    absent = page.goto("/desk/cases/00000000-0000-4000-8000-000000000000/")
    nothing = page.locator("main").inner_text()
    assert absent is not None
    for what in ("report", "person", "interview", "hearing", "case", "referral"):
        if what == "hearing":
            continue  # a member of the team works for the same organisation, so hearings have their own tests
        assert status(page, walk.seen[what]) == absent.status == 404, what
        assert page.locator("main").inner_text() == nothing, what


def every_step_stands_in_the_timeline_and_in_the_audit(walk: Walk) -> None:
    page = walk.as_("somsri")
    page.goto(walk.seen["case"] + "timeline/")
    walk.picture(page, "timeline")
    assert page.locator(".time > li").count() >= 6
    assert PRIVATE not in page.content()
    page = walk.as_("malee")
    assert status(page, walk.seen["case"] + "audit/") == 200
    walk.picture(page, "audit")
    acts = page.locator("main").inner_text()
    assert PRIVATE not in acts
    done = subprocess.run(
        [sys.executable, "-m", "saphan", "audit", "verify"], env=walk.site.environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def send(page: Page, field_inside: str) -> None:
    """Presses the first button of the form that holds this field; a folded form is opened first, as a hand would."""
    form = page.locator(f"form:has({field_inside})").first
    form.evaluate("f => { const d = f.closest('details'); if (d) d.open = true }")
    form.locator("button.button").first.click()
    page.wait_for_load_state()


def choose(page: Page, name: str, value: str) -> None:
    page.check(f"[name={name}][value={value}]")


def path_of(page: Page) -> str:
    return re.sub(r"^https?://[^/]+|[?#].*$", "", page.url)


def status(page: Page, path: str) -> int:
    reply = page.goto(path)
    assert reply is not None
    return reply.status


def today(walk: Walk) -> str:
    from saphan.core import clock

    return clock.now().date().isoformat()
