"""Interviews as they are: a frightened worker with an interpreter, and a girl who says she is nineteen. In Thai, on a telephone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.running import Site

pytestmark = pytest.mark.journey

Look = Callable[[Page, str], None]
PHONE = {"width": 390, "height": 844}
CARRIED = {"language", "may_skip", "referrals_ready"}  # what a check made again does not ask anew
SAFE = {
    "private_place": "yes", "interpreter": "present", "same_village": "no", "same_community": "no", "sex_asked": "yes", "consent": "yes",
    "may_skip": "yes", "referrals_ready": "yes", "person_risk": "high", "worker_risk": "some",
}  # fmt: skip
HER_WORDS = "เจ้าของเก็บหนังสือเดินทางไว้ในลิ้นชัก"


@pytest.fixture
def as_(journey_site: Site, signed_in: Callable[[str], Page]) -> Callable[[str], Page]:
    """The page of a person of the demonstration, in Thai, on a telephone."""

    def page_of(login: str) -> Page:
        page = signed_in(login)
        page.context.add_cookies([{"name": "django_language", "value": "th", "url": journey_site.url}])
        page.set_viewport_size(PHONE)
        return page

    return page_of


def test_a_worker_with_an_interpreter_asks_no_more_than_needed(as_: Callable[[str], Page], looked_at: Look) -> None:
    page = as_("somsri")
    interview = prepared(page, a_file(as_, age="adult", language="lo"), "adult_labour")
    nobody_begins_with_an_interpreter_from_her_village(page, interview, looked_at)
    she_answers_declines_and_puts_off(page, interview, looked_at)
    the_worker_rests_and_hands_over(page)
    a_colleague_asks_part_by_part_and_completes(as_("prasit"), interview, looked_at)
    assert page.goto(interview + "print/").status == 200
    her_words_are_seen_by_nobody_else(as_, interview)


def nobody_begins_with_an_interpreter_from_her_village(page: Page, interview: str, looked_at: Look) -> None:
    keep_safety(page, SAFE | {"same_village": "yes"})
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    assert page.goto(interview).status == 200
    expect(page.locator("form[action$='/start/']")).to_have_count(0)
    page.goto(interview + "safety/")
    keep_safety(page, SAFE)
    looked_at(page, "screening-begin")
    page.set_viewport_size(PHONE)
    page.fill("[name=present]", "ล่ามหญิง")
    page.locator("form[action$='/start/'] button.button").click()


def she_answers_declines_and_puts_off(page: Page, interview: str, looked_at: Look) -> None:
    expect(page.locator(".other")).to_have_attribute("lang", "lo")  # her language beside the worker's
    looked_at(page, "screening-question-th")
    page.set_viewport_size(PHONE)
    answer(page, "yes")
    answer(page, "declined")
    answer(page, "later")
    page.locator("details.jump summary").click()
    page.locator("details.jump a").nth(4).click()
    page.goto(interview + "questions/AL.D5.DOCSCONF/")
    page.check("[name=answer][value=yes]")
    page.locator(".sealednote summary").click()
    page.fill("[name=note]", HER_WORDS)
    page.locator("button[name=then][value=next]").click()


def the_worker_rests_and_hands_over(page: Page) -> None:
    page.locator("form[action$='/pause/'] button").first.click()  # she needs a rest; nothing is lost
    expect(page).to_have_url(re.compile("/interviews/[^/]+/$"))
    hand_over_to(page, "Prasit Chaiyo")


def a_colleague_asks_part_by_part_and_completes(page: Page, interview: str, looked_at: Look) -> None:
    page.goto(interview)
    page.locator(".urgent a[href$='/safety/']").click()  # another worker makes the check again, briefly
    expect(page.locator("[name=may_skip]")).to_have_count(0)
    keep_safety(page, {name: value for name, value in SAFE.items() if name not in CARRIED})
    page.goto(interview)
    page.locator("form[action$='/resume/'] button.button").click()
    page.goto(interview)
    page.locator("a[href*='/parts/']").first.click()
    looked_at(page, "screening-part-th")
    page.set_viewport_size(PHONE)
    for _turn in range(10):
        if "/parts/" not in page.url:
            break
        for first in page.locator("input[type=radio][value=yes]").all()[:4]:
            first.check()
        page.locator(".acts button.button").click()
    page.goto(interview)
    expect(page.locator("main")).to_contain_text(HER_WORDS)
    page.locator("form[action$='/complete/'] button.button").click()
    expect(page.locator("#result")).to_be_visible()
    looked_at(page, "screening-result-th")


def her_words_are_seen_by_nobody_else(as_: Callable[[str], Page], interview: str) -> None:
    supervisor = as_("malee")
    assert supervisor.goto("/desk/screening/figures/").status == 200
    assert HER_WORDS not in supervisor.content()
    outsider = as_("keo")
    for path in (interview, interview + "print/"):
        assert outsider.goto(path).status == 404
        assert HER_WORDS not in outsider.content()


def test_a_girl_who_says_nineteen_is_heard_as_a_child(as_: Callable[[str], Page], looked_at: Look) -> None:
    page = as_("somsri")
    file = a_file(as_, age="doubt", language="th")
    page.goto(f"/desk/screening/new/?person={file.rstrip('/').split('/')[-1]}")
    expect(page.locator("[name=instrument]:checked")).to_have_count(1)
    label = page.locator("label:has([name=instrument]:checked)").inner_text()
    assert "เด็ก" in label  # in doubt the child's questions are proposed
    interview = prepared(page, file, "child_labour")
    keep_safety(page, SAFE | {"interpreter": "not_needed"})
    page.locator("form[action$='/start/'] button.button").click()

    for _turn in range(90):
        found = re.search(r"/questions/([^/]+)/$", page.url)
        if not found:
            break
        code = found[1]
        answer(page, "yes" if ".ACT." in code or ".D4." in code else "declined" if ".D2." in code else "no")
    page.goto(interview)
    page.locator("form[action$='/complete/'] button.button").click()
    result = page.locator("section:has(#result)")
    expect(result).to_contain_text("สิบแปดปี")  # the child's rule is named: no means is needed
    looked_at(page, "screening-child-result-th")

    page.set_viewport_size(PHONE)
    page.locator("details:has(form[action$='/revise/']) summary").click()
    page.locator("form[action$='/revise/'] button").click()  # she corrects an answer: a new interview takes the others over
    keep_safety(page, SAFE | {"interpreter": "not_needed"})
    page.locator("form[action$='/start/'] button.button").click()
    again = "/".join(page.url.split("/")[3:7])
    page.goto(f"/{again}/")
    expect(page.locator("main")).to_contain_text(re.compile("S-[0-9A-Z]{8}"))
    assert page.locator("details.part .meta").count() > 20  # known already: nobody asks again


def a_file(as_: Callable[[str], Page], *, age: str, language: str) -> str:
    """A report at the hotline becomes a file; returns its address."""
    hotline = as_("anong")
    hotline.goto("/desk/reports/new/")
    hotline.check("[name=danger][value=no]")
    hotline.check("[name=caller_safe][value=yes]")
    hotline.fill("[name=narrative]", "ขอความช่วยเหลือ")
    press(hotline, "[name=narrative]")
    report = path_of(hotline)
    page = as_("somsri")
    page.goto(report)
    page.check("[name=outcome][value=safe]")
    press(page, "[name=outcome]")
    page.goto(report + "open/")
    page.check(f"[name=age_band][value={age}]")
    page.select_option("select[name=language]", language)
    press(page, "[name=given_name]")
    return path_of(page)


def prepared(page: Page, file: str, instrument: str) -> str:
    """An interview with this instrument is prepared; the page then shows the safety check. Returns its address."""
    page.goto(f"/desk/screening/new/?person={file.rstrip('/').split('/')[-1]}")
    named = {"adult_labour": "ตัวชี้วัดแรงงานผู้ใหญ่", "child_labour": "ตัวชี้วัดแรงงานเด็ก"}[instrument]
    page.locator(f"label:has-text('{named}') [name=instrument], label:has-text('{named}') >> input").first.check()
    press(page, "[name=instrument]")
    expect(page).to_have_url(re.compile("/safety/$"))
    return path_of(page).removesuffix("safety/")


def keep_safety(page: Page, points: dict[str, str]) -> None:
    for name, value in points.items():
        if points["interpreter"] != "present" and name in ("same_village", "same_community", "sex_asked"):
            continue
        page.check(f"[name={name}][value={value}]")
    press(page, "[name=private_place]")


def answer(page: Page, value: str) -> None:
    """One of the answers, and on; or later."""
    if value != "later":
        page.check(f"[name=answer][value={value}]")
    page.locator(f"button[name=then][value={'later' if value == 'later' else 'next'}]").click()


def hand_over_to(page: Page, name: str) -> None:
    form = page.locator("form[action$='/hand-over/']")
    form.evaluate("f => { f.closest('details').open = true }")
    form.locator("select").select_option(label=name)
    form.locator("button").click()
    expect(page).to_have_url(re.compile("/desk/screening/$"))


def press(page: Page, field_inside: str) -> None:
    form = page.locator(f"form:has({field_inside})").first
    form.evaluate("f => { const d = f.closest('details'); if (d) d.open = true }")
    form.locator("button.button").first.click()
    page.wait_for_load_state()


def path_of(page: Page) -> str:
    return re.sub(r"^https?://[^/]+|[?#].*$", "", page.url)
