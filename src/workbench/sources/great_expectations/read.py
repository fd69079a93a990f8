"""Results of Great Expectations: a validation's, several of them in a list, or a checkpoint's.

Shapes: ``ExpectationSuiteValidationResult`` and ``CheckpointResult`` of versions 0.18 and 1, at
https://docs.greatexpectations.io/docs/reference/api/core/ExpectationSuiteValidationResult_class
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from workbench.model.text import number_of, safe_text
from workbench.sources.check_runs import CheckReports, CheckRun
from workbench.sources.checks import Check, Outcome
from workbench.sources.great_expectations.keeping import kept
from workbench.sources.moments import moment_of_text
from workbench.sources.numbers import count_of
from workbench.sources.report_files import File, Told


class GreatExpectations(CheckReports):
    """Reads the results of one source."""

    def read(self, file: File) -> CheckRun:
        """The expectations of all its validations."""
        validations = _validations(file, file.json(Any, self.largest))
        return CheckRun(
            checks=[check for one in validations for check in _checks(file, one)],
            flaws=[flaw for one in validations for flaw in _flaws(one)],
            without="the suite has no expectations",
            told=_told(validations),
        )

    def evidence(self, file: File) -> bytes:
        """The file without the values that broke an expectation."""
        return kept(file.bytes(self.largest))


def _validations(file: File, whole: Any) -> list[Mapping[str, Any]]:
    found: Any = whole
    if isinstance(whole, dict):
        found = [whole]
        for key in ("run_results", "validation_results"):
            if isinstance(inside := whole.get(key), dict | list):
                found = list(inside.values()) if isinstance(inside, dict) else inside
    if not isinstance(found, list) or not found:
        raise file.wrong("holds no result of Great Expectations")
    validations = [_unwrapped(one) for one in found]
    if not all(
        isinstance(_results(one), list) and isinstance(one.get("statistics"), dict) for one in validations
    ):
        raise file.wrong("holds no result of Great Expectations, or one of another version")
    return validations


def _unwrapped(one: Any) -> Mapping[str, Any]:
    """A validation; before version 1 a checkpoint put each into an object with its actions."""
    if not isinstance(one, dict):
        return {}
    inside = one.get("validation_result")
    return inside if isinstance(inside, dict) else one


def _results(validation: Mapping[str, Any]) -> Any:
    return validation.get("results", validation.get("expectations"))


def _checks(file: File, validation: Mapping[str, Any]) -> Iterator[Check]:
    table = _table(validation)
    for one in _results(validation):
        if not isinstance(one, dict) or not isinstance(one.get("success"), bool):
            raise file.wrong("has an expectation that says neither that it was met nor that it was not")
        config = _config(one)
        named = config.get("type") or config.get("expectation_type")
        if not isinstance(named, str) or not isinstance(config.get("kwargs", {}), dict):
            raise file.wrong("has an expectation that does not say what was expected")
        yield _check(table, one)


def _check(table: str, one: Mapping[str, Any]) -> Check:
    config = _config(one)
    kind = config.get("type") or config.get("expectation_type") or "expectation"
    kwargs = config.get("kwargs")
    column = _column(kwargs if isinstance(kwargs, dict) else {})
    result = one.get("result")
    result = result if isinstance(result, dict) else {}
    trouble = _trouble(one.get("exception_info"))
    outcome: Outcome = "errored" if trouble else "passed" if one["success"] else "failed"
    counted = outcome != "errored" and None not in (
        result.get("element_count"),
        result.get("unexpected_count"),
    )
    rows, broke, empty = (
        count_of(result.get(name), name) if counted else 0
        for name in ("element_count", "unexpected_count", "missing_count")
    )
    return Check(
        name=safe_text(f"{'.'.join(filter(None, (table, column)))} {kind}".strip(), 200),
        outcome=outcome,
        critical=config.get("severity", "critical") not in ("warning", "info"),
        of=table,
        rows=rows if counted else None,
        rows_failed=broke if counted else None,
        empty=empty,
        why=trouble or (f"{broke:,} of {rows:,} rows" if counted and broke else ""),
    )


def _config(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was expected; it stands beside the result in some versions."""
    config = one.get("expectation_config")
    return config if isinstance(config, dict) else one


def _column(kwargs: Mapping[str, Any]) -> str:
    for key in ("column", "column_A", "column_list", "column_set"):
        if value := kwargs.get(key):
            names = value if isinstance(value, list) else [value, kwargs.get("column_B")]
            return "+".join(str(name) for name in names if name)
    return ""


def _trouble(info: Any) -> str:
    """Why an expectation could not be evaluated; its exceptions stand alone, or by the metric that raised them."""
    if not isinstance(info, dict):
        return ""
    for one in (info, *info.values()):
        if isinstance(one, dict) and one.get("raised_exception"):
            return safe_text(one.get("exception_message") or "it raised an exception", 150)
    return ""


def _table(validation: Mapping[str, Any]) -> str:
    meta = validation.get("meta")
    batch = (meta if isinstance(meta, dict) else {}).get("active_batch_definition")
    name = (batch if isinstance(batch, dict) else {}).get("data_asset_name") or validation.get("asset_name")
    return safe_text(name, 100) if isinstance(name, str) else ""


def _flaws(validation: Mapping[str, Any]) -> Iterator[str]:
    listed = len(_results(validation))
    evaluated = validation["statistics"].get("evaluated_expectations")
    if isinstance(evaluated, int) and evaluated != listed:
        yield f"the result lists {number_of(listed, 'expectation')} of {evaluated:,}"
    if validation.get("success") is False and listed and all(one["success"] for one in _results(validation)):
        yield "the result says that it did not succeed, and lists nothing that was not met"


def _told(validations: list[Mapping[str, Any]]) -> Told:
    metas = [meta for one in validations if isinstance(meta := one.get("meta"), dict)]
    times = [moment for meta in metas if (moment := _moment(meta))]
    version = next((str(found) for meta in metas if (found := meta.get("great_expectations_version"))), "")
    return Told(measured_at=min(times, default=None), tool=f"Great Expectations {version}".strip())


def _moment(meta: Mapping[str, Any]) -> datetime | None:
    run = meta.get("run_id")
    text = run.get("run_time") if isinstance(run, dict) else None
    text = text or meta.get("validation_time")
    return moment_of_text(text, "the time of the run")[0] if isinstance(text, str) else None
