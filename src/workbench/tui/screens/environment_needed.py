"""``t`` on Environments: is staging needed for this change?  The questions, and the answer with its reasoning."""

from __future__ import annotations

from workbench.environments.needed import QUESTIONS, Needed
from workbench.model.errors import WorkbenchError
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.theme import Mark
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Block, Gap, Pair, Paragraph, pairs
from workbench.tui.working import Working
from workbench.usecases.needing import is_needed
from workbench.usecases.views.environment_judging import needed_section

_YES, _NO, _UNKNOWN = "yes", "no", "not known"
_ANSWERS = {_YES: True, _NO: False, _UNKNOWN: None}
_OPTIONS = tuple(Option(each) for each in _ANSWERS)
_WORDS = {True: _YES, False: _NO, None: _UNKNOWN}


async def open_needed(screen: Working) -> None:
    """The questions, filled in with what the record knows of the release."""
    try:
        known = await screen.work.desk.call(is_needed, screen.evaluation, {})
    except WorkbenchError as error:
        screen.work.tell(error)
        return
    fields = tuple(
        Field(one.key, one.short, "choice", _WORDS[known.answers[one.key].answer], _hint(one.text, known.answers[one.key].by), _OPTIONS)
        for one in QUESTIONS
    )  # fmt: skip

    async def answered(values: Values | None) -> None:
        if values is None:
            return
        said = {one.key: _ANSWERS[values[one.key]] for one in QUESTIONS}
        changed = {key: answer for key, answer in said.items() if answer is not known.answers[key].answer}
        found = await screen.work.desk.call(is_needed, screen.evaluation, changed)
        version = screen.evaluation.held.release.version if screen.evaluation else ""
        section = needed_section(found, version)
        screen.app.push_screen(
            ReadingPanel(section.title, [Paragraph(section.said), *_blocks(found, version)])
        )

    screen.app.push_screen(
        FormScreen("Is staging needed for this change?", fields, save_label="answer"), answered
    )


def _hint(text: str, by: str) -> str:
    return f"{text} ({by})" if by else text


def _blocks(found: Needed, version: str) -> list[Block]:
    """The reasoning, then every answer with who says so."""
    blocks: list[Block] = pairs(needed_section(found, version).facts)
    blocks.append(Gap())
    for one in QUESTIONS:
        known = found.answers[one.key]
        by = f" ({known.by})" if known.by else ""
        mark = Mark.LEARNING if known.answer is None else None
        blocks.append(Pair(one.short, f"{_WORDS[known.answer]}{by}", mark))
    return blocks
