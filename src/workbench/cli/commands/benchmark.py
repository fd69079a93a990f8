"""``workbench benchmark``: verdicts, typed values, and measurements that do not count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Any

import click

from workbench.benchmarks.judge import Judged
from workbench.benchmarks.measurements import Invalidation, Measurement
from workbench.cli import output, session
from workbench.cli.commands import rulings
from workbench.cli.evidence import evidence_options
from workbench.cli.lazy import Family
from workbench.cli.options import WRITING, Renamed, Settings, Whole, common, pass_settings
from workbench.gates.overrides import ApprovedOverride
from workbench.model.errors import UsageError
from workbench.model.times import day_text, moment_text, to_text
from workbench.usecases import baselines, benchmark_reviews, deciding
from workbench.usecases.answering import evidence_for
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.fetching import enter as put
from workbench.usecases.flow_names import wanted_flows
from workbench.usecases.reporting.as_json import verdict_document
from workbench.usecases.reporting.making import verdict_report
from workbench.usecases.views import trends
from workbench.usecases.views.alarms import read_trial, trial_document
from workbench.usecases.views.benchmark import (
    mark_of,
    measured_number,
    overridden_words,
    override_of,
    told_beside,
    verdict_words,
    why_words,
)
from workbench.usecases.views.benchmark_kinds import document, kind_lines
from workbench.usecases.views.material import read_measurements
from workbench.usecases.views.scores import bars
from workbench.usecases.views.standing import cannot_tell_words
from workbench.usecases.views.variants import variant_verdict


@click.group(cls=Family)
def benchmark() -> None:
    """Benchmarks: verdicts, typed values, invalid ones."""


for _ruling in rulings.COMMANDS:
    benchmark.add_command(_ruling)


@benchmark.command("list")
@click.option("--flow", metavar="KEY", help="Only the benchmarks of this flow.")
@common("project", "record", "now", "release", "json")
@pass_settings
def list_(settings: Settings, flow: str | None) -> None:
    """List every benchmark with its verdict, its last builds, and whether they rise or fall."""
    with session.reading(settings) as context:
        wanted = wanted_flows(context, [flow] if flow is not None else [])
        evaluation, zone = evaluate(context), context.zone
        going = trends.read_going(context, evaluation)
    judged = [item for item in evaluation.judged if not wanted or item.resolved.benchmark.flow in wanted]
    if settings.json:
        verdicts = [
            {
                **verdict_document(verdict_report(item, evaluation)),
                "limits": trends.limits_document(item),
                "trend": trends.document(going[item.key]),
            }
            for item in judged
        ]
        output.emit({"schema": "workbench.verdicts.1", "verdicts": verdicts})
        return
    output.table(
        ("", "benchmark", "flow", "mode", "verdict", "builds", "in doubt", "why"),
        [
            (
                mark_of(item, override_of(evaluation, item.key)).symbol,
                item.key,
                item.resolved.benchmark.flow or "",
                item.resolved.mode.value,
                verdict_words(item),
                bars(going[item.key].values),
                str(evaluation.cannot_tell(item).count or ""),
                "; ".join(
                    filter(
                        None,
                        (
                            _why(item, override_of(evaluation, item.key), zone),
                            trends.words(going[item.key], item),
                        ),
                    )
                ),
            )
            for item in judged
        ],
        empty="no benchmarks",
    )


@benchmark.command("show")
@click.argument("key")
@common("project", "record", "now", "release", "json")
@pass_settings
def show(settings: Settings, key: str) -> None:
    """Show one benchmark: the verdict's arithmetic, the rule, and the history."""
    with session.reading(settings) as context:
        evaluation, zone = evaluate(context), context.zone
        judged, override = verdict_of(evaluation, key), override_of(evaluation, key)
        history = read_measurements(context, key, limit=20)
    if settings.json:
        rows = [_measured(item, gone) for item, gone in history]
        output.emit(
            {
                "schema": "workbench.benchmark.1",
                **verdict_document(verdict_report(judged, evaluation)),
                "history": rows,
            }
        )
        return
    _print(judged, override, history, zone, cannot_tell_words(evaluation, judged, zone))


def _why(judged: Judged, override: ApprovedOverride | None, zone: tzinfo) -> str:
    return "; ".join(filter(None, (overridden_words(judged, override, zone), why_words(judged))))


def _print(
    judged: Judged,
    override: ApprovedOverride | None,
    history: Sequence[tuple[Measurement, Invalidation | None]],
    zone: tzinfo,
    cannot_tell: str,
) -> None:
    benchmark, outcome = judged.resolved.benchmark, judged.outcome
    output.line(f"{benchmark.title}  ({benchmark.key})")
    output.pairs(
        [
            ("verdict", f"{verdict_words(judged)}: {_why(judged, override, zone)}"),
            ("rule", outcome.rule or judged.resolved.pass_),
            ("mode", judged.resolved.mode.value),
            ("flow", benchmark.flow),
            ("staging cannot tell", cannot_tell),
            ("samples", judged.value.samples if judged.value else None),
            ("window", judged.value.window if judged.value else None),
            (
                "phase",
                f"since {day_text(judged.phase, zone)}: earlier values count no more" if judged.phase else "",
            ),
            *((words.lower(), said) for words, said in told_beside(judged)),
            ("remarks", "; ".join(judged.remarks)),
            ("about", benchmark.about),
        ]
    )
    output.table(
        ("measurement", "when", "where", "value", "remarks"),
        [
            (
                item.ref,
                moment_text(item.measured_at, zone),
                f"{item.environment or ''} {item.role if item.role != 'value' else ''}".strip(),
                measured_number(item) or item.state,
                "; ".join(filter(None, (item.mark, item.why, f"invalid: {gone.reason}" if gone else ""))),
            )
            for item, gone in history
        ],
        empty="never measured",
    )


def _measured(item: Measurement, gone: Invalidation | None) -> dict[str, Any]:
    return {"ref": item.ref, **output.fields(item), "invalidated": output.fields(gone) if gone else None}


@benchmark.command("kinds")
@common("json")
@pass_settings
def kinds(settings: Settings) -> None:
    """List the built-in kinds of benchmark, with the rules that each brings."""
    if settings.json:
        output.emit(document())
        return
    output.table(
        ("kind", "about", "passes", "answered by"),
        [(line.name, line.about, line.rule or "states its own", line.asked) for line in kind_lines()],
    )


@benchmark.command("enter")
@click.argument("key")
@click.argument("value")
@click.option("--baseline", metavar="V", help="The value to compare with, typed as well.")
@click.option(
    "--count",
    cls=Renamed,
    old="--samples",
    type=Whole(),
    metavar="N",
    help="How many observations it rests on.",
)
@click.option("--baseline-count", type=Whole(), metavar="N", help="The same of the baseline.")
@click.option(
    "--samples-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="These observations, one number a line; VALUE may then be a statistic, such as p95.",
)
@click.option(
    "--baseline-samples-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The observations of the baseline.",
)
@click.option("--variant", default="", metavar="LABEL", help="Which variant it was measured in.")
@evidence_options
@common(*WRITING)
@pass_settings
def enter(
    settings: Settings,
    key: str,
    value: str,
    baseline: str | None,
    count: int | None,
    baseline_count: int | None,
    samples_file: Path | None,
    baseline_samples_file: Path | None,
    variant: str,
    link: str,
    file: Path | None,
    note: str,
    title: str,
) -> None:
    """Enter a value by hand; it needs evidence and is marked as typed."""
    with session.acting(settings) as context:
        evidence = evidence_for(context, f"benchmark:{key}", link=link, file=file, note=note, title=title)
        put(
            context,
            key,
            value,
            evidence=evidence,
            baseline=baseline,
            count=count,
            baseline_count=baseline_count,
            samples=samples_file,
            baseline_samples=baseline_samples_file,
            variant=variant,
        )
        evaluation = evaluate(context)
        judged = variant_verdict(evaluation, key, variant) if variant else verdict_of(evaluation, key)
    words = f"entered {value}: {verdict_words(judged)}, {judged.why}"
    output.done(
        settings,
        words,
        {"schema": "workbench.verdict.1", **verdict_document(verdict_report(judged, evaluation))},
    )


@benchmark.command("reviews")
@common("project", "record", "now", "release", "json")
@pass_settings
def reviews(settings: Settings) -> None:
    """List the reviews of benchmarks, those that are due first, with how each judged since its last one."""
    with session.reading(settings) as context:
        lines, zone = benchmark_reviews.read_reviews(context, evaluate(context)), context.zone
    if settings.json:
        output.emit({"schema": "workbench.benchmark-reviews.1", "reviews": [_review(line) for line in lines]})
        return
    output.table(
        ("benchmark", "due", "last", "since then", "so"),
        [
            (
                line.key or "--whole",
                line.due.words or line.due.cadence,
                f"{day_text(line.due.last.at, zone)} by {line.due.last.by}" if line.due.last else "never",
                line.seen,
                line.hint,
            )
            for line in lines
        ],
        empty="no benchmarks",
    )


def _review(line: benchmark_reviews.ReviewLine) -> dict[str, Any]:
    due, last = line.due, line.due.last
    return {
        "benchmark": line.key,
        "title": line.title,
        "cadence": due.cadence,
        "state": "overdue" if due.overdue else "due" if due.now else "reviewed" if last else "not due",
        "why": due.words,
        "due_at": to_text(due.at) if due.at else None,
        "last": output.fields(last) if last else None,
        "judged": line.judged,
        "failed": line.failed,
        "hint": line.hint,
        "false_alarms": line.false_alarms,
        "missed": line.missed,
    }


@benchmark.command("reviewed")
@click.argument("keys", nargs=-1, metavar="KEY…")
@click.option("--whole", is_flag=True, help="Review tiers and limits as a whole.")
@click.option("--note", default="", metavar="TEXT", help="What was found.")
@common(*WRITING)
@pass_settings
def reviewed(settings: Settings, keys: tuple[str, ...], whole: bool, note: str) -> None:
    """Say that you have reviewed benchmarks: their limits, their false alarms, and what they missed."""
    if not keys and not whole:
        raise UsageError("no benchmark is named", hint="workbench benchmark reviews lists those that are due")
    with session.acting(settings) as context:
        commit = benchmark_reviews.review(context, evaluate(context), keys, whole=whole, note=note)
    named = [*keys, *([benchmark_reviews.THE_WHOLE] if whole else [])]
    document = {
        "schema": "workbench.benchmark-reviewed.1",
        "change": commit.change_id,
        "benchmarks": list(keys),
        "whole": whole,
    }
    output.done(settings, f"reviewed {', '.join(named)}", document)


@benchmark.command("alarms")
@click.argument("key")
@click.option(
    "--days", type=Whole(), default=7, metavar="N", help="How many days to look back; 7 unless said."
)
@common("project", "record", "now", "release", "json")
@pass_settings
def alarms(settings: Settings, key: str, days: int) -> None:
    """Show what a benchmark would have stopped lately, and which of that were false alarms.

    A false alarm is what somebody called one, or a value that failed although the same build passed later.
    """
    with session.reading(settings) as context:
        trial = read_trial(context, evaluate(context), key, timedelta(days=min(days, 36_500)))
    if settings.json:
        output.emit(trial_document(trial))
        return
    output.line(f"{trial.title}  ({trial.key})")
    for line in trial.lines:
        output.line(f"  {line}")


@benchmark.command("tighten")
@click.argument("key")
@click.option("--reason", default="", metavar="TEXT", help="Why.")
@common(*WRITING)
@pass_settings
def tighten(settings: Settings, key: str, reason: str) -> None:
    """Make an advisory benchmark blocking.  Only its file can make it advisory again.

    What it would have stopped in the last week is shown.
    """
    with session.acting(settings) as context:
        evaluation = evaluate(context)
        commit = deciding.make_blocking(context, evaluation, key, reason)
        trial = read_trial(context, evaluation, key)
    for line in trial.lines:
        output.talk(line)
    document = {
        **trial_document(trial),
        "schema": "workbench.tightened.1",
        "benchmark": key,
        "change": commit.change_id,
    }
    output.done(settings, f"{key} is blocking now", document, hint="workbench gate")


@benchmark.command("phase")
@click.argument("key")
@click.option(
    "--from", "begins", required=True, metavar="TIME", help="The day from which earlier values count no more."
)
@click.option(
    "--reason", required=True, metavar="TEXT", help="What is different since then, and why that is accepted."
)
@common(*WRITING)
@pass_settings
def phase(settings: Settings, key: str, begins: str, reason: str) -> None:
    """Begin a new phase: earlier values count no more, and the benchmark learns again.

    For a shift that is real and accepted.  Of a blocking benchmark it counts once a second person has approved it: workbench approve phase/KEY.
    """
    with session.acting(settings) as context:
        since = session.moment(context, begins)
        assert since is not None
        value, change = baselines.begin_phase(context, evaluate(context), key, since, reason)
    words = f"a new phase of {value.title} begins"
    if value.second:
        words = f"proposed a new phase of {value.title}; it counts once somebody else has approved it"
    document = {
        "schema": "workbench.phase.1",
        "benchmark": key,
        "begins": value.begins,
        "change": change,
        "waits": value.second,
    }
    output.done(
        settings, words, document, hint=f"workbench approve phase/{key} --as PERSON" if value.second else ""
    )


@benchmark.command("invalidate")
@click.argument("measurement")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is invalid.")
@common("project", "record", "as_person", "json")
@pass_settings
def invalidate(settings: Settings, measurement: str, reason: str) -> None:
    """Say that a measurement does not count.

    MEASUREMENT is as `benchmark show` prints it, or a benchmark's key for its newest one; KEY:2 is
    the one below that.
    """
    with session.acting(settings) as context:
        commit = deciding.invalidate(context, measurement, reason)
    document = {"schema": "workbench.invalidated.1", "measurement": measurement, "change": commit.change_id}
    output.done(settings, "that measurement is marked invalid", document, hint="workbench fetch")
