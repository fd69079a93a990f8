"""k6's metrics: their types, what they count in, and the words for their statistics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

import msgspec

from workbench.model.kinds import Asked, Doubt
from workbench.model.quantity import find_unit
from workbench.sources.files_config import FilesConfig
from workbench.sources.k6 import K6Measure
from workbench.sources.of_samples import statistic_of
from workbench.sources.reading import Question, WrongQuestion
from workbench.sources.report_files import same_files

Type: TypeAlias = Literal["", "trend", "rate", "counter", "gauge"]
Contains: TypeAlias = Literal["", "time", "data", "default"]
OF_K6 = ("rate", "value")  # statistics of k6 beside those of samples

_NAME = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*(?:\{(.*)\})?", re.ASCII)
# What the metrics that k6 itself has count in: its documentation's list of built-in metrics.
_TIMES = re.compile(
    r"(http_req_(?!failed)|iteration_duration|group_duration|ws_(connecting|session_duration|ping)|grpc_req_duration)"
)
_DATA = ("data_sent", "data_received")
_RATES = ("checks", "http_req_failed", "browser_http_req_failed")
_COUNTERS = (
    "http_reqs",
    "iterations",
    "dropped_iterations",
    "ws_sessions",
    "ws_msgs_sent",
    "ws_msgs_received",
    *_DATA,
)


class Chosen(msgspec.Struct, frozen=True):
    """A metric as it is written: its name, and the tags that have to be there."""

    name: str
    tags: Mapping[str, str] = {}

    def __str__(self) -> str:
        inside = ",".join(f"{key}:{value}" for key, value in self.tags.items())
        return f"{self.name}{{{inside}}}" if inside else self.name


def chosen(text: str) -> Chosen:
    """The metric that a text names; ``WrongQuestion`` for what k6 could not have as a name."""
    found = _NAME.fullmatch(text.strip())
    tags: dict[str, str] = {}
    for part in (found[2] or "").split(",") if found else ():
        key, colon, value = (word.strip().strip("\"'") for word in part.partition(":"))
        if part.strip() and not (key and colon):
            found = None
        elif part.strip():
            tags[key] = value
    if found is None:
        raise WrongQuestion(
            f"“{text[:100]}” is no metric of k6",
            field="metric",
            hint="write a name, or a name with its tags: http_req_duration{name:checkout}",
        )
    return Chosen(found[1], tags)


def contains_of(name: str) -> Contains:
    """What a metric that k6 itself has counts in; "" for one of a script."""
    return "time" if _TIMES.match(name) else "data" if name in _DATA else ""


def type_of(name: str) -> Type:
    """The type of a metric that k6 itself has; "" for one of a script."""
    if name in _RATES:
        return "rate"
    if name in _COUNTERS:
        return "counter"
    if name in ("vus", "vus_max"):
        return "gauge"
    return "trend" if contains_of(name) == "time" else ""


def unit_of(contains: Contains, question: Question) -> tuple[str, dict[str, str]]:
    """The unit that numbers are in: k6's milliseconds or bytes, else that of the question, which is told."""
    if contains == "time":
        return "ms", {}
    if contains == "data":
        return "B", {}
    return question.unit, {"unit": "as the benchmark says; k6 does not tell it"} if question.unit else {}


def doubts(measure: K6Measure, asked: Asked) -> Iterable[Doubt]:
    """Mistakes that can be proved before there is a file."""
    if isinstance(asked.config, FilesConfig):
        yield from same_files(asked.config, asked)
    if measure.read is not None:
        if asked.unit:
            yield Doubt("unit", "a number of thresholds has no unit", "leave out the unit", error=True)
        return
    try:
        metric = chosen(measure.metric)
        words = " ".join(measure.statistic.split())
        kind = "" if words in OF_K6 else statistic_of(words).kind
        unit = find_unit(asked.unit)
    except WrongQuestion as error:
        yield Doubt(error.field, error.what, error.hint, error=True)
        return
    except ValueError:  # the unit itself is told elsewhere
        return
    wanted, way = "", ""
    if contains_of(metric.name) == "time" and kind == "same":
        wanted, way = "time", "write unit: ms, or s"
    elif type_of(metric.name) == "rate" and words == "rate":
        wanted, way = "share", "write unit: '%'"
    if asked.unit and wanted not in ("", unit.kind):
        what = f"the {words} of {metric.name} is a {wanted}, which cannot be written in {unit.symbol}"
        yield Doubt("unit", what, way, error=True)
