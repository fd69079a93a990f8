"""What counts as a reason."""

from __future__ import annotations

import pytest

from workbench.model.errors import UsageError
from workbench.model.reasons import readable_reason, says_why, what_it_lacks


@pytest.mark.parametrize(
    "text", ["", " ", "x", "asap", "ASAP!", "n/a", "TBD", " because. ", "urgent", "\n\tlater\n", "too few"]
)
def test_a_placeholder_is_no_reason(text: str) -> None:
    assert not says_why(text)
    with pytest.raises(
        UsageError, match="lifting a freeze needs a reason that still makes sense a year from now"
    ):
        readable_reason(text, "lifting a freeze")


def test_a_reason_is_kept_without_the_space_around_it() -> None:
    assert readable_reason("  incident 42 is over\n", "lifting a freeze") == "incident 42 is over"


@pytest.mark.parametrize(
    "text",
    [
        "xxxxxxxx", "TBD TBD TBD", "..........", "....................", "tbd, later", "asdf asdf asdf", "asdfasdf",
        "blah blah blah", "--------", "qwertyuiop", "later, later, later", "n/a n/a n/a", "aaaa bbbb", "abcabcabc",
        "12345678", "TODO: because", "xxxxxxxx.", "ha ha ha ha",
    ],
)  # fmt: skip
def test_what_says_nothing_whoever_reads_it_is_no_reason(text: str) -> None:
    assert what_it_lacks(text).startswith("this will mean nothing")


@pytest.mark.parametrize(
    "text",
    [
        "Bank down", "INC-47112", "kim is ill", "later than planned: the vendor's fix", "供应商故障修复中", "Lieferant ist krank",
        "поставщик болен", "ผู้ขายป่วยอยู่", "विक्रेता बीमार है", "테스트 서버 고장", "البائع مريض", "the test system is slow", "see #4711",
        "vendor, vendor", "Fix due 2 Oct",
    ],
)  # fmt: skip
def test_a_short_true_reason_in_any_language_is_one(text: str) -> None:
    assert what_it_lacks(text) == ""


def test_what_is_too_short_is_told_how_long_a_reason_is() -> None:
    assert what_it_lacks("must go").startswith("too short: write at least 8 characters")
