"""Another criterion: typed, and judged while one types, on the figures at hand and on every build that was measured."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input

from workbench.benchmarks.judge import Judged
from workbench.criteria import CriterionError
from workbench.model.errors import WorkbenchError
from workbench.tui.desk import Desk
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.fields import TextInput
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Block, Gap, Page, Pair, Paragraph, pairs
from workbench.usecases.views.benchmark import numbers, verdict_words
from workbench.usecases.views.trying import try_on_benchmark, unread_by
from workbench.usecases.views.what_if import WhatIf, what_if

_MOST_TURNING = 6
EXAMPLES = "such as  <= 600 ms  ·  within 20% of baseline  ·  <= baseline + 50 ms or both <= 0.1 s"


def tried(text: str, judged: Judged) -> list[Block]:
    """What a criterion says of a benchmark's figures, or what is wrong with it."""
    if not text.strip():
        return [Paragraph(EXAMPLES, Role.MUTED)]
    try:
        return pairs(try_on_benchmark(text, judged))
    except CriterionError as error:
        return _wrong(error)


def _wrong(error: WorkbenchError) -> list[Block]:
    blocks: list[Block] = [Pair("Not yet", error.what, role=Role.WARNING)]
    blocks += [Pair("Where", error.where)] if error.where else []
    return blocks + ([Pair("Perhaps", error.hint)] if error.hint else [])


def looked_back(found: WhatIf, judged: Judged | None = None) -> list[Block]:
    """What the criterion would have said of the builds that were measured: those that turn, each on a line.

    First what it says of the value that is ``judged`` now, where that has to be looked up as well.
    """
    turning = [line for line in found.lines if line.flips]
    blocks: list[Block] = []
    for line in found.lines:
        if judged is not None and line.now.value == judged.value:
            mark = Mark.DONE if line.then.through else Mark.WARNS
            blocks.append(Pair("Verdict", f"{verdict_words(line.then)}: {line.then.why}", mark))
    blocks.append(Pair("Before now", found.said))
    for line in turning[:_MOST_TURNING]:
        words = f"{line.value}, {'would have passed' if line.then.through else 'would have been stopped'}"
        trouble = f"; {line.trouble}" if line.trouble else ""
        blocks.append(Pair(line.build, words + trouble, Mark.DONE if line.then.through else Mark.WARNS))
    if len(turning) > _MOST_TURNING:
        blocks.append(Pair("", f"and {len(turning) - _MOST_TURNING} more builds", role=Role.MUTED))
    return blocks


class TryPanel(Panel[None]):
    """Type a criterion; verdict, limit and margin follow, and what it would have said of earlier builds.

    Nothing is changed by it.
    """

    DEFAULT_CSS = """
    TryPanel > .panel--box { width: 92; }
    TryPanel TextInput { margin: 1 0 1 1; }
    TryPanel .panel--scroll { min-height: 5; }
    """

    def __init__(self, judged: Judged, desk: Desk) -> None:
        super().__init__()
        self._judged, self._desk = judged, desk
        self._wanted = ""  # the criterion that earlier builds are to be looked at with
        self._looking = False
        self._rule = str(judged.resolved.pass_ or "")

    def compose(self) -> ComposeResult:
        with PanelBox(f"Try another criterion on {self._judged.title}"):
            yield Page(self._figures())
            yield TextInput(self._rule)
            with VerticalScroll(classes="panel--scroll", can_focus=False):
                yield Page(tried(self._rule, self._judged), id="tried")
                yield Page(id="before")
            yield FooterLine([Hint("back", "esc", "close, nothing changes")])

    def _figures(self) -> list[Block]:
        texts = numbers(self._judged)
        blocks: list[Block] = [Pair("Value", texts.value or self._judged.headline)]
        blocks += [Pair("Baseline", texts.baseline)] if texts.baseline else []
        return [*blocks, Gap(), Paragraph("Criterion", Role.MUTED)]

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(TextInput).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Judge what is typed by now."""
        event.stop()
        self.query_one("#tried", Page).show(tried(event.value, self._judged))
        self.call_after_refresh(self.limit_height)
        self._wanted = event.value
        if not self._looking:
            self._looking = True
            self._look_back()

    @work(group="looking back")
    async def _look_back(self) -> None:
        """Ask the record one criterion after the other: what was typed meanwhile only once."""
        looked: str | None = None
        while looked != self._wanted and self.is_mounted:
            looked = self._wanted
            blocks: list[Block] = []
            try:
                if looked.strip() not in ("", self._rule):
                    found = await self._desk.call(what_if, self._judged.key, {"pass": looked})
                    judged = self._judged if unread_by(looked, self._judged) else None
                    blocks = [Gap(), *looked_back(found, judged)]
            except WorkbenchError:
                pass  # what is wrong with the criterion is said above
            self.query_one("#before", Page).show(blocks)
            self.call_after_refresh(self.limit_height)
        self._looking = False
