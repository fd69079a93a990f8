"""Fleet in the app: every project, who is needed first, and the way into each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build
from tests.tui.driving import driven, opened, press, shown, web_shop

from workbench import tui
from workbench.model.errors import RecordUnavailable, UsageError
from workbench.tui import terminal
from workbench.tui.app import WorkbenchApp
from workbench.tui.screens.fleet import FleetScreen
from workbench.tui.screens.fleet_rows import COLUMNS, FOLDER, Stands
from workbench.tui.visiting import Aim, Visit
from workbench.tui.widgets.rows import Heading, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.fleet.shapes import Folder, Hold, IncidentSeen, SharedRecord
from workbench.usecases.fleet.together import assemble
from workbench.usecases.project import Options
from workbench.usecases.sitting import Draft, Place, Sitting, keep_sitting

from tests.usecases.fleet.made import DAY, NOW, delivered, due, project, release, waiting, went  # isort: skip

FLEET = ("ctrl+p", *"fleet", "enter")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The web shop, and a small one that was opened here, too."""
    root = web_shop(tmp_path, monkeypatch)
    with build.shop(tmp_path / "small", build.SHOP.replace("project: shop", "project: small")):
        pass
    return root


async def test_every_project_stands_there_and_enter_leads_into_it(shop: Path) -> None:
    async with driven(shop, size=(120, 40)) as pilot:
        await press(pilot, *FLEET)
        assert isinstance(pilot.app.screen, FleetScreen)
        screen = shown(pilot)
        assert "2 projects · 2 blocked" in screen and "judged so far" not in screen
        assert "✗ Web shop 2.14.0 rc2" in screen and "✗ small 2.0.0 rc1" in screen
        assert "Falls due next" in screen and "Lead time to production" in screen


async def left_for(root: Path, *keys: str, visit: Visit | None = None) -> Visit:
    """The project that these keys, typed in the app on another one, lead to."""
    async with driven(root, size=(120, 40), visit=visit) as pilot:
        await press(pilot, *keys)
        app = pilot.app
        assert isinstance(app, WorkbenchApp) and app.opens is not None
        return app.opens


async def test_enter_leads_to_the_next_step_of_that_release_and_esc_back_to_the_line(shop: Path) -> None:
    visit = await left_for(shop, *FLEET, "/", *"small 2", "enter", "enter")
    small = shop.parent / "small"
    assert (visit.options.project, visit.options.release) == (small, "2.0.0")
    async with driven(small, size=(120, 40), visit=visit) as pilot:
        app = pilot.app
        assert isinstance(app, WorkbenchApp) and app.current_mode == "readiness"
        assert app.screen.query_one(RecordTable).cursor_key == "benchmark/p95"
        assert "this is small; esc leads back to Fleet" in shown(pilot) and "esc Fleet" in shown(pilot)
        await press(pilot, "escape")
        assert app.opens is not None
        back = app.opens
    assert back.options.project == shop
    async with driven(shop, size=(120, 40), visit=back) as pilot:
        app, screen = pilot.app, pilot.app.screen
        assert isinstance(screen, FleetScreen) and screen.table.filter_text == "small 2"
        assert (screen.table.cursor_key or "").startswith(f"{small}|")
        await press(pilot, "escape", "escape")
        assert app.current_mode == "readiness" and "esc Fleet" not in shown(pilot)


async def test_a_next_step_that_is_done_on_another_screen_leads_there_and_esc_over_readiness_back(
    shop: Path, tmp_path: Path
) -> None:
    by_hand = build.SHOP.replace('{source: metrics, query: down, unit: "%"}', '{source: hand, unit: "%"}')
    with build.shop(tmp_path / "other", by_hand):
        pass
    back = Visit(options=Options(project=shop))
    there = Visit(options=Options(project=tmp_path / "other"), aim=Aim(part="benchmark/errors"), back=back)
    async with driven(shop, visit=there) as pilot:
        app = pilot.app
        assert isinstance(app, WorkbenchApp) and app.current_mode == "benchmarks"
        assert "Checkout errors" in shown(pilot)
        while app.current_mode != "readiness":
            assert app.opens is None
            await press(pilot, "escape")
        await press(pilot, "escape")
        assert app.opens is back


async def test_a_line_beside_the_releases_leads_to_what_it_is_about(shop: Path) -> None:
    visit = await left_for(shop, *FLEET, "/", *"small is due", "enter", "enter")
    assert visit.aim is not None and (visit.aim.mode, visit.aim.row) == ("routines", "infrastructure-drift")


async def test_what_was_typed_and_not_sent_there_stands_before_the_next_step(shop: Path) -> None:
    small = shop.parent / "small"
    visit = await left_for(shop, *FLEET, "/", *"small 2", "enter", "enter")
    with opened(small) as app:
        draft = Draft("add_difference", "", "Add a difference", {"title": "half a sentence"})
        app.desk.at_end(lambda context: keep_sitting(context, Sitting("parity", {}, draft)))
    async with driven(small, size=(120, 40), visit=visit) as pilot:
        assert "half a sentence" in shown(pilot)


async def test_enter_on_ones_own_project_leads_to_its_next_step_and_esc_back(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *FLEET, "/", *"web shop 2.14", "enter", "enter")
        app = pilot.app
        assert isinstance(app, WorkbenchApp) and app.opens is None and app.current_mode == "readiness"
        assert app.screen.query_one(RecordTable).cursor_key == "benchmark/checkout-p95"
        assert "esc Fleet" in shown(pilot)
        await press(pilot, "escape")
        assert app.current_mode == "fleet"


async def test_a_folder_is_added_kept_and_removed_or_refused_where_it_was_typed(
    shop: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "others" / "broken"
    broken.mkdir(parents=True)
    (broken / "workbench.yaml").write_text("project: [", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    async with driven(shop, size=(120, 60)) as pilot:
        await press(pilot, *FLEET, "a", *str(broken.parent), "ctrl+s")
        screen = shown(pilot)
        assert "1 not judged" in screen and "Not judged" in screen and "1 project: " in screen
        await press(pilot, "/", *"broken", "enter", "enter")
        assert "it cannot be opened" in shown(pilot)
        await press(pilot, "a", *str(tmp_path / "empty"), "ctrl+s")
        assert "there is no project in" in shown(pilot)
    async with driven(shop, size=(120, 60)) as pilot:
        await press(pilot, *FLEET)
        assert "1 not judged" in shown(pilot) and "delete remove" not in shown(pilot)
        await press(pilot, "delete")
        assert "stand on one of the folders" in shown(pilot)
        await press(pilot, "/", *"others", "enter")
        assert "delete remove" in shown(pilot)
        await press(pilot, "delete", "escape")
        assert "not judged" not in shown(pilot) and "no longer; a adds it again" in shown(pilot)
        await press(pilot, "a", *"others", "ctrl+s")
        assert "is no full path" in shown(pilot)


# --- lines -----------------------------------------------------------------------------------


@pytest.fixture
def stands() -> Stands:
    frozen = Hold(what="freeze", reason="the sale", since=NOW - DAY, by="Kim")
    lost = IncidentSeen(
        id="i", title="Lost", severity="high", environment="production", state="open", began=NOW
    )
    shop = project(
        "shop",
        release(first=waiting(since=NOW - DAY), planned_at=NOW + DAY),
        holds=(frozen,),
        incidents=(lost,),
        due=tuple(due(f"r{n}", n) for n in range(20)),
        delivered=delivered(went("1.0")),
        shared=SharedRecord(server="db"),
    )
    found = [shop, project("bad", trouble="files"), project("gone", trouble="gone")]
    return Stands(assemble(found, folders=(Folder(path="/srv", roots=("/srv/shop",)), Folder(path="/no"))))


def test_every_line_has_a_cell_for_each_column_and_something_to_read(stands: Stands) -> None:
    rows = [item for item in stands.items if isinstance(item, Row)]
    assert len({row.key for row in rows}) == len(rows)
    for row in rows:
        assert len(row.cells) == len(COLUMNS)
        about = stands.about(row.key)
        assert about is not None and about.title and list(about.blocks), row.key
    assert stands.about("nothing") is None


def test_what_is_not_judged_stands_first_and_what_is_left_out_last(stands: Stands) -> None:
    titles = [item.title for item in stands.items if isinstance(item, Heading)]
    assert titles == [
        "Not judged", "Blocked", "Incidents and freezes", "Falls due next", "Delivery, all together", "Shared records",
        "Folders", "Left out",
    ]  # fmt: skip
    assert sum(isinstance(item, Row) and item.key.startswith("due|") for item in stands.items) == 12


def test_a_line_of_one_project_leads_into_it_and_a_figure_does_not(stands: Stands) -> None:
    keys = {item.key for item in stands.items if isinstance(item, Row)}
    assert {key for key in keys if key not in stands.projects} == {
        key for key in keys if key.startswith(("figure|", "left|", FOLDER))
    }


def test_a_line_leads_to_what_it_is_about() -> None:
    lost = IncidentSeen(
        id="i", title="Lost", severity="high", environment="production", state="open", began=NOW
    )
    shop = project(
        "shop",
        release(),
        incidents=(lost,),
        due=(due("a", 1, ref="benchmark/p95"), due("b", 2, ref="odd/x"), due("c", 3)),
    )
    shared = project("other", release(first=waiting()), shared=SharedRecord(server="db"))
    stands = Stands(assemble([shop, shared]))
    assert stands.aim("incident|/srv/shop|i") == Aim(mode="incidents", row="i")
    assert stands.aim("due|/srv/shop|a") == Aim(mode="benchmarks", row="p95")
    assert stands.aim("shared|/srv/other") == Aim(mode="sharing")
    assert stands.aim("/srv/other|id-2.0.0") == Aim(part="benchmark/p95")
    for key in ("due|/srv/shop|b", "due|/srv/shop|c", "/srv/shop|id-2.0.0"):
        assert stands.aim(key) == Aim()


# --- from one project to another -------------------------------------------------------------


class Opened:
    """What was opened, one after the other, and how each was left."""

    def __init__(self, *ends: int | Visit | Exception) -> None:
        self.ends: Iterator[int | Visit | Exception] = iter(ends)
        self.seen: list[tuple[Path | None, str]] = []

    def __call__(self, visit: Visit, look: object, complete: object) -> int | Visit:
        self.seen.append((visit.options.project, visit.said))
        end = next(self.ends)
        if isinstance(end, Exception):
            raise end
        return end


ONE = Options(project=Path("/one"))
BACK = Visit(options=ONE, aim=Aim(mode="fleet", place=Place("row")))
TWO = Visit(options=Options(project=Path("/two")), said="this is two", back=BACK)


def opening(monkeypatch: pytest.MonkeyPatch, *ends: int | Visit | Exception) -> Opened:
    made = Opened(*ends)
    monkeypatch.setattr(tui, "_open", made)
    monkeypatch.setattr(terminal, "check", lambda: None)
    return made


def test_another_project_is_opened_when_the_first_was_left_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = opening(monkeypatch, TWO, BACK, 0)
    assert tui.run(ONE) == 0
    assert made.seen == [(Path("/one"), ""), (Path("/two"), "this is two"), (Path("/one"), "")]


def test_where_it_cannot_be_opened_one_comes_back_and_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    made = opening(monkeypatch, TWO, RecordUnavailable("the disk is full"), 0)
    assert tui.run(ONE) == 0
    assert made.seen[-1] == (Path("/one"), "/two could not be opened: the disk is full")


def test_where_one_cannot_come_back_one_stays_and_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    made = opening(monkeypatch, TWO, BACK, RecordUnavailable("the disk is gone"), 0)
    assert tui.run(ONE) == 0
    assert made.seen[-1] == (Path("/two"), "/one could not be opened: the disk is gone")


def test_what_cannot_be_opened_at_first_is_told_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    opening(monkeypatch, UsageError("no"))
    with pytest.raises(UsageError):
        tui.run(ONE)
    opening(monkeypatch, TWO, UsageError("no"), UsageError("nor here"))
    with pytest.raises(UsageError, match="nor here"):
        tui.run(ONE)
