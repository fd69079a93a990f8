"""Traces of real services, imported as a team does it: which candidate they are of, and what is shown of them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from tests.cli.conftest import Type
from tests.sources.test_traces import COMMIT, GENERATED

PROJECT = """\
project: orders
people:
  - {key: desk, name: Desk, roles: [release-owner]}
environments:
  - {key: staging, kind: staging}
  - {key: production, kind: production}
sources:
  - {key: traces, kind: otlp, files: "traces/*.jsonl", stubs: {stub: "true"}, link: "https://traces.example.com/trace/$trace"}
benchmarks:
  - key: p95
    title: Orders are taken in time
    environment: staging
    pass: <= 10 s
    mode: blocking
    min_samples: 5
    max_age: 3650d
    measure: {source: traces, begins: "gateway: POST /orders", unit: s, environment: staging}
  - key: complete
    title: Orders run from end to end
    environment: staging
    pass: ">= 90 %"
    mode: blocking
    min_samples: 5
    max_age: 3650d
    measure:
      source: traces
      read: complete
      begins: "gateway: POST /orders"
      steps: ["payments: POST /payments", "bank: POST /charge"]
      unit: "%"
      environment: staging
"""


@pytest.fixture
def orders(empty: Path, type_in: Type) -> Path:
    (empty / "workbench.yaml").write_text(PROJECT)
    type_in("release", "new", "1.0", "--commit", COMMIT)
    return empty


@pytest.mark.parametrize("spelling", ["staging.jsonl", "staging-base64.jsonl", "packed"])
def test_traces_of_the_candidates_commit_count(orders: Path, type_in: Type, spelling: str) -> None:
    data = (GENERATED / "staging.jsonl").read_bytes()
    name = "run.jsonl.gz" if spelling == "packed" else spelling
    (orders / name).write_bytes(
        gzip.compress(data) if spelling == "packed" else (GENERATED / spelling).read_bytes()
    )
    (file,) = type_in("import", name, "--json").json["files"]
    assert file["format"] == "otlp" and len(file["taken"]) == 2
    judged = {key: type_in("benchmark", "show", key, "--json").json for key in ("p95", "complete")}
    assert (judged["p95"]["verdict"], judged["complete"]["verdict"]) == ("pass", "fail")
    shown = type_in("benchmark", "show", "complete").out
    assert "“bank: POST /charge” is a stub in 12 runs" in shown
    assert "https://traces.example.com/trace/" in type_in("benchmark", "show", "p95").out


def test_traces_of_another_commit_are_left_out(orders: Path, type_in: Type) -> None:
    type_in("release", "candidate", "ab" * 20)
    (orders / "run.jsonl").write_bytes((GENERATED / "staging.jsonl").read_bytes())
    (file,) = type_in("import", "run.jsonl", "--json", code=None).json["files"]
    assert not file["taken"] and "4f2a9c1" in str(file["left_out"])
