"""JMESPath over answers: what it gives, and what it tells that an answer lacks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.sources.expressions import read_expression

ORDERS = {
    "items": [
        {"state": "open", "total": Decimal("1.10"), "tags": ["a"]},
        {"state": "paid", "total": Decimal("2.2"), "tags": []},
        {"state": "open", "total": None},
    ],
    "empty": [],
    "checkout-p95": {"v.1": 3},
    "texts": ["1.5", "2"],
    "mixed": ["1.5", "1,5"],
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("items[0].total", Decimal("1.10")),
        ("items[-1].state", "open"),
        ('checkout-p95."v.1"', 3),
        ("length(items)", 3),
        ("length(items[?state=='open'])", 2),
        ("length(items[?total>=`1.1`])", 2),
        ("length(items[?error!=null])", 0),
        ("length(empty)", 0),
        ("sum(empty)", None),
        ("avg(empty)", None),
        ("sum(texts[].to_number(@))", Decimal("3.5")),
        ("max_by(items[?total], &total).state", "paid"),
        ("nothing || items[0].state", "open"),
        ("length(items[?tags[?@ == 'a']])", 1),
        ("[length(items), items[?state == 'open'].total] | ([0] && max([1]) || `0`)", Decimal("1.10")),
        ("not_null(nothing, `5`)", 5),
        ("items[?state=='gone'] | [0].total", None),
        ("items[0:2] | length(@)", 2),
        ("ceil(items[0].total)", 2),
        ("type(items[0].total)", "number"),
        ("to_number(to_string(items[1].total))", Decimal("2.2")),
    ],
)
def test_values(text, value):
    found = read_expression(text).value(ORDERS)
    assert (found.value, found.lacking) == (value, "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("items[3]", r"\[3\]"),
        ("items[0].sum", "sum"),
        ("length(things)", "things"),
        ("things[].total", "things"),
        ("sum(things[].total)", "things"),
        ("length(things[?state=='open'])", "things"),
        ("sum([items[0].total, other])", "other"),
    ],
)
def test_a_path_that_leads_nowhere_is_named(text, why):
    with pytest.raises(LookupError, match=why):
        read_expression(text).value(ORDERS)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("length(items[?status=='open'])", "none of the 3 elements has “status”"),
        ("length(items[?a.b>`1` || state=='x'])", "none of the 3 elements has “a.b”"),
        ("sum(mixed[].to_number(@))", "“1,5” is not a number"),
        ("sum(items)", r"sum\(\) in “sum\(items\)” is given"),
        ("length(items[0].state)", "items.*state is a text, and has no elements"),
        ("length(`5`)", r"length\(\) in .* is given a number"),
        ("length(items, empty)", "cannot be worked out"),
    ],
)
def test_a_question_for_another_answer_is_not_answered_with_nothing(text, why):
    with pytest.raises(ValueError, match=why):
        read_expression(text).value(ORDERS)


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("sum(items[].total)", "1 of 3 elements have no total"),
        ("avg(items[?state=='open'].total)", "1 of 2 elements have no total"),
        ("items[].total | [0]", ""),
    ],
)
def test_elements_without_a_number_are_counted(text, lacking):
    assert read_expression(text).value(ORDERS).lacking == lacking


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("errors", ""),
        ("errors[].message", ""),
        ("items[?state=='gone']", ""),
        ("items[0].state == 'open'", "yes"),
        ("items[?state=='open'].state", "open; open"),
        ("items", "yes"),
        ("texts[0]", "1.5"),
    ],
)
def test_what_holds_is_said(text, says):
    assert read_expression(text).says(ORDERS) == says


@pytest.mark.parametrize(
    ("text", "where"),
    [("a.", "to its end"), ("", "is no JMESPath"), ("a b", "character 3"), ('"open', "cannot be read"),
     ("a..b", "character 3"), ("a == `open`", "write a text as 'text'"), ("``", "within ` ` stands JSON"), ("nope(a)", r"no function nope\(\)"), ("(" * 5000, "no JMESPath|cannot be read")],
)  # fmt: skip
def test_a_text_that_cannot_be_read_is_said(text, where):
    with pytest.raises(ValueError, match=where):
        read_expression(text)


NAMES = st.sampled_from(["a", "b", "items"])
LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from([Decimal("0.1"), "x", "1"])
ANSWERS = st.recursive(LEAVES, lambda below: st.lists(below) | st.dictionaries(NAMES, below), max_leaves=12)
PARTS = (
    "a",
    "items[]",
    "items[*].b",
    "items[-1].a",
    "items[?a>`1`]",
    "items[?a=='x'].b",
    "*",
    "@",
    "`1.5`",
    "[a, b]",
    "{x: a}",
)
FUNCTIONS = (
    "length",
    "sum",
    "avg",
    "max",
    "sort",
    "keys",
    "to_number",
    "to_string",
    "abs",
    "type",
    "reverse",
    "not_null",
)
EXPRESSIONS = st.recursive(
    st.sampled_from(PARTS),
    lambda below: (
        st.builds("{0}({1})".format, st.sampled_from(FUNCTIONS), below)
        | st.builds("{0} {1} {2}".format, below, st.sampled_from(["||", "&&", "|", "==", "<"]), below)
        | st.builds("sort_by(items, &{0})".format, below)
    ),
    max_leaves=4,
)


@given(ANSWERS, EXPRESSIONS)
def test_whatever_is_asked_of_whatever_came_is_answered_or_refused_in_words(answer, text):
    expression = read_expression(text)
    for ask in (expression.value, expression.says):
        try:
            ask(answer)
        except (LookupError, ValueError) as error:
            assert str(error)


@given(st.text(alphabet="ab.[]()*?`'\"|&!@{}:,<>= 0-\\$", max_size=20))
def test_a_text_is_an_expression_or_refused_in_words(text):
    try:
        read_expression(text)
    except ValueError as error:
        assert "cannot be read" in str(error) or "is no JMESPath" in str(error)
