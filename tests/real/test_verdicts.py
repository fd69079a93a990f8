"""What a real Prometheus answers, as verdicts on the command line and in the app."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Type, type_in
from tests.tui.driving import driven, press, shown

from workbench.releases.model import Candidate, Release
from workbench.tui.screens.readiness import ReadinessScreen
from workbench.tui.widgets.progress import ProgressPanel
from workbench.usecases import releasing, trusting
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options

from .conftest import PrometheusServer, free_port
from .test_prometheus import COUNT, P95, openmetrics, stalling

__all__ = ["stalling", "type_in"]  # fixtures
pytestmark = pytest.mark.real

# What is asked, by whom, and what CRITERIA 3 says of it.
QUESTIONS = {
    "near": ("metrics", P95, "within 20% of baseline", "pass"),
    "far": ("metrics", P95, "within 10% of baseline", "fail"),
    "nan": ("metrics", "odd", "<= 1 s", "missing"),
    "empty": ("metrics", "nothing_by_that_name", "<= 1 s", "missing"),
    "several": ("metrics", "pods", "<= 1 s", "error"),
    "wrong": ("metrics", "pods{", "<= 1 s", "error"),
    "alone": ("metrics", "max(build{env='$environment'})", "within 20% of baseline", "no_baseline"),
    "slow": ("stalling", "vector(1)", "<= 1 s", "error"),
    "dead": ("dead", "vector(1)", "<= 1 s", "error"),
}
EXPECTED = {key: verdict for key, (_, _, _, verdict) in QUESTIONS.items()}
# What is about an environment counts as critical: nothing to compare with blocks, too.
BLOCKING = [key for key, verdict in EXPECTED.items() if verdict != "pass"]


@pytest.fixture(scope="module")
def server(prometheus_server: Callable[[str], PrometheusServer]) -> PrometheusServer:
    """Its samples go on for a while: questions are asked as of the moment at which they are asked."""
    return prometheus_server(openmetrics(datetime.now(UTC) + timedelta(minutes=20)))


@pytest.fixture
def project(
    server: PrometheusServer, stalling: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A project with one benchmark for each question, trusted, with a release to judge."""
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    root = tmp_path / "shop"
    root.mkdir()
    urls = {"metrics": server.url, "stalling": stalling, "dead": f"http://127.0.0.1:{free_port()}"}
    text = {
        "project": "shop",
        "environments": [
            {"key": "staging", "kind": "staging"},
            {"key": "production", "kind": "production"},
        ],
        "sources": [
            {"key": key, "kind": "prometheus", "url": url, "timeout": "1s" if key == "stalling" else "30s"}
            for key, url in urls.items()
        ],
        "benchmarks": [
            {
                "key": key,
                "title": f"Question {key}",
                "environment": "staging",
                "mode": "blocking",
                "measure": {"source": source, "query": query, "window": "30m", "unit": "s"}
                | ({"samples": COUNT} if query == P95 else {}),
                "pass": rule,
            }
            for key, (source, query, rule, _) in QUESTIONS.items()
        ],
        "gates": [{"key": "go", "title": "Go", "requires": [{"benchmarks": {}}]}],
    }
    (root / "workbench.yaml").write_text(json.dumps(text), encoding="utf-8")
    trusting.agree(trusting.look(Options(project=root)))
    context = open_context(Options(project=root), create=True)
    releasing.plan(context, Release(version="1.0"), Candidate(release="", number=0, commit="c" * 40))
    context.record.close()
    yield root


def test_on_the_command_line(project: Path, type_in: Type) -> None:
    here = ("--project", project)
    summary = type_in(*here, "fetch", "--json").json
    assert summary["ok"] and summary["missing"] and summary["errors"]
    verdicts = type_in(*here, "benchmark", "list", "--json").json["verdicts"]
    assert {item["benchmark"]: item["verdict"] for item in verdicts} == EXPECTED
    near, far = (next(item for item in verdicts if item["benchmark"] == key) for key in ("near", "far"))
    assert (near["value"], near["baseline"]) == (pytest.approx(0.875), pytest.approx(0.75))
    assert (near["limit"], far["limit"]) == (pytest.approx(0.9), pytest.approx(0.825))
    assert near["evidence"] and near["samples"] > 1000
    assert type_in(*here, "gate", code=1).out.count("✗ Question") == len(BLOCKING)
    assert type_in(*here, "verify").out.startswith("intact")


async def test_in_the_app(project: Path) -> None:
    async with driven(project) as pilot:
        await pilot.press("f")
        async with asyncio.timeout(60):
            while not isinstance(pilot.app.screen, ProgressPanel) or "enter close" not in shown(pilot):
                await pilot.pause()
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ReadinessScreen)
        found = pilot.app.screen.require().judged
        assert {item.key: item.verdict.value for item in found} == EXPECTED
        await press(pilot, "3", "enter")  # the session goes on
        assert "Question" in shown(pilot)
        await press(pilot, "1")
        assert f"✗ {len(BLOCKING)} block" in shown(pilot)
