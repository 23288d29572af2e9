"""The page and the server read the same forms the same way: every value, every question asked, every fault, in Chromium and in Python."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route

from saphan.care.fieldkit.instruments import WORDS, lacking_in, questions_of
from saphan.xlsform.definition import Form, Question
from saphan.xlsform.evaluating import ASKING, STRICT
from saphan.xlsform.expressions import FUNCTIONS
from saphan.xlsform.filling import Filling
from saphan.xlsform.reading import read_tables
from tests.people import NOON

EXPRESSIONS = r"""
${n} + 1 | ${n} * ${d} | ${n} - ${d} | ${n} div ${d} | ${n} div 0 | -${n} div 0 | ${n} mod 7 | -${n} mod 4 | -${n} | ${n} > 17 | ${n} >= ${d} | ${n} < 5 or ${d} > 2
${n} = 18 and ${a} = 'yes' | ${a} = 'yes' | ${a} != 'yes' | not(${a} = 'yes') | selected(${m}, 'x') | selected(${m}, 'x') and not(selected(${m}, 'y'))
count-selected(${m}) | selected-at(${m}, 1) | selected-at(${m}, -0.5) | selected-at(${m}, 9) | if(${a} = 'yes', 'one', 'two') | if(${n} > 17, 'adult', 'child')
coalesce(${t}, ${a}) | coalesce(${t}, 'none') | once(${t}) | once(concat(${t}, 'x')) | boolean(${t}) | boolean-from-string(${t}) | boolean-from-string('TRUE')
string-length(${t}) | concat(${t}, '-', ${n}) | substr(${t}, 1, 3) | substr(${t}, 2) | substr(${t}, -2) | substr(${t}, ${d}) | contains(${t}, 'a')
starts-with(${t}, 'b') | ends-with(${t}, 'n') | normalize-space(${t}) | normalize-space('  a   b ') | string(${n}) | string(${d}) | translate(${t}, 'an', 'o')
translate(${t}, 'aa', 'xy') | substring-before(${t}, ' ') | substring-after(${t}, ' ') | substring-after(${t}, 'q') | substring-before(${t}, '')
join(' ', ${t}, ${a}) | regex(${t}, '[a-z]+') | regex(${t}, '[a-z ]+') | regex(${t}, '\w+ \w+') | regex(${t}, '.*\d+') | regex('๑๒', '\d\d') | regex('a-b', '[\w\-]+')
regex('0812345678', '0[0-9]{9}') | regex('ab', '(?P<x>a)b') | regex(${t}, '') | regex('x_1', '\w*') | regex('ab.c', 'ab\.c') | regex('a/b', 'a\/b')
round(${d}) | round(${d}, 1) | round(12345.678, -2) | round(${n} div 0) | int(${d}) | int(-${d}) | int(${n} div 0) | floor(${d}) | ceiling(${d}) | abs(-${d}) | abs(${d})
pow(${n}, 2) | pow(${d}, 0.5) | pow(10, 400) | pow(0, -1) | pow(2, -3) | sqrt(${n}) | sqrt(${d}) | log10(1000) | log(0) | pi() | round(exp(1), 6) | round(log(${n}), 6)
round(sin(${n}), 6) | round(cos(${d}), 6) | round(tan(1), 6) | exp(1000)
min(${n}, ${d}, 3) | max(${n}, ${d}) | sum(${n}, ${d}) | min(${t}) | max(${t}, 2) | count-non-empty(${t}) | number(${t}) | number('12.50') | number('1e3') | number(' 7 ')
number('1.') | number(true()) | number(${a} = 'yes') | 0.1 + 0.2 | 1 div 3 | 1000000 * 1000000 | 1000000 * 1000000 * 1000000 * 1000000 | 1 div 100000000 | 0.000001234
checklist(1, 2, ${a} = 'yes', ${n} > 17, ${d} > 2) | checklist(-1, 1, ${a} = 'yes', ${n} > 17) | weighted-checklist(2, -1, ${a} = 'yes', 2, ${n} > 17, 1)
date(${w}) | ${w} < '2026-11-23' | ${w} > date('2008-11-23') | decimal-date-time(${w}) | format-date(${w}, '%d/%m/%Y') | format-date(${w}, '%e %b %y') | format-date(${w}, '%a %W %n %%')
date-time(${w}) | date-time(20000.75) | date(20000.75) | date(-1) | date('nothing') | date('2026-11-23 10:00') | format-date-time(${i}, '%Y-%m-%d %H:%M:%S %h %3') | decimal-time(${i})
decimal-time('14:30') | decimal-date-time(${i}) | date(${i}) | date-time(${i}) | ${w} + 30 | date(${w} + 30) | today() - ${w} | int((today() - ${w}) div 365.25) | today() | now()
format-date-time(now(), '%H:%M') | substring-before(now(), 'T') | today() = '2026-11-23' | decimal-date-time('0000-01-01') | date('0099-12-31') | date('2026-02-30')
true() | false() | jr:choice-name(${a}, '${a}') | jr:choice-name(${m}, '${m}') | jr:choice-name('zz', '${a}') | instance('place')/root/item[name = ${p}]/region | ${c1} = '' | concat(${c1}, ${c2})
count(instance('place')/root/item[region = 'north']/name) | instance('place')/root/item[region = 'north']/label = 'Mae Sot' | string(instance('place')/root/item[region = 'north']/label)
count(${kids}) | sum(${age}) | max(${age}) | min(${age}) | count-non-empty(${who}) | join(', ', ${who}) | concat(${who}) | count(${age}) | sum(${score}) | count(${toys}) | join('/', ${toy})
indexed-repeat(${who}, ${kids}, 1) | indexed-repeat(${age}, ${kids}, 2) + 1 | indexed-repeat(${toy}, ${kids}, 2, ${toys}, 1) | indexed-repeat(${who}, ${kids}, 9) | indexed-repeat(${who}, ${kids}, ${n})
${who} | ${age} | count(${turn}) | sum(${third})
"""
IN_KIDS = r"""
position(..) | ${age} + 1 | ${age} >= 15 | sum(${age}) | concat(${who}, ' ', ${n}) | count(${toys}) | join('-', ${toy}) | indexed-repeat(${who}, ${kids}, position(..) - 1) | count(${kids})
if(position(..) = 1, 'first', 'later') | max(${age}) = ${age} | once(position(..)) | coalesce(${who}, concat('n', position(..))) | jr:choice-name(${likes}, '${likes}') | string-length(${who})
"""
IN_TOYS = r"position(..) | position(../..) | concat(${who}, ':', ${toy}) | ${age} * position(..) | count(${toys}) | join('+', ${toy})"
ANSWERS = {
    "n": ["", "0", "17", "18"], "d": ["", "2.5", "-1.25", "0.000001"], "a": ["", "yes", "no"], "m": ["", "x", "y x"], "t": ["", "banana moon", "ผู้หญิง 12", "12", "true"],
    "w": ["", "2007-02-29", "2024-02-29", "2021-01-03"], "i": ["", "2026-11-23T14:30:05.123+07:00"], "p": ["", "msot", "hyai"],
}  # fmt: skip
REPEATED: list[dict[str, str]] = [
    {}, {"who@1": "Noi", "age@1": "7"}, {"who@1": "Noi", "age@1": "7", "who@2": "Lek", "age@2": "15", "likes@2": "x", "toy@2.1": "kite", "toy@2.2": "drum", "toy@1.1": "ball"},
    {"age@3": "9", "toy@3.2": "boat", "third@1": "4", "third@2": "5", "third@3": "6"}, {"who@2": "Mek", "age@2": "", "score@2": "3"},
]  # fmt: skip
AT = timezone.localtime(NOON)
SCRIPTS = settings.PACKAGE / "static" / "js" / "fieldkit"


def written(expressions: str) -> list[str]:
    return [each.strip() for line in expressions.strip().splitlines() for each in line.split(" | ") if each.strip()]


def calculated(expressions: str, stem: str) -> list[dict[str, str]]:
    return [{"type": "calculate", "name": f"{stem}{number}", "calculation": each} for number, each in enumerate(written(expressions), 1)]


def read(survey: list[dict[str, str]]) -> Form:
    choices = [
        {"list_name": listed, "name": name, "label": name.upper()} for listed, names in (("yn", ["yes", "no"]), ("xy", ["x", "y"])) for name in names
    ]
    choices += [{"list_name": "place", "name": name, "label": label, "region": region} for name, label, region in PLACES]
    columns = {name: "" for row in survey for name in row}
    reading = read_tables(
        {"survey": [columns | row for row in survey], "choices": choices, "settings": [{"form_id": "f", "form_title": "f", "version": "1"}]}
    )
    assert reading.form, [p.sentence for p in reading.problems]
    return reading.form


PLACES = (("msot", "Mae Sot", "north"), ("csaen", "Chiang Saen", "north"), ("hyai", "Hat Yai", "south"))


@pytest.fixture(scope="module")
def form() -> Form:
    kinds = {
        "n": "integer", "d": "decimal", "a": "select_one yn", "m": "select_multiple xy", "t": "text", "w": "date", "i": "datetime", "p": "select_one place",
    }  # fmt: skip
    survey = [{"type": kind, "name": name, "label": name} for name, kind in kinds.items()]
    survey[5]["relevant"] = "${a} != 'no'"
    survey += [
        {"type": "begin_repeat", "name": "kids", "label": "Child"},
        {"type": "text", "name": "who", "label": "Who", "required": "${n} > 5"}, {"type": "integer", "name": "age", "label": "Age", "constraint": ". < 18"},
        {"type": "select_one xy", "name": "likes", "label": "Does ${who} like it?", "relevant": "${age} > 8"},
        {"type": "integer", "name": "score", "label": "s", "default": "2"},
        {"type": "begin_group", "name": "inner", "label": "g", "relevant": "${age} != '' or ${n} = 18"},
        {"type": "begin_repeat", "name": "toys", "label": "Toy"}, {"type": "text", "name": "toy", "label": "t", "required": "yes"}, *calculated(IN_TOYS, "y"),
        {"type": "end_repeat"}, {"type": "end_group"}, *calculated(IN_KIDS, "k"), {"type": "end_repeat"},
        {"type": "begin_repeat", "name": "turn", "label": "Turn", "repeat_count": "${n} - 15"}, {"type": "integer", "name": "third", "label": "t"}, {"type": "end_repeat"},
        *calculated(EXPRESSIONS, "c"),
    ]  # fmt: skip
    return read(survey)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in the office's zone that has the kit's modules, served from where they lie."""
    context = browser.new_context(timezone_id="Asia/Bangkok")
    page = context.new_page()
    start = "<!doctype html><script type=module>import * as filling from './filling.js'; import {WORDS} from './logic.js'; Object.assign(globalThis, {kit: filling, WORDS})</script>"

    def serve(route: Route) -> None:
        name = Path(route.request.url).name
        body = (SCRIPTS / name).read_text() if name.endswith(".js") else start
        route.fulfill(body=body, content_type="text/javascript" if name.endswith(".js") else "text/html")

    page.route("http://kit.test/**", serve)
    page.goto("http://kit.test/kit")
    page.wait_for_function("globalThis.kit !== undefined")
    yield page
    context.close()


def interview_of(answers: dict[str, str]) -> dict[str, Any]:
    return {
        "person": {"age_band": "adult"}, "answers": {place: {"value": value} for place, value in answers.items() if value}, "photos": [],
        "sittings": [{"began_at": AT.isoformat()}],
    }  # fmt: skip


def filled(form: Form, answers: dict[str, str]) -> Filling:
    return Filling(form, {place: value for place, value in answers.items() if value}, at=AT)


EVERYTHING = """([form, interviews]) => interviews.map((interview) => {
  const filling = kit.fillingOf(form, interview), places = filling.asked().filter((e) => e.question).map((e) => e.place);
  const codes = form.questions.map((q) => q.code), values = {};
  const visit = (layout, index) => layout.forEach((part) => {
    if (!Array.isArray(part)) { const place = kit.placeOf(part, index); values[place] = filling.value(place); return }
    const repeat = form.containers.find((c) => c.code === part[0]).node === "repeat";
    if (!repeat) return visit(part[1], index);
    for (let n = 1; n <= filling.instances(part[0], index); n++) visit(part[1], [...index, n]);
  });
  visit(form.layout, []);
  return { places, values };
})"""


@pytest.mark.once
def test_every_expression_means_the_same_on_the_device(page: Page, form: Form) -> None:
    device = questions_of(form)
    assert lacking_in(device) == []
    simple = list(itertools.islice(itertools.product(*ANSWERS.values()), 0, None, 61))
    cases = [dict(zip(ANSWERS, values, strict=True)) | REPEATED[number % len(REPEATED)] for number, values in enumerate(simple)]
    theirs = page.evaluate(EVERYTHING, [device, [interview_of(answers) for answers in cases]])
    text = {f"{stem}{n}": e for stem, all_of in (("c", EXPRESSIONS), ("k", IN_KIDS), ("y", IN_TOYS)) for n, e in enumerate(written(all_of), 1)}
    differ = []
    compared = 0
    for answers, found in zip(cases, theirs, strict=True):
        mine = filled(form, answers)
        shown = [str(place) for place, node in mine.nodes() if isinstance(node, Question) and node.asked]
        assert found["places"] == shown, answers
        compared += len(found["values"])
        differ += [(text.get(place.partition("@")[0], place), place, answers, mine.value(place), value)
                   for place, value in found["values"].items() if mine.value(place) != value]  # fmt: skip
    assert differ[:8] == []
    assert compared > 15_000


def test_every_function_of_the_server_is_in_the_table_and_on_the_device(page: Page) -> None:
    used = set(re.findall(r"([a-z][a-z0-9-]*)\(", EXPRESSIONS + IN_KIDS + IN_TOYS))
    assert set(FUNCTIONS) - {"choice-name"} - used == set()
    assert set(page.evaluate("WORDS")) == WORDS == set(ASKING) | set(STRICT)


VALUES = ["", "0", "7", "17", "18", "007", "2.5", "-3", "x", "y", "x y", "x x", "yes", "no", "OK", "unknown", "declined", "2026-11-23", "2026-02-30", "14:30", "25:00", "2026-11-23T14:30", "13.7 100.5", "99 5", "a/b", "Noi"]  # fmt: skip
FAULTY = {
    "required": ("text", {"required": "yes", "required_message": "Say it"}), "sometimes": ("integer", {"required": "${required} = 'Noi'"}),
    "whole": ("integer", {"constraint": ". >= 0 and . < ${most}", "constraint_message": "Not so"}), "most": ("decimal", {}), "word": ("text", {"constraint": "regex(., '[a-z]+')"}),
    "long": ("text", {"constraint": "string-length(.) > 2"}), "one": ("select_one xy", {"required": "yes"}), "some": ("select_multiple xy", {"constraint": "count-selected(.) < 2"}),
    "day": ("date", {"constraint": ". <= today()"}), "clock": ("time", {}), "moment": ("datetime", {}), "steps": ("range", {"parameters": "start=0 end=10 step=2.5"}),
    "spot": ("geopoint", {}), "tick": ("acknowledge", {"required": "yes"}), "fixed": ("text", {"required": "yes", "read_only": "yes"}), "bar": ("barcode", {}),
    "near": ("select_one place", {"choice_filter": "region = ${region}"}), "region": ("text", {}),
}  # fmt: skip
FAULTS = """([form, interviews, values]) => interviews.map((interview) => {
  const filling = kit.fillingOf(form, interview);
  return form.questions.map((q) => values.map((value) => { const f = filling.fault(q.code, value); return f && [f.code, Object.values(f.texts)[0] ?? ""] }));
})"""


@pytest.mark.once
def test_what_speaks_against_a_value_is_the_same_on_the_device(page: Page) -> None:
    """Needed, of the wrong kind, not offered, against the constraint. "Not known" and "declined" are answers to every question of an interview."""
    form = read([{"type": kind, "name": name, "label": name} | cells for name, (kind, cells) in FAULTY.items()])
    cases: list[dict[str, str]] = [{}, {"required": "Noi", "most": "8.5", "region": "north"}, {"most": "100", "region": "south", "required": "x"}]
    values = [*VALUES, "msot", "hyai"]
    theirs = page.evaluate(FAULTS, [questions_of(form), [interview_of(answers) for answers in cases], values])
    differ = []
    for answers, found in zip(cases, theirs, strict=True):
        mine = filled(form, answers)
        for code, row in zip(FAULTY, found, strict=True):
            for value, fault in zip(values, row, strict=True):
                first = next(iter(mine.problems(code, value)), None)
                expected = None if first is None or value in ("unknown", "declined") else [first.code, next(iter(first.text.values()), "")]
                differ += [(code, value, expected, fault)] if fault != expected else []
    assert differ == []


def test_a_turn_that_is_taken_out_takes_its_answers_along(page: Page, form: Form) -> None:
    answers = REPEATED[2] | {"n": "18"}
    without = """([form, interview, turn]) => {
      const filling = kit.fillingOf(form, interview), repeat = filling.asked().find((e) => e.repeat && e.code === "kids");
      kit.withoutInstance(filling, interview, repeat, turn);
      return [Object.fromEntries(Object.entries(interview.answers).map(([p, a]) => [p, a.value])), kit.fillingOf(form, interview).instances("kids", [])];
    }"""
    for turn in (1, 2):
        after = filled(form, answers).without_instance("kids", turn)
        kept, left = page.evaluate(without, [questions_of(form), interview_of(answers), turn])
        assert kept == {place: value for place, value in after.values.items() if place != "kids"}
        assert left == after.instances("kids") == 1


def test_a_text_names_the_answers_it_mentions(page: Page, form: Form) -> None:
    said = "([form, interview]) => kit.fillingOf(form, interview).filledIn('Does ${who} like it? ${likes} ${nobody}', 'likes@2', '')"
    assert page.evaluate(said, [questions_of(form), interview_of(REPEATED[2])]) == "Does Lek like it? X …"
    assert filled(form, REPEATED[2]).words({"": "Does ${who} like it? ${likes} ${nobody}"}, "likes@2") == "Does Lek like it? X …"


@pytest.mark.parametrize(("kind", "typed", "kept"), [("integer", " ๑๒ ", "12"), ("decimal", "1 234,5", "1234.5"), ("decimal", "+3.", "3"), ("text", " ๑๒ ", "๑๒"), ("integer", "၁၂", "12"), ("geopoint", "13.7, 100.5", "13.7 100.5")])  # fmt: skip
@pytest.mark.once
def test_numbers_are_read_as_people_type_them(page: Page, kind: str, typed: str, kept: str) -> None:
    assert page.evaluate("([kind, typed]) => kit.asTyped(kind, typed)", [kind, typed]) == kept


def test_what_the_page_cannot_ask_keeps_a_form_in_the_office_and_is_named() -> None:
    form = read(
        [
            {"type": "audio", "name": "voice", "label": "v"},
            {"type": "rank xy", "name": "order", "label": "o"},
            {"type": "text", "name": "t", "label": "t"},
        ]
    )
    assert lacking_in(questions_of(form)) == ["audio", "rank"]
    repeat = [{"type": "begin_repeat", "name": "r", "label": "r"}, {"type": "text", "name": "t", "label": "t"}, {"type": "end_repeat"}]
    assert lacking_in(questions_of(read(repeat))) == []
