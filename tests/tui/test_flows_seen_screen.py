"""The flows that traces show, put into the inventory in the app."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.tui.driving import driven, press, second_writer, shown

from workbench.flows.model import all_flows
from workbench.tui.screens.flow_page import FlowScreen
from workbench.tui.screens.flows import FlowsScreen
from workbench.tui.screens.flows_seen import FlowsSeenScreen
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options

GENERATED = Path(__file__).parents[1] / "data" / "generated" / "opentelemetry"
PROJECT = """\
project: shop
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging}
"""
SOURCE = "sources:\n  - {key: traces, kind: otlp, files: 'traces/*.jsonl', stubs: {stub: 'true'}}\n"


def project(folder: Path, text: str) -> Path:
    (folder / "traces").mkdir(parents=True)
    for name in ("staging.jsonl", "production.jsonl"):
        shutil.copy(GENERATED / name, folder / "traces" / name)
    (folder / "workbench.yaml").write_text(text)
    open_context(Options(project=folder), create=True).record.close()
    return folder


def keys(shop: Path) -> set[str]:
    with second_writer(shop) as other:
        return {flow.key for _, flow in all_flows(other.record)}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return project(tmp_path / "shop", PROJECT + SOURCE)


async def test_a_flow_is_put_into_the_inventory_and_taken_back(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "ctrl+p", *"flows from traces", "enter")
        assert isinstance(pilot.app.screen, FlowsSeenScreen)
        screen = shown(pilot)
        assert "3 flows in the traces" in screen and "12 runs in production" in screen
        assert "1 note: i" in screen
        await press(pilot, "enter")
        assert "bank: POST /charge [real in production, mocked in staging" in shown(pilot)
        await press(pilot, "escape", "a")
        assert "1 flow put into the inventory" in shown(pilot) and keys(shop) == {"post-orders"}
        await press(pilot, "u")
        assert not keys(shop)
        await press(pilot, "a", "enter")
        assert isinstance(pilot.app.screen, FlowsScreen | FlowScreen)


async def test_without_a_source_of_traces_it_is_said_how_to_get_one(tmp_path: Path) -> None:
    async with driven(project(tmp_path / "shop", PROJECT)) as pilot:
        await press(pilot, "ctrl+p", *"flows from traces", "enter")
        assert "No traces were read" in shown(pilot) and "no source of traces" in shown(pilot)
        await press(pilot, "a", "i")
        assert "there is no flow here" in shown(pilot) or "nothing more to know" in shown(pilot)
