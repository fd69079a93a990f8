"""Reading traces of files and asking sources for theirs, to see which flows they show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from workbench.definitions import Definitions
from workbench.definitions.shapes import EnvironmentKind, Source
from workbench.definitions.variables import variables_of
from workbench.model.errors import SourceError, UsageError
from workbench.model.files import open_regular
from workbench.model.keys import nearest
from workbench.model.text import safe_text
from workbench.model.times import Clock
from workbench.sources.fetch import Fetch
from workbench.sources.kinds import KINDS
from workbench.sources.reading import Question
from workbench.sources.secrets import Secrets
from workbench.sources.traces.documents import LARGEST, read_traces
from workbench.sources.traces.flows import SeenFlows, flows_of
from workbench.sources.traces.model import Spans, together
from workbench.usecases.context import Context, elsewhen
from workbench.usecases.fetching import RECORDINGS
from workbench.usecases.trusting import require_trust, trusts

WINDOW = timedelta(days=1)


class TracesQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What looking takes, without the record: it can be done in any thread.

    ``stubs`` are the attributes of a stub's spans where they are said here, and not by the sources.
    """

    root: Path
    definitions: Definitions
    clock: Clock
    at: datetime
    replay: Path | None = None
    files: tuple[Path, ...] = ()
    sources: tuple[str, ...] = ()
    window: timedelta = WINDOW
    stubs: Mapping[str, str] | None = None


def sources_of_traces(definitions: Definitions) -> list[Source]:
    """The project's sources that hand out traces."""
    return [one for one in definitions.project.sources if KINDS[one.kind].traces]


def traces_question(
    context: Context,
    refs: Sequence[str] = (),
    *,
    window: timedelta = WINDOW,
    stubs: Mapping[str, str] | None = None,
) -> TracesQuestion:
    """The question for some files and sources by their keys; for every source of traces where nothing is named.

    ``UsageError`` where there is no such file or source, or none at all.
    """
    known = {one.key: one for one in sources_of_traces(context.definitions) if one.key}
    chosen = [ref for ref in refs if ref in known]
    files = [Path(ref) for ref in refs if ref not in known]
    for file in files:
        if not file.is_file():
            meant = nearest(str(file), list(known))
            raise UsageError(
                f"there is no file and no source of traces “{file}”",
                hint=f"did you mean {meant}?" if meant else _none_hint(known),
            )
    if not refs and not known:
        raise UsageError("this project has no source of traces", hint=_none_hint(known))
    if elsewhen(context) and (chosen or not refs) and context.demonstration is None:
        raise UsageError("only traces of now can be asked for", hint="leave out --at, or name a file")
    return TracesQuestion(
        root=context.root,
        definitions=context.definitions,
        clock=context.clock,
        at=context.now,
        replay=context.root / RECORDINGS if context.demonstration is not None else None,
        files=tuple(files),
        sources=tuple(chosen if refs else known),
        window=window,
        stubs=stubs,
    )


def _none_hint(known: Iterable[str]) -> str:
    named = ", ".join(known)
    return (
        f"known: {named}"
        if named
        else "name a file of traces, or add a source that hands them out: workbench source list"
    )


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What traces show: flows, what should be known of them, and which sources could not be asked and why."""

    found: SeenFlows
    problems: tuple[str, ...] = ()


def look(question: TracesQuestion) -> Looked:
    """Read the files and ask the sources.  Blocks; ``NotTrusted`` where nobody agreed to what would be asked.

    ``SourceError`` for a file that cannot be read.
    """
    parts = [_of_file(file) for file in question.files]
    problems: list[str] = []
    if question.sources:
        handed, problems = _of_sources(question)
        parts += handed
    stubs, called = _said(question)
    return Looked(found=flows_of(together(parts), called, stubs), problems=tuple(problems))


def _of_file(file: Path) -> Spans:
    name = safe_text(file.name, 200)
    try:
        with open_regular(file) as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise SourceError(f"{name} cannot be read: {error.strerror or error}") from None
    if len(data) > LARGEST:
        raise SourceError(f"{name} is larger than {LARGEST // 2**20} MB, which is the most that is read")
    spans = read_traces(data, name)
    named = [
        msgspec.structs.replace(span, service=safe_text(span.service, 100), name=safe_text(span.name, 200))
        for span in spans.spans
    ]
    return msgspec.structs.replace(spans, spans=tuple(named))


def _of_sources(question: TracesQuestion) -> tuple[list[Spans], list[str]]:
    from workbench.sources.traces.asking import ask_traces  # asyncio and the client, for those who ask

    chosen = [one for one in question.definitions.project.sources if one.key in question.sources]
    if question.replay is None and any(
        one.config is not None and KINDS[one.kind].uses(one.config) for one in chosen
    ):
        require_trust(question.root, question.definitions, {f"sources/{one.key}" for one in chosen})
    allowed = question.replay is None and trusts(question.root, question.definitions)
    fetch = Fetch(
        sources=tuple(chosen),
        questions=(),
        root=question.root,
        clock=question.clock,
        secrets=Secrets(allow=allowed, folder=question.root),
        replay=question.replay,
    )
    definitions = question.definitions
    asked = [
        Question(
            subject="traces",
            source="",
            at=question.at,
            environment=key,
            window=question.window,
            variables=variables_of(None, definitions.environment(key), commit="", version=""),
        )
        for key in _environments(definitions)
    ]
    handed = ask_traces(fetch, asked)
    return [one.spans for one in handed if not one.why], [
        f"{one.source}: {one.why}" for one in handed if one.why
    ]


def _environments(definitions: Definitions) -> list[str]:
    listed = [one.key for one in definitions.project.environments if one.key]
    return listed or [EnvironmentKind.STAGING.value, EnvironmentKind.PRODUCTION.value]


def _said(question: TracesQuestion) -> tuple[Mapping[str, str] | None, Mapping[str, str]]:
    """How stubs are recognised, and which environment is meant by which name, as the sources say it."""
    configs: list[Any] = [one.config for one in sources_of_traces(question.definitions) if one.config]
    called = {key: key for key in _environments(question.definitions)}
    for config in configs:
        called |= {name: key for key, name in config.environments.items() if key in called.values()}
    stubs = question.stubs
    for config in configs:
        if config.stubs is not None and question.stubs is None:
            stubs = {**(stubs or {}), **config.stubs}
    return stubs, called
