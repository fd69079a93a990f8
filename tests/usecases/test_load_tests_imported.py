"""What load tests, timings and experiments left is imported, and each is judged by what its run did."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.generators.cleaning import STARTS
from tests.generators.tool import GENERATED

from workbench.criteria import Verdict
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.given_files import given_files
from workbench.usecases.result_files import Imported, Said, import_results

REASON = "the CI run 4711 of this commit wrote it"
NOW = STARTS + timedelta(hours=1)
# Of each file: the kind that reads it, what is measured, and what has to come of it: a limit that is kept, and one that is not.
CASES = [
    ("k6/summary-export.json", "k6", "metric: http_req_failed, statistic: rate, unit: '%'", "<= 9", "<= 8"),
    ("k6/summary-export.json", "k6", "read: broken_thresholds", "<= 3", "<= 2"),
    ("k6/handle-summary.json", "k6", "read: broken_thresholds", "<= 3", "<= 2"),
    ("k6/handle-summary.json", "k6", "metric: checks, statistic: rate, unit: '%'", ">= 75", ">= 76"),
    (
        "k6/points.json",
        "k6",
        "metric: 'http_req_duration{name:slow}', statistic: p50, unit: ms",
        ">= 50",
        "<= 50",
    ),
    ("k6/points.csv", "k6", "metric: http_reqs, statistic: count", "== 60", "> 60"),
    ("locust/run.json", "locust", "request: slow, statistic: p50, unit: ms", ">= 50", "<= 50"),
    ("locust/run_stats.csv", "locust", "request: slow, statistic: p50, unit: ms", ">= 50", "<= 50"),
    ("jmeter/run.csv", "jmeter", "statistic: failure_rate, unit: '%'", "<= 12.5", "<= 12"),
    ("jmeter/parent.xml", "jmeter", "request: buy, statistic: failures", "<= 5", "<= 4"),
    ("autocannon/flaky.json", "autocannon", "statistic: failure_rate, unit: '%'", "<= 25", "<= 24"),
    ("autocannon/dead.json", "autocannon", "statistic: failure_rate, unit: '%'", "<= 100", "<= 99"),
    ("hyperfine/two.json", "hyperfine", "name: sleep 0.02, statistic: min, unit: ms", ">= 20", "<= 20"),
    ("chaostoolkit/passed.json", "chaostoolkit", "read: not_passed", "== 0", "> 0"),
    ("chaostoolkit/deviated.json", "chaostoolkit", "read: not_passed", "== 1", "== 0"),
    ("chaostoolkit/failed-action.json", "chaostoolkit", "read: tried", "== 0", ">= 1"),
    ("chaostoolkit/not-steady.json", "chaostoolkit", "read: not_passed", "== 1", "== 0"),
]


def project(kind: str, measure: str, kept: str, broken: str) -> str:
    """A project with one source of this kind, and one measure with two limits."""
    limits = {"kept": kept, "broken": broken}
    few = "min_samples: 3, " if kind in ("hyperfine", "pytest_benchmark") else ""
    return (
        build.HEAD
        + build.PEOPLE
        + f"sources:\n  - {{key: tool, kind: {kind}, files: 'results/*'}}\nbenchmarks:\n"
        + "".join(
            f"  - {{key: {key}, title: T, flow: checkout, mode: blocking, {few}pass: '{limit}', measure: {{source: tool, {measure}}}}}\n"
            for key, limit in limits.items()
        )
        + "gates:\n  - {key: go, title: Go, requires: [benchmarks: {}]}\n"
    )


def handed(context: Context, path: Path, **said: str) -> Imported:
    """What becomes of one file that is handed in as if it had just been written."""
    path = Path(shutil.copy(path, context.root.parent))
    os.utime(path, (STARTS.timestamp(),) * 2)
    (one,) = import_results(context, given_files([path], context.root), msgspec.convert(said, Said))
    return one


def verdicts(context: Context) -> tuple[Verdict, Verdict]:
    """Of the limit that is kept, and of the one that is not."""
    evaluation = evaluate(context)
    return verdict_of(evaluation, "kept").outcome.verdict, verdict_of(evaluation, "broken").outcome.verdict


@pytest.mark.parametrize(
    ("name", "kind", "measure", "kept", "broken"), CASES, ids=[f"{c[0]} {c[2]}" for c in CASES]
)
def test_what_a_real_run_left_is_imported_and_judged(
    tmp_path: Path, name: str, kind: str, measure: str, kept: str, broken: str
) -> None:
    with build.shop(tmp_path / "shop", project(kind, measure, kept, broken), now=NOW) as context:
        one = handed(context, GENERATED / name)
        assert (one.bound, {reading.mark for reading in one.taken}) == ("", {"asserted"})
        assert verdicts(context) == (Verdict.MISSING, Verdict.MISSING), "nobody said which commit it is of"
        one = handed(context, GENERATED / name, commit=build.SHA, reason=REASON)
        assert one.sources == ("tool",)
        assert verdicts(context) == (Verdict.PASS, Verdict.FAIL)


@pytest.mark.parametrize(
    ("name", "kind", "measure", "words"),
    [
        ("hyperfine/failing.json", "hyperfine", "unit: ms", "failed in 4 of 4 runs"),
        ("autocannon/dead.json", "autocannon", "statistic: p99, unit: ms", "was answered"),
        ("k6/summary-export.json", "k6", "metric: 'http_req_duration{name:never}', unit: ms", "writes zeros"),
    ],
)
def test_what_was_not_measured_passes_no_limit(
    tmp_path: Path, name: str, kind: str, measure: str, words: str
) -> None:
    with build.shop(tmp_path / "shop", project(kind, measure, ">= 0", ">= 0"), now=NOW) as context:
        one = handed(context, GENERATED / name, commit=build.SHA, reason=REASON)
        assert not one.taken
        assert words in one.left_out[0].why
        assert verdicts(context) == (Verdict.MISSING, Verdict.MISSING)


def test_a_file_that_names_its_commit_counts_for_that_one_only(tmp_path: Path) -> None:
    data = (GENERATED / "pytest_benchmark" / "clean.json").read_bytes()
    commit = msgspec.json.decode(data)["commit_info"]["id"]
    mine = tmp_path / "ci" / "speed.json"
    mine.parent.mkdir()
    mine.write_bytes(data.replace(commit.encode(), build.SHA.encode()))
    text = project("pytest_benchmark", "test: test_three_rounds, statistic: count", "== 3", "> 3")
    with build.shop(tmp_path / "shop", text, now=NOW) as context:
        other = handed(context, GENERATED / "pytest_benchmark" / "clean.json")
        assert not other.taken and commit[:7] in other.left_out[0].why
        assert handed(context, mine).bound == "told"
        assert verdicts(context) == (Verdict.PASS, Verdict.FAIL)


def test_a_file_with_changes_that_were_not_committed_is_of_no_commit(tmp_path: Path) -> None:
    text = project("pytest_benchmark", "test: test_three_rounds, statistic: count", "== 3", "> 3")
    with build.shop(tmp_path / "shop", text, now=NOW) as context:
        one = handed(context, GENERATED / "pytest_benchmark" / "dirty.json")
        assert (one.bound, one.taken[0].mark) == ("", "asserted")
        assert "not committed" in (one.taken[0].partial or "")
        assert verdicts(context) == (Verdict.MISSING, Verdict.MISSING)
