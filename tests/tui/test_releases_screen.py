"""Releases by keys, on the real record of the web shop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.tui.driving import driven, opened, press, second_writer, settle, shown, web_shop
from tests.tui.pictures import body, in_sizes
from tests.tui.stories import said
from textual.pilot import Pilot
from textual.widgets import Input

from workbench.releases import model as releases
from workbench.releases.model import Held, Outcome
from workbench.tui.app import WorkbenchApp
from workbench.tui.screens.releases import ReleasesScreen
from workbench.tui.widgets.form import FormScreen
from workbench.tui.widgets.table import RecordTable

HOSTILE = "[/x][@click=app.quit]\x1b[31m\u202e🧑‍🚀"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def held(root: Path, version: str) -> Held:
    with second_writer(root) as context:
        return releases.find(context.record, version)


def field(pilot: Pilot[None], name: str) -> Input:
    return pilot.app.screen.query_one(f"#field-{name}").query_one(Input)


async def fill(pilot: Pilot[None], **values: str) -> None:
    for name, value in values.items():
        field(pilot, name).value = value
    await settle(pilot)


def current(pilot: Pilot[None]) -> str:
    app = pilot.app
    assert isinstance(app, WorkbenchApp) and app.view.evaluation is not None
    return app.view.evaluation.held.title


async def test_a_release_is_shown_with_its_state_and_its_way_back(root: Path) -> None:
    async with driven(root, (160, 50)) as pilot:
        await press(pilot, "6")
        text = shown(pilot)
        assert "2.14.0 current" in text and "blocked" in text
        assert "✗ 3 blockers, 7 to do, 3 to sign" in text
        assert "third-party dependency" in text
        assert "refunds go through API" in text and "v3 as well" in text
        assert "Switch the flag gateway-v3 off" in text
        assert "Any order that is charged twice" in text


async def test_the_upcoming_build_is_offered_and_becomes_the_candidate(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "6", "P")
        assert field(pilot, "commit").value == "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72"
        await press(pilot, "ctrl+s")
        assert current(pilot) == "2.14.0 rc3"
        assert "rc3 7c4e19f" in shown(pilot)
    candidate = held(root, "2.14.0").candidate
    assert candidate is not None and candidate.author == "jo"
    assert [item.name for item in candidate.artifacts] == ["web-shop.oci"]


async def test_what_is_no_commit_stays_in_the_form(root: Path) -> None:
    async with driven(root, (120, 50)) as pilot:
        await press(pilot, "6", "P")
        await fill(pilot, commit="HEAD", why="typed in a hurry")
        await press(pilot, "ctrl+s")
        assert "“HEAD” is not a commit" in shown(pilot)
        assert field(pilot, "why").value == "typed in a hurry"
    assert held(root, "2.14.0").title == "2.14.0 rc2"


async def test_a_release_is_planned_and_taken_current(root: Path) -> None:
    async with driven(root, (120, 50)) as pilot:
        await press(pilot, "6", "a", "ctrl+s")
        assert "Required" in shown(pilot)
        assert field(pilot, "previous").value == "2.14.0"
        await fill(pilot, version="2.15.0", planned_at="soon", changes="schema, cap")
        await press(pilot, "ctrl+s")
        assert "“soon” is not a date or time" in shown(pilot)
        await fill(pilot, planned_at="2026-12-01T09:00", changes="schema, magic")
        await press(pilot, "ctrl+s")
        assert "“magic” is no kind of change" in shown(pilot)
        await fill(pilot, changes="schema, CH-5", commit="abcdef1")
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, ReleasesScreen)
        table = pilot.app.screen.query_one(RecordTable)
        planned = held(root, "2.15.0")
        assert table.move_to(planned.id)
        await press(pilot, "enter")
        assert current(pilot) == "2.15.0 rc1"
        assert "2.15.0 rc1" in shown(pilot).splitlines()[0]
    assert planned.release.changes == ("CH-2", "CH-5")
    assert planned.release.owner == "robin"


async def test_the_description_is_edited(root: Path) -> None:
    async with driven(root, (120, 50)) as pilot:
        await press(pilot, "6", "e")
        await fill(pilot, summary=HOSTILE)
        await press(pilot, "ctrl+s")
        text = shown(pilot)
        assert "[/x][@click=app.quit]" in text and "\x1b" not in text and "\u202e" not in text
    release = held(root, "2.14.0").release
    assert release.rollback_plan[0].startswith("Switch the flag")
    assert release.changes == ("CH-5", "CH-12")


async def test_an_edit_that_was_overtaken_is_not_lost(root: Path) -> None:
    async with driven(root, (120, 50)) as pilot:
        await press(pilot, "6", "e")
        await fill(pilot, summary="mine")
        with second_writer(root, "kim") as context:
            from workbench.usecases import releasing

            seen = releases.find(context.record, "2.14.0")
            import msgspec

            releasing.edit(context, seen, msgspec.structs.replace(seen.release, summary="theirs"))
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, FormScreen)
        assert field(pilot, "summary").value == "mine"
    assert held(root, "2.14.0").release.summary == "theirs"


async def test_shipping_past_the_gates_takes_a_reason_and_the_version(root: Path) -> None:
    async with driven(root, (120, 50)) as pilot:
        await press(pilot, "6", "M")
        assert "not every gate has passed" in shown(pilot)
        await fill(pilot, overruled="the old one is down for good", confirm="2.14")
        await press(pilot, "ctrl+s")
        assert "✗ type 2.14.0" in shown(pilot)
        await fill(pilot, overruled="why not", confirm="2.14.0")
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, FormScreen)
        await fill(pilot, overruled="the old one is down for good")
        await press(pilot, "ctrl+s")
        assert "watching" in shown(pilot)
        await press(pilot, "M", "n")
        await fill(pilot, reason="the run said done and failed")
        await press(pilot, "ctrl+s")
        assert "blocked" in shown(pilot)
        await press(pilot, "M")
        await fill(pilot, overruled="the old one is down for good", confirm="2.14.0")
        await press(pilot, "ctrl+s", "M")
        await fill(pilot, reason="orders were charged twice")
        await press(pilot, "ctrl+s")
        assert "rolled back" in shown(pilot)
        await press(pilot, "M")
        assert said(pilot)[-1] == "M mark as: 2.14.0 is rolled back"
    assert held(root, "2.14.0").release.outcome is Outcome.ROLLED_BACK


async def test_an_open_release_is_abandoned_with_a_reason(root: Path) -> None:
    async with driven(root, (120, 50)) as pilot:
        await press(pilot, "6", "M", "a", "ctrl+s")
        assert isinstance(pilot.app.screen, FormScreen)
        await fill(pilot, reason="goes out with 2.15")
        await press(pilot, "ctrl+s")
        assert "abandoned" in shown(pilot)
        await press(pilot, "P")
        assert said(pilot)[-1] == "P propose build: 2.14.0 is abandoned"
    assert held(root, "2.14.0").release.outcome is Outcome.ABANDONED


async def test_the_first_release_can_be_planned_in_an_empty_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    project = tmp_path / "bare"
    project.mkdir()
    (project / "workbench.yaml").write_text("project: bare\n", "utf-8")
    async with driven(project) as pilot:
        await press(pilot, "6")
        assert "Press a to plan the first one" in shown(pilot)
        await press(pilot, "a", *"1.0.0", "ctrl+s")
        assert current(pilot) == "1.0.0"
        assert "none yet" in shown(pilot)


@in_sizes({"list": ("6",)}, small={"candidate": ("6", "P"), "shipped": ("6", "M")})
def test_pictures(
    snap_compare: Callable[..., bool], root: Path, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    with opened(root) as app:
        assert snap_compare(app, run_before=body(*keys), terminal_size=size)
