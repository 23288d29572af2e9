"""How a form looks and speaks."""

import re

from django import forms
from django.utils.translation import override

from saphan.core.forms import Answers, Versioned, differences, unchanged


class Call(Versioned):
    caller = forms.CharField(help_text="So that we can call back.")
    safe = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No"), ("declined", "Prefer not to say")], widget=Answers(aside=["declined"]))
    words = forms.CharField(widget=forms.Textarea, required=False)
    told = forms.BooleanField()


def given(**data: str) -> Call:
    return Call(data)


def test_an_error_stands_on_top_and_at_its_field_and_the_one_leads_to_the_other() -> None:
    html = str(given(words="kept words"))
    assert '<a href="#id_caller">Caller: This field is required.</a>' in html
    assert re.search(r'<p class="error" id="id_caller_error">.*This field is required', html)
    caller = re.search(r'<input[^>]*name="caller"[^>]*>', html)
    assert caller is not None
    assert 'aria-invalid="true"' in caller[0]
    assert 'aria-describedby="id_caller_helptext id_caller_error"' in caller[0]
    assert ">kept words</textarea>" in html.replace("\n", "")


def test_the_summary_takes_the_focus_and_leads_into_a_group_at_its_first_answer() -> None:
    html = str(given())
    assert '<div class="summary" role="alert" tabindex="-1" autofocus>' in html
    assert 'href="#id_safe_0"' in html
    assert 'id="id_safe_0"' in html
    assert 'href="#id_told"' in html


def test_a_blank_form_has_no_summary_and_says_what_is_optional() -> None:
    html = str(Call())
    assert "summary" not in html
    assert html.count("(optional)") == 1
    assert 'aria-describedby="id_caller_helptext"' in html


def test_a_group_is_a_fieldset_with_its_question_as_legend() -> None:
    html = str(Call())
    assert re.search(r"<fieldset>\s*<legend>Safe</legend>", html)
    assert re.search(r'<label for="id_safe_2" class="aside">', html)
    assert "<legend>Told" not in html


def test_what_was_typed_is_never_taken_for_markup() -> None:
    assert "<b>bold" not in str(given(caller="<b>bold"))


def test_a_second_editor_sees_only_where_the_two_differ_and_loses_nothing() -> None:
    mine = given(caller="A. Mali", safe="yes", words="line one\r\nline two", told="on", version="3")
    found = differences(mine, {"caller": "A. Mali", "safe": "no", "words": "line one"})
    assert [(d.name, d.mine_shown, d.theirs_shown) for d in found] == [("safe", "Yes", "No"), ("words", "line one\nline two", "line one")]
    assert unchanged(mine, found) == [("caller", "A. Mali"), ("told", "True")]


def test_the_same_words_with_other_line_ends_are_no_difference() -> None:
    assert differences(given(words="a\r\nb"), {"words": "a\nb"}) == []


def test_the_frame_of_a_form_speaks_the_language_of_the_reader() -> None:
    with override("th"):
        assert "ต้อง" in str(given()) or "จำเป็น" in str(given())
