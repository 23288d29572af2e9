"""The kit in Chromium, without a network: what is known is not asked again, what a new person says of herself goes along, and both leave in time."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.care.fieldkit import devices
from saphan.care.fieldkit.models import Device
from saphan.care.persons.models import Person
from saphan.care.persons.services import Facts, open_person
from saphan.care.screening import results, services
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.models import Interview, Reply
from saphan.care.screening.seeds import load_instruments
from saphan.care.screening.story import FACTORY, begin
from saphan.core import clock
from tests.judging import judged, signed_in
from tests.kit import kept, pass_the_check, prepared, unlock, until

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PASSPHRASE = "five boats cross the wide river"


@pytest.fixture(autouse=True)
def noon() -> None:
    """The site answers in its own thread, by the real clock: people sign in by it too."""


def answered_and_prepared(owner: User) -> Interview:
    """A person who answered at the desk yesterday, and a second interview that waits for the kit."""
    load_instruments()
    at = clock.now() - timedelta(days=1)
    person = open_person(report_id=None, facts=Facts(age_band="adult", sex="female", language="lo"), by=owner, at=at)
    version = InstrumentVersion.objects.get(instrument="adult_labour", state="approved")
    services.complete(interview_id=begin(owner, person, FACTORY, at).pk, by=owner, at=at + timedelta(hours=1))
    return services.prepare(person=person, version=version, by=owner, at=clock.now())


def kit_of(page: Page, address: str) -> tuple[list[str], list[str]]:
    failures: list[str] = []
    lists: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("response", lambda answer: lists.append(answer.text()) if "/fieldkit/catalogue/" in answer.url else None)
    page.clock.install()
    prepared(page, address, "grey telephone", PASSPHRASE)
    unlock(page, PASSPHRASE)
    return failures, lists


def codes_told() -> list[str]:
    """What must be readable nowhere: the numbers of the interviews, of the earlier replies and of the one that waits."""
    return [*Interview.objects.values_list("reference", flat=True), *(str(pk) for pk in Interview.objects.values_list("pk", flat=True)),
            *(str(pk) for pk in Reply.objects.values_list("pk", flat=True))]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "th"])
def test_what_was_answered_at_the_desk_is_not_asked_again_in_the_field(live_server: Any, browser: Browser, people: People, language: str) -> None:
    waiting = answered_and_prepared(people.owner)
    earlier = Interview.objects.get(state="completed")
    told = codes_told()
    page = signed_in(browser, live_server.url, people.owner, width=390, language=language)
    failures, lists = kit_of(page, live_server.url)
    page.context.set_offline(True)
    page.click("#new-interview")
    page.select_option("#who", str(waiting.person_id))
    expect(page.locator("#known-here")).to_be_visible()
    expect(page.locator("#sex")).to_have_count(0)
    assert judged(page, f"kit-known-begin-{language}") == []
    page.click("#go")
    pass_the_check(page)
    page.click("#go")
    first_question_is_an_open_one(page, earlier, language)
    known_ones_are_shown_in_their_part(page, earlier, language)
    asked = one_is_asked_again_and_one_confirmed(page, earlier, language)
    assert [told_one for told_one in told for part in [*kept(page), *lists] if told_one in part] == []
    page.click("#finish")
    expect(page.locator("#queue [data-state=waiting]")).to_have_count(1)
    assert [told_one for told_one in told for part in kept(page) if told_one in part] == []
    page.context.set_offline(False)
    page.click("#send-now")
    expect(page.locator("#queue [data-state=received]")).to_have_count(1)
    it_came_back_as_taken_over(waiting, earlier, people.owner, asked)
    assert failures == []
    page.context.close()


def texts(language: str) -> dict[str, str]:
    """Each question's words by its code."""
    rows = InstrumentVersion.objects.get(instrument="adult_labour", state="approved").questions.all()
    return {row.code: row.text_th if language == "th" else row.text_en for row in rows}


def first_question_is_an_open_one(page: Page, earlier: Interview, language: str) -> None:
    known = {reply.question.code for reply in earlier.replies.select_related("question")}
    order = list(texts(language))
    opened = next(code for code in order if code not in known)
    assert order[0] in known
    expect(page.locator("#question")).to_have_text(texts(language)[opened])


def known_ones_are_shown_in_their_part(page: Page, earlier: Interview, language: str) -> None:
    page.click("#by-section")
    expect(page.locator(".card.known .note", has_text=earlier.reference).first).to_be_visible()
    expect(page.locator(".card.known input")).to_have_count(0)
    assert judged(page, f"kit-known-part-{language}") == []
    words = page.locator(".card.known > p").first.inner_text()
    page.locator(".card.known .again").first.click()
    expect(page.locator("#question")).to_have_text(words)
    page.locator("#main p.acts [data-back]").last.click()
    expect(page.locator(".card.known").first).to_be_visible()
    page.click("#by-question")


def one_is_asked_again_and_one_confirmed(page: Page, earlier: Interview, language: str) -> tuple[str, str]:
    """From everything that was said: one known answer is changed, one is asked and stays as it was."""
    page.click("#all")
    changed, confirmed = "AL.D5.DOCSCONF", "AL.D2.DEBT"
    for code, answer in ((changed, "no"), (confirmed, "")):
        line = page.locator("#main > ul > li", has_text=texts(language)[code])
        expect(line).to_contain_text(earlier.reference)
        line.locator("button").click()
        expect(page.locator("#question")).to_have_text(texts(language)[code])
        expect(page.locator("#main > .note", has_text=earlier.reference)).to_be_visible()
        expect(page.locator("input[value=yes]")).to_be_checked()
        if answer:
            page.check(f"input[value={answer}]")
        else:
            assert judged(page, f"kit-known-again-{language}") == []
        page.click("#next")
        expect(page.locator("#question")).not_to_have_text(texts(language)[code])
        page.click("#all")
        expect(line).not_to_contain_text(earlier.reference)
    assert judged(page, f"kit-known-all-{language}") == []
    return changed, confirmed


def it_came_back_as_taken_over(waiting: Interview, earlier: Interview, owner: User, asked: tuple[str, str]) -> None:
    back = Interview.objects.get(pk=waiting.pk)
    assert (back.state, back.source, Interview.objects.count()) == ("completed", "kit", 2)
    said, before = results.said(back, by=owner, at=clock.now()), results.said(earlier, by=owner, at=clock.now())
    settled = {code for code, one in before.items() if one.value in ("yes", "no")}
    assert {code for code, one in said.items() if one.known_from == earlier.reference} == settled - set(asked)
    assert [(said[code].value, said[code].known_from) for code in asked] == [("no", ""), ("yes", "")]


def test_what_is_known_leaves_an_ended_device_before_anything_else(live_server: Any, browser: Browser, people: People) -> None:
    """Something is unfinished, so an expired device keeps its store until that is sent; what is known of people goes at once, also while it is locked."""
    answered_and_prepared(people.owner)
    page = signed_in(browser, live_server.url, people.owner, width=390)
    failures, _lists = kit_of(page, live_server.url)
    record = page.evaluate("kitStore.get('meta', 'known')")
    assert record in page.evaluate("kitStore.all('records').then((all) => all.map((one) => one.id))")
    page.click("#new-interview")
    page.check("input[value=adult]")
    page.select_option("#language", "lo")
    page.click("#go")
    page.locator("fieldset").nth(0).locator("input[value=yes]").check()
    page.locator("#main [data-back]").first.click()
    page.click("#lock")
    expect(page.locator("input[type=password]")).to_be_visible()
    device = Device.objects.get()
    devices.expire(device_id=device.pk, by=people.owner, at=clock.now())
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(page, "kitStore.get('meta', 'known').then((id) => id === undefined)")
    left = page.evaluate("kitStore.all('records').then((all) => all.map((one) => one.id))")
    assert record not in left
    assert left  # the unfinished interview and the list are still here
    assert failures == []
    page.context.close()


def test_what_is_known_leaves_a_device_whose_time_is_over_without_any_network(live_server: Any, browser: Browser, people: People) -> None:
    waiting = answered_and_prepared(people.owner)
    page = signed_in(browser, live_server.url, people.owner, width=390)
    failures, _lists = kit_of(page, live_server.url)
    page.context.set_offline(True)
    page.click("#lock")
    page.clock.fast_forward(31 * 24 * 3_600_000)
    expect(page.locator("input[type=password]")).to_be_visible()
    unlock(page, PASSPHRASE)
    page.click("#new-interview")
    page.select_option("#who", str(waiting.person_id))
    expect(page.locator("#known-here")).to_have_count(0)
    assert page.evaluate("kitStore.get('meta', 'known').then((id) => id === undefined)")
    assert failures == []
    page.context.close()


@pytest.mark.parametrize("language", ["en", "th"])
def test_a_new_person_may_say_her_sex_and_need_not(live_server: Any, browser: Browser, people: People, language: str) -> None:
    load_instruments()
    page = signed_in(browser, live_server.url, people.owner, width=390, language=language)
    failures, _lists = kit_of(page, live_server.url)
    page.context.set_offline(True)
    for number, sex in enumerate(("", "female"), 1):
        page.click("#new-interview")
        page.check("input[value=adult]")
        assert page.locator("#sex option").evaluate_all("all => all.map((one) => one.value)") == Person.Sex.values
        if sex:
            page.select_option("#sex", sex)
        page.select_option("#language", "lo")
        assert judged(page, f"kit-sex-{language}") == []
        page.click("#go")
        pass_the_check(page)
        page.click("#go")
        page.click("#all")
        page.click("#finish")
        expect(page.locator("#queue [data-state=waiting]")).to_have_count(number)
    page.context.set_offline(False)
    page.click("#send-now")
    expect(page.locator("#queue [data-state=received]")).to_have_count(2)
    assert sorted(Person.objects.values_list("sex", flat=True)) == ["female", "unknown"]
    assert failures == []
    page.context.close()
