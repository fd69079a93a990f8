"""Text from outside is no command of a CI system."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.ci_log import break_anywhere, break_commands


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("##vso[task.setvariable variable=approved]true", "#·#vso[task.setvariable variable=approved]true"),
        ("  ✗ ##teamcity[buildStatus status='SUCCESS']", "  ✗ #·#teamcity[buildStatus status='SUCCESS']"),
        ("###[error]no", "##·#[error]no"),
        ("  ::error::no", "  ·::error::no"),
        ("fine\n::set-output name=x::1", "fine\n·::set-output name=x::1"),
        ("--- All is well", "·--- All is well"),
        ("a::b, issue ##12, ----", "a::b, issue ##12, ----"),
    ],
)
def test_a_command_is_broken_and_other_text_is_not(text: str, broken: str) -> None:
    assert break_commands(text) == broken


@given(st.lists(st.sampled_from(["#", "##", "vso", "[", "::", " ", "x", "\n", "---"])).map("".join))
def test_nothing_is_left_of_any_command(text: str) -> None:
    broken = break_commands(text)
    assert "##vso[" not in broken and "##[" not in broken
    assert not any(line.lstrip(" ").startswith(("::", "--- ")) for line in broken.split("\n"))
    assert break_anywhere(broken) == broken
