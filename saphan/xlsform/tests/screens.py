"""A page of a questionnaire in the frame of the house, for looking at it in a browser; no surface of the house has this address."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils import translation

from saphan.xlsform.definition import Form
from saphan.xlsform.filling import Filling
from saphan.xlsform.forms import Host, PageForm
from saphan.xlsform.reading import read_tables
from saphan.xlsform.tests.making import AT

FRAME = """{% extends "skeleton.html" %}{% block title %}Form{% endblock %}
{% block styles %}<link rel="stylesheet" href="{% static 'css/rooms/xlsform.css' %}">{% endblock %}
{% block page %}<main id="main" tabindex="-1" class="wrap"><h1{% if form.title.lang %} lang="{{ form.title.lang }}"{% endif %}>{{ form.title.text|default:"A form" }}</h1>
<form method="post" enctype="multipart/form-data" novalidate>{% csrf_token %}{% include "xlsform/page.html" %}<div class="acts"><button class="button">{% translate "Continue" %}</button></div></form></main>{% endblock %}"""


def _row(kind: str, name: str, english: str, thai: str = "", lao: str = "", **cells: str) -> dict[str, str]:
    words = {"label::English (en)": english, "label::Thai (th)": thai, "label::Lao (lo)": lao}
    return {column: cell for column, cell in {"type": kind, "name": name, **words, **cells}.items() if cell}


def everything() -> Form:
    """A form with every kind of question."""
    answers = [
        ("yes", "Yes", "ใช่", "ແມ່ນ"),
        ("no", "No", "ไม่ใช่", "ບໍ່ແມ່ນ"),
        ("unknown", "Not known", "ไม่ทราบ", "ບໍ່ຮູ້"),
        ("declined", "Prefers not to say", "ไม่ประสงค์ตอบ", "ບໍ່ຢາກຕອບ"),
    ]
    survey = [
        _row("note", "hello", "You need not answer. **Nothing depends on it.**", "จะไม่ตอบก็ได้ **ไม่มีผลใด ๆ**", "ບໍ່ຕອບກໍໄດ້"),
        _row("select_one a", "papers", "Do you keep your own papers?", "คุณเก็บเอกสารประจำตัวของคุณไว้เองหรือไม่", "ເຈົ້າເກັບເອກະສານປະຈຳຕົວໄວ້ເອງບໍ?", required="yes",
             **{"why::English (en)": "To know whether you can go where you like.", "why::Thai (th)": "ถามเพื่อรู้ว่าคุณไปไหนมาไหนได้อย่างอิสระหรือไม่", "media::image::English (en)": "papers.png"}),
        _row("select_multiple a", "ways", "How were you kept?", "คุณถูกควบคุมอย่างไร", "ເຈົ້າຖືກຄວບຄຸມແນວໃດ?", **{"hint::English (en)": "Tick all that apply.", "hint::Thai (th)": "เลือกได้หลายข้อ"}),
        _row("integer", "hours", "How many hours did you work in a day?", "ทำงานวันละกี่ชั่วโมง", "ເຮັດວຽກມື້ລະຈັກຊົ່ວໂມງ?", constraint=". <= 24",
             **{"constraint_message::English (en)": "A day has 24 hours.", "constraint_message::Thai (th)": "หนึ่งวันมี 24 ชั่วโมง"}),
        _row("date", "since", "Since when?", "ตั้งแต่เมื่อใด", "ຕັ້ງແຕ່ເມື່ອໃດ?"),
        _row("select_one many", "province", "Which province?", "จังหวัดใด", "ແຂວງໃດ?"),
        _row("range", "safe", "How safe do you feel?", "คุณรู้สึกปลอดภัยเพียงใด", "ເຈົ້າຮູ້ສຶກປອດໄພເທົ່າໃດ?", parameters="start=0 end=4 step=1"),
        _row("rank a", "order", "What matters most?", "อะไรสำคัญที่สุด", "ຫຍັງສຳຄັນທີ່ສຸດ?"),
        _row("text", "story", "What happened?", "เกิดอะไรขึ้น", "ມີຫຍັງເກີດຂຶ້ນ?", appearance="multiline", **{"guidance_hint::English (en)": "Do not press.", "guidance_hint::Thai (th)": "อย่าเร่งรัด"}),
        _row("image", "photo", "A photograph of the contract", "ภาพถ่ายสัญญา", "ຮູບສັນຍາ"),
        _row("acknowledge", "agree", "The consent text was read aloud", "อ่านข้อความยินยอมให้ฟังแล้ว", "ໄດ້ອ່ານໃຫ້ຟັງແລ້ວ"),
        _row("geopoint", "where", "Where was it?", "ที่ไหน", "ຢູ່ໃສ?"),
        _row("begin repeat", "child", "Child", "เด็ก", "ເດັກນ້ອຍ"),
        _row("text", "name", "Name", "ชื่อ", "ຊື່"),
        _row("begin group", "g", "At school", "ที่โรงเรียน", "ຢູ່ໂຮງຮຽນ"),
        _row("integer", "grade", "Which grade does ${name} attend?", "${name} เรียนชั้นใด", "${name} ຮຽນຊັ້ນໃດ?"),
        {"type": "end group"},
        {"type": "end repeat"},
        _row("calculate", "children", "Children in all", "จำนวนเด็ก", "ຈຳນວນເດັກ", calculation="count(${child})"),
    ]  # fmt: skip
    choices = [
        {"list_name": "a", "name": name, "label::English (en)": en, "label::Thai (th)": th, "label::Lao (lo)": lo} for name, en, th, lo in answers
    ]
    choices += [
        {"list_name": "many", "name": f"p{number}", "label::English (en)": f"Province {number}", "label::Thai (th)": f"จังหวัด {number}"}
        for number in range(20)
    ]
    form = read_tables(
        {"survey": survey, "choices": choices, "settings": [{"form_id": "f", "version": "1", "default_language": "English (en)"}]}
    ).form
    assert form is not None
    return form


FORM = everything()


def page(request: HttpRequest, key: str) -> HttpResponse:
    """One section in the language of the address, the second language beside it."""
    language, second = request.GET.get("in", "en"), request.GET.get("and")
    filling = Filling(FORM, {"safe": "2", "name@1": "Nok", "name@2": "Lek"}, at=AT)
    shown = next(page for page in filling.pages() if page.key == key)
    host = Host(medium=lambda name: f"/static/{name}", store=lambda place, _file: f"{place}.jpg")
    form = PageForm(request.POST or None, request.FILES or None, filling=filling, page=shown, language=language, second_language=second, host=host)
    with translation.override(language):
        frame = engines["django"].from_string(FRAME)
        return HttpResponse(frame.render({"form": form}, request), status=422 if form.is_bound and not form.is_valid() else 200)


urlpatterns = [path("form/<str:key>/", page)]
