"""Fetching measurements: which questions a project has, asking them, keeping the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set
from decimal import Decimal
from pathlib import Path

import msgspec

from workbench.benchmarks import measurements
from workbench.benchmarks.baselines import PRODUCTION, baseline_of
from workbench.benchmarks.resolve import Resolved
from workbench.definitions.hooks import HookEvent
from workbench.definitions.project import RECORD
from workbench.definitions.shapes import Environment, Source
from workbench.definitions.variables import variables_of
from workbench.definitions.variants import asks_for_variants, benchmark_in, set_of, subject_of
from workbench.evidence.model import Evidence
from workbench.evidence.results import handed_of, result_files
from workbench.gates.predictions import predicted_benchmarks
from workbench.gates.rollback import is_watched
from workbench.model.errors import UsageError
from workbench.model.floats import to_bytes
from workbench.model.keys import nearest
from workbench.model.quantity import find_unit, read_number
from workbench.model.times import parse_duration
from workbench.record import Blob
from workbench.releases import model as releases
from workbench.releases.model import Held, Outcome, require_open
from workbench.sources.fetch import Fetch, never, no_progress
from workbench.sources.handed import Handed
from workbench.sources.kinds import KINDS
from workbench.sources.reading import Batch, Question, Role, Summary
from workbench.sources.secrets import Secrets
from workbench.usecases.context import Context, commit, elsewhen, require_own_time
from workbench.usecases.evaluate import listing_sources, resolve_all, tests_sources
from workbench.usecases.explaining import explained
from workbench.usecases.figures import answered, asks_record, reads_figure, reads_probe, reads_samples
from workbench.usecases.flow_names import wanted_flows
from workbench.usecases.git import tracked_among
from workbench.usecases.investigating import fallen_benchmarks
from workbench.usecases.project import production_of, staging_of
from workbench.usecases.trusting import require_trust, trusts
from workbench.usecases.typed_samples import require_one_statistic, typed_samples

RECORDINGS = "recordings"
Progress = Callable[[str, int, int, str], None]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of everything is to be fetched; empty means all.

    ``subjects`` are benchmarks by their keys and test runs as ``tests/SOURCE``.
    """

    sources: tuple[str, ...] = ()
    benchmarks: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


def questions(context: Context, held: Held | None, wanted: Wanted | None = None) -> list[Question]:
    """Every question that the benchmarks and gates of a project put to its sources, about a release if there is one."""
    wanted = wanted or Wanted()
    found: list[Question] = []
    for resolved in resolve_all(context, context.now):
        found += _of_benchmark(context, held, resolved)
    for key in tests_sources(context.definitions.project.gates):
        found.append(_of_tests(context, held, key))
    found += [_of_list(context, held, *each) for each in listing_sources(context.definitions.project.gates)]
    _check(context, wanted)
    wanted = msgspec.structs.replace(wanted, flows=wanted_flows(context, wanted.flows))
    return [question for question in found if _wanted(context, question, wanted)]


def _commit(held: Held | None) -> str:
    """The candidate's, if there is one."""
    return held.candidate.commit if held and held.candidate else ""


def next_command(context: Context, held: Held) -> str:
    """What comes after a new candidate: a fetch, unless everything is typed by hand."""
    return "workbench fetch" if questions(context, held) else "workbench gate"


def _wanted(context: Context, question: Question, wanted: Wanted) -> bool:
    key = benchmark_in(question.subject)
    benchmark = context.definitions.benchmark(key)
    flow = benchmark.flow if benchmark else None
    return (
        (not wanted.sources or question.source in wanted.sources)
        and (not wanted.benchmarks or key in wanted.benchmarks)
        and (not wanted.subjects or question.subject in wanted.subjects)
        and (not wanted.flows or flow in wanted.flows)
        and (not wanted.environments or question.environment in wanted.environments)
    )


def _check(context: Context, wanted: Wanted) -> None:
    definitions = context.definitions
    for name, given, things in (
        ("source", wanted.sources, (*definitions.project.sources, RECORD)),
        ("benchmark", wanted.benchmarks, definitions.project.benchmarks),
        ("environment", wanted.environments, definitions.project.environments),
    ):
        keys = [item.key for item in things if item.key]
        for key in given:
            if key not in keys:
                meant = nearest(key, keys)
                raise UsageError(
                    f"there is no {name} “{key}” in this project",
                    hint=f"did you mean {meant}?" if meant else f"known: {', '.join(keys) or 'none'}",
                )


def _of_benchmark(context: Context, held: Held | None, resolved: Resolved) -> list[Question]:
    definitions = context.definitions
    measure = resolved.benchmark.measure
    source = definitions.source(measure.source)
    if source is None or by_hand(source):
        return []
    environment = definitions.environment(resolved.environment)
    found = _of_variants(context, held, resolved, source, environment)
    found += [_question(context, held, resolved, source, environment, "value")]
    compared = _baseline_environment(context, resolved)
    if compared is not None and compared.key != resolved.environment and _compares(resolved):
        asked = definitions.source(measure.baseline_source or measure.source) or source
        found.append(_question(context, held, resolved, asked, compared, "baseline"))
    return found


def _of_variants(
    context: Context, held: Held | None, resolved: Resolved, source: Source, environment: Environment | None
) -> list[Question]:
    """A question for each variant, where what is asked says which: any other answer would be of all of them."""
    variants = set_of(context.definitions.project, resolved.key)
    if variants is None or not asks_for_variants(resolved.benchmark):
        return []
    return [_question(context, held, resolved, source, environment, "value", label) for label in variants.of]


def by_hand(source: Source) -> bool:
    """Whether a person answers for this source."""
    return KINDS[source.kind].by_hand


def _compares(resolved: Resolved) -> bool:
    return any(rule is not None and rule.needs_baseline for rule in (resolved.pass_, resolved.warn))


def _baseline_environment(context: Context, resolved: Resolved) -> Environment | None:
    if baseline_of(resolved.baseline).find is not None:
        return None
    named = context.definitions.environment(resolved.baseline)
    return named or (production_of(context.definitions) if resolved.baseline == PRODUCTION.name else None)


def _question(
    context: Context,
    held: Held | None,
    resolved: Resolved,
    source: Source,
    environment: Environment | None,
    role: str,
    variant: str = "",
) -> Question:
    measure = resolved.benchmark.measure
    variants = set_of(context.definitions.project, resolved.key)
    now = (variants.now or "") if variants is not None else None
    build = environment.build if environment else None
    return Question(
        subject=subject_of(resolved.key, variant) if variant else resolved.key,
        source=source.key,
        at=context.now,
        ask=measure.ask,
        role="baseline" if role == "baseline" else "value",
        environment=environment.key if environment else None,
        commit=_commit(held) or None,
        unit=measure.unit,
        window=parse_duration(measure.window) if measure.window else None,
        variables=variables_of(
            resolved.benchmark,
            environment,
            commit=_commit(held),
            version=held.release.version if held else "",
            variant=variant or now,
        ),
        build_source=build.source if build and role == "value" else None,
        build_query=build.query if build and role == "value" else None,
        build_label=build.label if build else "commit",
    )


def _of_tests(context: Context, held: Held | None, key: str) -> Question:
    source = context.definitions.source(key)
    kind = context_kind(context, key)
    return Question(
        subject=f"tests/{key}",
        source=source.key if source else key,
        at=context.now,
        ask=kind,
        role="tests",
        environment=None,
        commit=_commit(held) or None,
        variables={"commit": _commit(held)},
    )


def _of_list(context: Context, held: Held | None, role: Role, key: str) -> Question:
    """What is listed of a commit for a gate, one by one."""
    source = context.definitions.source(key)
    ask = KINDS[source.kind].lists.get(role) if source else None
    if source is None or ask is None:
        raise UsageError(f"source “{key}” lists no {role}", hint="workbench check says what may stand there")
    return Question(
        subject=f"{role}/{key}",
        source=source.key,
        at=context.now,
        ask=ask(),
        role=role,
        commit=(_commit(held) or None) if role != "issues" else None,
        variables={"commit": _commit(held)},
    )


def context_kind(context: Context, key: str) -> msgspec.Struct | None:
    """The default question for test results of a source."""
    source = context.definitions.source(key)
    shape = KINDS[source.kind].tests if source else None
    if shape is None:
        able = [name for name, kind in KINDS.items() if kind.tests is not None]
        raise UsageError(
            f"source “{key}” has no test runs", hint=f"tests_green needs a {' or '.join(able)} source"
        )
    return shape()


def fetch(
    context: Context,
    wanted: Wanted | None = None,
    *,
    record_to: Path | None = None,
    replay: Path | None = None,
    progress: Progress = no_progress,
    cancelled: Callable[[], bool] = never,
) -> Summary:
    """Ask the sources; each source's answers are committed when they have arrived.

    A demonstration answers from its recordings.  Cancelling keeps what came.  As of another
    moment than now, answers can only be recorded: nothing is committed.
    """
    if record_to is None:
        require_own_time(context)
    held = releases.find(context.record, context.release)
    if is_watched(held, context.now):
        wanted = _watched(context, held, wanted)
    else:
        require_open(held)
    if held.candidate is None:
        raise UsageError(
            f"{held.release.version} has no candidate yet, so there is nothing to measure",
            hint="workbench release candidate COMMIT",
        )
    asked = questions(context, held, wanted)
    if not asked:
        raise UsageError(
            "there is nothing to fetch",
            hint="no benchmark or gate fetches this from a source; to enter a value by hand: workbench benchmark enter KEY VALUE",
        )
    own, asked = _apart(asked)
    later = [question for question in own if reads_samples(question)] if asked else []
    now = [question for question in own if question not in later]
    figures = keep_figures(context, held, now, progress, keeping=record_to is None)
    if not asked:
        _investigate(context, record_to)
        return figures
    folder = replay or _recordings(context)
    keys = {question.source for question in asked} | _builds(asked)
    if folder is None:
        require_trust(context.root, context.definitions, {f"sources/{key}" for key in keys})
    from workbench.sources.asking import fetch as ask_sources  # asyncio and the client, for those who ask

    summary = ask_sources(
        Fetch(
            sources=tuple(source for source in context.definitions.project.sources if source.key in keys),
            questions=tuple(asked),
            root=context.root,
            clock=context.clock,
            secrets=Secrets(
                allow=folder is None and trusts(context.root, context.definitions), folder=context.root
            ),
            replay=folder,
            tracked=tracked_among,
            handed=handed_of(
                context.record, result_files(context.record, held.candidate_id or ""), tuple(keys)
            ),
            record_to=record_to,
            progress=progress,
            cancelled=cancelled,
            on_batch=lambda batch: (
                None if elsewhen(context) else keep(context, explained(context, batch), held)
            ),
        )
    )
    if record_to is None and is_watched(held, context.now):
        from workbench.usecases.reminding import remind  # looks at much that a fetch does not need

        remind(context, HookEvent.ROLLBACK_CRITERION)
    if record_to is not None:
        _record_alerts(context, record_to, keys)
    rested = keep_figures(context, held, later, progress, keeping=record_to is None)
    _investigate(context, record_to)
    return _together(_together(figures, rested), summary)


def ask_files(context: Context, asked: Sequence[Question], handed: tuple[Handed, ...]) -> list[Batch]:
    """What sources that read files answer, with files that were handed in; nothing is kept, and nobody else is asked."""
    from workbench.sources.asking import fetch as ask_sources

    keys = {question.source for question in asked}
    found: list[Batch] = []
    ask_sources(
        Fetch(
            sources=tuple(source for source in context.definitions.project.sources if source.key in keys),
            questions=tuple(
                msgspec.structs.replace(question, build_source=None, build_query=None) for question in asked
            ),
            root=context.root,
            clock=context.clock,
            secrets=Secrets(allow=False, folder=context.root),
            tracked=tracked_among,
            handed=handed,
            on_batch=found.append,
        )
    )
    return found


def after_asking(context: Context, held: Held) -> None:
    """What follows from new answers: figures that rest on them are asked again, and what fell is investigated."""
    own, _ = _apart(questions(context, held))
    keep_figures(context, held, [question for question in own if reads_samples(question)])
    _investigate(context, None)


def _watched(context: Context, held: Held, wanted: Wanted | None) -> Wanted:
    """Of a release that went out only what says when to roll it back is measured; all else is frozen."""
    keys = dict.fromkeys(
        [*context.definitions.project.rollback_when, *predicted_benchmarks(context.record, held.id)]
    )
    asked = tuple(key for key in keys if wanted is None or not wanted.benchmarks or key in wanted.benchmarks)
    if not asked:
        require_open(held)
    return msgspec.structs.replace(wanted or Wanted(), benchmarks=asked)


def _record_alerts(context: Context, folder: Path, keys: Set[str]) -> None:
    """A recording holds the alerts, too, so that a dashboard can be shown from it."""
    from workbench.sources.alerting import ask_alerts

    sources = [one for one in context.definitions.project.sources if one.key in keys]
    ask_alerts(
        Fetch(
            sources=tuple(one for one in sources if KINDS[one.kind].alerts),
            questions=(),
            root=context.root,
            clock=context.clock,
            secrets=Secrets(allow=trusts(context.root, context.definitions), folder=context.root),
            record_to=folder,
        ),
        context.now,
    )


def _investigate(context: Context, record_to: Path | None) -> None:
    """What fell under its limit is investigated, unless nothing is kept."""
    if record_to is None and (fallen := fallen_benchmarks(context)):
        commit(context, fallen)


def _apart(asked: Sequence[Question]) -> tuple[list[Question], list[Question]]:
    """The questions that the record answers, and those that sources are asked."""
    own = [question for question in asked if asks_record(question)]
    return own, [question for question in asked if not asks_record(question)]


def keep_figures(
    context: Context,
    held: Held,
    asked: Sequence[Question],
    progress: Progress = no_progress,
    *,
    keeping: bool = True,
) -> Summary:
    """Answer questions out of the record, and keep the answers like those of any source."""
    if not asked:
        return Summary(asked=0)
    batch = answered(context, asked)
    if keeping:
        keep(context, batch, held)
    progress(batch.source, len(asked), len(asked), "")
    states = Counter(reading.state for reading in batch.readings)
    return Summary(
        asked=len(asked),
        ok=states["ok"],
        missing=states["missing"],
        errors=states["error"],
        sources=(batch.source,),
        problems=tuple(
            f"{reading.subject}: {reading.why}" for reading in batch.readings if reading.state == "error"
        ),
        readings=batch.readings,
    )


def keep_figures_of(context: Context, kinds: Set[str]) -> None:
    """After probes of these kinds have run: answer again what benchmarks ask of the record."""
    _ask_again(context, lambda question: any(reads_probe(question, kind) for kind in kinds))


def keep_figures_out_of(context: Context, *figures: str, flow: str = "", environment: str = "") -> None:
    """After something about a flow or an environment was recorded: answer again what benchmarks of it ask."""

    def wanted(question: Question) -> bool:
        benchmark = context.definitions.benchmark(question.subject)
        if benchmark is None or not reads_figure(question, *figures):
            return False
        return benchmark.flow == flow if flow else question.environment == environment

    _ask_again(context, wanted)


def _ask_again(context: Context, wanted: Callable[[Question], bool]) -> None:
    if not context.record.count("release"):
        return
    held = releases.find(context.record, context.release)
    if held.candidate is None or held.release.outcome is not Outcome.OPEN:
        return
    keep_figures(context, held, [question for question in questions(context, held) if wanted(question)])


def _together(one: Summary, other: Summary) -> Summary:
    if not one.asked:
        return other
    return Summary(
        asked=one.asked + other.asked,
        ok=one.ok + other.ok,
        missing=one.missing + other.missing,
        errors=one.errors + other.errors,
        cancelled=other.cancelled,
        sources=tuple(dict.fromkeys((*one.sources, *other.sources))),
        skipped=other.skipped,
        problems=(*one.problems, *other.problems),
        readings=(*one.readings, *other.readings),
    )


def _builds(asked: Sequence[Question]) -> set[str]:
    return {question.build_source for question in asked if question.build_source}


def _recordings(context: Context) -> Path | None:
    if context.demonstration is None:
        return None
    return context.root / RECORDINGS


def keep(context: Context, batch: Batch, held: Held) -> None:
    """Commit one source's answers with their evidence."""
    if not batch.readings:
        return
    change, blobs = measurements.batch_change(
        batch, release=held.id, candidate=held.candidate_id, now=context.record.moment(context.clock)
    )
    commit(context, [change], blobs=blobs)


def enter(
    context: Context,
    benchmark_key: str,
    text: str,
    *,
    evidence: Evidence,
    baseline: str | None = None,
    count: int | None = None,
    baseline_count: int | None = None,
    samples: Path | None = None,
    baseline_samples: Path | None = None,
    variant: str = "",
) -> None:
    """A person types a value; it needs evidence, and is marked as typed.

    ``count`` is how many observations it rests on, where the benchmark asks for some.  ``samples``
    is a file with these observations, one number a line; the value may then be a statistic of them, such
    as ``p95``.  The same of the baseline, of which nothing is taken over from the value.  ``variant`` is the label of the variant that was measured.
    """
    from workbench.sources.typed import reading

    held = releases.find(context.record, context.release)
    require_open(held)
    benchmark = context.definitions.benchmark(benchmark_key)
    if benchmark is None:
        raise UsageError(f"there is no benchmark “{benchmark_key}”", hint="workbench benchmark list")
    subject = _in_variant(context, benchmark.key, variant) if variant else benchmark.key
    unit = find_unit(benchmark.measure.unit)
    blobs = evidence.blobs
    if evidence.link and not blobs:
        blobs = (Blob.of(evidence.link.encode(), "text/uri-list"),)
    readings = []
    found = staging_of(context.definitions)
    staging = benchmark.environment or (found.key if found else None)
    typed = [("value", text, staging, typed_samples(text, unit, count, samples, of="--samples-file"))]
    if baseline:
        production = production_of(context.definitions)
        live = production.key if production else None
        beside = typed_samples(baseline, unit, baseline_count, baseline_samples, of="--baseline-samples-file")
        typed.append(("baseline", baseline, live, beside))
        require_one_statistic(typed[0][-1], beside)
    elif baseline_samples is not None or baseline_count is not None:
        raise UsageError("samples of a baseline need its value", hint="give it, too: --baseline p95")
    for role, given, environment, behind in typed:
        item = reading(
            subject=subject if role == "value" else benchmark.key,
            source=benchmark.measure.source,
            value=_number(given, unit.symbol) if behind.value is None else behind.value,
            unit=unit.symbol,
            at=context.now,
            environment=environment,
            commit=held.candidate.commit if held.candidate else None,
            samples=behind.count,
            evidence=tuple(blob.digest for blob in blobs),
            data=to_bytes(behind.kept) if behind.kept else None,
        )
        readings.append(msgspec.structs.replace(item, role=role))
    batch = Batch(source=benchmark.measure.source, asked_at=context.now, readings=tuple(readings))
    change, kept = measurements.batch_change(
        batch, release=held.id, candidate=held.candidate_id, now=context.record.moment(context.clock)
    )
    commit(context, [change, evidence.change], blobs=[*blobs, *kept])


def _in_variant(context: Context, benchmark: str, label: str) -> str:
    """What a value of a benchmark in one variant is kept under; ``UsageError`` where there is no such variant."""
    variants = set_of(context.definitions.project, benchmark)
    if variants is None:
        raise UsageError(
            f"“{benchmark}” is measured in no variants", hint="list it under variants: in workbench.yaml"
        )
    if label not in variants.of:
        meant = nearest(label, variants.of)
        hint = f"did you mean {meant}?" if meant else f"known: {', '.join(variants.of)}"
        raise UsageError(f"there is no variant “{label}” of {variants.title or variants.key}", hint=hint)
    return subject_of(benchmark, label)


def _number(text: str, unit: str) -> Decimal:
    words = text.strip()
    if unit and words.endswith(unit):
        words = words[: -len(unit)].strip()
    try:
        return read_number(words)
    except ValueError as error:
        raise UsageError(
            str(error),
            hint=f"write it in {unit or 'plain digits'}, for example 0.45",
        ) from None
