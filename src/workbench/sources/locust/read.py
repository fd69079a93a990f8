"""Locust's JSON, which holds a histogram of the times of each request, and its table, which holds percentiles only."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from workbench.model.histograms import Histogram
from workbench.model.text import safe_text
from workbench.sources.load_tests import RequestsMeasure
from workbench.sources.load_tests.observed import Observed, answered, chosen, moment, time_of
from workbench.sources.numbers import count_of, number_of
from workbench.sources.of_samples import Told as Goes
from workbench.sources.reading import Found, Question, WrongQuestion, missing
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File, Report, Reports, Told, newest, oldest

_ALL = "Aggregated"
_COLUMNS = ("Type", "Name", "Request Count", "Failure Count")
_BEHIND = (
    "Locust writes this table once a second, so it may lack the end of the run; --json-file has all of it"
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """The requests of one name and method, as Locust's JSON has them; times in milliseconds."""

    name: str
    method: str | None
    num_requests: int
    num_failures: int
    num_none_requests: int
    total_response_time: float
    max_response_time: float
    min_response_time: float | None
    response_times: dict[str, int]
    start_time: float
    last_request_timestamp: float | None


class Run(msgspec.Struct, frozen=True):
    """What one file holds: its requests, as entries of JSON or as rows of a table by their column."""

    entries: tuple[Entry, ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()


class Locust(Reports[Run]):
    """Reads what Locust wrote."""

    def read(self, file: File) -> Run:
        """The requests of one file."""
        if file.bytes(self.largest).lstrip()[:1] == b"[":
            entries: list[Entry] = file.json(list[Entry], self.largest)
            for entry in entries:
                _check(entry, file)
            return Run(entries=tuple(entries))
        return Run(rows=_rows(file, self.largest))

    def told(self, read: Run) -> Told:
        """When the last request was answered; a table may lack the end of the run."""
        if read.rows:
            return Told(tool="Locust", partial=_BEHIND)
        last = [entry.last_request_timestamp for entry in read.entries if entry.last_request_timestamp]
        return Told(tool="Locust", measured_at=moment(max(last)) if last else None)

    def answer(self, reports: Sequence[Report[Run]], question: Question) -> Found:
        """A statistic of the requests of all JSON files together, else of the newest table."""
        measure = question.ask
        assert isinstance(measure, RequestsMeasure)
        whole = [one for one in reports if not one.read.rows]
        if whole:
            entries = [entry for one in whole for entry in one.read.entries]
            if not entries:
                return missing(question, "the run made no request")
            told = Goes(at=oldest(whole))
            return answered(_observed(_chosen(entries, measure.request)), measure.statistic, question, told)
        last, facts = newest(reports)
        return answered(
            _stated(last, measure.request),
            measure.statistic,
            question,
            Goes(at=last.measured_at, facts=facts),
        )


def recognise(sample: Sample) -> str:
    """What a file is, "" where it is none of Locust."""
    first = sample.items[0] if sample.items else None
    if isinstance(first, dict) and {"response_times", "num_requests", "num_none_requests"} <= first.keys():
        return "requests of Locust, from --json-file"
    if sample.csv_header[: len(_COLUMNS)] == _COLUMNS:
        return "the table of Locust’s requests, from --csv"
    return ""


def _check(entry: Entry, file: File) -> None:
    """An error for counts that contradict one another: the file was cut or written by something else."""
    name = f"“{safe_text(entry.name, 100)}”"
    counts = (entry.num_requests, entry.num_failures, entry.num_none_requests, *entry.response_times.values())
    if min(counts) < 0:
        raise file.wrong(f"has a negative count at {name}")
    if sum(entry.response_times.values()) != entry.num_requests - entry.num_none_requests:
        raise file.wrong(f"counts {entry.num_requests:,} requests at {name}, and other ones in its times")
    if entry.num_failures > entry.num_requests:
        raise file.wrong(f"counts more failures than requests at {name}")
    for time in entry.response_times:
        time_of(time, f"a time of {name}")
    for stated in (entry.total_response_time, entry.max_response_time, entry.min_response_time or 0):
        time_of(stated, f"a time of {name}")
    last = entry.last_request_timestamp
    if last is not None and moment(last) < moment(entry.start_time):
        raise file.wrong(f"has the last request of {name} before its first")


def _chosen(entries: Sequence[Entry], request: str | None) -> Sequence[Entry]:
    if request is None:
        return entries
    names = {f"{entry.method or ''} {entry.name}".strip(): entry for entry in entries}
    wanted = chosen(names, request, "request", "request", also=lambda key: [names[key].name])
    return [
        entry
        for entry in entries
        if any((entry.name, entry.method) == (one.name, one.method) for one in wanted)
    ]


def _observed(entries: Sequence[Entry]) -> Observed:
    counts: dict[float, int] = {}
    for entry in entries:
        for text, count in entry.response_times.items():
            counts[float(text)] = counts.get(float(text), 0) + count
    timed = [entry for entry in entries if entry.num_requests > entry.num_none_requests]
    ends = [entry.last_request_timestamp for entry in entries if entry.last_request_timestamp]
    total, number = sum(entry.total_response_time for entry in timed), sum(counts.values())
    low = min((entry.min_response_time or 0.0 for entry in timed), default=0.0)
    high = max((entry.max_response_time for entry in timed), default=0.0)
    return Observed(
        count=sum(entry.num_requests for entry in entries),
        failed=sum(entry.num_failures for entry in entries),
        seconds=max(ends) - min(entry.start_time for entry in entries) if ends else None,
        histogram=_histogram(counts, low, high) if number else None,
        exactly={"mean": total / number, "sum": total, "min": low, "max": high} if number else {},
    )


def _histogram(counts: Mapping[float, int], low: float, high: float) -> Histogram:
    """Buckets of Locust's rounded times: to whole milliseconds below 100, then to two digits.

    What is rounded to a time lay around it, and none lay outside of the shortest and the longest, which are told exactly.
    """
    bounds: list[float] = []
    inside: list[float] = []
    for time in sorted(counts):
        begins = max(time - _step(time, below=True) / 2, min(low, time))
        ends = max(min(time + _step(time) / 2, high), time)
        if begins > (bounds[-1] if bounds else 0.0):
            bounds.append(begins)
            inside.append(0.0)
        if bounds and ends <= bounds[-1]:
            inside[-1] += counts[time]
        else:
            bounds.append(ends)
            inside.append(float(counts[time]))
    return Histogram(tuple(bounds), (*inside, 0.0))


def _step(time: float, *, below: bool = False) -> float:
    """The distance of neighbouring times after rounding, at a time or just ``below`` it."""
    for limit, step in ((100, 1.0), (1_000, 10.0), (10_000, 100.0)):
        if time < limit or (below and time == limit):
            return step
    return 1_000.0


def _rows(file: File, most: int) -> tuple[Mapping[str, str], ...]:
    try:
        text = file.bytes(most).decode("utf-8-sig")
        rows = list(csv.reader(text.splitlines(), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise file.wrong(f"cannot be read as a table: {safe_text(error, 100)}") from None
    header, *lines = rows or [[]]
    if tuple(header[: len(_COLUMNS)]) != _COLUMNS:
        raise file.wrong(
            "is neither Locust’s JSON nor its table of requests", hint="name NAME.json of --json-file NAME"
        )
    for number, line in enumerate(lines, 2):
        if line and len(line) != len(header):
            raise file.wrong(f"has {len(line)} cells in a row, and {len(header)} in its header", line=number)
    found = tuple(dict(zip(header, line, strict=True)) for line in lines if line)
    if not any(row["Name"] == _ALL for row in found):
        raise file.wrong(f"has no row {_ALL}, so it is not whole")
    return found


def _stated(report: Report[Run], request: str | None) -> Observed:
    rows = {f"{row['Type']} {row['Name']}".strip(): row for row in report.read.rows}
    hits = chosen(
        rows, _ALL if request is None else request, "request", "request", also=lambda key: [rows[key]["Name"]]
    )
    if len(hits) > 1:
        raise WrongQuestion(
            f"several methods have a request “{safe_text(request or '', 100)}”, and a table does not tell them together",
            field="request",
            hint="write the method before it, such as GET /cart; or read --json-file",
        )
    row = hits[0]
    count = count_of(row["Request Count"], f"{report.name}: Request Count")
    exactly = {f"p{name[:-1]}": cell for name, cell in row.items() if name.endswith("%") and name != "100%"}
    exactly |= {
        word: row[f"{column} Response Time"]
        for word, column in _STATED.items()
        if f"{column} Response Time" in row
    }
    rate = number_of(_cell(row.get("Requests/s")), f"{report.name}: Requests/s")
    return Observed(
        count=count,
        failed=count_of(row["Failure Count"], f"{report.name}: Failure Count"),
        seconds=float(count / rate) if rate else None,
        exactly={
            word: time_of(cell, f"{report.name}: {word}")
            for word, cell in exactly.items()
            if _cell(cell) is not None
        },
    )


_STATED = {"mean": "Average", "min": "Min", "max": "Max", "median": "Median"}


def _cell(text: Any) -> Any:
    """A cell of the table; ``None`` where nothing was measured."""
    return None if text in (None, "", "N/A") else text
