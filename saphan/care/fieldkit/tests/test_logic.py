"""The page and the server read the same expressions the same way: every calculation of a form over the same answers, in Chromium and in Python."""

import itertools
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from saphan.care.fieldkit.instruments import WORDS, _fits, _flat
from saphan.xlsform.filling import Filling
from saphan.xlsform.offline import as_offline
from saphan.xlsform.reading import read_tables
from tests.people import NOON

EXPRESSIONS = """
${n} + 1 | ${n} * ${d} | ${n} - ${d} | ${n} div ${d} | ${n} div 0 | ${n} mod 7 | -${n} | ${n} > 17 | ${n} >= ${d} | ${n} < 5 or ${d} > 2 | ${n} = 18 and ${a} = 'yes'
${a} = 'yes' | ${a} != 'yes' | not(${a} = 'yes') | selected(${m}, 'x') | selected(${m}, 'x') and not(selected(${m}, 'y')) | count-selected(${m}) | selected-at(${m}, 1)
if(${a} = 'yes', 'one', 'two') | if(${n} > 17, 'adult', 'child') | coalesce(${t}, ${a}) | coalesce(${t}, 'none') | boolean(${t}) | string-length(${t}) | concat(${t}, '-', ${n})
substr(${t}, 1, 3) | substr(${t}, 2) | substr(${t}, -2) | contains(${t}, 'a') | starts-with(${t}, 'b') | ends-with(${t}, 'n') | normalize-space(${t}) | string(${n})
round(${d}) | round(${d}, 1) | int(${d}) | floor(${d}) | ceiling(${d}) | abs(-${d}) | pow(${n}, 2) | min(${n}, ${d}, 3) | max(${n}, ${d}) | sum(${n}, ${d}) | count-non-empty(${t})
date(${w}) | ${w} < '2026-11-23' | ${w} > date('2008-11-23') | decimal-date-time(${w}) | format-date(${w}, '%d/%m/%Y') | format-date(${w}, '%e %b %y') | regex(${t}, '[a-z]+') | join(' ', ${t}, ${a})
true() | false() | number(${t}) | ${c1} = '' | concat(${c1}, ${c2}) | today() = '2026-11-23'
"""
SHOWN = "export const all = (instrument, interview, codes, at) => { const known = seenFrom(instrument, interview, new Date(at)); return codes.map((c) => known.answer(c)) };"
ANSWERS = {
    "n": ["", "0", "17", "18"], "d": ["", "2.5", "-1.25"], "a": ["", "yes", "no"], "m": ["", "x", "x y"], "t": ["", "banana moon", "ผู้หญิง 12"], "w": ["", "2007-02-29", "2024-02-29"],
}  # fmt: skip


def form() -> Any:
    kinds = {"n": "integer", "d": "decimal", "a": "select_one yn", "m": "select_multiple xy", "t": "text", "w": "date"}
    survey = [{"type": kind, "name": name, "label": name} for name, kind in kinds.items()]
    survey[-1]["relevant"] = "${a} != 'no'"
    written = [e.strip() for line in EXPRESSIONS.strip().splitlines() for e in line.split(" | ")]
    survey += [{"type": "calculate", "name": f"c{number}", "calculation": text} for number, text in enumerate(written, 1)]
    choices = [{"list_name": listed, "name": name, "label": name} for listed, names in (("yn", ["yes", "no"]), ("xy", ["x", "y"])) for name in names]
    reading = read_tables({"survey": survey, "choices": choices, "settings": [{"form_id": "f", "form_title": "f", "version": "1"}]})
    assert reading.form, [p.sentence for p in reading.problems]
    return reading.form, written


@pytest.mark.once
def test_every_expression_means_the_same_on_the_device(browser: Browser) -> None:
    made, written = form()
    offline = as_offline(made)
    questions = list(_flat(offline["children"], "", []))
    assert _fits(offline["children"], questions)
    codes = [f"c{number}" for number in range(1, len(written) + 1)]
    page = browser.new_page()
    logic = (settings.PACKAGE / "static" / "js" / "fieldkit" / "logic.js").read_text()
    page.add_script_tag(type="module", content=f"{logic}\n{SHOWN}\nglobalThis.all = all;")
    page.wait_for_function("globalThis.all !== undefined")
    differ = []
    for values in itertools.islice(itertools.product(*ANSWERS.values()), 0, None, 7):
        answers = dict(zip(ANSWERS, values, strict=True))
        interview = {"person": {"age_band": "adult"}, "answers": {code: {"value": value} for code, value in answers.items() if value}}
        theirs = page.evaluate(
            "([i, v, c, at]) => all(i, v, c, at)", [{"questions": questions, "choices": offline["choices"]}, interview, codes, NOON.isoformat()]
        )
        filling = Filling(made, {k: v for k, v in answers.items() if v}, at=NOON)
        differ += [(w, answers, mine, t) for w, c, t in zip(written, codes, theirs, strict=True) if (mine := filling.value(c)) != t]
    page.close()
    assert differ[:8] == []


def test_a_form_with_more_than_the_page_knows_stays_in_the_office() -> None:
    repeat = [{"type": "begin_repeat", "name": "r", "label": "r"}, {"type": "text", "name": "t", "label": "t"}, {"type": "end_repeat"}]
    reading = read_tables({"survey": repeat, "settings": [{"form_id": "f", "form_title": "f", "version": "1"}]})
    assert reading.form
    offline = as_offline(reading.form)
    assert not _fits(offline["children"], list(_flat(offline["children"], "", [])))
    assert "lookup" not in WORDS
