"""The flow inventory by keys."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.tui.driving import driven, opened, press, second_writer, settle, shown, web_shop
from tests.tui.pictures import body, in_sizes
from textual.pilot import Pilot

from workbench.definitions.shapes import Tier
from workbench.flows import model as flows
from workbench.flows.model import Flow, Stage
from workbench.tui.screens.flows import FlowsScreen
from workbench.tui.screens.importing import ImportPanel
from workbench.tui.widgets.conflict import Conflict
from workbench.tui.widgets.dialog import Confirm
from workbench.tui.widgets.form import FormScreen
from workbench.usecases import mapping
from workbench.usecases.context import commit

HOSTILE = "[/x][@click=app.quit]\x1b[2J\u202egnp\u0007 🙂" + "y" * 3000


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def on_record(root: Path) -> dict[str, Flow]:
    with second_writer(root) as context:
        return {flow.key: flow for _, flow in flows.all_flows(context.record)}


def under_cursor(pilot: Pilot[Any]) -> str | None:
    screen = next(each for each in pilot.app.screen_stack if isinstance(each, FlowsScreen))
    return screen.table.cursor_key


def line_of(pilot: Pilot[Any], name: str) -> str:
    return next(line for line in shown(pilot).splitlines() if f" {name} " in line[:30])


async def test_each_flow_shows_its_dimensions_and_what_is_not_covered(root: Path) -> None:
    async with driven(root, (160, 50)) as pilot:
        await press(pilot, "7")
        assert "8 flows · 5 core · 4 enforced · 5 not fully covered" in shown(pilot)
        checkout = line_of(pilot, "Checkout")
        assert checkout.startswith(" ▸ ✗ Checkout")
        assert checkout.count("✗") == 3
        assert "mocked: charge the card" in checkout
        assert "no benchmark; no test in staging; mocked: ask the carrier" in line_of(pilot, "Order status")
        assert line_of(pilot, "Refund").count("⊘") == 2
        assert "✗ Checkout p95: 28 % over its limit" in shown(pilot)


async def test_a_flow_is_listed_with_a_name_alone(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "7", "a", "tab", "c", "ctrl+s")
        assert "“Name” is empty" in shown(pilot)
        await press(pilot, "left", "e", *"Gift cards", "ctrl+s")
        assert under_cursor(pilot) == "gift-cards"
        await press(pilot, "a", *"Gift cards", "ctrl+s")
        assert "“Gift cards” is in the inventory of flows already" in shown(pilot)
    assert on_record(root)["gift-cards"] == Flow(key="gift-cards", name="Gift cards", tier=Tier.CRITICAL)


async def test_enter_edits_and_what_was_not_touched_stays(root: Path) -> None:
    before = on_record(root)["checkout"]
    async with driven(root, (100, 45)) as pilot:
        await press(
            pilot, "7", "enter", "e", "end", *" now", "tab", "i", "tab", "n", "tab", "tab", "ctrl+u", "ctrl+s"
        )
        await press(pilot, "escape")
        assert under_cursor(pilot) == "checkout"
        assert "unassigned" in shown(pilot)
    after = on_record(root)["checkout"]
    assert after == msgspec.structs.replace(
        before, name="Checkout now", tier=Tier.IMPORTANT, core=False, owner=None
    )


@pytest.mark.parametrize(("key", "wins"), [("left", "Till"), ("right", "Cart")])
async def test_a_conflict_shows_both_versions_and_keeps_everything_else(
    root: Path, key: str, wins: str
) -> None:
    async with driven(root, (100, 45)) as pilot:
        await press(pilot, "7", "enter", "e", "ctrl+u", *"Till", "tab", "b")
        with second_writer(root, "kim") as context:
            stored, flow = flows.find(context.record, "checkout")
            mapping.edit_flow(context, stored, msgspec.structs.replace(flow, name="Cart", trigger="a click"))
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, Conflict)
        assert "Till" in shown(pilot)
        assert "Cart" in shown(pilot)
        await press(pilot, key, "enter", "escape")
        assert isinstance(pilot.app.screen, FlowsScreen)
    after = on_record(root)["checkout"]
    assert (after.name, after.tier, after.trigger) == (wins, Tier.BEST_EFFORT, "a click")


async def test_promoting_goes_stage_by_stage_and_ends_at_the_last(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "7", "M")
        screen = pilot.app.screen
        assert isinstance(screen, FlowsScreen)
        assert screen.obstacle("promote") == "Checkout is enforced already"
        await press(pilot, "down", "down", "M", "M")
        assert on_record(root)["order-status"].stage is Stage.ADVISORY
        await press(pilot, "u")
        assert on_record(root)["order-status"].stage is Stage.SELECTED


async def test_three_questions_suggest_a_tier(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "7", "down", "down", "d", "n", "tab", "ctrl+s")
        assert isinstance(pilot.app.screen, FormScreen)
        assert "choose one" in shown(pilot)
        await press(pilot, "n", "tab", "n", "tab", "ctrl+u", *"low", "ctrl+s")
        assert isinstance(pilot.app.screen, Confirm)
        assert "Customers do not notice when it fails." in shown(pilot)
        assert "Make Order status best effort?" in shown(pilot)
        await press(pilot, "escape")
        assert on_record(root)["order-status"].tier is Tier.IMPORTANT
        await press(pilot, "d", "y", "tab", "n", "tab", "n", "ctrl+s", "enter")
        assert on_record(root)["order-status"].tier is Tier.CRITICAL
        assert under_cursor(pilot) == "order-status"
        await press(pilot, "d", "y", "tab", "n", "tab", "n", "ctrl+s")
        assert isinstance(pilot.app.screen, FlowsScreen)  # the tier stays: nothing to confirm


async def test_a_table_with_clear_columns_is_summed_up_at_once(root: Path) -> None:
    with (root / "more.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["Name", "Tier", "Owner"], ["Gift cards", "should", "jo"]])
    async with driven(root) as pilot:
        await press(pilot, "7", "I", *"more.csv", "ctrl+s")
        assert isinstance(pilot.app.screen, ImportPanel)
        assert "Name, Tier, Owner as named" in shown(pilot)
        await press(pilot, "enter")
        assert "Gift cards" in shown(pilot)
        await press(pilot, "u")
        assert "gift-cards" not in on_record(root)


async def test_a_filter_finds_by_name_and_escape_shows_all(root: Path) -> None:
    async with driven(root) as pilot:
        await press(pilot, "7", "slash", *"refund", "enter")
        assert "1 of 8" in shown(pilot)
        await press(pilot, "escape", "escape")
        assert pilot.app.current_mode == "readiness"


async def test_hostile_names_do_no_harm(root: Path) -> None:
    hostile = Flow(
        key="hostile", name=HOSTILE, steps=(HOSTILE,), mocked_steps=(HOSTILE,), owner=HOSTILE, trigger=HOSTILE
    )
    with second_writer(root, "kim") as context:
        mapping.add_flow(context, hostile)
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "7", "slash", *"click", "enter")
        assert "[/x][@click=app.quit]·[2J" in shown(pilot)
        assert not {"\x1b", "\u202e", "\x07"} & set(shown(pilot))
        await press(pilot, "enter", "e", "tab", "c", "ctrl+s", "d", "escape")
    assert on_record(root)["hostile"] == msgspec.structs.replace(hostile, tier=Tier.CRITICAL)


async def test_a_thousand_flows(root: Path) -> None:
    with second_writer(root, "kim") as context:
        many = [Flow(key=f"flow-{n}", name=f"Flow {n:04}") for n in range(1000)]
        commit(context, [flows.new_flow(context.record, flow, context.now) for flow in many])
    async with driven(root) as pilot:
        await press(pilot, "7")
        assert "1,008 flows" in shown(pilot)
        await press(pilot, "slash", *"flow 0567", "enter", "M", "escape")
        assert under_cursor(pilot) == "flow-567"
    assert on_record(root)["flow-567"].stage is Stage.SELECTED


async def test_an_empty_inventory_says_what_belongs_there(tmp_path: Path) -> None:
    (tmp_path / "workbench.yaml").write_text("project: bare\n", encoding="utf-8")
    async with driven(tmp_path) as pilot:
        await press(pilot, "7")
        assert "List your business-critical flows" in shown(pilot)
        await press(pilot, "M", "d")
        assert isinstance(pilot.app.screen, FlowsScreen)
        await press(pilot, "a", *"Checkout", "ctrl+s")
        await settle(pilot)
        assert "1 flow · 0 core · 0 enforced · 1 not fully covered · 1 without an owner" in shown(pilot)


@in_sizes({"list": ("7",)}, small={"form": ("7", "enter"), "tier": ("7", "d")})
def test_pictures(
    snap_compare: Callable[..., bool], root: Path, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    with opened(root) as app:
        assert snap_compare(app, run_before=body(*keys), terminal_size=size)
