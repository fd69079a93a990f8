"""A small project with kinds of its own, for the tests of this folder."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from tests.probes.lines import LINES

from workbench.benchmarks.baselines import BASELINES
from workbench.definitions import Definitions, load
from workbench.definitions.shapes import Severity
from workbench.hooks.kinds import KINDS as HOOKS
from workbench.model.errors import DefinitionError, Problem
from workbench.model.fields import CommandText, DurationText, Key, SecretText, SizeText, Url
from workbench.model.kinds import Kinds, Proof, RequirementKind, SourceKind, Uses
from workbench.model.tokens import variables_in


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Command(Config, frozen=True):
    """A command that prints the secret."""

    command: CommandText


class MetricsConfig(Config, frozen=True):
    """A server of measurements."""

    url: Url
    token: SecretText | Command | None = None
    headers: dict[str, SecretText] = {}
    retries: Annotated[int, Meta(ge=0, le=9)] = 3
    ratio: Decimal = Decimal("0.5")
    verify: bool = True
    tenant: str | None = None
    size: SizeText | None = None
    workflow: str | list[str] | None = None


class MetricsMeasure(Config, frozen=True):
    """One query."""

    query: str
    read: Literal["value", "count"] = "value"


class FilesConfig(Config, frozen=True):
    """Files of the project."""

    files: Annotated[str, Meta(title="glob")]


class FilesTests(Config, frozen=True):
    """Did every test pass?"""


class ListConfig(Config, frozen=True):
    """A checklist is complete."""

    checklist: Key


class BenchmarksConfig(Config, frozen=True):
    """Benchmarks are through."""

    dimension: str | None = None
    benchmark: Key | None = None


class TestsConfig(Config, frozen=True):
    """Tests are green."""

    source: Key
    max_age: DurationText | None = None


class DecidedConfig(Config, frozen=True):
    """Differences are decided."""

    at_least: Severity = Severity.HIGH


def _nothing() -> None:
    raise AssertionError("definitions never load a kind's module")


def _uses(config: msgspec.Struct) -> Uses:
    if isinstance(config, MetricsMeasure):
        return Uses(variables=variables_in(config.query))
    assert isinstance(config, MetricsConfig)
    command = config.token if isinstance(config.token, Command) else None
    token = config.token if isinstance(config.token, str) else None
    return Uses(
        hosts=(config.url,),
        commands=(command.command,) if command else (),
        variables=variables_in(config.url, token, *config.headers.values()),
    )


KINDS: Kinds = {
    "sources": {
        "metrics": SourceKind("metrics", "a server", MetricsConfig, MetricsMeasure, _nothing, uses=_uses, proof=Proof.REAL),
        "files": SourceKind("files", "files", FilesConfig, None, _nothing, FilesTests, proof=Proof.REAL),
    },
    "requirements": {
        "checklist": RequirementKind("checklist", "a list", ListConfig, "checklist", {"checklist": "checklist"}),
        "benchmarks": RequirementKind("benchmarks", "benchmarks", BenchmarksConfig, None, {"benchmark": "benchmark"}),
        "tests_green": RequirementKind("tests_green", "tests", TestsConfig, "source", {"source": "tests"}),
        "decided": RequirementKind("decided", "differences", DecidedConfig, "at_least"),
    },
    "probes": {"lines": LINES},
    "baselines": BASELINES,
    "hooks": HOOKS,
}  # fmt: skip

SHOP = """\
project: shop
timezone: Europe/Berlin
environments:
  - key: production
    kind: production
  - key: staging
    kind: staging
    variables: {PORT: 8080}
    build: {source: metrics, query: build_info}
sources:
  - key: metrics
    kind: metrics
    url: https://metrics.example.com:9090
    token: ${METRICS_TOKEN}
  - {key: reports, kind: files, files: reports/**/*.xml}
people:
  - {key: ada, name: Ada, roles: [owner], email: ada@shop.example}
  - {key: bo, name: Bo, roles: [owner, qa], email: bo@shop.example}
benchmarks:
  - key: checkout-p95
    title: Checkout p95
    flow: checkout
    dimension: latency_consistency
    measure:
      source: metrics
      query: p95(checkout)
      unit: ms
    pass: within 20% of baseline
    warn: within 30% of baseline
checklists: [lists/smoke.yaml]
gates:
  - key: staging
    title: Staging
    requires:
      - benchmarks: {dimension: latency_consistency}
      - checklist: smoke
      - tests_green: reports
      - decided:
    sign:
      roles: [{role: owner}]
  - key: go
    title: Go
    requires: [{key: all, decided: low}]
"""

SMOKE = """\
checklist: smoke
title: Smoke
items:
  - key: opens
    title: The shop opens
    why: Otherwise nobody can buy.
    check: Open it.
    role: qa
"""


def write(folder: Path, text: str = SHOP, **files: str) -> Path:
    """Write ``workbench.yaml``, the checklist and further files (``a__b`` is ``a/b.yaml``)."""
    (folder / "lists").mkdir(exist_ok=True)
    (folder / "lists" / "smoke.yaml").write_text(SMOKE, encoding="utf-8")
    (folder / "workbench.yaml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def loaded(folder: Path, text: str = SHOP, **files: str) -> Definitions:
    """The definitions of a project of these files."""
    return load(write(folder, text, **files), KINDS)


def problems(folder: Path, text: str = SHOP, **files: str) -> list[Problem]:
    """Everything that is wrong with a project of these files."""
    try:
        loaded(folder, text, **files)
    except DefinitionError as error:
        return list(error.problems)
    return []


def changed(old: str, new: str) -> str:
    """The shop with one place changed."""
    assert SHOP.count(old) == 1, old
    return SHOP.replace(old, new)


def place_of(text: str, part: str) -> tuple[int, int]:
    """Line and column, from 1, of the only place where ``part`` stands."""
    assert text.count(part) == 1, part
    before = text[: text.index(part)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")
