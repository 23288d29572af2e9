"""Expressions: against elementpath's own XPath 1.0, and by example where ODK goes beyond it."""

import contextlib
import math
from xml.etree.ElementTree import Element, SubElement

import elementpath
import pytest
from elementpath import XPath1Parser
from elementpath.exceptions import ElementPathZeroDivisionError
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from saphan.xlsform.evaluating import evaluate
from saphan.xlsform.expressions import FUNCTIONS, compile_expression
from saphan.xlsform.filling import Filling
from saphan.xlsform.here import Here
from saphan.xlsform.names import Names, Unreadable
from saphan.xlsform.patterns import check_pattern, matches
from saphan.xlsform.plan import plan_of
from saphan.xlsform.tests.making import AT, form_of, row
from saphan.xlsform.values import Value, as_text

FORM = form_of(row("text", "a"), row("text", "b"), row("integer", "n"), row("date", "d"), row("select_multiple yn", "m"), row("text", "x"))


def worth(expression: str, **values: str) -> Value:
    tree = compile_expression(expression, Names(plan_of(FORM).index, FORM.by_code["x"]))
    return evaluate(tree, Here(Filling(FORM, values, at=AT), "x", (), own=values.get("x", "")))


# against elementpath; `mod` is among the examples: of 1 mod -3 elementpath 5.1 says 2 where XPath 1.0 says 1

TEXTS = st.sampled_from(["", "a", "b", "ab", " a  b ", "12", "-3.5", "007", "ก", "a1b2"])
NUMBERS = st.recursive(
    st.one_of(
        st.integers(-20, 20).map(lambda number: f"({number})"),
        st.sampled_from(["0.5", "2.25", "(-1.5)", "number({a})", "number({b})", "string-length(string({a}))", "number('x')"]),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "div"]), inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        inner.map(lambda one: f"floor({one})"),
        inner.map(lambda one: f"ceiling({one})"),
        inner.map(lambda one: f"(-{one})"),
    ),
    max_leaves=5,
)
STRINGS = st.recursive(
    st.sampled_from(["string({a})", "string({b})", "'a'", "''", '"b c"', "'12'"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda parts: f"concat({parts[0]}, {parts[1]})"),
        st.tuples(inner, inner).map(lambda parts: f"substring-before({parts[0]}, {parts[1]})"),
        st.tuples(inner, inner).map(lambda parts: f"substring-after({parts[0]}, {parts[1]})"),
        inner.map(lambda one: f"normalize-space({one})"),
        inner.map(lambda one: f"translate({one}, 'ab', 'x')"),
    ),
    max_leaves=4,
)
TRUTHS = st.recursive(
    st.one_of(
        st.tuples(NUMBERS, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), NUMBERS).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        st.tuples(STRINGS, st.sampled_from(["=", "!="]), STRINGS).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        st.tuples(STRINGS, NUMBERS).map(lambda parts: f"({parts[0]} = {parts[1]})"),
        st.tuples(STRINGS, STRINGS).map(lambda parts: f"contains({parts[0]}, {parts[1]})"),
        st.tuples(STRINGS, STRINGS).map(lambda parts: f"starts-with({parts[0]}, {parts[1]})"),
        STRINGS.map(lambda one: f"boolean({one})"),
        st.sampled_from(["true()", "false()"]),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        inner.map(lambda one: f"not({one})"),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]} = {parts[1]})"),
    ),
    max_leaves=5,
)


@settings(max_examples=150)
@given(st.one_of(TRUTHS, NUMBERS, STRINGS), TEXTS, TEXTS)
def test_the_part_that_is_xpath_is_worth_what_elementpath_says(expression: str, a: str, b: str) -> None:
    root = Element("data")
    SubElement(root, "a").text = a
    SubElement(root, "b").text = b
    try:
        expected = elementpath.select(root, expression.replace("{a}", "/data/a").replace("{b}", "/data/b"), parser=XPath1Parser)
    except ElementPathZeroDivisionError:
        assume(False)  # XPath 1.0 has no such error; its NaN is among the examples below
    (expected,) = expected if isinstance(expected, list) else [expected]  # what stands in brackets comes as a list
    ours = worth(expression.replace("{a}", "${a}").replace("{b}", "${b}"), a=a, b=b)
    if isinstance(expected, bool | str):
        assert ours == expected
    else:
        assert isinstance(ours, float)
        assert ours == pytest.approx(float(expected), nan_ok=True)


# by example

EXAMPLES = {
    "selected(${m}, 'yes')": True, "selected(${m}, 'ye')": False, "count-selected(${m})": 2.0, "selected-at(${m}, 1)": "no", "selected-at(${m}, 9)": "",
    "if(${n} > 3, 'big', 'small')": "big", "coalesce(${b}, ${a})": "hello", "coalesce('', '')": "", "once('first')": "kept",
    "${n} = 5": True, "${n} = '05'": True, "${n} + 1": 6.0, "${b} + 1": math.nan, "boolean(${b})": False, "${n} mod 3": 2.0, "-${n}": -5.0, "7 div 0": math.inf, "7 mod 0": math.nan, "5 mod 2": 1.0, "5 mod -2": 1.0, "1 mod -3": 1.0, "-5 mod 2": -1.0, "-5 mod -2": -1.0, "0 div 0": math.nan,
    "int(-3.7)": -3.0, "int('x')": math.nan, "round(2.5)": 3.0, "round(-2.5)": -2.0, "round(2.345, 2)": 2.35, "pow(2, 10)": 1024.0, "pow(10, 9999)": math.nan,
    "sqrt(-1)": math.nan, "abs(-2)": 2.0, "number('12 ')": 12.0, "string(12)": "12", "string(0.1)": "0.1", "string(1 div 0)": "Infinity", "string(true())": "true",
    "string-length(${a})": 5.0, "string-length()": 4.0, "regex(${a}, '[a-z]+')": True, "regex(${a}, '[a-z]')": False, "concat(${a}, ' ', 1)": "hello 1",
    "substr(${a}, 1)": "ello", "substr(${a}, 1, 3)": "el", "substr(${a}, -3)": "llo", "substr(${a}, 3, 1)": "", "ends-with(${a}, 'lo')": True,
    "join('-', ${a}, ${n})": "hello-5", "today()": "2026-11-28", "now() > today()": True, "today() - ${d}": 1.0, "${d} < today()": True, "${d} = '2026-11-27'": True,
    "date('2026-11-27') + 1 = today()": True, "date(20784)": "2026-11-27", "date('x')": "", "format-date(${d}, '%e %b %Y')": "27 Nov 2026", "format-date('', '%Y')": "",
    "format-date-time('2026-11-27T08:05:00.000+07:00', '%H:%M')": "08:05", "decimal-date-time(${d})": 20784.0, "decimal-time('12:00')": 0.5,
    "int((today() - date('2000-01-01')) div 365.25)": 26.0, "min(3, ${n}, 9)": 3.0, "max(3, ${n}, ${b})": 5.0, "sum(${n}, 2)": 7.0, "min(${b})": math.nan,
    "checklist(1, 2, ${m} = 'x', selected(${m}, 'no'))": True, "weighted-checklist(3, -1, true(), 2, true(), 1)": True, "boolean-from-string('1')": True,
    "jr:choice-name(${m}, '${m}')": "Yes, No", "jr:choice-name('no', '${m}')": "No", "instance('yn')/root/item[name = 'no']/label": ["No"],
    "count(instance('yn')/root/item)": None, "count(instance('yn')/root/item/name)": 2.0, "../a": "hello", "/data/a": "hello", "current()/../n": 5.0, ".": "kept",
    "true() and 'x'": True, "'' or 0": False, "not('')": True, "pi() > 3.14": True, "translate('bar', 'abc', 'AB')": "BAr", "normalize-space('  a  b ')": "a b",
}  # fmt: skip


@pytest.mark.parametrize("expression", [expression for expression, expected in EXAMPLES.items() if expected is not None])
def test_what_odk_adds_is_worth_what_its_reference_says(expression: str) -> None:
    values = {"a": "hello", "n": "5", "d": "2026-11-27", "m": "yes no", "x": "kept"}
    found = worth(expression, **values)
    expected = EXAMPLES[expression]
    assert found == pytest.approx(expected, nan_ok=True) if isinstance(expected, float) else found == expected


def test_every_function_is_tried_somewhere() -> None:
    tried = " ".join(
        [*EXAMPLES, "position(..) indexed-repeat( count( count-non-empty( floor( ceiling( contains( starts-with( substring-before( substring-after("]
    )
    here = {name for name in FUNCTIONS if f"{name}(" not in tried} - {"false", "sin", "cos", "tan", "exp", "log", "log10", "date-time"}
    assert here == set()


@pytest.mark.parametrize(
    ("expression", "value"),
    [("sin(0)", 0.0), ("cos(0)", 1.0), ("tan(0)", 0.0), ("exp(0)", 1.0), ("log(1)", 0.0), ("log10(100)", 2.0), ("exp(9999)", math.nan)],
)
def test_mathematics(expression: str, value: float) -> None:
    assert worth(expression) == pytest.approx(value, nan_ok=True)


def test_an_instant_keeps_its_clock() -> None:
    assert worth("date-time('2026-11-27T08:05:00.000+07:00')") == "2026-11-27T08:05:00.000+07:00"
    assert worth("date-time(0)") == "1970-01-01T00:00:00.000"


@pytest.mark.parametrize(
    ("expression", "code", "arguments"),
    [
        ("${nobody} = 1", "no_such_name", {"name": "nobody"}),
        ("uuid()", "unsupported_function", {"function": "uuid"}),
        ("random() > 0.5", "unsupported_function", {"function": "random"}),
        ("digest(., 'MD5')", "unsupported_function", {"function": "digest"}),
        ("jr:itext('a')", "unsupported_function", {"function": "jr:itext"}),
        ("a//b", "unsupported_part", {}),
        ("*", "unsupported_part", {}),
        ("text()", "unsupported_part", {}),
        ("$a", "unsupported_part", {}),
        ("${a}[1]", "unsupported_part", {}),
        ("../nobody", "unsupported_part", {"part": "../nobody"}),
        ("instance('nowhere')/root/item/name", "no_list", {"list": "nowhere"}),
        ("if(1, 2)", "wrong_arguments", {"function": "if", "number": "2"}),
        ("1 +", "broken_expression", {}),
        ("'open", "broken_expression", {}),
        ("${a} ${b}", "broken_expression", {}),
        ("", "broken_expression", {}),
        ("not(" * 70 + "1" + ")" * 70, "expression_too_long", {}),
        ("-" * 3000 + "1", "expression_too_long", {}),
        ("1 + " * 3000 + "1", "expression_too_long", {}),
    ],
)
def test_what_cannot_be_used_is_told_by_its_part(expression: str, code: str, arguments: dict[str, str]) -> None:
    with pytest.raises(Unreadable) as told:
        worth(expression)
    assert told.value.code == code
    assert arguments.items() <= told.value.arguments.items()


def test_a_long_chain_of_alternatives_is_no_trouble() -> None:
    assert worth(" or ".join(f"${{a}} = 'v{number}'" for number in range(400)), a="v399") is True


@settings(max_examples=120)
@given(st.text("${}ab()'\"[]/.,+-*=<>1 @|:\\\n", max_size=40))
def test_no_text_brings_the_reading_down(text: str) -> None:
    with contextlib.suppress(Unreadable):
        as_text(worth(text, a="1"))


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "(a|b*)*", "(a*)*b", "((ab)+c?)+", "(.*a){12,}", "(a+){2,9}", "[", "(?P<x>a)(?P=x)", "a" * 501, ".*.*.*.*.*.*.*x"]
)
def test_a_pattern_that_could_take_for_ever_is_refused(pattern: str) -> None:
    with pytest.raises(Unreadable):
        check_pattern(pattern)
    assert not matches("a" * 40, pattern)


@pytest.mark.parametrize(
    "pattern", ["[0-9]{13}", "0[0-9]{8,9}", r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,4}", "(yes|no)", "([A-Z]{2})?[0-9]+", r"\d+", "(ab)*"]
)
def test_patterns_as_forms_have_them_are_taken(pattern: str) -> None:
    check_pattern(pattern)
