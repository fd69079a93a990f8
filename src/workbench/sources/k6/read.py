"""What k6 wrote, and what a measure reads of it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import fsum

from workbench.model.keys import nearest
from workbench.model.quantity import UNITS, from_float
from workbench.model.text import number_of, safe_text
from workbench.sources.k6 import K6Measure
from workbench.sources.k6.metrics import Chosen, chosen, unit_of
from workbench.sources.k6.points import Points, Series, read_csv, read_json
from workbench.sources.k6.summary import Metric, Summary, read_summary, whole
from workbench.sources.load_tests.observed import listed, moment
from workbench.sources.of_samples import Told as Goes
from workbench.sources.of_samples import in_window, of_samples, statistic_of
from workbench.sources.reading import Found, Question, WrongQuestion, in_unit, missing
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File, Report, Reports, Told, newest, oldest

_LARGEST_SUMMARY = 64 * 2**20
_ASIDE = ("passes", "fails", "total")  # counts behind a rate


class K6(Reports[Summary | Points]):
    """Reads what k6 wrote."""

    largest = 2**30

    def read(self, file: File) -> Summary | Points:
        """One file: points, or a summary."""
        with file.open() as binary:
            head = binary.read(64 * 1024)
        shape = _shape(Sample(file.name, head, file.size))
        if head.startswith(b"\x1f\x8b"):
            raise file.wrong("is compressed", hint="unpack it first: gunzip")
        if shape == "json":
            return read_json(file)
        if shape == "csv":
            return read_csv(file)
        summary = read_summary(file, _LARGEST_SUMMARY)
        whole(summary)
        return summary

    def told(self, read: Summary | Points) -> Told:
        """When it was measured; a summary of old names no moment, and none names a commit."""
        if isinstance(read, Summary):
            return Told(tool=read.tool, measured_at=read.at)
        return Told(tool="k6", measured_at=None if read.last is None else moment(read.last))

    def answer(self, reports: Sequence[Report[Summary | Points]], question: Question) -> Found:
        """Of points those of all files together, else the newest summary."""
        measure = question.ask
        assert isinstance(measure, K6Measure)
        pointed = [one.read for one in reports if isinstance(one.read, Points)]
        if len(pointed) == len(reports):
            if measure.read is not None:
                raise WrongQuestion(
                    "points do not tell whether thresholds were kept", field="read", hint="read a summary"
                )
            at = oldest(reports)
            return _of_points(pointed, measure, question, Goes(at=at, facts={"read_from": pointed[0].shape}))
        last, facts = newest([one for one in reports if isinstance(one.read, Summary)])
        assert isinstance(last.read, Summary)
        told = Goes(at=last.measured_at, facts={"read_from": f"a summary {last.read.shape}", **facts})
        if measure.read is not None:
            return _thresholds(last.read, question, told)
        return _of_summary(last.read, measure, question, told)


def recognise(sample: Sample) -> str:
    """What a file is, "" where it is none of k6."""
    shape = _shape(sample)
    if shape:
        return "points of k6, as JSON" if shape == "json" else "points of k6, as CSV"
    if {"root_group", "metrics"} <= sample.keys:
        return f"a summary of k6, {'of handleSummary' if 'state' in sample.keys else 'from --summary-export'}"
    metadata = sample.value("metadata") if {"version", "results", "metadata"} <= sample.keys else None
    return (
        "a summary of k6, machine-readable" if isinstance(metadata, dict) and "k6Version" in metadata else ""
    )


def _shape(sample: Sample) -> str:
    """``json`` or ``csv`` where it holds points."""
    if sample.csv_header[:3] == ("metric_name", "timestamp", "metric_value"):
        return "csv"
    first = sample.first_json
    points = first.get("type") in ("Metric", "Point") and isinstance(first.get("metric"), str)
    return "json" if points and "data" in first else ""


# --- a summary ----------------------------------------------------------------------------------


def _of_summary(summary: Summary, measure: K6Measure, question: Question, told: Goes) -> Found:
    wanted = chosen(measure.metric)
    metric = summary.metrics.get(measure.metric.strip()) or summary.metrics.get(str(wanted))
    if metric is None:
        return _absent(summary.metrics, wanted, question)
    if metric.nothing:
        return missing(question, f"the run has no {wanted}: k6 writes zeros where nothing was observed")
    words = " ".join(measure.statistic.split())
    value, unit, facts = _stated(metric, words, wanted, question)
    return Found(
        state="ok",
        measured_at=told.at,
        value=value,
        unit=unit,
        samples=metric.observed,
        facts={"statistic": words, "metric": safe_text(str(wanted), 200), **facts, **told.facts},
    )


def _stated(
    metric: Metric, words: str, wanted: Chosen, question: Question
) -> tuple[Decimal, str, dict[str, str]]:
    """A statistic that the summary holds; ``WrongQuestion`` names those that it does."""
    if words == "rate" and metric.type in ("rate", "counter"):
        if "rate" not in metric.values:
            raise _not_told(metric, words, wanted)
        natural = UNITS["share"].symbol if metric.type == "rate" else "/s"
        if metric.contains == "data":
            raise WrongQuestion(
                f"a rate of bytes cannot be written; ask for the count of {wanted.name}", field="statistic"
            )
        return *in_unit(metric.values["rate"], natural, question.unit), {}
    if words == "p50" and "p50" not in metric.values:
        words = "median"
    if words not in metric.values or words in _ASIDE:
        raise _not_told(metric, words, wanted)
    if words == "count" and metric.contains != "data":
        return *in_unit(metric.values["count"], "", question.unit), {}
    natural, facts = unit_of(metric.contains, question)
    if words.startswith("p"):
        facts["percentile"] = f"{words}, as k6 computed it"
    return *in_unit(metric.values[words], natural, question.unit), facts


def _not_told(metric: Metric, words: str, wanted: Chosen) -> WrongQuestion:
    told = sorted((word for word in metric.values if word not in _ASIDE), key=_order)
    hint = f"it has {listed(told)}"
    if metric.type == "trend" and words not in ("rate", "value"):
        k6_word = (
            f"p({words[1:]})" if words[:1] == "p" else {"mean": "avg", "median": "med"}.get(words, words)
        )
        hint += f"; a script asks for more: summaryTrendStats: ['avg', 'p(95)', '{safe_text(k6_word, 20)}', 'count']"
    return WrongQuestion(
        f"the summary does not tell the {safe_text(words, 40)} of {wanted.name}", field="statistic", hint=hint
    )


def _order(word: str) -> tuple[bool, float, str]:
    """Percentiles last, by their rank."""
    rank = word[1:]
    return (
        (True, float(rank), "") if word[0] == "p" and rank.replace(".", "", 1).isdigit() else (False, 0, word)
    )


def _absent(names: Iterable[str], wanted: Chosen, question: Question) -> Found:
    if wanted.tags:
        raise WrongQuestion(
            f"the summary has no {safe_text(str(wanted), 100)}",
            field="metric",
            hint="k6 keeps a metric with its tags only where a threshold of the script names it; or read its points",
        )
    known = list(names)
    meant = nearest(wanted.name, known)
    hint = f"; did you mean {safe_text(meant, 80)}?" if meant else f"; it has {safe_text(listed(known), 300)}"
    return missing(question, f"the run has no metric {wanted.name}{hint}")


def _thresholds(summary: Summary, question: Question, told: Goes) -> Found:
    """How many thresholds were not kept; one on what was never observed was not, whatever k6 says of it."""
    if not summary.thresholds:
        raise WrongQuestion(
            "the machine-readable summary does not tell thresholds",
            field="read",
            hint="write one with --summary-export",
        )
    every = [
        (name, text, metric, kept)
        for name, metric in summary.metrics.items()
        for text, kept in metric.thresholds.items()
    ]
    if not every:
        return missing(question, "the script has no thresholds")
    unseen = [f"{name} {text}" for name, text, metric, _ in every if metric.nothing]
    broken = [f"{name} {text}" for name, text, metric, kept in every if not kept and not metric.nothing]
    facts: dict[str, str | int] = {"thresholds": len(every), **told.facts}
    if broken:
        facts["broken"] = safe_text(listed(broken), 400)
    if unseen:
        facts["never_observed"] = safe_text(listed(unseen), 400)
    value, unit = in_unit(Decimal(len(broken) + len(unseen)), "", question.unit)
    return Found(state="ok", measured_at=told.at, value=value, unit=unit, facts=facts)


# --- points ----------------------------------------------------------------------------------------


def _of_points(files: Sequence[Points], measure: K6Measure, question: Question, told: Goes) -> Found:
    wanted = chosen(measure.metric)
    parts = [found for file in files if (found := file.of(wanted)) is not None]
    if not parts:
        names = dict.fromkeys(name for file in files for name in file.series)
        return _absent(names, Chosen(wanted.name), question)
    values, times = array("d"), array("d")
    for part in parts:
        values.extend(part.values)
        times.extend(part.times)
    inside, at = in_window(values, times, question, told.at)
    if not inside:
        which = "in the window" if values else "with those tags" if wanted.tags else "in the file"
        return missing(question, f"there is no point of {safe_text(str(wanted), 100)} {which}")
    words = " ".join(measure.statistic.split())
    facts = {"metric": safe_text(str(wanted), 200), **told.facts}
    kind, told = parts[0], Goes(at=at, facts=facts)
    if words in ("rate", "value") or kind.type == "counter":
        return _counted(kind, words, inside, times, question, told)
    if kind.type == "rate" and statistic_of(words).kind == "same":
        raise WrongQuestion(f"{wanted.name} is a rate: it has a rate and a count", field="statistic")
    natural, more = unit_of(kind.contains, question)
    return of_samples(inside, words, question, Goes(at=at, facts=facts | more), unit=natural)


def _counted(
    kind: Series, words: str, inside: array[float], times: array[float], question: Question, told: Goes
) -> Found:
    """The statistics that k6 has for rates, counters and gauges."""
    total = from_float(fsum(inside))
    begun = (
        min(times) if question.window is None else question.at.timestamp() - question.window.total_seconds()
    )
    span = max(times) - max(begun, min(times))  # seconds
    if words == "rate" and kind.type == "rate":
        value, unit = in_unit(total / len(inside), UNITS["share"].symbol, question.unit)
    elif words == "count" and kind.type == "counter":
        value, unit = in_unit(total, "B" if kind.contains == "data" else "", question.unit)
    elif words == "rate" and kind.type == "counter" and kind.contains != "data" and span:
        value, unit = in_unit(total / from_float(span), "/s", question.unit)
    elif words == "value" and kind.type == "gauge":
        natural, _ = unit_of(kind.contains, question)
        value, unit = in_unit(from_float(inside[-1]), natural, question.unit)
    else:
        what = f"a {kind.type}" if kind.type else "of a type that this file does not tell"
        raise WrongQuestion(f"the metric is {what}, and has no {words}", field="statistic")
    return Found(
        state="ok",
        measured_at=told.at,
        value=value,
        unit=unit,
        samples=len(inside),
        facts={"statistic": words, "points": number_of(len(inside), "point"), **told.facts},
    )
