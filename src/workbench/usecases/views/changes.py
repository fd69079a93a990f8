"""What a release's kinds of change ask to be measured, as both front ends show it."""

from __future__ import annotations

import msgspec

from workbench.gates.changes import ASKED, Asked, Measured, by_change
from workbench.model.changes import CHANGES, change_title
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.marks import Fact, Mark
from workbench.usecases.views.touched import touched_words


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


def change_facts(evaluation: Evaluation) -> list[Fact]:
    """What a release changes, and what of it was measured: a line for each kind, then the flows that it touches."""
    facts = [_told(line) for line in read_changes(evaluation)]
    if not facts:
        titles = ", ".join(map(change_title, evaluation.held.release.changes))
        facts = [Fact("", titles)] if titles else []
    named = [Fact("" if number else "Changes", one.text, one.mark) for number, one in enumerate(facts)]
    if words := touched_words(evaluation):
        named.append(Fact("Touches", words.removeprefix("this candidate touches ")))
    return named


def _told(line: ChangeLine) -> Fact:
    lacking = [one.words for one in line.measures if one.state is not Measured.YES]
    if not lacking:
        return Fact("", f"{line.title}: all {len(line.measures)} measured", Mark.DONE)
    counted = f"{len(line.measures) - len(lacking)} of {len(line.measures)} measured"
    return Fact("", f"{line.title}: {counted}; missing: {', '.join(lacking)}", Mark.WARNS)


def _line(item: Asked) -> MeasureLine:
    return MeasureLine(
        measure=item.measure.value,
        words=item.words,
        state=item.state,
        why=item.why,
        mark=_MARKS[item.state],
        benchmark=item.benchmark,
    )
