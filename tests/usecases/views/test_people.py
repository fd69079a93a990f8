"""What people are called."""

from __future__ import annotations

from workbench.usecases.context import Context
from workbench.usecases.views.people import named


def test_a_person_is_called_by_name_and_the_reader_you(small: Context) -> None:
    assert named(small.definitions, "robin") == "Robin"
    assert named(small.definitions, "kim", "kim") == "you"
    assert named(small.definitions, "somebody") == "somebody"
