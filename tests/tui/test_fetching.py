"""Measuring from the app: the demonstration's recordings, and a real server that takes its time."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sources.support import Answer, Asked, Server
from tests.tui.driving import driven, press, second_writer, settle, shown, web_shop
from textual.pilot import Pilot

from workbench.benchmarks import measurements
from workbench.releases import model as releases
from workbench.releases.model import Candidate, Release
from workbench.tui.screens.more import keyless
from workbench.tui.screens.readiness import ReadinessScreen
from workbench.tui.widgets.progress import ProgressPanel
from workbench.usecases import releasing, trusting
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options

PROJECT = """\
project: slow
title: Slow
environments:
  - {{key: staging, kind: staging}}
sources:
  - {{key: quick, kind: prometheus, title: Quick, url: "{quick}"}}
  - {{key: slow, kind: prometheus, title: Slow one, url: "{slow}"}}
benchmarks:
  - key: a
    title: A
    environment: staging
    mode: blocking
    measure: {{source: quick, query: a, unit: s}}
    pass: <= 2s
  - key: b
    title: B
    environment: staging
    mode: blocking
    measure: {{source: slow, query: b, unit: s}}
    pass: <= 2s
gates:
  - key: go
    title: Go
    requires:
      - benchmarks: {{}}
"""
PATIENCE = 20  # a test that waits in vain ends all the same


def one(asked: Asked) -> Answer:
    """Prometheus' answer: 1."""
    at = float(asked.params.get("time") or asked.form.get("time") or 0)
    data = {"resultType": "vector", "result": [{"metric": {}, "value": [at, "1"]}]}
    return 200, {"Content-Type": "application/json"}, json.dumps({"status": "success", "data": data}).encode()


class Slow:
    """A server whose answers to questions come when they are let go."""

    def __init__(self) -> None:
        self.asked, self.go = threading.Event(), threading.Event()
        self.server = Server(self.answer)

    def answer(self, asked: Asked) -> Answer:
        if asked.path.endswith("/query"):
            self.asked.set()
            self.go.wait(PATIENCE)
        return one(asked)


@pytest.fixture
def slow() -> Iterator[Slow]:
    found = Slow()
    yield found
    found.go.set()
    found.server.close()


@pytest.fixture
def quick() -> Iterator[Server]:
    found = Server(one)
    yield found
    found.close()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick: Server, slow: Slow) -> Path:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    root = tmp_path / "slow"
    root.mkdir()
    text = PROJECT.format(quick=quick.url, slow=slow.server.url)
    (root / "workbench.yaml").write_text(text, encoding="utf-8")
    context = open_context(Options(project=root), create=True)
    releasing.plan(context, Release(version="1.0"), Candidate(release="", number=0, commit="abc1234"))
    context.record.close()
    return root


def trust(root: Path) -> None:
    trusting.agree(trusting.look(Options(project=root)))


def measured(root: Path) -> set[str]:
    with second_writer(root) as context:
        candidate = releases.find(context.record, None).candidate_id
        return {subject for subject, _ in measurements.latest(context.record, candidate)}


async def until(pilot: Pilot[None], words: str) -> None:
    """Let the app go on until it shows these words."""
    async with asyncio.timeout(PATIENCE):
        while words not in shown(pilot):
            await pilot.pause()


async def test_a_demonstration_answers_from_its_recordings(tmp_path: Path, shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "f")
        assert isinstance(pilot.app.screen, ProgressPanel)
        text = shown(pilot)
        assert "✓ Prometheus" in text
        assert "✓ Pipeline" in text
        assert " answered" in text
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ReadinessScreen)
        assert "✗ 3 blockers" in shown(pilot)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def test_stopping_keeps_what_came_and_keys_work_meanwhile(project: Path, slow: Slow) -> None:
    trust(project)
    async with driven(project) as pilot:
        assert "✗ 2 blockers" in shown(pilot)
        await pilot.press("f")
        assert await asyncio.to_thread(slow.asked.wait, PATIENCE)
        await until(pilot, "✓ Quick")
        assert "◐ Slow one" in shown(pilot)
        await pilot.press("escape")
        await until(pilot, "stopped; what arrived is kept")
        await settle(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ReadinessScreen)
        assert "✗ 1 blocker" in shown(pilot)
    assert measured(project) == {"a"}


async def test_leaving_the_app_stops_the_fetch(project: Path, slow: Slow) -> None:
    trust(project)
    async with driven(project) as pilot:
        await pilot.press("f")
        assert await asyncio.to_thread(slow.asked.wait, PATIENCE)
        pilot.app.exit()
    assert "b" not in measured(project)


async def test_a_source_that_cannot_be_asked_is_told_and_blocks(
    project: Path, quick: Server, slow: Slow
) -> None:
    trust(project)
    slow.go.set()
    quick.close()
    async with driven(project, (120, 40)) as pilot:
        await press(pilot, "f")
        await until(pilot, "1 could not be asked")
        await settle(pilot)
        await press(pilot, "enter")
        assert "could not connect" in shown(pilot)
        assert "✗ 1 blocker" in shown(pilot)


async def test_files_that_are_not_trusted_reach_nobody(project: Path, slow: Slow) -> None:
    async with driven(project) as pilot:
        await press(pilot, "f")
        assert "May this project's files use these?" in shown(pilot)
        assert "  asks   http://127.0.0.1" in shown(pilot)
        await press(pilot, "escape")
        assert not trusting.look(Options(project=project)).trusted
    assert not slow.asked.is_set()


async def test_one_agrees_to_what_is_shown_and_it_goes_on(project: Path, slow: Slow) -> None:
    slow.go.set()  # it answers at once
    async with driven(project, (120, 40)) as pilot:
        await press(pilot, "f", "enter")
        await until(pilot, "answered")
        assert trusting.look(Options(project=project)).trusted


async def test_what_changed_while_one_looked_is_not_agreed_to(project: Path, slow: Slow) -> None:
    async with driven(project, (120, 40)) as pilot:
        await press(pilot, "f")
        file = project / "workbench.yaml"
        file.write_text(file.read_text().replace("127.0.0.1", "localhost"))
        await press(pilot, "enter")
        assert "have changed since you looked" in shown(pilot)
        assert not trusting.look(Options(project=project)).trusted
    assert not slow.asked.is_set()


async def test_what_one_agreed_to_can_be_read_again_and_0_leads_to_it(project: Path, quick: Slow) -> None:
    async with driven(project, (120, 40)) as pilot:
        assert "trust" in {action.id for action in keyless(pilot.app.screen)}  # type: ignore[arg-type]
        await pilot.app.screen.run_action("do('trust')")
        await settle(pilot)
        assert "May this project's files use these?" in shown(pilot)
        await press(pilot, "enter")
        assert trusting.look(Options(project=project)).trusted
        await pilot.app.screen.run_action("do('trust')")
        await settle(pilot)
        assert "You trust this project's files to use these" in shown(pilot)
