"""Every widget in one small app, to look at and for snapshots: ``python -m tests.tui.gallery``."""

from __future__ import annotations

import os
import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.events import Resize
from textual.screen import Screen

from workbench.model.errors import SourceError
from workbench.tui.actions import Acting, Action, Actions
from workbench.tui.terminal import Terminal, choose, install_signals
from workbench.tui.theme import Mark, Role, register
from workbench.tui.widgets.chart import ChartLines
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.conflict import Conflict, Difference
from workbench.tui.widgets.dialog import Confirm, MessagePanel
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.footer import FooterLine
from workbench.tui.widgets.form import Field, FormScreen
from workbench.tui.widgets.header import HeaderLine, ModeLine, Situation, Tab
from workbench.tui.widgets.help_panel import HelpPanel
from workbench.tui.widgets.progress import Asked, ProgressPanel
from workbench.tui.widgets.prose import Pair, Paragraph, Prose, Title
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.small import guard_size
from workbench.tui.widgets.stepper import Stepper
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.views.charts.bullet import Point, Scale
from workbench.usecases.views.charts.course import Bound, Chart, Course
from workbench.usecases.views.readiness import GateStep

SITUATION = Situation("web-shop", "2.14.0", "rc2", "a1b2c3d", 3, 7, 3, "Tue, in 2 days")
MODES = (
    Tab("readiness", "1", "Readiness"),
    Tab("parity", "2", "Parity"),
    Tab("benchmarks", "3", "Benchmarks"),
    Tab("checklists", "4", "Checklists"),
    Tab("releases", "6", "Releases"),
)
STEPS = (
    GateStep("inventory", "Inventory", Mark.DONE),
    GateStep("pre", "Pre-production", Mark.UNDER_WAY, "4/6"),
    GateStep("benchmarks", "Benchmarks", Mark.BLOCKS, "2"),
    GateStep("parity", "Parity", Mark.BLOCKS, "1"),
    GateStep("production", "Production", Mark.OPEN, "0/5"),
    GateStep("sign-off", "Sign-off", Mark.OPEN, "0/3"),
)
READINESS_COLUMNS = (
    Column("what", "What", flex=1, least=18),
    Column("why", "Why", flex=2, least=20),
    Column("who", "Who", align="right", most=16, drop=1),
)
PARITY_COLUMNS = (
    Column("severity", "Sev", width=4),
    Column("what", "What differs", flex=2, least=18),
    Column("staging", "Staging", most=14),
    Column("production", "Production", most=14),
    Column("touches", "Touches", most=14, drop=2),
    Column("cost", "Cost", align="right", drop=3),
    Column("decision", "Decision", align="right", most=14),
)
ACTIONS = Actions(
    [
        Action("form", "a", "add", "add a difference", 5),
        Action("parity", "p", "parity", "the parity map", 4),
        Action("detail", "d", "detail", "the detail of a benchmark", 4),
        Action("override", "o", "override", "let a requirement through, with an end", 2),
        Action("sign", "s", "sign", "sign the gate", 5),
        Action("fetch", "f", "fetch", "ask all sources", 3),
    ],
    [
        Action("error", "x", "error", "an error"),
        Action("conflict", "c", "conflict", "two versions of one difference"),
        Action("help", "question_mark", "help", "the keys of this screen", 9),
        Action("quit", "q", "quit", "leave the gallery"),
    ],
)


def readiness_rows() -> list[Item]:
    """A small home screen."""

    def row(key: str, mark: Mark, what: str, why: str, who: str = "nobody") -> Row:
        return Row(key, (Cell(what), Cell(why), Cell(who, Role.MUTED)), mark)

    return [
        Heading("Blockers"),
        row("p95", Mark.BLOCKS, "Checkout p95", "0.69 s, 28 % over its limit 0.54 s", "you, by 15:00"),
        row("faults", Mark.BLOCKS, "Payment faults", "4 of 6 passed, needs 5"),
        row("mocked", Mark.BLOCKS, "Payment gateway mocked", "undecided, high: checkout, refund"),
        Heading("To do"),
        row("masked", Mark.OPEN, "Data in staging masked", "Pre-production"),
        row("back", Mark.OPEN, "Way back rehearsed", "Pre-production"),
        Heading("Risks"),
        row("login", Mark.WARNS, "Login error rate", "0.41 %, 0.09 points to spare", ""),
        row("refund", Mark.EXCEPTED, "Refund p95", "overridden until 1 Dec: vendor's fix is due", ""),
        Heading(
            "14 met", "Staging foretold 9 of 11 shipped releases (52–95 %)", Mark.DONE, Role.TEXT, keep=True
        ),
    ]


def parity_rows(count: int = 40) -> list[Item]:
    """Differences, many of them alike."""
    kinds = (
        (Mark.BLOCKS, "high", "payment gateway", "mock", "vendor v3", "checkout +1", "undecided"),
        (Mark.EXCEPTED, "high", "load balancer", "none", "2 × L7", "all", "accepted"),
        (Mark.UNDER_WAY, "high", "orders: null notes", "0 %", "3.1 %", "checkout", "closing"),
        (Mark.UNDER_WAY, "med", "HTTP_TIMEOUT", "5 s", "2 s", "6 flows", "closing"),
        (None, "low", "LOG_LEVEL", "debug", "info", "–", "irrelevant"),
    )
    rows: list[Item] = []
    for number in range(count):
        mark, severity, what, staging, production, touches, decision = kinds[number % len(kinds)]
        name = what if number < len(kinds) else f"{what} {number}"
        cells = (severity, name, staging, production, touches, f"{number * 120} €", decision)
        role = Role.ERROR if mark is Mark.BLOCKS else Role.TEXT
        rows.append(
            Row(
                f"d{number}",
                tuple(
                    Cell(text, role if place == 6 else Role.TEXT, order=number if place == 5 else None)
                    for place, text in enumerate(cells)
                ),
                mark,
                dim=mark is None,
            )
        )
    return rows


class Home(Acting, Screen[None]):
    """The gallery's first screen."""

    ACTIONS: ClassVar[Actions] = ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*ACTIONS.bindings()]

    def compose(self) -> ComposeResult:
        yield HeaderLine(SITUATION)
        yield ModeLine(MODES, "readiness")
        yield Stepper(STEPS, "benchmarks")
        yield RecordTable(READINESS_COLUMNS, titles=False, id="blockers")
        yield FooterLine(self.hints())

    def on_mount(self) -> None:
        self.query_one(RecordTable).set_rows(readiness_rows())

    def why_not(self, action: Action) -> str | None:
        return "nothing here can be overridden" if action.id == "override" else None

    def do_form(self) -> None:
        self.app.push_screen(difference_form())

    def do_parity(self) -> None:
        self.app.push_screen(ParityScreen())

    def do_detail(self) -> None:
        self.app.push_screen(DetailScreen())

    def do_sign(self) -> None:
        self.app.push_screen(
            Confirm(
                "Sign “Benchmarks” for web-shop 2.14.0 rc2",
                "11 benchmarks: 9 pass, 1 warns, 1 overridden (Refund p95). 2 differences accepted.",
                word="2.14.0",
                ask="Type the version to sign",
                yes="sign",
            )
        )

    def do_fetch(self) -> None:
        panel = ProgressPanel(
            "Asking 3 sources",
            [
                Asked("prom", "Prometheus", "done", 22, 22, "9 h ago → now"),
                Asked("ci", "CI", "asking", 3, 8),
                Asked("jaeger", "Traces", "failed", 0, 4, "could not ask traces: refused"),
            ],
        )
        self.app.push_screen(panel)

    def do_error(self) -> None:
        self.app.push_screen(
            MessagePanel(
                SourceError(
                    "Prometheus answered 503",
                    where="https://metrics.staging.example/api/v1/query_range",
                    hint="try again in a minute; its benchmarks keep their last values until then",
                )
            )
        )

    def do_conflict(self) -> None:
        self.app.push_screen(
            Conflict(
                "Somebody else changed this difference",
                "Both of you changed the fields below since you opened it. Nothing is saved yet.",
                [
                    Difference("Decision", "accept until 1 December", "close, planned for the next sprint"),
                    Difference("Reason", "the vendor's sandbox has no refunds", ""),
                ],
            )
        )

    def do_help(self) -> None:
        self.app.push_screen(
            HelpPanel("Readiness", self.key_lines(), text="What blocks this release, first.")
        )

    def do_quit(self) -> None:
        self.app.exit()


def difference_form() -> FormScreen:
    """A form with one field of each kind."""
    return FormScreen(
        "Add a difference",
        [
            Field("what", "What differs", required=True, hint="in words, such as “payment gateway”"),
            Field("staging", "Staging", value="mock"),
            Field(
                "severity",
                "Severity",
                "choice",
                "high",
                options=(Option("high"), Option("medium"), Option("low")),
            ),
            Field("until", "Accepted until", "date", hint="write 2026-12-01, or leave it empty"),
            Field("why", "Why it matters", "lines"),
        ],
    )


class ParityScreen(Screen[None]):
    """A wide table of many rows."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "app.pop_screen", "Back")]

    def compose(self) -> ComposeResult:
        yield HeaderLine(SITUATION)
        yield ModeLine(MODES, "parity")
        yield RecordTable(PARITY_COLUMNS, empty="No differences yet. a adds one, p looks for some.")
        yield FooterLine(ACTIONS.hints(lambda action: None))

    def on_mount(self) -> None:
        self.query_one(RecordTable).set_rows(parity_rows())

    def key_space(self) -> None:
        """Marks are for screens that do something with them."""
        self.query_one(RecordTable).action_mark()


def course() -> Chart:
    """Two weeks of staging and production."""
    day = 86400.0
    staging = tuple((n * day, 0.48 + 0.03 * (n % 5) + 0.01 * n) for n in range(14))
    production = tuple((n * day, 0.42 + 0.02 * (n % 3)) for n in range(14))
    return Chart(
        (Course(staging, "0.70 s staging"), Course(production, "0.45 s production")),
        (Bound(0.54, "0.54 s upper limit"), Bound(0.36, "0.36 s lower limit")),
        0.36,
        0.54,
    )


class DetailScreen(Screen[None]):
    """A benchmark in detail."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "app.pop_screen", "Back")]

    def compose(self) -> ComposeResult:
        yield HeaderLine(SITUATION)
        yield ModeLine(MODES, "benchmarks")
        value = ChartLines()
        value.show(
            Scale(
                Point(0.69, "0.69 s", Role.ERROR),
                Point(0.45, "0.45 s production", Role.MUTED),
                Point(0.54, "0.54 s upper limit"),
            ),
            8,
        )
        yield value
        over_time = ChartLines()
        over_time.show(course(), 10)
        yield over_time
        yield Prose(
            [
                Title("Checkout p95"),
                Paragraph(
                    "28 % over its limit: p95 was 0.69 s over the last hour; "
                    "production's 0.45 s plus 20 % is 0.54 s."
                ),
                Pair("Measured", "12 min ago, 4,181 samples", Mark.DONE),
                Pair("Rule", "at most baseline + 20 %"),
            ]
        )
        yield FooterLine(ACTIONS.hints(lambda action: None))


class Gallery(App[None]):
    """The gallery in the theme of ``terminal``."""

    ENABLE_COMMAND_PALETTE = True

    def __init__(self, terminal: Terminal | None = None) -> None:
        self.terminal = terminal or Terminal("workbench-dark", None, False)
        super().__init__(ansi_color=self.terminal.ansi)
        register(self, self.terminal.theme)

    def on_mount(self) -> None:
        install_signals(self)
        self.push_screen(Home())

    def on_resize(self, event: Resize) -> None:
        guard_size(self, event.size.width, event.size.height)


if __name__ == "__main__":
    gallery = Gallery(choose(os.environ))
    gallery.run()
    sys.exit(gallery.return_code or 0)
