"""An invented form with what the shipped instruments do not have: needed answers, limits, a part that repeats, a photo, answers that depend on another."""

from datetime import datetime

from saphan.access.models import User
from saphan.care.screening import instrument_acts
from saphan.care.screening.instruments import InstrumentVersion
from saphan.xlsform.writing import write_workbook


def _row(type_: str, name: str, english: str, thai: str, **more: str) -> dict[str, str]:
    return {"type": type_, "name": name, "label::English (en)": english, "label::Thai (th)": thai, **more}


def _choice(listed: str, name: str, english: str, thai: str, **more: str) -> dict[str, str]:
    return {"list_name": listed, "name": name, "label::English (en)": english, "label::Thai (th)": thai, **more}


SURVEY = [
    _row("begin_group", "home", "At home", "ที่บ้าน"),
    _row("text", "room", "Which room do you sleep in?", "คุณนอนห้องไหน", required="yes",
         **{"required_message::English (en)": "Write the room, even in one word.", "required_message::Thai (th)": "เขียนชื่อห้อง แม้คำเดียวก็ได้"}),
    _row("integer", "hours", "How many hours a day do you work?", "ทำงานวันละกี่ชั่วโมง", constraint=". >= 1 and . <= 24",
         **{"constraint_message::English (en)": "A day has 24 hours.", "constraint_message::Thai (th)": "หนึ่งวันมี 24 ชั่วโมง"}),
    _row("select_one answer5", "free", "May you leave the house?", "คุณออกจากบ้านได้ไหม", required="yes"),
    _row("select_one part", "part", "In which part of the country?", "อยู่ภาคไหน"),
    _row("select_one town", "town", "In which town?", "อยู่เมืองไหน", choice_filter="region = ${part}", relevant="${part} != ''"),
    _row("image", "paper", "Photo of the contract", "ภาพถ่ายสัญญา"),
    {"type": "end_group"},
    _row("begin_repeat", "child", "Child", "เด็ก"),
    _row("text", "nick", "What do you call the child?", "เรียกเด็กว่าอะไร", required="yes"),
    _row("integer", "years", "How old is ${nick}?", "${nick} อายุเท่าไร", constraint=". < 18"),
    _row("select_one answer5", "school", "Does ${nick} go to school?", "${nick} ไปโรงเรียนไหม", relevant="${years} > 5"),
    {"type": "end_repeat"},
    {"type": "calculate", "name": "of_age", "calculation": "count-non-empty(${nick})"},
    _row("text", "last", "Children told of: ${of_age}. Anything else?", "เล่าถึงเด็ก ${of_age} คน มีอะไรอีกไหม"),
]  # fmt: skip
CHOICES = [
    *(_choice("answer5", code, english, thai) for code, english, thai in
      (("yes", "Yes", "ใช่"), ("no", "No", "ไม่ใช่"), ("unknown", "Not known", "ไม่ทราบ"), ("declined", "Prefer not to say", "ไม่ประสงค์ตอบ"))),
    _choice("part", "north", "North", "เหนือ"), _choice("part", "south", "South", "ใต้"),
    _choice("town", "mae_sot", "Mae Sot", "แม่สอด", region="north"), _choice("town", "hat_yai", "Hat Yai", "หาดใหญ่", region="south"),
]  # fmt: skip
SETTINGS = {
    "form_id": "household", "form_title": "Household", "version": "1", "default_language": "English (en)", "sph_kind": "form", "sph_audience": "any",
    "sph_name::English (en)": "Household", "sph_name::Thai (th)": "ครัวเรือน", "sph_source::English (en)": "invented", "sph_source::Thai (th)": "สมมุติ",
}  # fmt: skip


def bring_household(*, by: User, at: datetime) -> InstrumentVersion:
    """The form as a draft, brought in as a workbook as anybody would."""
    content = write_workbook({"survey": SURVEY, "choices": CHOICES, "settings": [SETTINGS]})
    upload = instrument_acts.look_at(file_name="household.xlsx", content=content, by=by, at=at)
    return instrument_acts.bring_in(upload_id=upload.pk, by=by, at=at)
