"""Every kind looks at every file that real tools wrote: one takes it, no other does."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.sources.kinds import KINDS
from workbench.sources.recognising import Sample, recognised

GENERATED = Path(__file__).parents[1] / "data" / "generated"
FILES = sorted(path for path in GENERATED.rglob("*") if path.is_file() and path.name != "VERSIONS.md")
# What a program prints is asked of the kind exec, what a contract says is no result; the rest stands beside results, and is none.
NO_RESULTS = (
    "monitoring_plugins/*",
    "locust/run_exceptions.csv",
    "locust/run_failures.csv",
    "locust/run_stats_history.csv",
    "opentelemetry/does.json",
    "pact/pacts/*",
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(GENERATED).as_posix())
def test_one_kind_takes_what_a_real_tool_wrote(path: Path) -> None:
    found = recognised(Sample("a file without a telling name", path.read_bytes()), KINDS)
    expected = 0 if any(path.relative_to(GENERATED).match(pattern) for pattern in NO_RESULTS) else 1
    assert len(found) == expected, [(one.kind, one.words) for one in found]
