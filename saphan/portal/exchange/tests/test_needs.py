"""A need is written by one person and passed by another; it tells of no person and no place."""

from dataclasses import replace
from datetime import timedelta

import pytest

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.core.errors import Invalid, Outdated, Refused, WrongState
from saphan.directory.models import Organisation
from saphan.portal.exchange import needs
from saphan.portal.exchange.codes import Question
from saphan.portal.exchange.models import Need
from saphan.portal.exchange.states import NeedState
from saphan.portal.exchange.tests.conftest import NEED, NOTE
from saphan.portal.exchange.wording import faults_of
from saphan.portal.search.models import SearchEntry
from tests.people import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=40)


def test_a_draft_belongs_to_its_house(draft: Need, people: People, third: User) -> None:
    assert draft.state == NeedState.DRAFT
    assert list(Need.objects.visible_to(people.coordinator)) == [draft]
    assert not Need.objects.visible_to(third).exists()
    assert not Need.objects.visible_to(people.owner).exists()


def test_nobody_passes_words_of_her_own(draft: Need, people: People) -> None:
    needs.submit_need(need_id=draft.pk, by=people.coordinator, at=NOON)
    with pytest.raises(Refused):
        needs.pass_need(need_id=draft.pk, answers=Question.values, by=people.coordinator, at=NOON)


def test_a_colleague_who_wrote_a_word_does_not_pass_it_either(draft: Need, people: People) -> None:
    colleague = User.objects.create_user(email="c2@demo.example", name="Second", org=people.ngo)
    colleague.grants.create(role="exchange_coordinator", granted_at=NOON)
    needs.rewrite_need(need_id=draft.pk, version=1, facts=NEED, by=colleague, at=NOON)
    needs.submit_need(need_id=draft.pk, by=people.coordinator, at=NOON)
    for writer in (colleague, people.coordinator):
        with pytest.raises(Refused):
            needs.pass_need(need_id=draft.pk, answers=Question.values, by=writer, at=NOON)


def test_every_question_must_be_answered_with_yes(draft: Need, people: People) -> None:
    needs.submit_need(need_id=draft.pk, by=people.coordinator, at=NOON)
    with pytest.raises(Invalid):
        needs.pass_need(need_id=draft.pk, answers=Question.values[:-1], by=people.exchange_officer, at=NOON)
    draft.refresh_from_db()
    assert draft.state == NeedState.IN_REVIEW


def test_a_returned_need_can_be_changed_and_sent_again(draft: Need, people: People) -> None:
    needs.submit_need(need_id=draft.pk, by=people.coordinator, at=NOON)
    needs.return_need(need_id=draft.pk, findings="The alias leads to a house.", by=people.exchange_officer, at=NOON)
    needs.rewrite_need(need_id=draft.pk, version=1, facts=replace(NEED, alias="a house"), by=people.coordinator, at=NOON)
    assert needs.submit_need(need_id=draft.pk, by=people.coordinator, at=NOON).state == NeedState.IN_REVIEW


def test_what_is_public_is_not_changed_unreviewed(need: Need, people: People) -> None:
    with pytest.raises(Invalid):
        needs.rewrite_need(need_id=need.pk, version=need.version, facts=NEED, by=people.coordinator, at=NOON)
    needs.steer_need(need_id=need.pk, verb="take_back", by=people.coordinator, at=NOON)
    assert not Need.objects.public().exists()
    assert not SearchEntry.objects.filter(kind="need").exists()


def test_another_organisation_neither_writes_nor_steers(need: Need, people: People) -> None:
    with pytest.raises(Refused):
        needs.steer_need(need_id=need.pk, verb="close", by=people.exchange_officer, at=NOON)
    with pytest.raises(Refused):
        needs.read_note(need=need, by=people.exchange_officer, at=NOON)
    assert needs.read_note(need=need, by=people.coordinator, at=NOON) == NOTE


def test_the_second_of_two_writers_is_told(draft: Need, people: People) -> None:
    needs.rewrite_need(need_id=draft.pk, version=1, facts=NEED, by=people.coordinator, at=NOON)
    with pytest.raises(Outdated):
        needs.rewrite_need(need_id=draft.pk, version=1, facts=NEED, by=people.coordinator, at=NOON)


def test_a_steering_verb_of_another_act_is_not_taken(need: Need, people: People) -> None:
    with pytest.raises(WrongState):
        needs.steer_need(need_id=need.pk, verb="withdraw", by=people.coordinator, at=NOON)


def test_an_open_need_is_found_in_six_languages_and_leaves_with_its_organisation(need: Need, people: People) -> None:
    assert SearchEntry.objects.filter(kind="need").count() == 6
    people.ngo.state = Organisation.State.SUSPENDED
    people.ngo.save(update_fields=["state"])
    assert not SearchEntry.objects.filter(kind="need").exists()
    assert not Need.objects.public().exists()


def test_a_need_past_its_day_leaves_and_can_be_given_a_new_one(draft: Need, people: People) -> None:
    needs.rewrite_need(need_id=draft.pk, version=1, facts=replace(NEED, needed_by=NOON.date()), by=people.coordinator, at=NOON)
    needs.submit_need(need_id=draft.pk, by=people.coordinator, at=NOON)
    needs.pass_need(need_id=draft.pk, answers=Question.values, by=people.exchange_officer, at=NOON)
    assert needs.expire_need(need_id=draft.pk, at=LATER)
    assert not needs.expire_need(need_id=draft.pk, at=LATER)
    assert not Need.objects.public().exists()
    assert needs.prolong_need(need_id=draft.pk, needed_by=LATER.date(), by=people.coordinator, at=LATER).state == NeedState.OPEN


@pytest.mark.parametrize(
    "text",
    [
        "Clothes for a girl, 15, from Laos", "For a 15-year-old girl", "One woman from Myanmar needs a wheelchair", "a survivor who was sold",
        "Bring it to Soi 12", "Moo 4, behind the temple", "Call 081 234 5678", "write to help@house.example", "see https://example.org",
        "12 women live here", "เด็กหญิงแก้วต้องการเสื้อผ้า", "หญิงสาวคนหนึ่งจากลาว", "ผู้เสียหายอายุ 15 ปี", "ส่งที่ ซอย 12 ถนนสุขุมวิท", "ตำบลเวียง",
        "โทร 081-234-5678", "13.7563, 100.5018", "20 girls are staying with us",
        "၁၅ နှစ် မိန်းကလေး", "၁၅ နှစ်အရွယ် မိန်းကလေး တစ်ယောက်အတွက်", "မိန်းကလေး ၁၅ နှစ်", "bring it to Wat Pa Pao temple", "behind the big market",
        "next to the police station", "เด็กหญิง 15 ปี", "ส่งที่วัดป่าเป้า", "หลังตลาดสด", "ใกล้ ๆ โรงเรียน", "ເດັກຍິງ 15 ປີ", "ໃກ້ວັດ", "ក្មេងស្រីអាយុ 15 ឆ្នាំ",
        "នៅជិតផ្សារ", "ဈေးအနီး", "gần chùa", "Doi Suthep Temple",
    ],
)  # fmt: skip
def test_a_text_that_gives_somebody_away_is_refused(text: str) -> None:
    assert faults_of(text), text


@pytest.mark.parametrize(
    "text",
    [
        "Ten single mattresses, new or clean.", "Shoes for children aged 10 to 14, sizes 33-38", "School bags, 40 pieces", "Rice, 200 kg, by 15 December",
        "Sanitary pads for women and girls", "ที่นอน 10 ชิ้น", "รองเท้าเด็กอายุ 10-14 ปี 30 คู่", "ครูสอนภาษาลาว สัปดาห์ละ 2 ชั่วโมง", "a children's room to paint",
        "Interpreter for Khmer, 6 hours a week", "ຜ້າຫົ່ມ 20 ຜືນ", "20 chiếc chăn", "Five bicycles with lights", "หนังสือสำหรับเด็ก 100 เล่ม",
        "ที่วัดไข้ 5 เครื่อง", "เครื่องวัดความดัน", "ชุดนักเรียนสำหรับไปโรงเรียน", "School shoes, used hospital beds", "Thermometers and a market stall",
        "ကလေး ၁၀ နှစ် မှ ၁၄ နှစ် ဖိနပ်", "စောင် ၂၀", "ຫຼັງຄາ 2 ແຜ່ນ", "A course of 2 years for women", "หลักสูตร 2 ปี", "គ្រែ 5", "Computers with Windows 11",
        "Solar panels, 300 Watt", "หน้ากากอนามัย 200 ชิ้น",
    ],
)  # fmt: skip
def test_an_ordinary_need_passes(text: str) -> None:
    assert faults_of(text) == []


def test_the_refusal_stands_at_the_field_and_nothing_is_kept(people: People) -> None:
    facts = replace(NEED, words={"title_en": "Clothes for a girl, 15, from Laos"})
    with pytest.raises(Invalid) as caught:
        needs.write_need(facts=facts, by=people.coordinator, at=NOON)
    assert list(caught.value.fields) == ["title_en"]
    assert not Need.objects.exists()
