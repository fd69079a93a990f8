"""Reading and printing the language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.criteria import Criterion, CriterionError, own_unit, parse
from workbench.criteria.clause import Need
from workbench.criteria.parse import MAX_DEPTH, MAX_LENGTH
from workbench.model.quantity import find_unit

from .cases import LATER, clauses, criteria


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("<=600ms", "<= 600 ms"),
        (">= 99 %", ">= 99 %"),
        ("< 0.50 %", "< 0.5 %"),
        ("== 0", "== 0"),
        ("≤ 5", "<= 5"),
        ("≥ −5", ">= -5"),
        ("> 12 per second", "> 12/s"),
        ("<= 5 req/s", "<= 5/s"),
        ("<= 3 count", "<= 3 count"),
        ("between 2 and 5 ms", "between 2 and 5 ms"),
        ("between 2 ms and 5", "between 2 and 5 ms"),
        ("between 500 ms and 2 s", "between 500 ms and 2 s"),
        ("between -2 and 5", "between -2 and 5"),
        ("<= baseline", "<= baseline"),
        ("<= baseline + 20%", "<= baseline + 20%"),
        ("<= baseline+20 %", "<= baseline + 20%"),
        (">= baseline - 5%", ">= baseline - 5%"),
        ("<= baseline + 0.5% of baseline", "<= baseline + 0.5% of baseline"),
        ("<=+10%", "<= baseline + 10%"),
        ("<=+10 ms", "<= baseline + 10 ms"),
        ("<= 2 x baseline", "<= 2 x baseline"),
        ("<= 2x baseline", "<= 2 x baseline"),
        ("<= 2× baseline", "<= 2 x baseline"),
        ("<= baseline + 50 ms", "<= baseline + 50 ms"),
        (">= baseline - 1 pp", ">= baseline - 1 pp"),
        ("within 20% of baseline", "within 20% of baseline"),
        ("Within 50 ms of Baseline", "within 50 ms of baseline"),
        ("both <= 50 ms", "both <= 50 ms"),
        ("in control", "in control"),
        ("not worse than baseline", "not worse than baseline"),
        ("not worse than baseline by 25 %", "not worse than baseline by 25%"),
        ("<= 1 or <= 2 and <= 3", "<= 1 or <= 2 and <= 3"),
        ("(<= 1 or <= 2) and <= 3", "(<= 1 or <= 2) and <= 3"),
        ("<= 1 and (<= 2 and (<= 3))", "<= 1 and <= 2 and <= 3"),
        ("between 2 and 5 ms and >= 3 ms", "between 2 and 5 ms and >= 3 ms"),
        ("within 20% of baseline or both <= 50 ms", "within 20% of baseline or both <= 50 ms"),
    ],
)
def test_every_form_has_one_printing(written: str, canonical: str) -> None:
    criterion = parse(written)
    assert str(criterion) == canonical
    assert parse(canonical) == criterion


def test_and_binds_tighter_than_or() -> None:
    assert parse("<= 1 or <= 2 and <= 3") == parse("<= 1 or (<= 2 and <= 3)")
    assert parse("<= 1 or <= 2 and <= 3") != parse("(<= 1 or <= 2) and <= 3")


@pytest.mark.parametrize(
    ("text", "column", "hint"),
    [
        ("", 1, "a rule begins with"),
        ("   ", 4, "a rule begins with"),
        ("witin 20% of baseline", 1, "did you mean within?"),
        ("within 20% of basline", 15, "did you mean baseline?"),
        ("within 20 of baselin", 14, "did you mean baseline?"),
        ("in contrl", 4, "did you mean control?"),
        ("not wore than baseline", 5, "did you mean worse?"),
        ("<= 600 mss", 8, "did you mean ms?"),
        ("<= 600 foo", 8, "units:"),
        ("<= 10,000", 4, "10000, not 10,000"),
        ("<= 0,5 ms", 4, "0.5, not 0,5"),
        ("<= 1_000", 4, "plain decimals"),
        ("<= 5.", 4, "plain decimals"),
        ("<= .5", 4, "0.5, with a digit"),
        ("<= 1e3", 5, "1000, not 1e3"),
        ("<= 1234567890.123456789", 4, "round it"),
        ("600 ms", 1, "<= 600"),
        ("at most 600 ms", 1, "write <="),
        ("= 5", 1, "write =="),
        ("!= 5", 1, "joined by or"),
        ("<= 5 && >= 2", 6, "write and"),
        ("<= 5 pp", 4, "write 5 %"),
        ("both <= 1 pp", 9, "write 1 %"),
        (">= -5%", 4, "baseline - 5%, or >= -5"),
        ("<= 120% of baseline", 9, "<= 1.2 x baseline"),
        ("<= 5 ms of baseline", 9, "within 5 ms of baseline"),
        ("<= baseline x 2", 13, "2 x baseline"),
        ("<= baseline + 2 x baseline", 17, "2 x baseline"),
        ("<= 2 ms x baseline", 4, "2 x baseline"),
        ("<= 0 x baseline", 4, None),
        ("between 5 and 2 ms", 9, "between 2 ms and 5 ms"),
        ("between 2 s and 5 ms", 9, "between 5 ms and 2 s"),
        ("between 2 s and 5 %", 9, None),
        ("within -5% of baseline", 8, "within 20% of baseline"),
        ("not worse than baseline by 25", 28, "25%"),
        ("both within 5", 6, None),
        ("<= 5 <= 6", 6, None),
        ("(<= 5", 1, None),
        ("<= 5)", 5, None),
        ("<= 5 and", 9, "a rule begins with"),
        ("<= 5 andd >= 2", 6, "did you mean and?"),
    ],
)
def test_mistakes_name_their_column_and_help(text: str, column: int, hint: str | None) -> None:
    with pytest.raises(CriterionError) as caught:
        parse(text)
    assert caught.value.column == column
    assert (hint or "") in (caught.value.hint or "")
    assert (caught.value.hint is None) == (hint is None)


def test_deep_and_long_texts_are_refused_clearly() -> None:
    deepest = "(" * MAX_DEPTH + "<= 5" + ")" * MAX_DEPTH
    assert parse(deepest) == parse("<= 5")
    with pytest.raises(CriterionError, match="parentheses more than 50 deep"):
        parse(f"({deepest})")
    with pytest.raises(CriterionError, match="1000 are the most"):
        parse("<= 5 or " * MAX_LENGTH)


def test_what_a_criterion_needs() -> None:
    assert parse("<= 5 or within 20% of baseline").needs_baseline
    assert parse("both <= 5").needs_baseline
    assert parse("not worse than baseline").needs_baseline
    assert not parse("between 2 and 5 ms and >= 1 ms").needs_baseline
    assert Need.HISTORY in parse("<= 5 and in control").needs
    assert Need.HISTORY not in parse("within 20% of baseline").needs


def test_the_unit_a_criterion_is_written_in() -> None:
    assert own_unit(parse("within 20% of baseline or both <= 50 ms")) == find_unit("ms")
    assert own_unit(parse(">= baseline - 1 pp")) == find_unit("%")
    assert own_unit(parse("<= 2 x baseline")) is None


@given(criteria(st.one_of(clauses(), clauses(share=True), LATER)))
def test_printing_and_parsing_is_the_identity(criterion: Criterion) -> None:
    again = parse(str(criterion))
    assert again == criterion
    assert str(again) == str(criterion)


_WORDS = """<= >= < > == between within both in control not worse than by and or of x × pp % ms s ( ) + - −
    baseline 5 0.5 20 1e3 10,000 ≤ per second /s = ! ² ٣ \x00 \U0001f600"""
_FRAGMENTS = st.sampled_from([*_WORDS.split(), "\udc80"])


@given(
    st.one_of(st.text(), st.lists(_FRAGMENTS, max_size=14).map(" ".join), st.lists(_FRAGMENTS).map("".join))
)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        criterion = parse(text)
    except CriterionError as error:
        assert 1 <= error.column <= len(text) + 1
    else:
        assert parse(str(criterion)) == criterion
