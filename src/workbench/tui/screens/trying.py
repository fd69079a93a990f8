"""Another criterion on the figures at hand: typed, and judged while one types."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from workbench import criteria
from workbench.benchmarks.judge import Judged
from workbench.criteria import CriterionError, Outcome, Verdict
from workbench.criteria.words import difference, headline, origin, shown
from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_text
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.fields import TextInput
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.panel import Panel
from workbench.tui.widgets.prose import Block, Gap, Page, Pair, Paragraph
from workbench.usecases.views.benchmark import numbers

EXAMPLES = "such as  <= 600 ms  ·  within 20% of baseline  ·  <= baseline + 50 ms or both <= 0.1 s"
# It blocks nothing: it is only tried.
_MARKS = {Verdict.PASS: (Mark.DONE, "would pass"), Verdict.FAIL: (Mark.WARNS, "would fail")}


def tried(text: str, judged: Judged) -> list[Block]:
    """What a criterion says of a benchmark's figures, or what is wrong with it."""
    if not text.strip():
        return [Paragraph(EXAMPLES, Role.MUTED)]
    try:
        rule = criteria.parse(text)
        criteria.check(rule, judged.resolved.unit, judged.resolved.better)
        outcome = criteria.judge(rule, None, judged.outcome.inputs)
    except CriterionError as error:
        return _wrong(error)
    return _right(str(rule), outcome)


def _wrong(error: WorkbenchError) -> list[Block]:
    blocks: list[Block] = [Pair("Not yet", error.what, role=Role.WARNING)]
    blocks += [Pair("Where", error.where)] if error.where else []
    return blocks + ([Pair("Perhaps", error.hint)] if error.hint else [])


def _right(rule: str, outcome: Outcome) -> list[Block]:
    mark, word = _MARKS.get(outcome.verdict, (Mark.LEARNING, "cannot be judged"))
    texts = shown(outcome)
    blocks: list[Block] = [Pair("Verdict", f"{word}: {headline(outcome)}", mark)]
    if texts.limit:
        source = origin(outcome, texts.baseline)
        blocks.append(Pair("Limit", texts.limit + (f"   {source}" if source else "")))
    if outcome.margin is not None:
        blocks.append(Pair("Margin", difference(outcome.margin, outcome.inputs.unit)))
    return [*blocks, Pair("Read as", rule, role=Role.MUTED)]


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
        with Vertical(classes="panel--box"):
            title = f"Try another criterion on {self._judged.title}"
            yield Static(Content(safe_text(title, 200)), classes="panel--title")
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
