"""docs/routines.md: typed command by command, and complete."""

from __future__ import annotations

from pathlib import Path

import msgspec
from tests.docs.transcripts import type_page

from workbench.definitions.routine_defaults import BUILT_IN
from workbench.definitions.routines import Routine, Sprint
from workbench.usecases.views.routines import every_words

PAGE = Path(__file__).parents[2] / "docs" / "routines.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_is_typed(tmp_path: Path) -> None:
    assert type_page(PAGE, tmp_path, {"WORKBENCH_DATA": str(tmp_path / "data")}) >= 5


def test_every_built_in_routine_and_every_field_is_described() -> None:
    for routine in BUILT_IN:
        row = next(line for line in TEXT.splitlines() if line.startswith(f"| `{routine.key}` |"))
        assert routine.title in row and every_words(routine).removesuffix(" of 14 days") in row
    fields = [*msgspec.structs.fields(Routine), *msgspec.structs.fields(Sprint)]
    assert [field.encode_name for field in fields if f"`{field.encode_name}`" not in TEXT] == []


def test_built_in_routines_say_how_they_are_done_and_what_proves_it() -> None:
    assert len({routine.key for routine in BUILT_IN}) == len(BUILT_IN)
    for routine in BUILT_IN:
        assert routine.title and routine.every and len(routine.how) > 60 and routine.evidence.endswith(".")
