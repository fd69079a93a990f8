"""Fleet in the app: every project, who is needed first, and the way into each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build
from tests.tui.driving import driven, press, shown, web_shop

from workbench import tui
from workbench.model.errors import RecordUnavailable, UsageError
from workbench.tui import terminal
from workbench.tui.app import WorkbenchApp
from workbench.tui.screens.fleet import FleetScreen
from workbench.tui.screens.fleet_rows import COLUMNS, Stands
from workbench.tui.widgets.rows import Heading, Row
from workbench.usecases.fleet.shapes import Hold, IncidentSeen, SharedRecord
from workbench.usecases.fleet.together import assemble
from workbench.usecases.project import Options

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
        await press(pilot, "/", *"small 2", "enter")
        await press(pilot, "enter")
        app = pilot.app
        assert isinstance(app, WorkbenchApp) and app.opens is not None
        assert (app.opens.project, app.opens.release) == (shop.parent / "small", "2.0.0")


async def test_enter_on_ones_own_project_leads_to_readiness(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, *FLEET, "/", *"web shop 2.14", "enter", "enter")
        app = pilot.app
        assert isinstance(app, WorkbenchApp) and app.opens is None and app.current_mode == "readiness"


async def test_a_folder_is_added_or_refused_where_it_was_typed(shop: Path, tmp_path: Path) -> None:
    broken = tmp_path / "others" / "broken"
    broken.mkdir(parents=True)
    (broken / "workbench.yaml").write_text("project: [", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    look = ("ctrl+p", *"look in folder", "enter")
    async with driven(shop, size=(120, 40)) as pilot:
        await press(pilot, *FLEET, *look, *str(broken.parent), "ctrl+s")
        screen = shown(pilot)
        assert "1 not judged" in screen and "Not judged" in screen and "broken" in screen
        await press(pilot, "/", *"broken", "enter", "enter")
        assert "it cannot be opened" in shown(pilot)
        await press(pilot, *look, *str(tmp_path / "empty"), "ctrl+s")
        assert "there is no project in" in shown(pilot)


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
    return Stands(assemble([shop, project("bad", trouble="files"), project("gone", trouble="gone")]))


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
        "Left out",
    ]  # fmt: skip
    assert sum(isinstance(item, Row) and item.key.startswith("due|") for item in stands.items) == 12


def test_a_line_of_one_project_leads_into_it_and_a_figure_does_not(stands: Stands) -> None:
    keys = {item.key for item in stands.items if isinstance(item, Row)}
    assert {key for key in keys if key not in stands.projects} == {
        key for key in keys if key.startswith(("figure|", "left|"))
    }


def test_a_line_of_ones_own_project_leads_to_what_it_is_about() -> None:
    lost = IncidentSeen(
        id="i", title="Lost", severity="high", environment="production", state="open", began=NOW
    )
    shop = project(
        "shop",
        release(),
        incidents=(lost,),
        due=(due("a", 1, ref="benchmark/p95"), due("b", 2, ref="odd/x"), due("c", 3)),
    )
    stands = Stands(assemble([shop]))
    assert stands.leads_to("incident|/work/shop|i") == ("incidents", "i")
    assert stands.leads_to("due|/work/shop|a") == ("benchmarks", "p95")
    for key in ("due|/work/shop|b", "due|/work/shop|c", "/work/shop|id-2.0.0"):
        assert stands.leads_to(key) == ("readiness", None)


# --- from one project to another -------------------------------------------------------------


class Opened:
    """What was opened, one after the other, and how each was left."""

    def __init__(self, *ends: int | Options | Exception) -> None:
        self.ends: Iterator[int | Options | Exception] = iter(ends)
        self.seen: list[tuple[Path | None, str]] = []

    def __call__(self, options: Options, look: object, complete: object, said: str) -> int | Options:
        self.seen.append((options.project, said))
        end = next(self.ends)
        if isinstance(end, Exception):
            raise end
        return end


ONE, TWO = Options(project=Path("/one")), Options(project=Path("/two"))


def opened(monkeypatch: pytest.MonkeyPatch, *ends: int | Options | Exception) -> Opened:
    made = Opened(*ends)
    monkeypatch.setattr(tui, "_open", made)
    monkeypatch.setattr(terminal, "check", lambda: None)
    return made


def test_another_project_is_opened_when_the_first_was_left_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = opened(monkeypatch, TWO, 0)
    assert tui.run(ONE) == 0
    assert made.seen == [(ONE.project, ""), (TWO.project, "this is /two")]


def test_where_it_cannot_be_opened_one_comes_back_and_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    made = opened(monkeypatch, TWO, RecordUnavailable("the disk is full"), 0)
    assert tui.run(ONE) == 0
    assert made.seen[-1] == (ONE.project, "/two could not be opened: the disk is full")


def test_what_cannot_be_opened_at_first_is_told_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    opened(monkeypatch, UsageError("no"))
    with pytest.raises(UsageError):
        tui.run(ONE)
    opened(monkeypatch, TWO, UsageError("no"), UsageError("nor here"))
    with pytest.raises(UsageError, match="nor here"):
        tui.run(ONE)
