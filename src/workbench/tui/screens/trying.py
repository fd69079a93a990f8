"""Another criterion on the figures at hand: typed, and judged while one types."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input

from workbench.benchmarks.judge import Judged
from workbench.criteria import CriterionError
from workbench.model.errors import WorkbenchError
from workbench.tui.theme import Role
from workbench.tui.widgets.fields import TextInput
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Block, Gap, Page, Pair, Paragraph, pairs
from workbench.usecases.views.benchmark import numbers
from workbench.usecases.views.trying import try_on_benchmark

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


class TryPanel(Panel[None]):
    """Type a criterion; verdict, limit and margin follow.  Nothing is changed by it."""

    DEFAULT_CSS = """
    TryPanel > .panel--box { width: 92; }
    TryPanel TextInput { margin: 1 0 1 1; }
    TryPanel .panel--scroll { min-height: 5; }
    """

    def __init__(self, judged: Judged) -> None:
        super().__init__()
        self._judged = judged
        self._rule = str(judged.resolved.pass_ or "")

    def compose(self) -> ComposeResult:
        with PanelBox(f"Try another criterion on {self._judged.title}"):
            yield Page(self._figures())
            yield TextInput(self._rule)
            with VerticalScroll(classes="panel--scroll", can_focus=False):
                yield Page(tried(self._rule, self._judged), id="tried")
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
