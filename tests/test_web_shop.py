"""The sample project tells the story that its README promises."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from workbench import shipped
from workbench.definitions import Definitions, load
from workbench.flows.fields import FIELDS
from workbench.flows.model import Flow, Stage
from workbench.model.times import Clock, from_text, parse_duration
from workbench.parity.decisions import Decision
from workbench.parity.model import Category, Difference, checked
from workbench.releases.model import Candidate, Release
from workbench.sources.asking import fetch
from workbench.sources.fetch import Fetch
from workbench.sources.reading import Batch, Question, Reading
from workbench.sources.secrets import Secrets
from workbench.usecases.project import kinds

SHOP = shipped.samples() / "web-shop"


@pytest.fixture(scope="module")
def shop() -> Definitions:
    return load(SHOP, kinds())


@pytest.fixture(scope="module")
def beginning() -> dict[str, Any]:
    loader = type("Plain", (yaml.SafeLoader,), {"yaml_implicit_resolvers": {}})
    return yaml.load((SHOP / "demonstration.yaml").read_text(encoding="utf-8"), loader)


def rows(name: str) -> list[dict[str, str]]:
    with (SHOP / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ask(shop: Definitions, commit: str, at: datetime) -> dict[tuple[str, str], Reading]:
    questions = [
        Question(subject=f"tests/{key}", source=key, at=at, role="tests", commit=commit)
        for key in ("ci", "reports")
    ]
    for benchmark in shop.project.benchmarks:
        measure = benchmark.measure
        for environment in ("staging", "production") if benchmark.baseline else ("staging",):
            questions.append(
                Question(
                    subject=benchmark.key,
                    source=measure.source,
                    at=at,
                    ask=measure.ask,
                    role="value" if environment == "staging" else "baseline",
                    environment=environment,
                    unit=measure.unit,
                    window=parse_duration(measure.window) if measure.window else None,
                    variables={"commit": commit},
                )
            )
    batches: list[Batch] = []
    secrets = Secrets(allow=False, environ={})
    asked = Fetch(
        sources=tuple(shop.project.sources), questions=tuple(questions), root=SHOP, clock=Clock(fixed=at),
        secrets=secrets, replay=SHOP / "recordings", on_batch=batches.append,
    )  # fmt: skip
    fetch(asked)
    return {(reading.subject, reading.role): reading for batch in batches for reading in batch.readings}


def test_the_definitions_have_no_mistake_and_no_worry(shop: Definitions) -> None:
    assert shop.warnings == ()
    assert [gate.key for gate in shop.project.gates] == [
        "inventory", "pre-production", "benchmarks", "parity", "production-readiness", "sign-off",
    ]  # fmt: skip
    assert len({benchmark.dimension for benchmark in shop.project.benchmarks}) == 5


@pytest.mark.parametrize(
    ("which", "checkout", "faults"), [("candidates", "0.69", 4), ("upcoming", "0.47", 5)]
)
def test_the_recordings_tell_each_candidates_part(
    shop: Definitions, beginning: dict[str, Any], which: str, checkout: str, faults: int
) -> None:
    found = ask(shop, beginning[which][-1]["commit"], from_text(beginning["clock"]))
    assert {reading.state for reading in found.values()} == {"ok"}, [r.why for r in found.values() if r.why]
    values = {key: reading.value or Decimal(0) for key, reading in found.items()}
    assert round(values["checkout-p95", "value"], 2) == Decimal(checkout)
    assert round(values["checkout-p95", "baseline"], 2) == Decimal("0.45")
    assert values["payment-faults", "value"] == faults
    assert round(values["login-errors", "value"], 2) == Decimal("0.41")
    assert round(values["login-errors", "baseline"], 2) == Decimal("0.20")
    assert round(values["refund-p95", "value"], 2) == Decimal("1.12")
    assert values["tests/ci", "tests"] == values["tests/reports", "tests"] == 1
    assert found["payment-faults", "value"].samples == 6


def test_the_recordings_name_no_host_but_this_machine() -> None:
    for file in (SHOP / "recordings").rglob("*"):
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            assert text.count("://") == text.count("http://127.0.0.1:"), file.name


def test_flows_and_differences_fit_their_models(shop: Definitions) -> None:
    flows = rows("flows.csv")
    for row in flows:
        said = {field.name: field.read(row[field.name], UTC) for field in FIELDS if row.get(field.name)}
        flow = Flow(**said)
        assert flow.stage in Stage and shop.person(row["owner"])
        assert flow.agreed_by is None or shop.person(flow.agreed_by)
    keys = {row["key"] for row in flows}
    assert sum(row["core"] == "yes" for row in flows) == 5
    assert {benchmark.flow for benchmark in shop.project.benchmarks} <= keys
    for row in rows("parity.csv"):
        assert not row["owner"] or shop.person(row["owner"])
        assert {flow for flow in row["flows"].split("; ") if flow} <= keys
        checked(
            Difference(
                title=row["title"],
                category=Category(row["category"]),
                decision=Decision(row["decision"]),
                reason=row["reason"],
                mitigation=row["mitigation"],
                until=datetime.fromisoformat(row["until"]).replace(tzinfo=UTC) if row["until"] else None,
            )
        )


def test_the_demonstration_begins_in_a_state_that_can_be(
    shop: Definitions, beginning: dict[str, Any]
) -> None:
    clock = from_text(beginning["clock"])
    assert shop.person(beginning["as"])
    msgspec.convert({**beginning["release"], "planned_at": None}, Release)
    for number, build in enumerate([*beginning["candidates"], *beginning["upcoming"]]):
        candidate = msgspec.convert({**build, "release": "", "number": number}, Candidate)
        assert candidate.built_at and candidate.built_at < clock
        assert len(candidate.commit) == 40 and candidate.author and shop.person(candidate.author)
    for answer in beginning["answers"]:
        listed = shop.checklist(answer["checklist"])
        assert listed and answer["item"] in {item.key for item in listed.items}
        assert shop.person(answer["by"]) and from_text(answer["at"]) < clock
        assert answer["reason" if answer["state"] == "not_applicable" else "evidence"]
    for override in beginning["overrides"]:
        assert shop.benchmark(override["benchmark"])
        assert override["by"] != override["approved_by"]
        assert shop.person(override["by"]) and shop.person(override["approved_by"])


def test_the_exporter_depends_on_nothing_but_time(tmp_path: Path) -> None:
    command = [sys.executable, "-B", str(SHOP / "recording" / "exporter.py"), "--openmetrics"]
    command += ["--from", "2026-09-15T09:00Z", "--to", "2026-09-15T09:10Z", "--step", "300"]
    first, second = (subprocess.run(command, capture_output=True, check=True, cwd=tmp_path) for _ in range(2))
    assert first.stdout == second.stdout
    assert first.stdout.endswith(b"# EOF\n")


@pytest.mark.real
@pytest.mark.skipif(shutil.which("promtool") is None, reason="prometheus is not installed")
def test_the_recordings_come_out_the_same_again(tmp_path: Path) -> None:
    script = SHOP / "recording" / "record.py"
    subprocess.run([sys.executable, "-B", str(script), "--to", str(tmp_path / "again")], check=True)
    again, kept = tmp_path / "again", SHOP / "recordings"
    names = {file.relative_to(kept) for file in kept.rglob("*") if file.is_file()}
    assert {file.relative_to(again) for file in again.rglob("*") if file.is_file()} == names
    for name in names:
        if "buildinfo" not in name.name:  # this machine's Prometheus may be another version
            assert (again / name).read_bytes() == (kept / name).read_bytes(), name
