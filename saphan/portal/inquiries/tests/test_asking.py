import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from saphan.core import clock
from saphan.core.models import Attachment, DataKey, ErasureLedger
from saphan.portal.doorway import proofs
from saphan.portal.inquiries import asking, codes
from saphan.portal.inquiries.looking import look
from saphan.portal.inquiries.models import Entry, Inquiry, MonthlyFigure
from saphan.portal.inquiries.passes import MAIL, pass_for
from saphan.portal.inquiries.states import State
from saphan.portal.inquiries.tests.conftest import by_mail, fields

pytestmark = pytest.mark.django_db
ASK, KEEP, BACK = "/en/inquiries/ask/", "/en/inquiries/code/", "/en/inquiries/answer/"


def words_on(page):
    return hidden(page, "words").split()


def hidden(page, name):
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, f"no {name} on this page"
    return found[1]


def keeps(reader, page, wrong=False):
    """Types two words back, as the page asks."""
    words, inquiry = words_on(page), Inquiry.objects.get()
    first, second = asking.places_to_ask(inquiry)
    told = ["wrong", "words"] if wrong else [words[first - 1].upper(), f" {words[second - 1]} "]
    return words, reader.post(KEEP, {"pass": hidden(page, "pass"), "words": " ".join(words), "first": told[0], "second": told[1]})


def comes_back(reader, words):
    challenge = proofs.challenge_for("inquiries.code", at=clock.now())
    return reader.post(BACK, {"code": " ".join(words), "challenge": challenge, "answer": proofs.solve(challenge)})


def asks_with_a_code(reader):
    words, answer = keeps(reader, reader.post(ASK, fields()).content.decode())
    assert "Your question is sent" in answer.content.decode()
    return words, Inquiry.objects.get()


def test_nothing_is_sent_before_the_code_was_kept(reader):
    page = reader.post(ASK, fields()).content.decode()
    inquiry = Inquiry.objects.get()
    assert (inquiry.state, len(words_on(page))) == (State.BEGUN, 7)
    _words, again = keeps(reader, page, wrong=True)
    assert again.status_code == 422
    assert "nothing has been lost" in again.content.decode()
    keeps(reader, again.content.decode())
    inquiry.refresh_from_db()
    assert inquiry.state == State.NEW
    assert inquiry.due_at is not None


def test_with_the_words_the_asker_comes_back_and_writes_again(reader):
    words, inquiry = asks_with_a_code(reader)
    page = comes_back(Client(), [word.upper() for word in words]).content.decode()
    assert "Figures of 2025" in page
    answer = reader.post("/en/inquiries/thread/", {"pass": hidden(page, "pass"), "act": "write", "text": "And in 2026?"})
    assert "And in 2026?" in answer.content.decode()
    assert inquiry.entries.count() == 2


def test_other_words_or_another_order_open_nothing(reader):
    words, _inquiry = asks_with_a_code(reader)
    for tried in (words[:5], list(reversed(words)), ["apple"] * 7):
        answer = comes_back(reader, tried)
        assert answer.status_code == 422
        assert "Figures of 2025" not in answer.content.decode()


def test_a_slip_is_named_and_costs_no_try(reader):
    words, _inquiry = asks_with_a_code(reader)
    slipped = [*words[:6], words[6] + "x"]
    answer = comes_back(reader, slipped)
    assert f"Is it “{words[6]}”?" in answer.content.decode()
    assert "You typed 5" in comes_back(reader, words[:5]).content.decode()


def test_thai_words_are_read_without_spaces(reader):
    page = reader.post(ASK, fields(language="th")).content.decode()
    words, _answer = keeps(reader, page)
    assert "Figures of 2025" in comes_back(Client(), ["".join(words)]).content.decode()


def test_the_asker_takes_all_words_along_under_a_name_that_says_nothing(reader):
    words, inquiry = asks_with_a_code(reader)
    page = comes_back(reader, words).content.decode()
    answer = reader.post("/en/inquiries/thread/", {"pass": hidden(page, "pass"), "act": "copy"})
    assert answer["Content-Disposition"] == 'attachment; filename="text.txt"'
    assert "How many courses were held?" in answer.content.decode()
    assert inquiry.reference in answer.content.decode()


def test_the_link_in_a_letter_shows_no_word_and_acts_by_its_buttons_only(reader):
    reader.post(ASK, fields(**by_mail()))
    inquiry = Inquiry.objects.get()
    with clock.stopped_at(clock.now()):
        link = f"/en/inquiries/own/{pass_for(MAIL, inquiry.pk, at=clock.now())}/"
    page = reader.get(link).content.decode()
    assert "courses" not in page
    assert "nightingale" not in page
    assert "on its way" in reader.post(link, {"act": "copy"}).content.decode()
    reader.post(link, {"act": "erase"})
    assert Inquiry.objects.exists()
    reader.post(link, {"act": "erase_now"})
    assert not Inquiry.objects.exists()
    assert reader.get(link).status_code == 404


def test_erasing_an_inquiry_erases_what_was_joined_to_it(reader):
    reader.post(ASK, fields(**by_mail()))
    first = Inquiry.objects.get()
    reader.post(ASK, fields(**by_mail()))
    Inquiry.objects.exclude(pk=first.pk).update(state=State.MERGED, merged_into=first)
    asking.erase(inquiry_id=first.pk, at=clock.now())
    assert not Inquiry.objects.exists()


def test_a_pass_ends_after_half_an_hour(reader):
    words, _inquiry = asks_with_a_code(reader)
    page = comes_back(reader, words).content.decode()
    with clock.stopped_at(clock.now() + timedelta(minutes=31)):
        assert reader.post("/en/inquiries/thread/", {"pass": hidden(page, "pass")}).status_code == 410
    assert reader.post("/en/inquiries/thread/", {"pass": "invented"}).status_code == 404


def test_an_answer_by_mail_needs_an_address_and_that_its_risk_was_told(reader):
    page = reader.post(ASK, fields(**by_mail(email="", understood="")))
    assert page.status_code == 422
    assert "Write the address" in page.content.decode()
    assert "Please tick this" in page.content.decode()
    assert "How many courses" in page.content.decode()
    assert not Inquiry.objects.exists()


def test_by_mail_it_is_sent_at_once(reader):
    assert "Your question is sent" in reader.post(ASK, fields(**by_mail())).content.decode()
    inquiry = Inquiry.objects.get()
    assert inquiry.state == State.NEW
    assert inquiry.risk_told_at


@pytest.mark.parametrize("text", ["They took my passport and I am locked in, help me", "ช่วยด้วย ถูกขังไว้"])
def test_words_of_danger_show_the_hotlines_before_anything_is_sent_and_lose_nothing(reader, portal, text):
    file = SimpleUploadedFile("list.txt", b"one two", "text/plain")
    page = reader.post(ASK, fields(text=text, attached=[file], **by_mail())).content.decode()
    assert "Is somebody in danger now?" in page
    assert 'href="tel:1300"' in page
    assert Inquiry.objects.get().state == State.BEGUN
    sent = reader.post("/en/inquiries/go-on/", {"pass": hidden(page, "pass"), "act": "send"}).content.decode()
    assert "Your question is sent" in sent
    assert 'href="tel:1300"' in sent
    inquiry = Inquiry.objects.get()
    assert inquiry.danger
    assert inquiry.received_at
    assert inquiry.due_at == inquiry.received_at + timedelta(hours=1)
    assert inquiry.entries.get().files.count() == 1


def test_who_looks_again_before_sending_may_destroy_the_question(reader, portal):
    page = reader.post(ASK, fields(text="help me", **by_mail())).content.decode()
    reader.post("/en/inquiries/go-on/", {"pass": hidden(page, "pass"), "act": "drop"})
    assert not Inquiry.objects.exists()
    assert not MonthlyFigure.objects.filter(name__in=["purged", "erased"]).exists()


def test_the_hotlines_of_the_chosen_country_stand_before_those_of_thailand(reader, portal):
    page = reader.post("/th/inquiries/look/", {"text": "ช่วยด้วย", "country": "KH"}).content.decode()
    numbers = re.findall(r'href="tel:([^"]+)"', page)
    assert numbers[-1] == "1300" or "1300" in numbers
    assert page.index("ไทย") > 0


def test_without_script_a_page_shows_first_what_is_answered_already(reader, portal):
    page = reader.post(ASK, fields(subject="hotline", looked="", **by_mail())).content.decode()
    assert "Perhaps answered already" in page
    assert Inquiry.objects.get().state == State.BEGUN
    assert "Your question is sent" in reader.post("/en/inquiries/go-on/", {"pass": hidden(page, "pass"), "act": "send"}).content.decode()
    assert "Your question is sent" in reader.post(ASK, fields(subject="hotline", looked="1", **by_mail())).content.decode()


def test_while_typing_the_page_shows_what_is_answered_already(reader, portal):
    page = reader.post("/en/inquiries/look/", {"subject": "hotline", "text": ""}).content.decode()
    assert "Perhaps answered already" in page
    assert "href=" in page
    assert reader.get("/en/inquiries/look/?subject=hotline").status_code == 405


def test_files_are_checked_and_kept_sealed(reader):
    good = SimpleUploadedFile("list.txt", b"one two", "text/plain")
    assert reader.post(ASK, fields(attached=[good], **by_mail())).status_code == 200
    assert Attachment.objects.count() == 1
    bad = SimpleUploadedFile("page.svg", b"<svg onload='x()'/>", "image/svg+xml")
    assert reader.post(ASK, fields(attached=[bad], **by_mail())).status_code == 422


def everything_in_the_database():
    found = ""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += str([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()])
    return found.lower()


def test_words_contact_and_code_lie_nowhere_readable(reader, store, caplog, settings):
    file = SimpleUploadedFile("canary.txt", b"canary content", "text/plain")
    reader.post(ASK, fields(subject="canary subject", text="canary-nightingale words", attached=[file], **by_mail(name="Canary Person")))
    Inquiry.objects.update(code_mark=None)
    page = reader.post(ASK, fields(text="canary again")).content.decode()
    code = words_on(page)
    inquiry = Inquiry.objects.get(way="code")
    told = [code[place - 1] for place in asking.places_to_ask(inquiry)]
    reader.post(KEEP, {"pass": hidden(page, "pass"), "words": " ".join(code), "first": told[0], "second": told[1]})
    thread = comes_back(reader, code).content.decode()
    reader.post("/en/inquiries/thread/", {"pass": hidden(thread, "pass"), "act": "rate", "satisfaction": "5", "comment": "canary comment"})
    reader.get("/en/inquiries/")
    kept = everything_in_the_database() + caplog.text.lower()
    kept += "".join(str(path) + path.read_bytes().decode("latin-1").lower() for path in store.rglob("*") if path.is_file())
    assert "nightingale" not in kept
    assert "canary" not in kept
    assert " ".join(code) not in kept
    assert "".join(code) not in kept
    assert "127.0.0.1" not in kept


def test_the_eleventh_try_of_an_hour_is_refused_even_with_the_right_words(reader):
    words, _inquiry = asks_with_a_code(reader)
    other = [*words[:6], next(word for word in codes.words_in("en") if word != words[6])]
    assert {comes_back(reader, other).status_code for _ in range(10)} == {422}
    assert "very often" in comes_back(reader, words).content.decode()


def test_the_asker_erases_everything_and_the_keys_are_destroyed(reader):
    words, inquiry = asks_with_a_code(reader)
    page = comes_back(reader, words).content.decode()
    reader.post("/en/inquiries/thread/", {"pass": hidden(page, "pass"), "act": "erase"})
    assert Inquiry.objects.exists()
    reader.post("/en/inquiries/thread/", {"pass": hidden(page, "pass"), "act": "erase_now"})
    assert not Inquiry.objects.exists()
    assert not DataKey.objects.filter(scope=inquiry.pk).exists()
    assert ErasureLedger.objects.filter(scope=inquiry.pk).exists()
    assert MonthlyFigure.objects.get(name="erased").count == 1
    assert not MonthlyFigure.objects.filter(name="purged").exists(), "what the asker wished is counted apart from what time has taken"


def test_what_was_never_sent_is_forgotten_after_a_day_and_the_rest_two_years_after_its_last_word(reader):
    reader.post(ASK, fields())
    reader.post(ASK, fields(**by_mail()))
    assert asking.forget_old(clock.now() + timedelta(hours=23)) == 0
    assert asking.forget_old(clock.now() + timedelta(hours=25)) == 1
    assert asking.forget_old(clock.now() + timedelta(days=729)) == 0
    assert asking.forget_old(clock.now() + timedelta(days=731)) == 1
    assert not Entry.objects.exists()
    assert MonthlyFigure.objects.get(name="purged").count == 1


def test_no_page_with_words_is_kept_by_anybody(reader):
    words, _inquiry = asks_with_a_code(reader)
    for answer in (reader.get(ASK), comes_back(reader, words)):
        assert "no-store" in answer["Cache-Control"]
    assert "public" in Client().get("/en/inquiries/")["Cache-Control"]


@pytest.mark.parametrize("language", ["en", "th", "lo", "km", "my", "vi"])
def test_each_language_has_its_own_words(language):
    assert len(set(codes.words_in(language))) == 256
    code = codes.new_code(language)
    for typed in (", ".join(code), "".join(code), "\n".join(f"{n}. {word.upper()}" for n, word in enumerate(code, 1))):
        assert codes.code_in(typed) == code
        assert codes.mark_of_code(codes.code_in(typed)) == codes.mark_of_code(code)


@given(st.text(max_size=60))
def test_no_typing_breaks_the_reading_of_a_code(typed):
    assert all(" " not in word for word in codes.read_code(typed))


def test_an_endless_text_or_a_file_is_not_looked_at_before_the_door(reader, monkeypatch):
    looked = []

    def noted(subject, text="", **_more):
        looked.append(len(text))
        return look("", language="en")

    monkeypatch.setattr("saphan.portal.inquiries.views.look", noted)
    monkeypatch.setattr("saphan.portal.inquiries.forms.inspect_upload", lambda _file: pytest.fail("a file was looked into before the door"))
    file = SimpleUploadedFile("list.txt", b"one two", "text/plain")
    assert reader.post(ASK, fields(text="ก" * 300_000, attached=[file], **by_mail())).status_code == 422
    assert reader.post(ASK, fields(answer="", attached=[file], **by_mail())).status_code == 422
    assert looked == [8000, len("How many courses were held?")]


def test_looking_by_the_form_counts_like_looking_while_typing(reader, monkeypatch):
    monkeypatch.setattr("saphan.portal.inquiries.views.LOOKS_AN_HOUR", 2)
    pages = [reader.post(ASK, fields(text="", subject="hotline", **by_mail())) for _ in range(3)]
    assert [answer.status_code for answer in pages] == [422] * 3
    assert pages[0].context["found"] is not None
    assert pages[2].context["found"] is None


def test_writing_again_never_puts_our_answer_off(reader):
    reader.post(ASK, fields(**by_mail()))
    inquiry = Inquiry.objects.get()
    due = inquiry.due_at
    Inquiry.objects.update(escalated_at=due)
    asking.write_again(inquiry_id=inquiry.pk, text="And?", at=clock.now() + timedelta(hours=100))
    inquiry.refresh_from_db()
    assert (inquiry.due_at, inquiry.escalated_at) == (due, due)
    asking.write_again(inquiry_id=inquiry.pk, text="help me, I am locked in", at=clock.now())
    inquiry.refresh_from_db()
    assert inquiry.due_at
    assert due
    assert inquiry.due_at < due
    assert inquiry.escalated_at is None


def test_who_wishes_for_no_answer_is_read_and_never_late(reader):
    reader.post(ASK, fields(way="none"))
    inquiry = Inquiry.objects.get()
    assert (inquiry.state, inquiry.due_at) == (State.NEW, None)
    assert not Inquiry.objects.all().to_answer().exists()
    assert Inquiry.objects.all().to_read().get() == inquiry
    page = reader.post(ASK, fields(way="none", text="help me, I am locked in")).content.decode()
    reader.post("/en/inquiries/go-on/", {"pass": hidden(page, "pass"), "act": "send"})
    assert Inquiry.objects.all().to_answer().get().due_at is not None, "danger has its clock, whether or not anybody is to be answered"


def test_a_rating_that_is_thought_anew_is_counted_anew(reader):
    _words, inquiry = asks_with_a_code(reader)
    for satisfaction, satisfied in ((5, 1), (2, 0), (4, 1), (4, 1)):
        asking.rate(inquiry_id=inquiry.pk, satisfaction=satisfaction, comment="", at=clock.now() + timedelta(days=40 * (satisfaction == 2)))
        assert MonthlyFigure.objects.get(name="satisfied").count == satisfied
    assert MonthlyFigure.objects.get(name="rated").count == 1
