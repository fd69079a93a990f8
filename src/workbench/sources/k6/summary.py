"""k6's summary, which has had three shapes, read into one.

``--summary-export``: the numbers of a metric stand beside its thresholds, where ``true`` means that one was *broken*.
``handleSummary``: a metric has its type, its ``values``, and thresholds that are ``{"ok": true}`` where they were kept.
The machine-readable one of later versions (``version`` 1.0.0): a list of metrics, without thresholds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.k6.metrics import Contains, Type, contains_of
from workbench.sources.moments import moment_of_text
from workbench.sources.numbers import count_of, number_of
from workbench.sources.report_files import File

_WORDS = {"avg": "mean", "med": "median", "passes": "passes", "matches": "passes"}
_KNOWN = ("min", "max", "count", "rate", "value", "fails", "total")
_TYPES: Mapping[str, Type] = {"trend": "trend", "rate": "rate", "counter": "counter", "gauge": "gauge"}
_CONTAINS: Mapping[str, Contains] = {"time": "time", "data": "data", "default": "default"}


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """One metric; ``values`` by our words for statistics, ``thresholds`` by their text: whether each was kept."""

    type: Type
    contains: Contains
    values: Mapping[str, Decimal]
    thresholds: Mapping[str, bool] = {}

    @property
    def observed(self) -> int | None:
        """How many observations there were; ``None`` where the summary does not tell."""
        values = self.values
        if self.type == "rate":
            total = values.get("total")
            if total is None and "passes" in values and "fails" in values:
                total = values["passes"] + values["fails"]
            return None if total is None else int(total)
        return int(values["count"]) if "count" in values else None

    @property
    def nothing(self) -> bool:
        """Whether nothing was observed: k6 writes zeros then, and keeps each threshold."""
        count = self.observed
        if count is None and self.type == "trend":
            return not any(self.values.values())
        return count == 0 and self.type in ("trend", "rate")


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A whole summary; ``thresholds`` is whether its shape tells them at all."""

    shape: str
    metrics: Mapping[str, Metric]
    thresholds: bool = True
    tool: str = "k6"
    at: datetime | None = None


def read_summary(file: File, most: int) -> Summary:
    """The summary in a file, whichever its shape; ``SourceError`` for anything else."""
    document = file.json(dict[str, Any], most)
    if isinstance(document.get("results"), dict) and isinstance(document.get("metadata"), dict):
        return _machine_readable(document, file)
    metrics = document.get("metrics")
    if not isinstance(metrics, dict) or not isinstance(document.get("root_group"), dict):
        raise file.wrong("is no summary of k6", hint="name what --summary-export wrote, or handleSummary")
    later = "state" in document
    made = {name: _metric(name, told, file, later=later) for name, told in metrics.items()}
    return Summary(shape="of handleSummary" if later else "from --summary-export", metrics=made)


def _metric(name: str, told: Any, file: File, *, later: bool) -> Metric:
    """One metric; ``SourceError`` where its numbers are none that k6 can have measured."""
    made = _read(name, told, file, later=later)
    values, where = made.values, safe_text(name, 100)
    if made.type in ("trend", "rate"):
        for word in ("count", "passes", "fails", "total"):
            count_of(values.get(word), f"{word} of {where}")
    if made.type == "rate" and not 0 <= values.get("rate", 0) <= 1:
        raise file.wrong(f"has a rate of {where} that is no share: {values['rate']}")
    if made.contains == "time" and min(values.values(), default=0) < 0:
        raise file.wrong(f"has a time of {where} below 0")
    return made


def _read(name: str, told: Any, file: File, *, later: bool) -> Metric:
    where = safe_text(name, 100)
    if not isinstance(told, dict):
        raise file.wrong(f"has no numbers at the metric {where}")
    thresholds = told.get("thresholds") or {}
    if not isinstance(thresholds, dict):
        raise file.wrong(f"has thresholds of the metric {where} that are no object")
    if not later:
        values = _values({key: one for key, one in told.items() if key != "thresholds"}, where)
        kind = _type_by_values(values)
        if kind == "rate" and "value" in values:
            values["rate"] = values.pop("value")
        kept = {text: not _flag(broken, where, file) for text, broken in thresholds.items()}
        return Metric(type=kind, contains=contains_of(name.partition("{")[0]), values=values, thresholds=kept)
    if not isinstance(told.get("values"), dict):
        raise file.wrong(f"has no values at the metric {where}")
    kept = {
        text: _flag(one.get("ok") if isinstance(one, dict) else None, where, file)
        for text, one in thresholds.items()
    }
    return Metric(
        type=_TYPES.get(str(told.get("type")), ""),
        contains=_CONTAINS.get(str(told.get("contains")), ""),
        values=_values(told["values"], where),
        thresholds=kept,
    )


def _machine_readable(document: Mapping[str, Any], file: File) -> Summary:
    version = str(document.get("version", ""))
    if version.partition(".")[0] != "1":
        raise file.wrong(
            f"is a summary of version “{safe_text(version, 40)}”, and 1 is what can be read",
            hint="write it with --summary-export, or from handleSummary",
        )
    results, metadata = document["results"], document["metadata"]
    checks = results.get("checks") or {}
    metrics: dict[str, Metric] = {}
    for told in [*(results.get("metrics") or []), *(checks.get("metrics") or [])]:
        if (
            not isinstance(told, dict)
            or not isinstance(told.get("name"), str)
            or not isinstance(told.get("values"), dict)
        ):
            raise file.wrong("has a metric without its name and values")
        metrics[told["name"]] = _metric(told["name"], told, file, later=True)
    if "checks" not in metrics and "checks_succeeded" in metrics:
        metrics["checks"] = metrics["checks_succeeded"]
    at = metadata.get("generatedAt")
    return Summary(
        shape="machine-readable",
        metrics=metrics,
        thresholds=False,
        tool=f"k6 {safe_text(str(metadata.get('k6Version', '')), 40)}".strip(),
        at=moment_of_text(str(at), "the moment of the summary")[0] if at else None,
    )


def _values(told: Mapping[str, Any], where: str) -> dict[str, Decimal]:
    """The numbers of a metric by our words; ``p(95)`` is ``p95``."""
    found = {}
    for key, value in told.items():
        word = _WORDS.get(key) or (key if key in _KNOWN else f"p{key[2:-1]}" if key.startswith("p(") else "")
        number = number_of(value, f"{safe_text(key, 40)} of {where}") if word else None
        if number is not None:
            found[word] = number
    return found


def _type_by_values(values: Mapping[str, Decimal]) -> Type:
    """The type of a metric in the oldest shape, which does not name it."""
    if "passes" in values and "fails" in values:
        return "rate"
    if "count" in values and "rate" in values:
        return "counter"
    if "value" in values:
        return "gauge"
    return "trend" if values else ""


def _flag(value: Any, where: str, file: File) -> bool:
    if not isinstance(value, bool):
        raise file.wrong(f"does not say of a threshold of {where} whether it was kept")
    return value


def whole(summary: Summary) -> None:
    """``SourceError`` for a summary without any metric: the run ended before it began."""
    if not summary.metrics:
        raise SourceError("the summary has no metric, so the run did not get anywhere")
