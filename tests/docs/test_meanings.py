"""What each line of a gate means is told once: in the app, and word for word in the guide."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.gates.kinds import KINDS
from workbench.gates.model import Origin, Part, RequirementState, State
from workbench.usecases.views.meanings import MEANINGS, Meaning, meaning_of

PAGE = " ".join((Path(__file__).parents[2] / "docs" / "gates.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize("meaning", MEANINGS, ids=lambda meaning: meaning.title)
def test_the_guide_says_what_the_app_says(meaning: Meaning) -> None:
    told = f"**{meaning.title}.** {meaning.means} *Misread:* {meaning.misread} *Cleared:* {meaning.cleared}"
    assert told in PAGE


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_requirement_has_its_own(kind: str) -> None:
    requirement = RequirementState(key=kind, kind=kind, title="", state=State.NOT_MET, why="")
    part = Part(key="x", title="", state=State.NOT_MET, why="", about="none")
    assert meaning_of(requirement, part) in MEANINGS


def test_earlier_gates_are_not_a_mistake_in_a_file() -> None:
    requirement = RequirementState(
        key="earlier-gates",
        kind="earlier_gates",
        title="",
        state=State.NOT_MET,
        why="",
        origin=Origin.EARLIER,
    )
    part = Part(key="earlier-gates", title="", state=State.NOT_MET, why="", about="gate")
    assert meaning_of(requirement, part).title == "Earlier gates"
