"""Pages as Django forms: what is asked, what is sent, what is said back."""

import re
from functools import cache
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from saphan.xlsform.blocks import marked_up
from saphan.xlsform.dates import Unclear, read_date, read_moment, read_time, written_date
from saphan.xlsform.definition import Form
from saphan.xlsform.filling import Filling
from saphan.xlsform.forms import Act, Host, PageForm
from saphan.xlsform.places import Place
from saphan.xlsform.reading import read_tables
from saphan.xlsform.tests.making import AT, form_of, row
from tests.growth import grows_evenly


def page_of(
    form: Form, data: str | None = None, *, key: str = "", language: str = "en", files: dict[str, UploadedFile] | None = None, **options: Any
) -> PageForm:
    values = options.pop("values", {})
    filling = Filling(form, values, at=AT)
    page = next(page for page in filling.pages() if not key or page.key == key)
    sent = None if data is None else QueryDict(data)
    taken = MultiValueDict({name: [file] for name, file in files.items()}) if files else None
    return PageForm(sent, taken, filling=filling, page=page, language=language, **options)


def html_of(page: PageForm) -> str:
    return render_to_string("xlsform/page.html", {"form": page})


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("23/11/2569", "2026-11-23"), ("23/11/2026", "2026-11-23"), ("2026-11-23", "2026-11-23"), ("2569-11-23", "2026-11-23"), ("23.11.2569", "2026-11-23"),
        ("23 พ.ย. 2569", "2026-11-23"), ("23 พฤศจิกายน พ.ศ. 2569", "2026-11-23"), ("๒๓/๑๑/๒๕๖๙", "2026-11-23"), ("23 Nov 2026", "2026-11-23"), ("23 November 2026", "2026-11-23"),
        ("29/2/2567", "2024-02-29"), (" 1 - 2 - 2560 ", "2017-02-01"), ("17/5/2300 BE", None), ("31/2/2569", None), ("11/23/2026", None), ("23/11/26", None), ("soon", None), ("", None),
    ],
)  # fmt: skip
def test_days_are_read_in_both_eras(text: str, iso: str | None) -> None:
    if iso is None:
        with pytest.raises(Unclear):
            read_date(text)
    else:
        assert read_date(text) == iso
        assert read_date(written_date(iso, "th")) == read_date(written_date(iso, "en")) == iso


def test_times_months_and_instants_are_read() -> None:
    assert (read_time("9.05"), read_time("๑๔:๓๐ น."), read_date("2569", whole=False), read_date("11/2569", whole=False)) == (
        "09:05",
        "14:30",
        "2026-01-01",
        "2026-11-01",
    )
    form = form_of(row("datetime", "a"))
    assert read_moment("23/11/2569 14:30", Filling(form, {}, at=AT).at) == "2026-11-23T14:30:00.000+07:00"
    with pytest.raises(Unclear):
        read_time("24:00")


@pytest.mark.parametrize(
    ("kind", "sent", "value"),
    [
        ("text", "x-a=+hello%0D%0Athere+", "hello\nthere"), ("integer", "x-a=๑๒", "12"), ("integer", "x-a=1 200", "1200"), ("decimal", "x-a=12,5", "12.5"),
        ("decimal", "x-a=%2B3.", "3"), ("date", "x-a=23/11/2569", "2026-11-23"), ("time", "x-a=9.05", "09:05"), ("datetime", "x-a=23/11/2569 9:05", "2026-11-23T09:05:00.000+07:00"),
        ("select_one yn", "x-a=yes", "yes"), ("select_one yn", "x-a=", ""), ("select_multiple yn", "x-a=no&x-a=yes", "yes no"), ("rank yn", "x-a=no&x-a=yes", "no yes"),
        ("geopoint", "x-a=13.75, 100.5", "13.75 100.5"), ("acknowledge", "x-a=OK", "OK"), ("acknowledge", "", ""), ("barcode", "x-a=885", "885"), ("range", "x-a=3", "3"),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_what_odk_would_submit(kind: str, sent: str, value: str) -> None:
    page = page_of(form_of(row(kind, "a")), sent)
    assert page.is_valid(), page.errors
    assert page.values() == {"a": value}
    assert page.filling_after.value("a") == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("integer", "twelve"), ("decimal", "1.2.3"), ("date", "31/2/2569"), ("time", "later"), ("datetime", "now"), ("geopoint", "here")],
)
def test_what_cannot_be_read_stays_in_the_field_with_a_sentence_beside_it(kind: str, typed: str) -> None:
    page = page_of(form_of(row(kind, "a", "How much?")), f"x-a={typed}")
    assert not page.is_valid()
    html = html_of(page)
    assert f'value="{typed}"' in html
    assert 'aria-invalid="true"' in html
    assert re.search(r'aria-describedby="id_x-a_error', html)
    assert 'id="id_x-a_error"' in html
    assert '<a href="#id_x-a">How much?: ' in html
    assert page.values() == {}


def test_a_long_range_says_its_ends_and_what_is_no_number_is_told_as_such() -> None:
    form = form_of(row("range", "a", parameters="start=0 end=100 step=5"))
    page = page_of(form, "x-a=many")
    assert page.errors["a"] == ["Write a number, for example 12.5."]
    assert "From 0 to 100." in html_of(page)
    assert page_of(form, "x-a=7").errors["a"] == ["Choose a number from 0 to 100 in steps of 5."]


def test_an_answer_that_is_not_offered_is_refused() -> None:
    page = page_of(form_of(row("select_one yn", "a"), row("select_multiple yn", "b"), row("range", "c")), "x-a=maybe&x-b=yes&x-b=maybe&x-c=11")
    assert {name: [fault.code for fault in faults] for name, faults in page.faults.items()} == {"a": ["choice"], "b": ["choices"], "c": ["range"]}


BOTH = read_tables(
    {
        "survey": [
            {
                "type": "integer", "name": "age", "label::English (en)": "How old are you?", "label::Thai (th)": "คุณอายุเท่าไร", "hint::English (en)": "In years",
                "hint::Thai (th)": "เป็นปี", "why::English (en)": "To know which law protects you.", "why::Thai (th)": "เพื่อรู้ว่ากฎหมายใดคุ้มครองคุณ", "required": "yes",
                "constraint": ". < 120", "constraint_message::English (en)": "Less than 120", "constraint_message::Thai (th)": "น้อยกว่า 120",
            },
            {"type": "select_one yn", "name": "free", "label::English (en)": "May you leave?", "label::Arabic (ar)": "هل يمكنك المغادرة؟", "media::image::English (en)": "door.png"},
        ],
        "choices": [
            {"list_name": "yn", "name": "yes", "label::English (en)": "Yes", "label::Thai (th)": "ได้", "label::Arabic (ar)": "نعم"},
            {"list_name": "yn", "name": "no", "label::English (en)": "No", "label::Thai (th)": "ไม่ได้", "label::Arabic (ar)": "لا"},
        ],
    }
).form  # fmt: skip


def test_words_are_in_the_readers_language_with_a_second_beside_it() -> None:
    assert BOTH is not None
    html = html_of(page_of(BOTH, language="th", second_language="ar"))
    assert '<span lang="th" dir="ltr">คุณอายุเท่าไร</span>' in html
    assert '<span lang="en" dir="ltr">May you leave?</span>' in html  # no Thai: the form's own language, marked as such
    assert '<span class="xf-second"><span lang="ar" dir="rtl">هل يمكنك المغادرة؟</span></span>' in html
    assert '<span lang="th" dir="ltr">ได้</span> <span class="xf-second"><span lang="ar" dir="rtl">نعم</span></span>' in html
    assert 'id="id_x-age_why"><span lang="th" dir="ltr">เพื่อรู้' in html
    assert 'aria-describedby="id_x-age_why id_x-age_hint"' in html


def test_the_form_speaks_its_own_words_when_an_answer_does_not_fit() -> None:
    assert BOTH is not None
    page = page_of(BOTH, "x-age=130", language="th")
    assert page.errors["age"] == ["น้อยกว่า 120"]
    assert '<p class="error" id="id_x-age_error"><span lang="th" dir="ltr">น้อยกว่า 120</span></p>' in html_of(page)
    with translation.override("en"):
        assert page_of(BOTH, "x-age=", language="th").errors["age"] == ["This question needs an answer."]


def test_pictures_have_words_and_an_address_of_the_host() -> None:
    assert BOTH is not None
    html = html_of(page_of(BOTH, language="en", host=Host(medium=lambda name: f"/media/{name}")))
    assert '<img class="xf-picture" src="/media/door.png" alt="May you leave?" lang="en" loading="lazy">' in html
    assert "door.png" in html_of(page_of(BOTH, language="en"))


def test_words_of_a_form_cannot_bring_markup_along() -> None:
    form = form_of(row("text", "a", "<script>alert(1)</script> **Say** <span style='color:red'>it</span>\nhere"), row("note", "b", "5 < 6 & **x"))
    html = html_of(page_of(form))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <strong>Say</strong> it<br>here" in html
    assert marked_up("5 < 6 & **x") == "5 &lt; 6 &amp; **x"
    assert "<script" not in html


def test_many_answers_become_a_native_list() -> None:
    choices = [{"list_name": "many", "name": f"c{number}", "label": f"Choice {number}"} for number in range(13)]
    form = form_of(
        row("select_one many", "a"),
        row("select_one yn", "b", appearance="minimal"),
        choices=[*choices, {"list_name": "yn", "name": "yes", "label": "Yes"}],
    )
    html = html_of(page_of(form, values={"a": "c3"}))
    assert html.count("<select") == 2
    assert '<option value="c3" selected>Choice 3</option>' in html


def test_an_answer_can_be_taken_back_without_script() -> None:
    form = form_of(row("select_one yn", "a"))
    assert "No answer" not in html_of(page_of(form))
    assert 'value=""> <span><span>No answer' in html_of(page_of(form, values={"a": "yes"}))


def test_a_box_that_was_not_ticked_stays_so_when_the_page_comes_back() -> None:
    form = form_of(row("acknowledge", "a"), row("integer", "n"))
    assert "checked" not in html_of(page_of(form, "x-n=x"))
    assert "checked" in html_of(page_of(form, "x-n=x&x-a=OK"))
    assert "checked" in html_of(page_of(form, values={"a": "OK"}))


def test_numbers_call_the_right_keyboard_and_ids_are_unique() -> None:
    html = html_of(
        page_of(form_of(row("integer", "a"), row("decimal", "b"), row("text", "c", appearance="numbers"), row("text", "d", appearance="multiline")))
    )
    assert re.findall(r'inputmode="(\w+)"', html) == ["numeric", "decimal", "numeric"]
    assert "<textarea" in html
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_what_becomes_irrelevant_on_the_page_is_not_complained_about_and_what_appears_is_told() -> None:
    form = form_of(
        row("select_one yn", "a"), row("text", "b", relevant="${a} = 'yes'", required="yes"), row("text", "c", relevant="${a} = 'no'", required="yes")
    )
    page = page_of(form, "x-a=no&x-b=", values={"a": "yes"})
    assert page.is_valid()
    assert page.appeared() == ("c",)
    assert page_of(form, "x-a=yes&x-b=", values={"a": "yes"}).errors.keys() == {"b"}


def test_answers_that_a_filter_now_offers_are_shown_once_more() -> None:
    provinces = [{"list_name": "p", "name": name, "label": name, "region": region} for name, region in (("cm", "n"), ("pk", "s"))]
    regions = [{"list_name": "r", "name": name, "label": name} for name in "ns"]
    form = form_of(row("select_one r", "region"), row("select_one p", "province", choice_filter="region = ${region}"), choices=regions + provinces)
    assert "depend on another answer" in html_of(page_of(form))
    page = page_of(form, "x-region=n")
    assert page.is_valid()
    assert page.appeared() == ("province",)
    assert page_of(form, "x-region=n&x-province=cm").appeared() == ()


FAMILY = form_of(row("begin repeat", "child", "Child"), row("text", "name", "Name", required="yes"), row("integer", "age"), row("end repeat"))


def test_instances_are_added_and_taken_out_by_buttons() -> None:
    html = html_of(page_of(FAMILY, values={"name@1": "Nok"}))
    assert '<button class="button quiet" name="x-add" value="child" formnovalidate>Add another: Child</button>' in html
    assert 'name="x-remove" value="child#1"' in html
    adding = page_of(FAMILY, "x-name@1=Nok&x-age@1=3&x-add=child")
    assert (adding.act, adding.filling_after.instances("child")) == (Act("add", Place("child")), 2)
    removing = page_of(FAMILY, "x-name@1=Nok&x-name@2=Lek&x-remove=child%231", values={"name@1": "Nok", "name@2": "Lek"})
    assert removing.filling_after.answers() == {"name@1": "Lek"}


@pytest.mark.parametrize("act", ["x-add=nobody", "x-add=name", "x-remove=child", "x-remove=child%23x", "x-add=", "x-add=child@9"])
def test_a_button_that_is_not_there_does_nothing(act: str) -> None:
    assert page_of(FAMILY, act).act is None or page_of(FAMILY, act).filling_after.instances("child") == 1


def test_a_page_can_ask_only_whether_there_is_one_more() -> None:
    filling = Filling(FAMILY, {"name@1": "Nok"}, at=AT)
    page = next(page for page in filling.pages("question") if page.repeat)
    html = html_of(PageForm(filling=filling, page=page, language="en"))
    assert "1 entry so far." in html or "Child" in html
    assert 'name="x-add" value="child"' in html
    assert "<input" not in html


def test_files_go_to_the_host_within_its_limit() -> None:
    form = form_of(row("image", "photo", "Photo"))
    kept: list[str] = []

    def keep(place: Place, file: UploadedFile) -> str:
        kept.append(file.name or "")
        return f"{place}-kept.jpg"

    host = Host(store=keep, max_bytes=1024 * 1024)
    small, large = SimpleUploadedFile("a.jpg", b"x" * 1024 * 1024, "image/jpeg"), SimpleUploadedFile("b.jpg", b"x" * (1024 * 1024 + 1), "image/jpeg")
    taken = page_of(form, "", files={"x-photo": small}, host=host)
    assert taken.is_valid()
    assert (taken.values(), kept) == ({"photo": "photo-kept.jpg"}, ["a.jpg"])
    refused = page_of(form, "", files={"x-photo": large}, host=host)
    assert refused.errors["photo"] == ["The file is larger than 1 MB. Choose a smaller one."]
    other = page_of(form, "", files={"x-photo": SimpleUploadedFile("c.pdf", b"x", "application/pdf")}, host=host)
    assert other.errors["photo"] == ["Choose a file of the kind that is asked for."]
    assert page_of(form, "", files={"x-photo": small}).errors["photo"] == ["Files cannot be taken here."]
    assert page_of(form, "", values={"photo": "old.jpg"}, host=host).values() == {"photo": "old.jpg"}
    assert page_of(form, "x-photo-clear=1", values={"photo": "old.jpg"}, host=host).values() == {"photo": ""}
    assert 'accept="image/*"' in html_of(page_of(form, host=host))
    assert kept == ["a.jpg"]


def test_calculations_with_words_and_read_only_answers_are_shown_not_asked() -> None:
    form = form_of(
        row("integer", "n"),
        row("calculate", "double", label="Twice", calculation="${n} * 2"),
        row("date", "day", read_only="yes", default="2026-11-23"),
    )
    html = html_of(page_of(form, values={"n": "4"}, language="th"))
    assert "<output>8</output>" in html
    assert "<output>23/11/2569</output>" in html
    assert html.count("<input") == 1


def test_a_page_takes_no_more_time_than_the_length_of_its_form_explains() -> None:
    def shown(parts: int) -> str:
        form = long_form(parts)
        return html_of(page_of(form, values={question.code: "7" for question in form.questions()}, key="g0"))

    assert grows_evenly(shown, 2)


@cache
def long_form(parts: int) -> Form:
    rows = [row("integer", "n")]
    for part in range(parts):
        rows.append(row("begin group", f"g{part}", f"Part {part}"))
        for number in range(20):
            before = rows[-2 if number else 0].get("name", "n") if number else "n"
            rows.append(
                row(
                    "integer",
                    f"q{part}_{number}",
                    f"Question {number}?",
                    relevant=f"${{n}} >= 0 and (${{{before}}} >= 0 or not(${{n}} > 5))",
                    constraint=". >= 0 and . < ${n} + 100",
                )
            )
            rows.append(row("calculate", f"c{part}_{number}", calculation=f"${{q{part}_{number}}} * 2 + ${{n}}"))
        rows.append(row("end group"))
    return form_of(*rows)
