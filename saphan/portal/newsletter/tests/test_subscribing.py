import io
import json
import logging
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from saphan.audit.models import AuditEvent
from saphan.core import clock, outbox
from saphan.core.loglines import Line
from saphan.directory.models import Country
from saphan.portal.doorway import proofs
from saphan.portal.mailroom import refusals
from saphan.portal.newsletter import subscribing
from saphan.portal.newsletter.issues import Issue
from saphan.portal.newsletter.models import Departed, Subscriber
from saphan.portal.newsletter.states import State
from saphan.portal.newsletter.tests.made import an_edition, on_its_way
from saphan.portal.newsletter.ways import leave_url, own_url
from tests.people import NOON

pytestmark = pytest.mark.django_db
ADDRESS = "Nightingale4711@example.org"


@pytest.fixture
def reader(db):
    Country.objects.get_or_create(code="TH", defaults={"name_en": "Thailand", "name_th": "ไทย"})
    return Client()


def asks(reader, address=ADDRESS, language="en", **more):
    challenge = proofs.challenge_for("newsletter.ask", at=clock.now())
    told = {"email": address, "language": language, "consent": "on", "challenge": challenge, "answer": proofs.solve(challenge), **more}
    return reader.post(f"/{language}/newsletter/", told)


def letter():
    while outbox.run_once():
        pass
    message = mail.outbox[-1].message()._message
    return message, message.get_content()


def path_in(text, page):
    return re.findall(rf"http://[^/\s]+(/\w\w/newsletter/{page}/\S+)", text)[0]


def receives(reader, **more):
    asks(reader, **more)
    reader.post(path_in(letter()[1], "confirm"))
    return Subscriber.objects.get()


def test_who_asks_gets_a_letter_and_only_the_button_confirms(reader):
    assert asks(reader)["Location"] == "/en/newsletter/asked/"
    message, text = letter()
    assert message["To"] == ADDRESS
    page = path_in(text, "confirm")
    assert reader.get(page).status_code == 200
    assert Subscriber.objects.get().state == State.ASKED
    assert "You are on the list" in reader.post(page, follow=True).content.decode()
    assert Subscriber.objects.get().state == State.CONFIRMED
    assert "confirmed already" in reader.get(page).content.decode()
    assert reader.post(page).status_code == 302


def test_the_letter_speaks_the_language_that_was_chosen_and_its_head_says_nothing_of_the_content(reader):
    asks(reader, language="th")
    message, _text = letter()
    assert message["Content-Language"] == "th"
    assert not re.search(r"traffick|ค้ามนุษย์|newsletter", str(message["Subject"]) + str(message["From"]), re.IGNORECASE)


def test_a_known_address_is_answered_like_an_unknown_one(reader):
    receives(reader)
    again = asks(reader)
    assert (again.status_code, again["Location"]) == (302, "/en/newsletter/asked/")
    assert "receives it already" in letter()[1]
    assert Subscriber.objects.count() == 1


def test_without_agreement_nothing_is_kept_and_what_was_typed_stays(reader):
    answer = asks(reader, consent="")
    assert answer.status_code == 422
    assert ADDRESS in answer.content.decode()
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("address", ["", "x", "a@b", "a@example.org\nBcc: b@example.org"])
def test_no_address_no_letter(reader, address):
    assert asks(reader, address).status_code == 422


def test_the_address_lies_sealed(reader):
    receives(reader)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM portal_newsletter_subscriber")
        row = str(cursor.fetchall())
        cursor.execute("SELECT payload FROM core_outboxmessage")
        waiting = str(cursor.fetchall())
    assert "nightingale" not in (row + waiting).lower()


def test_a_reader_changes_the_choices_by_the_link_in_a_letter(reader):
    subscriber = receives(reader)
    page = own_url(subscriber.pk, subscriber.language, at=clock.now()).partition("localhost:8000")[2] or re.sub(
        r"^https?://[^/]+", "", own_url(subscriber.pk, subscriber.language, at=clock.now())
    )
    answer = reader.post(page, {"language": "th", "countries": ["TH"], "discreet": "on"})
    assert "Your choices are saved" in answer.content.decode()
    subscriber.refresh_from_db()
    assert (subscriber.language, subscriber.countries, subscriber.discreet) == ("th", ["TH"], True)
    assert reader.post(page, {"language": "xx"}).status_code == 422


def test_the_own_data_are_a_file(reader):
    subscriber = receives(reader)
    answer = reader.post(re.sub(r"^https?://[^/]+", "", own_url(subscriber.pk, subscriber.language, at=clock.now())) + "data/")
    told = json.loads(answer.content)
    assert told["email"] == ADDRESS
    assert told["consent"]["text"].startswith("I agree")
    assert "attachment" in answer["Content-Disposition"]


def test_a_mail_program_leaves_with_one_post_without_cookie_or_page(reader):
    subscriber = receives(reader)
    address = re.sub(r"^https?://[^/]+", "", leave_url(subscriber.pk, subscriber.language, at=clock.now()))
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(address).status_code == 200
    assert Subscriber.objects.exists()
    assert stranger.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscriber.objects.exists()
    assert Departed.objects.count() == 1
    assert stranger.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200


def test_who_left_may_come_back_by_the_form(reader):
    subscribing.leave(subscriber_id=receives(reader).pk, at=NOON)
    assert receives(reader).state == State.CONFIRMED
    assert not Departed.objects.exists()


def test_a_request_that_nobody_confirms_is_forgotten(reader):
    asks(reader)
    assert subscribing.forget_unconfirmed(clock.now() + timedelta(days=6)) == 0
    assert subscribing.forget_unconfirmed(clock.now() + timedelta(days=8)) == 1


def test_an_old_link_says_that_it_is_old_and_an_invented_one_is_not_found(reader):
    asks(reader)
    page = path_in(letter()[1], "confirm")
    with clock.stopped_at(clock.now() + timedelta(days=8)):
        assert reader.get(page).status_code == 410
    assert reader.get("/en/newsletter/confirm/invented/").status_code == 404
    assert reader.post("/en/newsletter/leave/invented/").status_code == 404


def test_an_address_that_bounces_for_good_rests_until_its_owner_asks_again(reader):
    subscriber = receives(reader)
    refusals.note(ADDRESS, "hard", clock.now())
    subscriber.refresh_from_db()
    assert subscriber.state == State.REFUSED
    assert receives(reader).state == State.CONFIRMED


def test_no_page_of_a_subscription_is_kept_by_anybody(reader):
    subscriber = receives(reader)
    for address in ("/en/newsletter/", re.sub(r"^https?://[^/]+", "", leave_url(subscriber.pk, subscriber.language, at=clock.now()))):
        assert "no-store" in reader.get(address)["Cache-Control"]


def test_nobody_fills_the_mailbox_of_another_with_requests(reader):
    for _n in range(5):
        asks(reader)
    letter()
    assert len(mail.outbox) == subscribing.LETTERS_A_DAY
    with clock.stopped_at(clock.now() + timedelta(days=2)):
        asks(reader)
    letter()
    assert len(mail.outbox) == subscribing.LETTERS_A_DAY + 1


def test_the_link_to_the_own_choices_is_mailed_and_an_unknown_address_is_answered_alike(reader):
    receives(reader)
    answers = set()
    for address in (ADDRESS, "unknown@example.org"):
        challenge = proofs.challenge_for("newsletter.own", at=clock.now())
        answer = reader.post("/en/newsletter/own/", {"email": address, "challenge": challenge, "answer": proofs.solve(challenge)})
        answers.add((answer.status_code, answer["Location"], answer.content))
    assert answers == {(302, "/en/newsletter/asked/", b"")}
    message, text = letter()
    assert message["To"] == ADDRESS
    assert reader.get(path_in(text, "own")).status_code == 200
    assert len(mail.outbox) == 2


def test_who_chose_discreet_letters_sees_our_name_in_none_of_them(reader):
    asks(reader, discreet="on")
    assert "saphan" not in str(letter()[0]["From"]).lower()


def test_an_address_that_mail_servers_do_not_take_is_refused_at_the_form(reader):
    answer = asks(reader, "ñandú@example.org")
    assert answer.status_code == 422
    assert not Subscriber.objects.exists()


def test_the_page_of_choices_shows_no_address_and_an_invented_link_nothing(reader):
    subscriber = receives(reader)
    page = re.sub(r"^https?://[^/]+", "", own_url(subscriber.pk, "en", at=clock.now()))
    assert "nightingale" not in reader.get(page).content.decode().lower()
    assert reader.get(page[:-4] + "abc/").status_code == 404
    assert reader.post(page[:-4] + "abc/data/").status_code == 404


def test_an_address_that_takes_no_mail_is_forgotten_after_three_months(reader):
    receives(reader)
    refusals.note(ADDRESS, "hard", clock.now())
    assert subscribing.forget_unconfirmed(clock.now() + timedelta(days=89)) == 0
    assert subscribing.forget_unconfirmed(clock.now() + timedelta(days=91)) == 1


def test_the_acts_of_a_reader_stand_in_the_audit_without_the_address(reader):
    subscribing.leave(subscriber_id=receives(reader).pk, at=NOON)
    told = list(AuditEvent.objects.filter(action__startswith="newsletter:").values_list("action", "actor"))
    assert told == [("newsletter:ask", "system"), ("newsletter:confirm", "system"), ("newsletter:leave", "system")]
    assert "nightingale" not in str(list(AuditEvent.objects.values_list())).lower()


def test_the_same_address_asking_twice_at_once_is_one_subscription(reader):
    twin = subscribing.new_subscriber(ADDRESS, NOON)
    twin.language, twin.consent_version, twin.consent_language = "en", "1", "en"
    twin.save()
    late = subscribing.new_subscriber(ADDRESS, NOON)
    late.language, late.consent_version, late.consent_language = "en", "1", "en"
    assert subscribing._saved(late) is False
    assert Subscriber.objects.count() == 1


def test_an_old_letter_still_leads_out_but_no_longer_to_the_address(reader):
    subscriber = receives(reader)
    own, leave = (re.sub(r"^https?://[^/]+", "", url(subscriber.pk, "en", at=clock.now())) for url in (own_url, leave_url))
    with clock.stopped_at(clock.now() + timedelta(days=100)):
        assert reader.get(own).status_code == 410
        assert "Send me a new link" in reader.get(own).content.decode()
        assert reader.post(own + "data/").status_code == 410
        assert reader.post(leave, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscriber.objects.exists()


def test_no_form_of_the_newsletter_leaves_a_cookie_or_needs_one(reader):
    subscriber = receives(reader)
    strict = Client(enforce_csrf_checks=True)
    own = re.sub(r"^https?://[^/]+", "", own_url(subscriber.pk, "en", at=clock.now()))
    for address in ("/en/newsletter/", "/en/newsletter/own/", own):
        assert not strict.get(address).cookies
    assert strict.post(own, {"language": "th"}).status_code == 200
    assert asks(strict, "another@example.org").status_code == 302
    assert not strict.cookies


def test_the_issues_that_were_sent_last_stand_beside_the_form(reader, people):
    assert "Sent last:" not in reader.get("/en/newsletter/").text
    for language in ("en", "th"):
        an_edition(Issue.objects.first() or on_its_way(people, clock.now()), language)
    page = reader.get("/en/newsletter/").text
    assert "Sent last:" in page
    assert "/en/newsletter/archive/2026-10/" in page
    assert "/th/newsletter/archive/2026-10/" not in page


def test_no_line_of_the_log_holds_the_link_of_a_reader(reader):
    own = re.sub(r"^https?://[^/]+", "", own_url(receives(reader).pk, "en", at=clock.now()))
    handler = next(one for one in logging.getLogger().handlers if isinstance(one, logging.StreamHandler) and isinstance(one.formatter, Line))
    kept, before = io.StringIO(), handler.setStream(io.StringIO())
    handler.setStream(kept)
    try:
        reader.post(own, {"language": "xx"})
        reader.put(own.replace("/own/", "/leave/"))
        reader.get(own + "x/")
    finally:
        handler.setStream(before)
    lines = kept.getvalue()
    assert "(newsletter:own)" in lines
    assert "(newsletter:leave)" in lines
    assert own.split("/")[4] not in lines
    assert own.split("/")[4].split(":")[2] not in lines


def test_an_imported_reader_sees_the_words_that_the_list_came_with(reader):
    subscriber = receives(reader)
    imported = subscribing.new_subscriber("list@example.org", NOON, consent_words="Signed sheet at the training")
    imported.language, imported.consent_version, imported.consent_language, imported.source = "en", "list", "en", "import"
    imported.save()
    assert subscribing.own_data(subscriber_id=imported.pk, at=NOON)["consent"]["text"] == "Signed sheet at the training"
    for one, words in ((imported, "Signed sheet at the training"), (subscriber, "I agree that my e-mail address is kept")):
        page = reader.get(re.sub(r"^https?://[^/]+", "", own_url(one.pk, "en", at=clock.now()))).content.decode()
        assert words in page
        assert str(one.consented_at.year) in page


def test_a_reader_chooses_several_languages_and_the_first_is_not_twice(reader):
    subscriber = receives(reader, more_languages=["th", "en", "km"])
    assert subscriber.more_languages == ["km", "th"]
    assert subscribing.own_data(subscriber_id=subscriber.pk, at=NOON)["more_languages"] == ["km", "th"]
