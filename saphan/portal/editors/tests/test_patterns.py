"""A table of dangerous sentences is all caught; harmless ones, the site's own texts and any length of nonsense pass."""

import pytest

from saphan.portal.editors.checking import findings_in
from saphan.portal.editors.patterns import RULES, has_thai_checksum, plainly
from saphan.portal.editors.reading import Passage
from saphan.portal.editors.tests.texts import DANGEROUS, HARMLESS
from tests.growth import TIMES, grows_evenly

ALL = [(rule, text) for rule, texts in DANGEROUS.items() for text in texts]


def found(text, *, name="body", known=frozenset()):
    return {f.rule: f for f in findings_in(Passage(name, "text", text), lambda: known)}


@pytest.mark.parametrize(("rule", "text"), ALL, ids=[f"{rule} {n}" for n, (rule, _text) in enumerate(ALL)])
def test_a_dangerous_sentence_is_caught(rule, text):
    assert rule in found(text), found(text)


@pytest.mark.parametrize(("rule", "text"), ALL, ids=[f"{rule} {n}" for n, (rule, _text) in enumerate(ALL)])
def test_it_is_caught_in_the_middle_of_a_longer_text_too(rule, text):
    assert rule in found(f"Before that nothing happened.\n{text}\nAfter that all was well.")


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_sentence_is_left_alone(text):
    assert found(text) == {}


def test_what_is_hard_stops_and_what_an_office_may_want_only_asks():
    asks = {rule.name for rule in RULES if not rule.stops}
    assert asks == {"telephone", "address"}


def test_invisible_letters_other_digits_and_other_dashes_hide_nothing():
    assert "age" in found("17\u2011year\u2011old N.")
    assert "age" in found("น้อง\u200bแก้ว อายุ ๑๔ ปี")
    assert "reference" in found("R\u2013\u200b8F2K71QD")
    assert "child" in found("ด\u200b.\u200bญ\u200b. ก.")


def test_an_address_made_of_a_title_is_read_as_words():
    assert "age" in found("17-year-old-n-was-found", name="slug")
    assert found("2007-08-08-ministry-and-iom-sign-a-pact", name="slug") == {}
    assert "reference" in found("c-7m3n00pa", name="slug")


def test_a_finding_shows_the_passage_with_words_around_it_and_its_reason():
    finding = found("Yesterday a 17-year-old N. was found on a boat far from home.")["age"]
    assert (finding.passage, finding.stops) == ("17-year-old N.", True)
    assert finding.before.startswith("Yesterday")
    assert finding.after.startswith(" was found")
    assert "recognise" in finding.why


def test_hotlines_and_known_offices_are_no_finding():
    assert found("Call 1300, 191 or 1669.") == {}
    assert "telephone" in found("Call +66 2 123 4567.")
    assert found("Call +66 2 123 4567 or 02-123-4567.", known=frozenset({"021234567"})) == {}


def test_the_key_of_a_finding_stays_when_words_around_it_change():
    first, second = found("Call 02 123 4567 now")["telephone"], found("Or later: 02 123 4567.")["telephone"]
    assert first.key == second.key
    assert first.key != found("Call 02 123 4568 now")["telephone"].key


def test_the_checksum_of_thai_identity_numbers():
    digits = "110170023070"
    right = [last for last in "0123456789" if has_thai_checksum(digits + last)]
    assert right == ["8"]


@pytest.mark.parametrize(
    "text",
    ["A. ", "Aa ", "em A.", "12 Ab Cd ", "น.ส. ก. ", "17-year-old ", "shelter in ", "0123 ", "+66 1", "N. from ", "ด.ญ.", "สถานคุ้มครอง", "1", "ก."],
)
def test_no_text_makes_the_check_slow(text):
    def checked(times):
        long = plainly(text * times)
        for rule in RULES:
            rule.pattern.sub("", long)

    assert grows_evenly(checked, 60_000 // TIMES // len(text))
