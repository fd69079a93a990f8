"""dbt's ``run_results.json``: https://docs.getdbt.com/reference/artifacts/run-results-json, schema versions 4 to 6."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from workbench.model.text import safe_text
from workbench.sources.check_runs import CheckReports, CheckRun
from workbench.sources.checks import Check, Outcome
from workbench.sources.moments import moment_of_text
from workbench.sources.report_files import File, Told

_SCHEMA = re.compile(r"/run-results/v(\d+)\.json$")
_READ = range(4, 7)
_TESTS = ("test", "unit_test")
_OF_TESTS: Mapping[str, Outcome] = {
    "pass": "passed", "success": "passed", "fail": "failed", "warn": "failed", "skipped": "not_evaluated",
}  # fmt: skip
_BUILT = frozenset({"success", "no-op", "reused", "pass"})
# Variables that name the commit; dbt keeps those that begin with DBT_ENV_CUSTOM_ENV_ without that beginning.
_COMMITS = ("COMMIT", "GIT_COMMIT", "GIT_SHA", "COMMIT_SHA", "GITHUB_SHA", "CI_COMMIT_SHA")


class _Metadata(msgspec.Struct, frozen=True):
    dbt_schema_version: str
    dbt_version: str = ""
    generated_at: str = ""
    env: dict[str, str] = {}


class _Result(msgspec.Struct, frozen=True):
    unique_id: str
    status: str
    message: str | None = None
    failures: int | None = None


class _Results(msgspec.Struct, frozen=True):
    metadata: _Metadata
    results: list[_Result]
    args: dict[str, object] = {}


class Dbt(CheckReports):
    """Reads the run results of one source."""

    def read(self, file: File) -> CheckRun:
        """The tests that ran, and whatever could not be built; ``SourceError`` for another version."""
        found: _Results = file.json(_Results, self.largest)
        version = _SCHEMA.search(found.metadata.dbt_schema_version)
        if version is None or int(version[1]) not in _READ:
            raise file.wrong(
                f"has the schema {safe_text(found.metadata.dbt_schema_version, 100)}, and only run results of the versions "
                f"{_READ[0]} to {_READ[-1]} are read"
            )
        return CheckRun(
            checks=list(_checks(found.results)), without=_no_test(found), told=_told(found.metadata)
        )


def _checks(results: list[_Result]) -> Iterator[Check]:
    for one in results:
        sort, _, rest = one.unique_id.partition(".")
        status = one.status.lower()
        if sort in _TESTS:
            yield _test(rest, status, one)
        elif status not in _BUILT:
            yield Check(
                name=safe_text(f"{sort} {rest.partition('.')[2] or rest}", 200),
                outcome="not_evaluated" if status == "skipped" else "errored",
                why=_first_line(one.message) or status,
            )


def _test(rest: str, status: str, one: _Result) -> Check:
    parts = rest.split(".")
    name = ".".join(parts[1:-1] if len(parts) > 2 else parts[1:]) or rest
    rows = f"{one.failures:,} failing" if one.failures else ""
    return Check(
        name=safe_text(name, 200),
        outcome=_OF_TESTS.get(status, "errored"),
        critical=status != "warn",
        why=rows or (_first_line(one.message) if status not in ("pass", "success") else ""),
    )


def _first_line(message: str | None) -> str:
    return safe_text(" ".join((message or "").split()), 120)


def _no_test(found: _Results) -> str:
    which = found.args.get("which")
    ran = f"“dbt {safe_text(which, 20)}” ran" if isinstance(which, str) else "they ran"
    return f"{ran} no test: take the results of “dbt build” or “dbt test”"


def _told(metadata: _Metadata) -> Told:
    commit = next((metadata.env[name] for name in _COMMITS if metadata.env.get(name)), "")
    at = moment_of_text(metadata.generated_at, "generated_at")[0] if metadata.generated_at else None
    return Told(commit=commit, measured_at=at, tool=safe_text(f"dbt {metadata.dbt_version}".strip(), 60))
