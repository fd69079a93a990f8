"""The same questions put to the command line and to the app, about a record in which everything is mixed.

What a front end shows is worked out below both of them (``usecases/views``); here each is
asked as a person would ask it, and both have to say the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.tui.driving import DARK, settle

from workbench.cli import output, run, session
from workbench.definitions.shapes import Tier
from workbench.flows.model import Flow
from workbench.model.errors import UsageError
from workbench.model.noun_fields import DECIDE, asked_by
from workbench.model.times import day_text
from workbench.notes.outline import outline
from workbench.parity.fields import FIELDS
from workbench.parity.model import Difference
from workbench.parity.words import decision_words, short_decision
from workbench.releases.model import Candidate, Outcome, Release
from workbench.tui.app import WorkbenchApp
from workbench.tui.desk import Desk
from workbench.tui.screens.readiness_rows import groups
from workbench.tui.widgets.header import HeaderLine, header_line
from workbench.tui.widgets.rows import Row
from workbench.tui.widgets.stepper import Stepper
from workbench.tui.widgets.table import RecordTable
from workbench.usecases import filling, mapping, releasing, shipping
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.opening import open_context
from workbench.usecases.parity_map import read_detail, read_map
from workbench.usecases.project import Options
from workbench.usecases.reporting.notes import notes_of
from workbench.usecases.reporting.whole import report_of
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.parity import facts, standing
from workbench.usecases.views.readiness import Reader
from workbench.usecases.views.status import read_status, status_lines

DAY = timedelta(days=1)
Table = list[dict[str, str]]


def fill(context: Context) -> None:
    """A release ready to ship, others in every other state, and differences of every kind."""
    mapping.add_flow(context, Flow(key="refund", name="Refund", tier=Tier.IMPORTANT, owner="kim", core=True))
    mapping.add_flow(context, Flow(key="browse", name="Browse", tier=Tier.BEST_EFFORT))
    build.add_difference(context, "undecided", severity="medium")
    for title, decision, more in (
        ("accepted", "accept", {"reason": "not in the path of money", "until": context.now + 30 * DAY}),
        ("ended", "accept", {"reason": "not in the path of money", "until": context.now + DAY}),
        ("mitigated", "mitigate", {"mitigation": "a load test each week"}),
        ("irrelevant", "no_matter", {"reason": "nobody pays through it"}),
        ("closing", "close", {"until": context.now + 60 * DAY}),
    ):
        ident = build.add_difference(context, title, severity="low" if title == "ended" else "high")
        build.decide(context, ident, decision, **more)
    build.clear(context)
    build.sign(context, "benchmarks", "robin")
    build.sign(context, "go", "robin")
    build.sign(context, "go", "sam")
    for number, outcome in enumerate((Outcome.SHIPPED, Outcome.ROLLED_BACK, Outcome.ABANDONED)):
        version = f"1.{number}.0"
        build_ = Candidate(release="", number=0, commit=f"abcdef{number}") if number < 2 else None
        held = releasing.plan(context, Release(version=version), build_)
        if number < 2:
            shipping.ship(context, held.release.version, reason="the vendor switches off")
        if outcome is not Outcome.SHIPPED:
            held = releasing.find(context, version)
            releasing.end(context, held, outcome, reason="nobody needs it any more")
    releasing.plan(context, Release(version="3.0.0"))
    releasing.plan(context, Release(version="2.1.0"), Candidate(release="", number=0, commit=build.SHA_2))
    build.figures(context, p95="0.9", errors="3")
    build.override(
        context, evaluate(context), "benchmark/p95", reason="one noisy client in the test run",
        approver="robin", until=context.now + 10 * DAY,
    )  # fmt: skip
    late = build.at(context, build.NOW + 2 * DAY)  # an override covers no value that has become too old
    build.measured(late, "p95", "0.9")
    build.measured(late, "p95", "0.45", role="baseline")


NOW = build.NOW + 2 * DAY


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_DATA", str(tmp_path_factory.mktemp("front-ends-data")))
        folder = tmp_path_factory.mktemp("front-ends") / "shop"
        with build.shop(folder) as context:
            fill(context)
        return folder


@pytest.fixture
def context(root: Path) -> Any:
    found = open_context(Options(project=root, as_person="kim", now=NOW), readonly=True)
    yield found
    found.record.close()


def command(root: Path, *words: str) -> Table:
    """The rows that a command prints, by the heads of their columns."""
    printed: Table = []

    def keep(head: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str = "none") -> None:
        printed.extend(dict(zip(head, map(str, row), strict=True)) for row in rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(output, "table", keep)
        patch.setenv("WORKBENCH_AS", "kim")
        assert run([*words, "--project", str(root), *at(words)]) == 0
    return printed


def at(words: Sequence[str]) -> list[str]:
    """What does not depend on the time of day takes no ``--now``."""
    return [] if words[0] in ("history", "flow") else ["--now", NOW.isoformat()]


class Seen(msgspec.Struct, frozen=True):
    """A row of the app: its mark, and its texts by the keys of their columns."""

    mark: Mark | None
    said: dict[str, str]


@pytest.fixture(scope="module")
def shown(root: Path) -> Mapping[str, dict[str, Seen]]:
    """What the tables of the app show, by mode and key: one drive through all of them."""
    return asyncio.run(_drive(root))


class Home(msgspec.Struct, frozen=True):
    """What the app says of a release: its header, the marks of its gates, and how much is in each section."""

    header: str
    gates: list[tuple[str, str]]
    sections: dict[str, list[tuple[str, str]]]


def home(root: Path, version: str) -> Home:
    return asyncio.run(_home(root, version))


async def _home(root: Path, version: str) -> Home:
    desk = Desk(Options(project=root, as_person="kim", now=NOW, release=version))
    try:
        app = WorkbenchApp(desk, desk.start().result(), DARK)
        async with app.run_test(size=(160, 60)) as pilot:
            await settle(pilot)
            situation = app.screen.query_one(HeaderLine).situation
            found = groups(app.screen.judgement, Reader("kim", UTC, wide=True))  # type: ignore[attr-defined]
            return Home(
                header="".join(piece.text for piece in header_line(situation, 160)),
                gates=[(step.title, step.mark.symbol) for step in app.screen.query_one(Stepper).steps],
                sections={
                    group.title: [(row.mark.symbol, cells(row)[0]) for row in group.rows if row.mark]
                    for group in found
                },
            )
    finally:
        desk.close()


@contextmanager
def opened(root: Path, version: str) -> Iterator[Context]:
    found = open_context(Options(project=root, as_person="kim", now=NOW, release=version), readonly=True)
    try:
        yield found
    finally:
        found.record.close()


def status_of(root: Path, version: str) -> list[str]:
    """What ``workbench status`` prints of a release."""
    with opened(root, version) as context:
        return status_lines(read_status(context, version))


async def _drive(root: Path) -> dict[str, dict[str, Seen]]:
    desk = Desk(Options(project=root, as_person="kim", now=NOW))
    try:
        app = WorkbenchApp(desk, desk.start().result(), DARK)
        async with app.run_test(size=(200, 60)) as pilot:
            await settle(pilot)
            found = {}
            for mode in ("releases", "parity", "flows", "benchmarks", "checklists", "history"):
                await app.switch_mode(mode)
                await settle(pilot)
                table = app.screen.query_one(RecordTable)
                names = [column.key for column in table.columns]
                rows = ((key, table.row(key)) for key in table.keys)
                found[mode] = {
                    key: Seen(row.mark, dict(zip(names, cells(row), strict=False)))
                    for key, row in rows
                    if row
                }
            return found
    finally:
        desk.close()


def cells(row: Row) -> list[str]:
    return [cell.text for cell in row.cells]


def test_in_what_state_releases_are(root: Path, shown: Mapping[str, dict[str, Seen]]) -> None:
    said = {
        row["release"]: (*row["state"].split(" ", 1), row["candidate"])
        for row in command(root, "release", "list")
    }
    seen = {}
    for row in shown["releases"].values():
        candidate = row.said["candidate"]
        mark = row.mark.symbol if row.mark else ""
        version = row.said["version"].removesuffix(" current")
        seen[version] = (mark, row.said["state"], "" if candidate == "none yet" else candidate)
    assert said == seen
    assert {version: state for version, (_, state, _) in said.items()} == {
        "1.0.0": "watching",
        "1.1.0": "rolled back",
        "1.2.0": "abandoned",
        "2.0.0": "signed",
        "2.1.0": "blocked",
        "3.0.0": "planned",
    }


@pytest.mark.parametrize("version", ["2.0.0", "2.1.0", "3.0.0"])
def test_gates_blockers_and_risks_have_the_same_marks_and_words(root: Path, version: str) -> None:
    """``status`` and the app's header, stepper and sections, of a signed, a blocked and a planned release."""
    seen, said = home(root, version), status_of(root, version)
    body = said[said.index("") + 1 :]
    gates = [line.strip().rsplit("  ", 1) for line in body[: body.index("")]]
    assert [(title.strip(), words[0]) for title, words in gates] == seen.gates
    head = said[0].partition(": ")[2]
    risks = len(seen.sections["Risks"])
    for words in (word for word in head.split(", ")[1:] if "risk" not in word):
        assert words in seen.header
    assert (f"{risks} risk" in head) == bool(risks)
    if "blocker" not in head and "to do" not in head:
        assert head.split(", ")[0] in seen.header
    for title, rows in seen.sections.items():
        if rows and title != "Met":
            # The app tells apart whose move it is, too; what blocks comes first in both.
            at = said.index(f"{title} ({len(rows)})") + 1 if title in ("To sign", "Risks") else 0
            assert all(
                any(line.startswith(f"  {mark} {name[:40]}") for line in said[at:]) for mark, name in rows[:8]
            )


def test_the_notes_and_the_releases_say_what_status_says(
    root: Path, shown: Mapping[str, dict[str, Seen]]
) -> None:
    seen = {row.said["version"].removesuffix(" current"): row for row in shown["releases"].values()}
    for version in ("2.0.0", "2.1.0", "3.0.0"):
        mark, state, *_ = status_of(root, version)[0].partition(": ")[2].replace(",", " ").split()
        row = seen[version]
        assert (row.mark.symbol if row.mark else "", row.said["state"]) == (mark, state)
        with opened(root, version) as context:
            notes = outline(notes_of(report_of(context, evaluate(context, version))))
        assert (notes.sign, notes.headline.partition(":")[0].lower()) == (mark, state)
        counts = row.said["open"].removeprefix("✗ ")
        assert state == "planned" or counts in (notes.headline.partition(": ")[2], "nothing")


def test_what_was_decided_about_differences(
    root: Path, shown: Mapping[str, dict[str, Seen]], context: Context
) -> None:
    said = {row["what differs"]: row["decision"] for row in command(root, "parity", "list")}
    seen = {row.said["title"]: row.said["decision"] for row in shown["parity"].values()}
    lines = {line.title: line for line in read_map(context).lines}
    assert set(said) == set(seen) == set(lines)
    for title, line in lines.items():
        end = day_text(line.until, context.zone) if line.until else ""
        assert said[title] == decision_words(line.decision, end, line.ended)
        assert seen[title] == short_decision(line.decision, end, line.ended)
    assert said["ended"] == "undecided again: “accepted” ended on 16 Sep" and seen["ended"] == "ended 16 Sep"


def test_the_detail_of_a_difference_begins_with_what_the_list_says(root: Path, context: Context) -> None:
    said = {row["what differs"]: row["decision"] for row in command(root, "parity", "list")}
    for line in read_map(context).lines:
        detail = read_detail(context, line.id)
        assert detail is not None
        told = facts(detail, standing(None), context.zone, str)[0]
        assert told.text.startswith(said[line.title])


def test_which_differences_are_open(root: Path, shown: Mapping[str, dict[str, Seen]]) -> None:
    said = {row["what differs"] for row in command(root, "parity", "list", "--decision", "undecided")}
    seen = {
        row.said["title"]
        for row in shown["parity"].values()
        if row.mark in (Mark.OPEN, Mark.WARNS, Mark.BLOCKS)
    }
    assert said == seen == {"undecided", "ended"}


def test_what_flows_are_and_what_they_lack(root: Path, shown: Mapping[str, dict[str, Seen]]) -> None:
    said = [
        (row["name"], row["tier"], row["stage"], row["core"], row["not covered"])
        for row in command(root, "flow", "list")
    ]
    seen = []
    for row in shown["flows"].values():
        seen.append(tuple(row.said[name] for name in ("name", "tier", "stage", "core", "gaps")))
    assert said == seen
    assert [name for name, *_ in said] == ["Checkout", "Refund", "Browse"]


def test_what_entries_are_called_and_who_did_it(root: Path, shown: Mapping[str, dict[str, Seen]]) -> None:
    said = [(row["who"], row["what"], row["why"]) for row in command(root, "history", "--limit", "500")]
    seen = []
    for row in shown["history"].values():
        who, what, why = (row.said[name] for name in ("who", "what", "why"))
        seen.append(("kim" if who == "you" else who.casefold(), what, why))
    assert said == seen
    assert ("kim", "proposed to override Checkout p95", "one noisy client in the test run") in said


def test_how_far_checklists_are(root: Path, shown: Mapping[str, dict[str, Seen]], context: Context) -> None:
    (said,) = command(root, "checklist", "list")
    seen = list(shown["checklists"].values())
    marks = [row.mark for row in seen]
    assert said["answered"] == f"{marks.count(Mark.DONE)} of {len(seen)}" == "0 of 2"
    assert said["open"] == str(marks.count(Mark.OPEN))


def test_verdicts_and_what_lets_past(root: Path, shown: Mapping[str, dict[str, Seen]]) -> None:
    said = {row["benchmark"]: row for row in command(root, "benchmark", "list")}
    seen = {key: row for key, row in shown["benchmarks"].items() if key in said}
    assert set(seen) == set(said) == {"p95", "errors"}
    marks = {key: row.mark for key, row in seen.items()}
    assert marks == {"p95": Mark.EXCEPTED, "errors": Mark.BLOCKS}
    for key, row in seen.items():
        margin = row.said["margin"]
        assert said[key]["why"].startswith("overridden until 25 Sep; ") == margin.startswith("until 25 Sep: ")
        assert said[key][""] == marks[key].symbol
        assert row.said["mode"] == said[key]["mode"]


@pytest.mark.parametrize(
    "text",
    ["30d", "2w", "36h", "2026-12-01", "2026-12-01T15:00", "2026-12-01T15:00+02:00", "1.12.2026", "", "soon",
     "999999999d"],
)  # fmt: skip
def test_until_when(context: Context, text: str) -> None:
    """A decision's form, an override's form and the command line's ``--until``."""

    def form(until: str) -> datetime | None:
        said = filling.change(context, asked_by(FIELDS, DECIDE), Difference(title=""), {"until": until})
        return said.until

    ways = (form, lambda text: session.end(context, text), lambda text: _end(context, text))
    assert len({_answer(way, text) for way in ways}) == 1


def _end(context: Context, text: str) -> datetime | None:
    return filling.end(text, context.now, context.zone)


def _answer(way: Any, text: str) -> tuple[str, str]:
    try:
        return str(way(text)), ""
    except UsageError as error:
        return error.what, error.hint or ""


def test_what_a_decision_needs(root: Path, context: Context) -> None:
    """The form says below its fields what the use case refuses."""
    for decision in ("accept", "mitigate", "close", "no_matter"):
        value = msgspec.convert({"title": "x", "decision": decision, "severity": "high"}, Difference)
        lacking = mapping.lacks(value.decision, high=True, reason="", mitigation="", owner="", ends=False)
        with pytest.raises(UsageError) as caught:
            mapping.decide(context, [(_stored(context), value)], value.decision)
        assert caught.value.what == next(iter(lacking.values()))


def _stored(context: Context) -> Any:
    return mapping.find_difference(context, "undecided")[0]
