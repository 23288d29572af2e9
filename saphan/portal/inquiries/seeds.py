"""The demonstration of the Inquiry Corner: invented questions in three states, and two public answers in two languages."""

from datetime import timedelta
from typing import TYPE_CHECKING

from saphan.core import clock
from saphan.core.ids import new_id
from saphan.portal.inquiries import answering, publishing
from saphan.portal.inquiries.asking import Question, begin
from saphan.portal.inquiries.models import Answer, Inquiry, Kind, Way

if TYPE_CHECKING:
    from saphan.access.seeds import People

ASKED = [  # hours ago
    (
        50,
        Question(
            Kind.RESEARCH, "Training of interpreters", "Which courses for interpreters were held in the last two years, and by whom?", "en", "TH"
        ),
    ),
    (30, Question(Kind.CONTACTS, "ติดต่อสถานรับรองในลาว", "ขอช่องทางติดต่อหน่วยงานที่ดูแลการส่งกลับใน สปป. ลาว สำหรับงานสัมมนา", "th", "LA")),
    (8, Question(Kind.CORRECTION, "Link in the library", "The link to the second edition of the handbook leads nowhere.", "en", "")),
    (1, Question(Kind.OTHER, "ช่วยด้วย", "เพื่อนถูกยึดหนังสือเดินทางและออกไปไม่ได้ ต้องทำอย่างไร", "th", "TH")),
]
PUBLIC = [
    {
        "en": ("May I ask without giving my name?", "Yes. You need neither a name nor an account. With a return code the answer waits on this site."),
        "th": ("ถามโดยไม่บอกชื่อได้ไหม", "ได้ ไม่ต้องบอกชื่อและไม่ต้องมีบัญชี หากใช้รหัสกลับมา คำตอบจะรออยู่ที่เว็บไซต์นี้"),
    },
    {
        "en": (
            "Where do I find the text of an agreement?",
            "In the library, under the country. Agreements stand on the page of each country as well.",
        ),
        "th": ("จะหาข้อความของบันทึกความเข้าใจได้ที่ไหน", "ในห้องสมุด ภายใต้ชื่อประเทศ และในหน้าของแต่ละประเทศ"),
    },
]


def plant(people: "People") -> None:
    """Nothing is planted twice."""
    if Inquiry.objects.exists() or Answer.objects.exists():
        return
    for hours, question in ASKED:
        begin(question=_by_mail(question), at=clock.now() - timedelta(hours=hours))
    first = Inquiry.objects.order_by("begun_at").first()
    assert first is not None
    text = "Twelve courses were held; the report of 2025 in the library lists them with their organisers."
    answering.reply(inquiry_id=first.pk, text=text, version=first.version, by=people.inquiry_officer, at=clock.now() - timedelta(hours=4))
    for languages in PUBLIC:
        _publish(languages, people)


def _by_mail(question: Question) -> Question:
    """Answers of the demonstration go to addresses that no mail reaches."""
    told = {**question.__dict__, "way": Way.MAIL, "email": f"asker-{question.kind}@demo.example"}
    return Question(**told)


def _publish(languages: dict[str, tuple[str, str]], people: "People") -> None:
    group, at = new_id(), clock.now()
    for language, (question, text) in languages.items():
        proposed = publishing.propose(language=language, question=question, text=text, topic="", by=people.inquiry_officer, at=at, group=group)
        publishing.publish(answer_id=proposed.pk, by=people.inquiry_colleague, at=at)
