"""The digest drafts itself, an editor mends it, a second person gives it its date."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from saphan.audit.models import AuditEvent
from saphan.core import clock
from saphan.core.errors import Invalid, NotFound, Refused, WrongState
from saphan.portal.newsletter import drafting, editing, readiness, scheduling
from saphan.portal.newsletter.choosing import Choice, Taste, Told, chosen
from saphan.portal.newsletter.digest import Ways, as_html, as_text, digest_of, month_named
from saphan.portal.newsletter.issue_states import IssueState
from saphan.portal.newsletter.issues import Edition, Issue, Item
from saphan.portal.newsletter.kinds import DIGEST_KINDS
from saphan.portal.search.models import SearchEntry
from tests.people import NOON

AUGUST = date(2007, 8, 1)
WAYS = Ways("https://example.org/leave", "https://example.org/own")


@pytest.fixture
def draft(portal):
    return drafting.draft(month=AUGUST, by=portal.editor, at=NOON)


@pytest.fixture
def english(draft):
    return draft.editions.get(language="en", country="")


def entry(n, language="en", day=date(2007, 8, 20), kind="news", countries=(), topics=(), permanent=""):
    return SearchEntry.objects.create(
        key=f"made:{language}{n}", kind=kind, url=f"/{language}/made/{n}/", language=language, published_on=day, countries=list(countries),
        topics=list(topics), title=f"Made {n}", summary="What it says.", permanent=permanent or f"m{n}", digest="x",
    )  # fmt: skip


def titles(edition):
    return [item.title for item in editing.in_order(edition) if not item.hidden]


def test_a_month_becomes_an_edition_in_each_language(draft, english):
    assert set(draft.editions.filter(country="").values_list("language", flat=True)) == {"en", "th", "lo", "km", "my", "vi"}
    found = SearchEntry.objects.filter(language="en", kind="news", published_on__gte=AUGUST, published_on__lt=date(2007, 9, 1))
    assert found.exists()
    assert set(found.values_list("title", flat=True)) == set(english.items.filter(kind="news").values_list("title", flat=True))


def test_a_text_without_a_version_in_the_language_is_told_in_english_and_marked(portal):
    entry(1, "en", permanent="both")
    entry(2, "th", permanent="both")
    entry(3, "en", permanent="alone")
    issue = drafting.draft(month=AUGUST, by=portal.editor, at=NOON)
    thai = issue.editions.get(language="th", country="")
    assert thai.items.get(permanent="both").language == "th"
    assert thai.items.get(permanent="alone").language == "en"
    assert "[English]" in as_text(digest_of(thai), WAYS)


def test_a_country_with_enough_to_tell_has_an_edition_of_its_own(portal):
    for n in range(3):
        entry(n, countries=["KH"])
    entry(9, countries=["VN"])
    issue = drafting.draft(month=AUGUST, by=portal.editor, at=NOON)
    assert issue.editions.filter(language="en", country="KH").exists()
    assert not issue.editions.filter(country="VN").exists()
    told = set(issue.editions.get(language="en", country="KH").items.values_list("permanent", flat=True))
    assert {"m0", "m1", "m2"} <= told
    assert "m9" not in told


def test_a_month_has_one_issue(draft, portal):
    with pytest.raises(Invalid):
        drafting.draft(month=AUGUST + timedelta(days=9), by=portal.publisher, at=NOON)


def test_what_the_editor_did_outlives_a_new_draft(draft, english, portal):
    first, second = editing.in_order(english)[:2]
    editing.write_item(item_id=first.pk, title="My own words", summary="And a summary.", by=portal.editor, at=NOON)
    editing.hide(item_id=second.pk, by=portal.editor, at=NOON)
    added = entry(7, day=date(2020, 1, 1), kind="page")
    editing.add(edition_id=english.pk, key=added.key, by=portal.editor, at=NOON)
    new = entry(8)
    SearchEntry.objects.filter(key=second.key).update(title="Renamed")
    drafting.draft_again(issue_id=draft.pk, by=portal.editor, at=NOON)
    now = {item.permanent: item for item in english.items.all()}
    assert now[first.permanent].title == "My own words"
    assert now[second.permanent].hidden
    assert now[second.permanent].title == "Renamed"
    assert now[added.permanent].added
    assert new.permanent in now


def test_what_is_no_longer_public_goes_with_a_new_draft(draft, english, portal):
    item = editing.in_order(english)[0]
    SearchEntry.objects.filter(key=item.key).delete()
    drafting.draft_again(issue_id=draft.pk, by=portal.editor, at=NOON)
    assert not english.items.filter(pk=item.pk).exists()


def test_an_item_moves_within_its_section(draft, english, portal):
    for n in range(3):
        entry(n)
    drafting.draft_again(issue_id=draft.pk, by=portal.editor, at=NOON)
    news = [item for item in editing.in_order(english) if item.kind == "news"]
    last = news[-1]
    editing.move(item_id=last.pk, position=1, by=portal.editor, at=NOON)
    assert next(item for item in editing.in_order(english) if item.kind == "news") == last
    editing.move(item_id=last.pk, position=99, by=portal.editor, at=NOON)
    assert [item for item in editing.in_order(english) if item.kind == "news"][-1] == last


def test_whoever_wrote_the_last_change_does_not_give_the_date(draft, english, portal):
    editing.write_edition(edition_id=english.pk, subject="", introduction="Good day.", by=portal.publisher, at=NOON)
    scheduling.finish_writing(issue_id=draft.pk, by=portal.editor, at=NOON)
    with pytest.raises(Refused):
        scheduling.schedule(issue_id=draft.pk, when=NOON, by=portal.publisher, at=NOON)
    scheduling.reopen(issue_id=draft.pk, by=portal.editor, at=NOON)
    editing.write_edition(edition_id=english.pk, subject="", introduction="Good evening.", by=portal.editor, at=NOON)
    scheduling.finish_writing(issue_id=draft.pk, by=portal.editor, at=NOON)
    scheduling.schedule(issue_id=draft.pk, when=NOON, by=portal.publisher, at=NOON)
    assert Issue.objects.get(pk=draft.pk).state == IssueState.SCHEDULED


def test_an_editor_does_not_schedule_and_a_stranger_does_not_see(draft, portal):
    with pytest.raises(Refused):
        scheduling.schedule(issue_id=draft.pk, when=NOON, by=portal.editor, at=NOON)
    assert not Issue.objects.visible_to(portal.stranger).exists()
    with pytest.raises(Refused):
        editing.write_edition(edition_id=draft.editions.first().pk, subject="", introduction="x", by=portal.stranger, at=NOON)


def test_a_ready_issue_is_changed_only_after_it_is_taken_back(draft, english, portal):
    scheduling.finish_writing(issue_id=draft.pk, by=portal.editor, at=NOON)
    with pytest.raises(WrongState):
        editing.write_edition(edition_id=english.pk, subject="x", introduction="", by=portal.editor, at=NOON)


def test_a_link_that_leads_nowhere_stops_the_issue(draft, english, portal):
    item = editing.in_order(english)[0]
    SearchEntry.objects.filter(key=item.key).delete()
    assert item.title in {remark.words for remark in readiness.remarks_on(draft) if remark.stops}
    with pytest.raises(Invalid):
        scheduling.finish_writing(issue_id=draft.pk, by=portal.editor, at=NOON)
    editing.hide(item_id=item.pk, by=portal.editor, at=NOON)
    for other in Item.objects.filter(key=item.key):
        editing.hide(item_id=other.pk, by=portal.editor, at=NOON)
    scheduling.finish_writing(issue_id=draft.pk, by=portal.editor, at=NOON)


def test_words_that_give_somebody_away_stop_the_issue(draft, english, portal):
    editing.write_edition(edition_id=english.pk, subject="", introduction="We met N., 17 years old, from the north.", by=portal.editor, at=NOON)
    assert any(remark.stops for remark in readiness.remarks_on(draft))


def test_each_act_is_recorded_without_its_words(draft, english, portal):
    editing.write_edition(edition_id=english.pk, subject="Canary subject", introduction="Canary words", by=portal.editor, at=NOON)
    event = AuditEvent.objects.filter(action="newsletter:edit").latest("seq")
    assert event.fields == "subject,introduction"
    assert "Canary" not in str(list(AuditEvent.objects.values()))


def test_what_is_not_public_cannot_be_added(english, portal):
    with pytest.raises(NotFound):
        editing.add(edition_id=english.pk, key="page:999999", by=portal.editor, at=NOON)


def test_the_letter_says_the_same_in_html_and_text(english):
    digest = digest_of(english)
    html, text = as_html(digest, WAYS), as_text(digest, WAYS)
    for section in digest.sections:
        assert escape(section.heading) in html
        assert section.heading in text
        for line in section.lines:
            assert line.url in html
            assert f"{line.title}\n" in text
    assert WAYS.leave in html
    assert WAYS.leave in text
    assert "<img" not in html
    assert "<script" not in html


@pytest.mark.parametrize("language", ["en", "th", "lo", "km", "my", "vi"])
def test_the_month_is_named_in_each_language(language):
    named = month_named(date(2026, 11, 1), language)
    assert ("2569" if language == "th" else "2026") in named
    assert "11" not in named or language == "vi"


def pk(name: str) -> Any:
    """A name in place of an id."""
    return name


def told(name: str, countries: str = "", topics: str = "", *, hidden: bool = False, permanent: str = "") -> Told:
    return Told(pk(name), permanent or name, frozenset(countries.split()), frozenset(topics.split()), hidden)


EDITIONS = {
    ("en", ""): Choice(
        pk("general"), (told("a", topics="children"), told("b", "KH"), told("c", "VN", "law"), told("d", "TH"), told("h", hidden=True))
    ),
    ("en", "KH"): Choice(pk("kh"), (told("b-kh", "KH", permanent="b"), told("a-kh", permanent="a", hidden=True), told("e", "KH", "children"))),
    ("en", "LA"): Choice(pk("la"), (told("f", "LA"), told("a-la", permanent="a", hidden=True))),
    ("en", "MM"): Choice(pk("mm"), (told("x", "MM", hidden=True),)),
    ("my", ""): Choice(pk("my"), (told("y", hidden=True),)),
    ("lo", ""): Choice(pk("lo"), (told("z", "TH"),)),
}


@pytest.mark.parametrize(
    ("taste", "expected", "items"),
    [
        (Taste("en"), ("general", None), "a b c d"),
        (Taste("en", ("KH",)), ("kh", None), "b-kh e"),
        (Taste("en", ("KH", "VN")), ("general", None), "b-kh e c"),
        (Taste("en", ("KH", "LA")), ("general", None), "b-kh e f"),
        (Taste("en", ("LA", "TH")), ("general", None), "f d"),
        (Taste("en", ("VN",)), ("general", None), "a c"),
        (Taste("en", ("MM",)), ("general", None), "a"),
        (Taste("en", (), ("children", "law")), ("general", None), "a b c d"),
        (Taste("en", (), ("law",)), ("general", None), "b c d"),
        (Taste("en", ("VN",), ("law",)), ("general", None), "c"),
        (Taste("en", ("KH",), ("law",)), ("kh", "topics"), ""),
        (Taste("en", (), ("work",)), ("general", "topics"), ""),
        (Taste("lo", ("LA",)), (None, "empty"), ""),
        (Taste("my"), (None, "empty"), ""),
        (Taste("th"), (None, "empty"), ""),
    ],
)
def test_who_gets_what_of_which_edition(taste, expected, items):
    selection, why = chosen(taste, EDITIONS)
    assert (selection.edition if selection else None, why) == expected
    assert list(selection.items if selection else ()) == items.split()


@given(
    st.lists(st.sampled_from(["KH", "LA", "VN", "MM", "TH"]), unique=True, max_size=4), st.lists(st.sampled_from(["children", "law"]), unique=True)
)
def test_nobody_gets_a_thing_twice_or_of_a_country_not_chosen(countries, topics):
    selection, why = chosen(Taste("en", tuple(countries), tuple(topics)), EDITIONS)
    by_pk = {one.pk: one for choice in EDITIONS.values() for one in choice.items}
    got = [by_pk[item] for item in (selection.items if selection else ())]
    assert len({one.permanent for one in got}) == len(got)
    assert not any(one.hidden for one in got)
    assert all(not countries or not one.countries or one.countries & set(countries) for one in got)
    assert all(not topics or not one.topics or one.topics & set(topics) for one in got)
    assert bool(got) is (why is None)


def test_needs_and_trainings_have_their_sections(portal):
    entry(1, day=None, kind="need")
    entry(2, day=date(2007, 9, 3), kind="training")
    entry(3, day=date(2007, 8, 3), kind="training")
    issue = drafting.draft(month=AUGUST, by=portal.editor, at=NOON)
    english = issue.editions.get(language="en", country="")
    told = set(english.items.values_list("permanent", flat=True))
    assert {"m1", "m2"} <= told
    assert "m3" not in told
    assert [kind.kind for kind in sorted(DIGEST_KINDS.values(), key=lambda k: k.order)][:2] == ["news", "document"]


def test_an_edition_without_items_is_told_on_the_check_list(draft):
    empty = Edition.objects.get(issue=draft, language="my", country="")
    empty.items.all().delete()
    assert any("မြန်မာ" in remark.sentence and not remark.stops for remark in readiness.remarks_on(draft))


def test_the_moment_of_a_schedule_is_never_in_the_past(draft, portal):
    scheduling.finish_writing(issue_id=draft.pk, by=portal.editor, at=NOON)
    issue = scheduling.schedule(issue_id=draft.pk, when=NOON - timedelta(days=3), by=portal.publisher, at=NOON)
    assert issue.scheduled_at == NOON
    assert clock.now() is not None
