"""Which texts name the same commit."""

from __future__ import annotations

import pytest

from workbench.model.commits import same_commit

FULL = "a1b2c3d94e8f70615243b4251f6a7b8c9d0e1f2a"


@pytest.mark.parametrize("text", [FULL, "a1b2c3d94e8f", "A1B2C3D94E8F", "a1b2c3d", "a1b2", FULL.upper()])
def test_a_beginning_in_any_case_names_the_commit(text: str) -> None:
    assert same_commit(text, FULL) and same_commit(FULL, text)


@pytest.mark.parametrize("text", ["", "a1b", "a1b2c3e", "a1b2c3d0", FULL[:-1] + "b", "1b2c3d9"])
def test_anything_else_does_not(text: str) -> None:
    assert not same_commit(text, FULL) and not same_commit(FULL, text)
