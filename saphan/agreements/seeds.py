"""The demonstration's register: an SOP in force with its next version in the making, an MOU that waits for a second signature, a meeting with its promises."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.agreements import drafting, enforcing, meetings, notices, publishing, registering, signing
from saphan.agreements.codes import Confidentiality, ForceKind, Kind, Method
from saphan.agreements.drafting import Number
from saphan.agreements.enforcing import Happened
from saphan.agreements.meetings import Told
from saphan.agreements.models import Agreement, AgreementVersion
from saphan.agreements.reference import load_agreements
from saphan.agreements.registering import Facts, PartyFacts
from saphan.agreements.running import Words
from saphan.agreements.signing import Given
from saphan.core import clock
from saphan.directory.models import Country

SAMPLE = Path(__file__).resolve().parent / "samples" / "th-la-return.yaml"
SIGNED, FORCE = timedelta(days=330), timedelta(days=280)  # ago; in force on every day of the two quarters before this one
COUNTRIES = [("TH", "Thailand", "ไทย"), ("LA", "Laos", "ลาว"), ("KH", "Cambodia", "กัมพูชา")]
SIGNATORIES = {
    "H": ("Permanent Secretary, Ministry of Social Development (demo)", "Somchai Rakthai (demo)"),
    "O": ("Vice-Minister, Ministry of Labour and Social Welfare (demo)", "Bounmy Keosay (demo)"),
}
MOU = [
    Words("1", "en", "The Parties work together so that nobody who was trafficked is punished for it.", "Aim", "A02"),
    Words("1", "th", "ภาคีร่วมมือกันเพื่อมิให้ผู้ที่ถูกค้าถูกลงโทษเพราะการนั้น", "วัตถุประสงค์", "A02"),
    Words("2", "en", "Each Party names a focal point and tells the other within ten days when it changes.", "Focal points", "A11"),
    Words("2", "th", "แต่ละฝ่ายแต่งตั้งจุดประสานงาน และแจ้งอีกฝ่ายภายในสิบวันเมื่อมีการเปลี่ยนแปลง", "จุดประสานงาน", "A11"),
    Words("3", "en", "This Memorandum runs for five years. Either Party may end it by notice of 180 days.", "Duration", "A19"),
    Words("3", "th", "บันทึกความเข้าใจนี้มีกำหนดห้าปี ฝ่ายใดฝ่ายหนึ่งอาจเลิกได้โดยแจ้งล่วงหน้า 180 วัน", "ระยะเวลา", "A19"),
]


def plant(people: People) -> None:
    """The story, told through the services; what is public of the register leaves through the door."""
    now = clock.now()
    for code, english, thai in COUNTRIES:
        Country.objects.get_or_create(code=code, defaults={"name_en": english, "name_th": thai})
    load_agreements()
    sop = _sop(people, now)
    _mou(people, now)
    _meetings(sop, people.agreement_officer, now)
    notices.raise_notices(now)
    for agreement in Agreement.objects.filter(confidentiality=Confidentiality.PUBLIC).order_by("code"):
        publishing.publish_agreement(agreement_id=agreement.pk, by=people.agreement_officer, at=now)


def _sop(people: People, now: datetime) -> Agreement:
    officer, then = people.agreement_officer, now - SIGNED
    parent = Agreement.objects.filter(code="BIL-04").first()
    facts = Facts(
        code="TH-LA-SOP", kind=Kind.BILATERAL_SOP, confidentiality=Confidentiality.PUBLIC, parent_id=parent.pk if parent else None, parent_provision="9",
        titles={"en": "SOP on return and reintegration between Thailand and Laos (demo)", "th": "ระเบียบปฏิบัติการส่งกลับและคืนสู่สังคมระหว่างไทยกับลาว (สาธิต)"},
        notes={"en": "Invented for the demonstration.", "th": "แต่งขึ้นเพื่อการสาธิต"}, dated=timezone.localdate(then).isoformat(),
        review_on=timezone.localdate(now) + timedelta(days=40), source="invented", provenance="proposal",
    )  # fmt: skip
    parties = [PartyFacts(country_id="TH", side="H"), PartyFacts(country_id="LA", side="O")]
    agreement = registering.register(facts=facts, parties=parties, by=officer, at=then)
    source = SAMPLE.read_text(encoding="utf-8").replace("effective: 2026-01-01", f"effective: {timezone.localdate(now - FORCE)}")
    version = _drafted(agreement, (3, 0, 0), source, officer, then)
    _signed(version, people, SIGNATORIES, then)
    signing.notify(version_id=version.pk, on=timezone.localdate(now - FORCE - timedelta(days=10)), by=officer, at=now - FORCE)
    enters = Happened(ForceKind.ENTERS, timezone.localdate(now - FORCE), reason="Exchange of notes (demo)")
    enforcing.record_force(agreement_id=agreement.pk, version_id=version.pk, happened=enters, by=officer, at=now - FORCE)
    newer = drafting.begin_version(
        agreement_id=agreement.pk,
        number=(3, 1, 0),
        changes="Article 5: twenty working days instead of thirty",
        based_on_id=version.pk,
        by=officer,
        at=now,
    )
    drafting.write_procedure(version_id=newer.pk, source=shortened(newer.procedure), by=officer, at=now)
    return agreement


def shortened(source: str) -> str:
    """Article 5 with twenty working days instead of thirty, in its rows and in its words."""
    return (
        source.replace("due: 30wd", "due: 20wd")
        .replace("within thirty working days", "within twenty working days")
        .replace("ภายในสามสิบวันทำการ", "ภายในยี่สิบวันทำการ")
        .replace("ພາຍໃນສາມສິບວັນ", "ພາຍໃນຊາວວັນ")
    )


def _drafted(agreement: Agreement, number: Number, source: str, officer: User, at: datetime) -> AgreementVersion:
    version = drafting.begin_version(agreement_id=agreement.pk, number=number, by=officer, at=at)
    drafting.write_procedure(version_id=version.pk, source=source, by=officer, at=at)
    drafting.negotiate(version_id=version.pk, by=officer, at=at)
    return drafting.agree(version_id=version.pk, by=officer, at=at)


def _signed(version: AgreementVersion, people: People, signatories: dict[str, tuple[str, str]], at: datetime) -> None:
    for side, (office, signatory) in signatories.items():
        signature = _entered(version, side, office, signatory, people.agreement_officer, at)
        signing.confirm_signature(signature_id=signature, by=people.agreement_colleague, at=at)


def _entered(version: AgreementVersion, side: str, office: str, signatory: str, officer: User, at: datetime) -> UUID:
    party = version.agreement.parties.get(side=side)
    given = Given(party.pk, office, signatory, Method.WET, timezone.localdate(at), seen=signing.short_digest(version), place="Vientiane")
    return signing.enter_signature(version_id=version.pk, given=given, by=officer, at=at).pk


def _mou(people: People, now: datetime) -> None:
    """Agreed, signed by one side, and the entry of that signature waits for a second person."""
    officer = people.agreement_officer
    facts = Facts(
        code="TH-KH-MOU", kind=Kind.BILATERAL_MOU, confidentiality=Confidentiality.PARTIES, source="invented", provenance="proposal",
        titles={"en": "MOU on focal points between Thailand and Cambodia (demo)", "th": "บันทึกความเข้าใจเรื่องจุดประสานงานระหว่างไทยกับกัมพูชา (สาธิต)"},
    )  # fmt: skip
    parties = [PartyFacts(country_id="TH", side="H"), PartyFacts(country_id="KH", side="O")]
    agreement = registering.register(facts=facts, parties=parties, by=officer, at=now)
    version = drafting.begin_version(agreement_id=agreement.pk, number=(1, 0, 0), by=officer, at=now)
    drafting.write_words(version_id=version.pk, languages=["en", "th"], words=MOU, by=officer, at=now)
    drafting.negotiate(version_id=version.pk, by=officer, at=now)
    version = drafting.agree(version_id=version.pk, by=officer, at=now)
    _entered(version, "H", *SIGNATORIES["H"], officer, now)


def _meetings(agreement: Agreement, officer: User, now: datetime) -> None:
    today = timezone.localdate(now)
    held = Told(
        title="Third yearly meeting of focal points (demo)", held_on=today - timedelta(days=20), place="Nong Khai",
        present="Ministry of Social Development (Thailand)\nMinistry of Labour and Social Welfare (Laos)",
        agenda="1. Reports on tracing\n2. Waiting times\n3. Joint training",
        minutes="Both sides told how many reports came in time. The remote districts need longer.",
        decisions="Article 5 is to be shortened to twenty working days.\nA joint training is held in spring.",
    )  # fmt: skip
    meeting = meetings.plan_meeting(agreement_id=agreement.pk, told=held, by=officer, at=now - timedelta(days=60))
    meetings.hold_meeting(meeting_id=meeting.pk, by=officer, at=now)
    points: Sequence[tuple[str, str, int]] = [
        ("Draft version 3.1 and send it to the other side", "Division of Anti-Trafficking (Thailand)", 9),
        ("Name the trainers of the joint training", "Anti-Trafficking Division (Laos)", -3),
    ]
    for text, owner, days in points:
        meetings.take_on(meeting_id=meeting.pk, text=text, owner=owner, due_on=today + timedelta(days=days), by=officer, at=now)
    following = Told(
        title="Meeting of focal points on version 3.1 (demo)", held_on=today + timedelta(days=30), place="Vientiane", agenda="1. Article 5"
    )
    meetings.plan_meeting(agreement_id=agreement.pk, told=following, by=officer, at=now)
