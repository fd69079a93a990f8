"""Trying a source: its questions are asked once, and nothing of the answers is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from workbench.definitions.shapes import Environment, Source
from workbench.definitions.variables import variables_of
from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.model.kinds import Asked, Doubt, Place, SourceKind
from workbench.model.quantity import find_unit, show_in
from workbench.model.times import parse_duration
from workbench.releases import model as releases
from workbench.releases.model import Held
from workbench.sources.exchanges import Exchange
from workbench.sources.fetch import Fetch
from workbench.sources.kinds import KINDS
from workbench.sources.reading import Batch, Question, Reading
from workbench.sources.secrets import Secrets
from workbench.usecases.context import Context
from workbench.usecases.fetching import RECORDINGS, Wanted, context_kind, questions
from workbench.usecases.git import tracked_among
from workbench.usecases.project import staging_of
from workbench.usecases.trusting import require_trust, trusts
from workbench.usecases.views.source_kinds import SourcePage, example_of, source_page

ALONE = "measure"  # the subject of a measure that no benchmark has


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One question, what went over the line for it, and what would be measured.

    ``asked_for`` are the fields of the question; ``state`` is ``ok``, ``missing`` or ``error``, ``value`` the number
    with its unit, ``why`` what is missing or went wrong; ``doubts`` are mistakes that the question itself shows.
    """

    subject: str
    role: str
    environment: str
    asked_for: Mapping[str, str]
    state: str
    value: str = ""
    why: str = ""
    samples: int | None = None
    partial: str = ""
    mark: str = ""
    facts: Mapping[str, str | int] = {}
    kept: tuple[str, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What trying a source brought.  ``pitfalls`` are those of its kind, in Markdown, where an answer is no number."""

    source: str
    kind: str
    server: str
    unproven: str
    answers: tuple[Answer, ...]
    pitfalls: str = ""

    @property
    def failed(self) -> bool:
        """Whether nothing but errors came."""
        return all(answer.state == "error" for answer in self.answers)


class Alone(msgspec.Struct, frozen=True, kw_only=True):
    """A measure that stands in no file yet: YAML, and the environment that it is asked about."""

    measure: str
    environment: str = ""


def try_source(
    context: Context,
    key: str,
    *,
    benchmarks: Sequence[str] = (),
    alone: Alone | None = None,
    replay: Path | None = None,
) -> Tried:
    """Ask a source what the project asks it, or one measure that it does not ask yet.

    ``UsageError`` where nothing is asked of it; what the source itself says is in the answers.
    """
    source = find_source(context, key)
    kind = KINDS[source.kind]
    if kind.by_hand or kind.from_record:
        whose = "people type its values" if kind.by_hand else "the record itself holds its values"
        raise UsageError(f"{key} is no source that is asked: {whose}")
    asked = (
        [_question_alone(context, source, kind, alone)]
        if alone
        else _questions(context, source, kind, benchmarks)
    )
    folder = replay or (context.root / RECORDINGS if context.demonstration else None)
    if folder is None:
        require_trust(context.root, context.definitions, {f"sources/{source.key}"})
    batches, exchanges = _ask(context, source, asked, folder)
    answers = tuple(_answers(source, kind, asked, batches, exchanges))
    said = all(answer.state == "ok" for answer in answers)
    return Tried(
        source=source.key,
        kind=source.kind,
        server=next((batch.server for batch in batches if batch.server), ""),
        unproven=context.definitions.unproven(source.key),
        answers=answers,
        pitfalls="" if said else page_of(source).pitfalls,
    )


def find_source(context: Context, key: str) -> Source:
    """The source of that key; ``UsageError`` where there is none."""
    source = context.definitions.source(key)
    if source is None:
        known = [one.key for one in context.definitions.project.sources]
        meant = nearest(key, known)
        hint = f"did you mean {meant}?" if meant else f"known: {', '.join(known) or 'none'}"
        raise UsageError(f"there is no source “{key}” in this project", hint=hint)
    return source


def page_of(source: Source) -> SourcePage:
    """The page of the recipe that a source follows, or of its kind."""
    return source_page(source.recipe or source.kind)


def held_of(context: Context) -> Held | None:
    """The release that questions are about, if there is any."""
    if not context.record.count("release"):
        return None
    return releases.find(context.record, context.release)


def _questions(
    context: Context, source: Source, kind: SourceKind, benchmarks: Sequence[str]
) -> list[Question]:
    wanted = Wanted(sources=(source.key,), benchmarks=tuple(benchmarks))
    asked = questions(context, held_of(context), wanted)
    if not asked and kind.tests is not None and not benchmarks:
        held = held_of(context)
        commit = held.candidate.commit if held and held.candidate else None
        asked = [Question(subject=f"tests/{source.key}", source=source.key, at=context.now, ask=context_kind(context, source.key), role="tests", commit=commit)]  # fmt: skip
    if not asked:
        raise UsageError(
            f"nothing in this project asks “{source.key}” yet",
            hint=f"say what to ask: --measure '{_for_example(source)}'",
        )
    return asked


def _for_example(source: Source) -> str:
    """The first measure of the example of its kind, on one line."""
    for benchmark in example_of(source.recipe or source.kind).get("benchmarks", []):
        fields = {name: value for name, value in benchmark.get("measure", {}).items() if name != "source"}
        return f"{{{', '.join(f'{name}: {value}' for name, value in fields.items())}}}"
    return "{…}"


def _question_alone(context: Context, source: Source, kind: SourceKind, alone: Alone) -> Question:
    fields = _read_measure(alone.measure)
    environment = _environment(context, alone.environment or str(fields.pop("environment", "")))
    unit, window = str(fields.pop("unit", "")), fields.pop("window", None)
    if kind.measure is None:
        raise UsageError(f"a source of kind {kind.name} measures nothing")
    fields.pop("source", None)
    try:
        ask = msgspec.convert(fields, kind.measure, strict=False)
        span = parse_duration(str(window)) if window else None
        find_unit(unit)
    except (msgspec.ValidationError, ValueError) as error:
        hint = f"its fields: {', '.join(kind.measure.__struct_encode_fields__)}, unit, window"
        raise UsageError(f"the measure cannot be read: {error}", hint=hint) from None
    held = held_of(context)
    commit = held.candidate.commit if held and held.candidate else ""
    return Question(
        subject=ALONE,
        source=source.key,
        at=context.now,
        ask=ask,
        environment=environment.key if environment else None,
        commit=commit or None,
        unit=unit,
        window=span,
        variables=variables_of(
            None, environment, commit=commit, version=held.release.version if held else ""
        ),
    )


def _read_measure(text: str) -> dict[str, Any]:
    import yaml

    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UsageError(f"the measure is no YAML: {error}") from None
    if not isinstance(found, dict):
        raise UsageError("the measure is no mapping of fields", hint="--measure '{query: up, window: 1h}'")
    return {str(name): value for name, value in found.items()}


def _environment(context: Context, key: str) -> Environment | None:
    if not key:
        return staging_of(context.definitions)
    found = context.definitions.environment(key)
    if found is None:
        known = ", ".join(one.key for one in context.definitions.project.environments)
        raise UsageError(f"there is no environment “{key}” in this project", hint=f"known: {known or 'none'}")
    return found


def _ask(
    context: Context, source: Source, asked: Sequence[Question], folder: Path | None
) -> tuple[list[Batch], list[Exchange]]:
    from workbench.sources.asking import fetch as ask_sources  # asyncio and the client, for those who ask

    batches: list[Batch] = []
    exchanges: list[Exchange] = []
    keys = {source.key, *(question.build_source for question in asked if question.build_source)}
    ask_sources(
        Fetch(
            sources=tuple(one for one in context.definitions.project.sources if one.key in keys),
            questions=tuple(asked),
            root=context.root,
            clock=context.clock,
            secrets=Secrets(
                allow=folder is None and trusts(context.root, context.definitions), folder=context.root
            ),
            replay=folder,
            tracked=tracked_among,
            heard=exchanges.append,
            on_batch=batches.append,
        )
    )
    return batches, exchanges


def _answers(
    source: Source,
    kind: SourceKind,
    asked: Sequence[Question],
    batches: Sequence[Batch],
    exchanges: Sequence[Exchange],
) -> Iterator[Answer]:
    readings = {(one.subject, one.role, one.environment): one for batch in batches for one in batch.readings}
    blobs = {blob.digest: blob for batch in batches for blob in batch.blobs}
    for question in asked:
        reading = readings.get((question.subject, question.role, question.environment))
        if reading is None:
            continue
        named = f"{question.subject} ({question.role})"
        kept = (blobs[digest] for digest in reading.evidence if digest in blobs)
        yield Answer(
            subject=question.subject,
            role=question.role,
            environment=question.environment or "",
            asked_for=_fields(question.ask),
            state=reading.state,
            value=_value(reading),
            why=reading.why,
            samples=reading.samples,
            partial=reading.partial or "",
            mark=reading.mark,
            facts=reading.facts,
            kept=tuple(f"{blob.media}, {len(blob.data):,} bytes" for blob in kept),
            exchanges=tuple(one for one in exchanges if one.subject == named),
            doubts=tuple(_doubts(source, kind, question)),
        )


def _fields(ask: msgspec.Struct | None) -> dict[str, str]:
    if ask is None:
        return {}
    said = ((name, getattr(ask, name)) for name in ask.__struct_fields__)
    return {name: _written(value) for name, value in said if value not in (None, "", (), [], {})}


def _written(value: Any) -> str:
    """A field as a file may write it: ``OK: 1, ERROR: 0`` for a block."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_written(one)}" for name, one in value.items())
    return ", ".join(map(_written, value)) if isinstance(value, list | tuple) else str(value)


def _value(reading: Reading) -> str:
    if reading.role == "tests":
        return {1: "green", 0: "red"}.get(int(reading.value), "") if reading.value is not None else ""
    return show_in(reading.value, find_unit(reading.unit)) if reading.value is not None else ""


def _doubts(source: Source, kind: SourceKind, question: Question) -> Iterator[Doubt]:
    if question.role == "tests" or question.ask is None:
        return
    place = Place(question.environment or "", question.variables)
    yield from kind.question_doubts(question.ask, Asked(question.unit, (place,), source.config))
