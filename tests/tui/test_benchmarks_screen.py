"""Benchmarks by keys, on the real record of the web shop."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from tests.tui.driving import driven, opened, press, second_writer, settle, shown, web_shop
from tests.tui.pictures import body, in_sizes
from textual.pilot import Pilot
from textual.widgets import Input

from workbench.definitions.shapes import Dimension
from workbench.tui.app import WorkbenchApp
from workbench.tui.screens.benchmark_detail import (
    COMPARED,
    EVIDENCE,
    FACT,
    HAPPENED,
    MEASURED,
    SAMPLED,
    BenchmarkDetail,
)
from workbench.tui.screens.benchmark_matrix import Matrix
from workbench.tui.screens.benchmark_pictures import chart_height
from workbench.tui.screens.benchmarks import BenchmarksScreen
from workbench.tui.screens.flow_page import FlowScreen
from workbench.tui.theme import Mark
from workbench.tui.widgets.form import FormScreen
from workbench.tui.widgets.table import RecordTable
from workbench.usecases import approving
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.matrix import FlowLine, Square

DOCS = Path(__file__).parents[2] / "docs"
HOSTILE = "[/x] [@click=app.quit] \\e[31m\\e]0;gone\\a \\u202Eevil 🧑‍🚀"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def table(pilot: Pilot[None]) -> RecordTable:
    return pilot.app.screen.query_one(RecordTable)


async def stand_on(pilot: Pilot[None], key: str) -> None:
    assert table(pilot).move_to(key)
    await settle(pilot)


async def fill(pilot: Pilot[None], name: str, text: str) -> None:
    pilot.app.screen.query_one(f"#field-{name}").query_one(Input).value = text
    await settle(pilot)


def verdict(pilot: Pilot[None], key: str) -> str:
    app = pilot.app
    assert isinstance(app, WorkbenchApp) and app.view.evaluation is not None
    return next(item.verdict.value for item in app.view.evaluation.judged if item.key == key)


async def test_the_matrix_and_the_list_say_how_each_benchmark_stands(root: Path) -> None:
    async with driven(root, (160, 50)) as pilot:
        await press(pilot, "3")
        text = shown(pilot)
        assert "28 % over" in text and "until 1 Dec: 17 % over" in text
        assert "✓ completeness   ✗ latency 1" in text and text.count("Browse the catalogue") == 1
        assert table(pilot).row("tests/ci") is not None
        marks = {key: table(pilot).row(key) for key in table(pilot).keys}
        blocked = {key for key, row in marks.items() if row is not None and row.mark is Mark.BLOCKS}
        assert blocked == {"checkout-p95", "payment-faults"}


async def test_at_80_columns_no_title_is_cut_and_the_next_step_is_shown(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "3")
        text = shown(pilot)
        assert "Stand-in answers like the gateway" in text and "Orders fit production's schema" in text
        assert "P propose build" in text
        await stand_on(pilot, "checkout-schema")
        assert "P propose build" not in shown(pilot)


async def test_blockers_are_gone_through_round_and_round(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "3", "G")
        seen = []
        for key in ("right_square_bracket",) * 3 + ("left_square_bracket",) * 2:
            await press(pilot, key)
            seen.append(table(pilot).cursor_key)
        assert seen == ["checkout-p95", "payment-faults", "checkout-p95", "payment-faults", "checkout-p95"]


async def test_only_the_marked_ones_are_fetched(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "6", "P", "ctrl+s", "3")
        await stand_on(pilot, "search-p95")
        await press(pilot, "space")
        await stand_on(pilot, "tests/reports")
        await press(pilot, "space", "f", "enter")
        assert verdict(pilot, "search-p95") == "pass"
        assert verdict(pilot, "checkout-p95") == "missing"


async def test_the_detail_shows_the_arithmetic_and_leads_back_to_its_row(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "3")
        await stand_on(pilot, "refund-p95")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, BenchmarkDetail)
        text = shown(pilot)
        assert text.count("1.12 s, 17 % over its limit") == 1
        assert "allowed 0.64–0.96 s: production's 0.8 s ± 20 %" in text
        assert "since yesterday 12:00 at least" in text and "overridden until 1 Dec by" in text
        for words in ("1.12 s staging", "0.8 s production", "0.96 s upper limit", "0.64 s lower limit"):
            assert text.count(words) == 1
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, BenchmarksScreen)
        assert table(pilot).cursor_key == "refund-p95"


def test_the_chart_leaves_room_for_the_builds_and_gives_way_where_there_is_none() -> None:
    assert chart_height(15, 9) == 0
    assert 5 <= chart_height(20, 9) < chart_height(24, 9) < chart_height(50, 9) <= 24
    assert all(chart_height(height, 9) + 11 + 4 <= height for height in range(20, 30))


async def test_one_key_goes_through_the_pictures_and_names_the_next(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "3", "enter")
        assert "last 24 hours" in shown(pilot) and "v samples" in shown(pilot)
        await press(pilot, "v")
        text = shown(pilot)
        assert "averages: overlap 1 %" in text and "v course" in text
        assert "only production" in text and "last 24 hours" not in text
        await press(pilot, "v")
        assert "last 24 hours" in shown(pilot)


async def test_in_a_wide_window_the_samples_stand_beside(root: Path) -> None:
    async with driven(root, (160, 50)) as pilot:
        await press(pilot, "3", "enter")
        text = shown(pilot)
        assert "last 24 hours" in text and "averages: overlap 1 %" in text and "v samples" not in text


async def test_what_happened_since_it_was_first_measured_stands_on_its_page(root: Path) -> None:
    async with driven(root, (100, 50)) as pilot:
        await press(pilot, "3", "enter")
        text = shown(pilot)
        assert "Meanwhile" in text and "2.14.0 rc2, commit a1b2c3d" in text
        await stand_on(pilot, f"{HAPPENED}0")
        await press(pilot, "enter")
        assert "data of staging refreshed" in shown(pilot) and "05:10" in shown(pilot)


async def test_a_flaky_benchmark_is_quarantined_by_two_people(root: Path) -> None:
    async with driven(root, (100, 40)) as pilot:
        await press(pilot, "3", "enter", "M")
        assert "quarantined: flaky" in shown(pilot)
        await fill(pilot, "quarantined-reason", "the vendor's test system is slow at noon")
        await fill(pilot, "quarantined-until", "2026-10-01")
        await press(pilot, "ctrl+s")
        assert "quarantine waits for approval by somebody else" in shown(pilot)
        with second_writer(root, "sam") as sam:
            (proposal,) = evaluate(sam).proposals
            approving.approve(sam, evaluate(sam), proposal.ref)
        await press(pilot, "ctrl+r")
        assert "quarantined until 1 Oct" in shown(pilot)
        await press(pilot, "M")
        assert "counting again" in shown(pilot)
        await fill(pilot, "counting-reason", "the vendor has mended it")
        await press(pilot, "ctrl+s")
        assert "counts again" in shown(pilot)


async def test_the_line_under_the_cursor_can_be_copied(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "3", "enter", "ctrl+c")
        assert pilot.app.clipboard == "2.14.0 rc2 0.69 s 28 % over 6,000 samples in 1h"


async def test_another_criterion_is_tried_on_earlier_builds_too(root: Path) -> None:
    async with driven(root, (100, 40)) as pilot:
        await press(pilot, "3", "enter", "t")
        assert "Before now" not in shown(pilot)
        pilot.app.screen.query_one(Input).value = "<= 800 ms"
        await settle(pilot)
        text = shown(pilot)
        assert "would pass" in text and "of 1 release measured, 2.14.0 would go on" in text
        assert "2.14.0 rc2" in text and "would have passed" in text
        pilot.app.screen.query_one(Input).value = "<= soon"
        await settle(pilot)
        assert "Before now" not in shown(pilot)


async def test_the_matrix_has_every_flow_and_opens_what_is_under_the_cursor(root: Path) -> None:
    async with driven(root, (160, 40)) as pilot:
        await press(pilot, "3", "X")
        text = shown(pilot)
        assert "8 flows · ✗ 1 blocked · 3 without a benchmark" in text
        assert "Order status" in text and "mocked: charge the card" in text
        assert "✗ 2 block" in text and "⊘ 1 excepted" in text
        await press(pilot, *["right"] * 5)
        assert "Checkout, latency" in shown(pilot)
        await press(pilot, "enter")
        assert "0.69 s, 28 % over its limit" in shown(pilot)
        await press(pilot, "escape", *["left"] * 5, "enter")
        assert isinstance(pilot.app.screen, FlowScreen)
        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, BenchmarksScreen)


async def test_a_baseline_is_pinned_and_a_phase_begun_on_its_page(root: Path) -> None:
    async with driven(root, (100, 50)) as pilot:
        await press(pilot, "3", "enter", "M", "right")
        await fill(pilot, "pinned-reason", "the last quiet week")
        await fill(pilot, "pinned-name", "spring")
        await press(pilot, "ctrl+s")
        assert "used once its file says baseline: pinned spring" in shown(pilot)
        text = shown(pilot)
        assert "Compared with" in text and "pinned spring" in text
        await stand_on(pilot, f"{COMPARED}1")
        await press(pilot, "enter")
        assert "by robin" in shown(pilot) and "the last quiet week" in shown(pilot)
        await press(pilot, "escape", "M", "right", "right", "right")
        await fill(pilot, "phase-from", "2026-09-14")
        await fill(pilot, "phase-reason", "a new search engine, and that is accepted")
        await press(pilot, "ctrl+s")
        assert "the new phase waits for approval by somebody else" in shown(pilot)
        assert "since 14 Sep, waits for approval: a new" in shown(pilot)


async def test_a_benchmark_is_reviewed_on_its_page(root: Path) -> None:
    async with driven(root, (100, 40)) as pilot:
        await press(pilot, "3", "enter", "r")
        text = shown(pilot)
        assert "its limit, its false alarms, and what it missed" in text and "1 of 1 value failed" in text
        await fill(pilot, "note", "the limit is right")
        await press(pilot, "ctrl+s")
        assert "Checkout p95: reviewed" in shown(pilot)
        await press(pilot, "r")
        assert "no value was judged since the last review" in shown(pilot)


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project of the guide's pictures whose last builds are slower than those before."""
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    monkeypatch.syspath_prepend(DOCS)
    made: Path = import_module("history_project").make(tmp_path / "history")
    return made


async def test_a_control_chart_shows_its_limits_and_the_rule_that_fired(history: Path) -> None:
    async with driven(history, (100, 40)) as pilot:
        await press(pilot, "3", "enter")
        text = shown(pilot)
        assert "control chart: 24 measurements since 18 Aug, limits from 22 of them" in text
        assert "0.562 s upper limit" in text and text.count("upper limit") == 1
        assert "warns: 4 of the last 5 points beyond one sigma" in text and "●" in text
        assert "╵2.13.0 shipped" in text
        await stand_on(pilot, f"{FACT}figure 2 0")
        assert "Western Electric 3" in shown(pilot)


async def test_scores_show_their_course_and_lead_to_what_they_are_of(history: Path) -> None:
    async with driven(history, (100, 40)) as pilot:
        await pilot.app.screen.action_do("mode_scores")  # type: ignore[attr-defined]
        await settle(pilot)
        text = shown(pilot)
        assert "1 score · 1 not met or below 100 · 1 fell with the latest build" in text
        assert "75 of 100" in text and "fell from 100 with 2.14.0 rc5" in text
        assert "75 2.14.0 rc5" in text  # the end of the course that is drawn
        await press(pilot, "enter")
        assert "control chart" in shown(pilot)


async def test_two_samples_are_drawn_over_each_other_and_can_be_read(history: Path) -> None:
    async with driven(history, (160, 50)) as pilot:
        await press(pilot, "3")
        assert "▂▂▁█▆" in shown(pilot)
        await press(pilot, "down", "enter")
        text = shown(pilot)
        assert "samples: overlap 85 % (two equal ones: 94 %)" in text and "only production" in text
        assert "1.11 to 1.21 times" in text
        beside = pilot.app.screen.query(RecordTable)[1]
        beside.focus()
        assert beside.move_to(f"{SAMPLED}value")
        await press(pilot, "enter")
        assert "single observations" in shown(pilot) and "and 700 more" in shown(pilot)


async def test_in_the_smallest_window_the_verdict_and_the_builds_are_seen(root: Path) -> None:
    async with driven(root, (60, 15)) as pilot:
        await press(pilot, "3", "enter")
        text = shown(pilot)
        assert "0.69 s, 28 % over its limit" in text and "P propose build" in text and "production" in text


async def test_evidence_shows_what_was_answered(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "3", "enter")
        beside = pilot.app.screen.query(RecordTable)[1]
        beside.focus()
        assert beside.move_to(next(key for key in beside.keys if key.startswith(EVIDENCE)))
        await press(pilot, "enter")
        assert '"resultType":"vector"' in shown(pilot)
        await press(pilot, "ctrl+c")
        assert '"status":"success"' in pilot.app.clipboard


async def test_a_measurement_is_shown_with_everything_known_about_it(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "3", "enter")
        key = next(key for key in table(pilot).keys if key.startswith(MEASURED))
        await stand_on(pilot, key)
        await press(pilot, "enter")
        text = shown(pilot)
        assert "Tue 15 Sep 2026 12:00 CEST" in text and "a1b2c3d94e8f70615243b4251f6a7b8c9d0e1f2a" in text


async def test_a_new_candidate_is_fetched_and_its_verdict_turns(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "6", "P", "ctrl+s")
        await press(pilot, "3")
        assert verdict(pilot, "checkout-p95") == "missing"
        assert "not measured for this candidate" in shown(pilot)
        await press(pilot, "f", "enter")
        assert verdict(pilot, "checkout-p95") == "pass"
        row = table(pilot).row("checkout-p95")
        assert row is not None and row.mark is Mark.DONE


async def test_a_page_fetches_its_benchmark_alone(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "6", "P", "ctrl+s", "3")
        await stand_on(pilot, "search-p95")
        await press(pilot, "enter")
        assert "f fetch" in shown(pilot) and "not measured for this candidate" in shown(pilot)
        assert "measured for 2.14.0 rc2" in shown(pilot), "whose course it is"
        await press(pilot, "f", "enter")
        assert verdict(pilot, "search-p95") == "pass"
        assert verdict(pilot, "checkout-p95") == "missing"


async def test_a_real_failure_leads_to_a_better_build(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "3", "enter")
        assert "P propose build" in shown(pilot) and "o override" in shown(pilot)
        await press(pilot, "P")
        assert isinstance(pilot.app.screen, FormScreen)
        await press(pilot, "ctrl+s", "f", "enter")
        assert verdict(pilot, "checkout-p95") == "pass"
        text = shown(pilot)
        assert "P propose build" not in text
        assert "2.14.0 rc3" in text and "2.14.0 rc2" in text


async def test_the_line_of_a_field_is_what_the_editor_opens(root: Path) -> None:
    async with driven(root, (160, 50)) as pilot:
        await press(pilot, "3", "enter")
        screen = pilot.app.screen
        assert isinstance(screen, BenchmarkDetail)
        beside = screen.query(RecordTable)[1]
        beside.focus()
        assert beside.move_to("defined pass 0")
        await settle(pilot)
        place = screen.place()
        lines = (root / "benchmarks" / "checkout.yaml").read_text("utf-8").splitlines()
        assert place is not None and "pass:" in lines[place.line - 1]


async def test_another_criterion_is_judged_while_it_is_typed(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "3", "t")
        field = pilot.app.screen.query_one(Input)
        field.value = "<= 700 ms"
        await settle(pilot)
        assert "would pass: 0.00981 s to spare" in shown(pilot)
        field.value = "<= 600 mz"
        await settle(pilot)
        assert "column" in shown(pilot) and "would" not in shown(pilot)
        field.value = "within 20% of baseline or both"
        await settle(pilot)
        assert "would" not in shown(pilot)
        await press(pilot, "escape")
        assert verdict(pilot, "checkout-p95") == "fail"


async def test_a_typed_value_needs_evidence_and_a_number(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "3")
        await stand_on(pilot, "checkout-versions")
        await press(pilot, "a", *"abc", "ctrl+s")
        assert "Required" in shown(pilot)
        await press(pilot, *"read off the board", "ctrl+s")
        assert "“abc” is not a number" in shown(pilot)
        assert isinstance(pilot.app.screen, FormScreen)
        pilot.app.screen.query(Input).first().value = "3"
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, BenchmarksScreen)
        assert verdict(pilot, "checkout-versions") == "fail"
        await press(pilot, "enter")
        assert "3, 200 % over its limit" in shown(pilot) and "manual" in shown(pilot)


async def test_an_advisory_benchmark_is_made_blocking_and_not_loosened(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "3")
        assert "already blocking" in (pilot.app.screen.obstacle("tighten") or "")  # type: ignore[attr-defined]
        await stand_on(pilot, "catalogue-p95")
        await press(pilot, "B", "ctrl+s")
        assert "Required" in shown(pilot)
        await press(pilot, *"it has been steady for a month", "ctrl+s")
        row = table(pilot).row("catalogue-p95")
        assert row is not None and row.cells[5].text == "blocking"


async def test_a_measurement_that_does_not_count_is_struck_and_comes_back_by_undo(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "3", "V", *"the load generator was off", "ctrl+s")
        assert verdict(pilot, "checkout-p95") == "missing"
        await press(pilot, "enter")
        assert "invalid: the load generator was off (robin)" in shown(pilot)
        await press(pilot, "u")
        assert verdict(pilot, "checkout-p95") == "fail"
        assert "invalid:" not in shown(pilot)


async def test_explaining_names_values_and_their_places(root: Path) -> None:
    async with driven(root, (120, 50)) as pilot:
        await press(pilot, "3", "i")
        text = shown(pilot)
        assert "within 20% of baseline" in text and "benchmarks/checkout.yaml:" in text
        assert "histogram_quantile" in text


async def test_test_runs_have_a_detail_too(root: Path) -> None:
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "3")
        await stand_on(pilot, "tests/reports")
        assert pilot.app.screen.obstacle("tighten") == "choose a benchmark"  # type: ignore[attr-defined]
        await press(pilot, "enter")
        assert "Tests green for a1b2c3d" in shown(pilot) and "reports/rc2.xml" in shown(pilot)


async def test_readiness_leads_to_the_row_even_while_another_detail_is_open(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "3", "enter", "1")
        assert table(pilot).move_to("benchmark/payment-faults")
        await press(pilot, "enter")
        assert "4, 20 % under its limit" in shown(pilot)
        await press(pilot, "escape")
        assert pilot.app.current_mode == "readiness"


async def test_a_filter_gives_way_to_the_row_that_readiness_asks_for(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "3", "slash", *"login", "enter")
        assert table(pilot).keys == ("login-errors", "login-steps")
        await press(pilot, "1")
        assert table(pilot).move_to("benchmark/payment-faults")
        await press(pilot, "enter", "escape", "3")
        assert table(pilot).cursor_key == "payment-faults"


async def test_a_click_on_a_dimension_goes_to_its_worst(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "3")
        lines = shown(pilot).splitlines()
        y = next(y for y, line in enumerate(lines) if "✗ errors 1" in line)
        await pilot.click(offset=(lines[y].index("✗ errors") + 3, y))
        await settle(pilot)
        assert table(pilot).cursor_key == "payment-faults"


async def test_hostile_titles_do_nothing(root: Path) -> None:
    path = root / "benchmarks" / "checkout.yaml"
    path.write_text(path.read_text("utf-8").replace("title: Checkout p95", f'title: "{HOSTILE}"'), "utf-8")
    async with driven(root) as pilot:
        await press(pilot, "3", "enter", "i", "escape", "t", "escape", "escape")
        text = shown(pilot)
        assert "[/x] [@click=app.quit]" in text
        assert "\x1b" not in text and "\u202e" not in text
        assert all(strip.cell_length == 80 for strip in pilot.app.screen._compositor.render_strips())


async def test_without_a_release_the_screen_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    project = tmp_path / "bare"
    project.mkdir()
    (project / "workbench.yaml").write_text("project: bare\n", "utf-8")
    async with driven(project) as pilot:
        await press(pilot, "3")
        assert "No benchmarks yet" in shown(pilot)
        await press(pilot, "f", "enter", "i", "t")
        assert isinstance(pilot.app.screen, BenchmarksScreen)


def squares(mark: Mark, key: str) -> dict[Dimension | None, Square]:
    return {Dimension.LATENCY_CONSISTENCY: Square(mark, 1, 2, key)}


def test_of_many_flows_the_matrix_shows_the_worst_and_the_current_one() -> None:
    flows = [FlowLine(f"f{n}", f"Flow {n}", squares(Mark.DONE, f"b{n}")) for n in range(30)]
    flows[20] = FlowLine("f20", "Flow 20", squares(Mark.BLOCKS, "b20"))
    matrix = Matrix()
    matrix._flows, matrix._current, matrix._most = tuple(flows), "f7", 6
    matrix._total, matrix._squares = 30, squares(Mark.BLOCKS, "b20")
    lines = ["".join(piece.text for piece in line) for line in matrix.lay_out(80)]
    assert any("Flow 20" in line and "✗ 1 of 2" in line for line in lines)
    assert any(line.startswith(" ▸ Flow 7") for line in lines)
    assert "… 25 more flows" in lines[-1] and len(lines) == 7
    assert all(len(line) <= 80 for line in lines)


@in_sizes(
    {"list": ("3",), "detail": ("3", "enter")},
    small={"explain": ("3", "i"), "try": ("3", "t")},
)
def test_pictures(
    snap_compare: Callable[..., bool], root: Path, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    with opened(root) as app:
        assert snap_compare(app, run_before=body(*keys), terminal_size=size)
