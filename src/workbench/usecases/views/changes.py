"""What a release's kinds of change ask to be measured, as both front ends show it."""

from __future__ import annotations

import msgspec

from workbench.gates.changes import ASKED, Asked, Measured, by_change
from workbench.model.changes import CHANGES
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.marks import Mark


class MeasureLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is asked for: ``why`` names what measures it, ``benchmark`` the key of the first."""

    measure: str
    words: str
    state: Measured
    why: str
    mark: Mark
    benchmark: str = ""


class ChangeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of change: what it is called, what goes wrong with it, and what it asks for."""

    change: str
    title: str
    wrong: str
    measures: tuple[MeasureLine, ...]

    @property
    def lacking(self) -> int:
        """How much of it is not measured."""
        return sum(line.state is not Measured.YES for line in self.measures)


_MARKS = {Measured.YES: Mark.DONE, Measured.NO_VALUE: Mark.OPEN, Measured.NOTHING: Mark.WARNS}


def read_changes(evaluation: Evaluation) -> list[ChangeLine]:
    """The kinds of change of a release in their order; nothing where it names none."""
    asked = evaluation.facts(ASKED)
    return [
        ChangeLine(
            change=key,
            title=CHANGES[key].title,
            wrong=CHANGES[key].wrong,
            measures=tuple(map(_line, found)),
        )
        for key, found in by_change(asked).items()
    ]


def _line(item: Asked) -> MeasureLine:
    return MeasureLine(
        measure=item.measure.value,
        words=item.words,
        state=item.state,
        why=item.why,
        mark=_MARKS[item.state],
        benchmark=item.benchmark,
    )
