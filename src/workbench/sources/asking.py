"""One fetch: the sources side by side, the questions of each concurrently, secrets out."""

from __future__ import annotations

import asyncio

import msgspec

from workbench.model.canonical import sha256
from workbench.model.errors import SourceError, WorkbenchError
from workbench.model.kinds import together
from workbench.model.text import safe_text
from workbench.model.times import can_be_shown, duration_text
from workbench.sources import keeping, recordings
from workbench.sources.channel import Channel
from workbench.sources.client import Unreachable, Web
from workbench.sources.exchanges import SUBJECT
from workbench.sources.fetch import Fetch
from workbench.sources.moments import dated_ahead
from workbench.sources.reading import (
    Asker,
    Batch,
    Blob,
    Found,
    Question,
    Reading,
    SourceLike,
    Summary,
    WrongQuestion,
)

_LOOK_EVERY = 0.05  # seconds between two looks at the cancel button


class _Desk(msgspec.Struct, kw_only=True):
    """One source while it is being asked."""

    source: SourceLike
    questions: tuple[Question, ...]
    channel: Channel
    asker: Asker | None
    problem: WorkbenchError | None = None
    server: str = ""
    readings: list[Reading] = []
    blobs: dict[str, Blob] = {}
    delivered: bool = False


def fetch(asked: Fetch) -> Summary:
    """Asks all questions and hands each source's batch to ``on_batch`` once it is complete.

    Blocks, with an event loop of its own: call it from the command line or from a worker
    thread.  A source that fails costs its own questions (readings in state ``error``), never
    the fetch.

    Raises ``SourceError`` only for a ``replay`` folder that is no recording.
    """
    asking = Asking(asked)
    asyncio.run(asking.run())  # which returns nothing: at its end Python makes a text of what a loop returns
    return asking.summary()


class Asking:
    """One fetch; see :class:`workbench.sources.fetch.Fetch` for what goes in."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._sources = {source.key: source for source in fetch.sources}
        self._moments = recordings.moments(fetch.replay) if fetch.replay is not None else ()
        self._questions = tuple(map(self._as_recorded, fetch.questions))
        self._desks: dict[str, _Desk] = {}
        self._builds: dict[tuple[str, str, str, str], asyncio.Task[str | None]] = {}
        self._skipped: list[str] = []
        self._was_cancelled = False

    async def run(self) -> None:
        """Asks; returns when every source has answered, or soon after a cancellation."""
        if self._fetch.record_to is not None:
            recordings.note_moments(self._fetch.record_to, {question.at for question in self._questions})
        web = Web(self._fetch.tuning)
        try:
            self._open(web)
            await self._until_done_or_cancelled()
        finally:
            for task in self._builds.values():
                task.cancel()
            await web.close()

    def _as_recorded(self, question: Question) -> Question:
        if not self._moments:
            return question
        return msgspec.structs.replace(question, at=recordings.moment_for(self._moments, question.at))

    def _open(self, web: Web) -> None:
        wanted: dict[str, list[Question]] = {}
        for question in self._questions:
            wanted.setdefault(question.source, []).append(question)
        helpers = {q.build_source for q in self._questions if q.build_source} - set(wanted)
        several = len(wanted) + len(helpers) > 1
        share = max(1, self._fetch.tuning.at_once - 2) if several else self._fetch.tuning.at_once
        for key in [*wanted, *sorted(helpers)]:
            self._desks[key] = self._desk(key, tuple(wanted.get(key, ())), web, share)

    def _desk(self, key: str, questions: tuple[Question, ...], web: Web, share: int) -> _Desk:
        source = self._sources.get(key) or _Unknown(key)
        channel = Channel(source, web, self._fetch, share)
        desk = _Desk(source=source, questions=questions, channel=channel, asker=None)
        try:
            if key not in self._sources:
                raise SourceError(f"the project has no source “{key}”")
            if source.kind not in self._fetch.kinds:
                raise SourceError(f"there is no kind of source called “{source.kind}”")
            kind = self._fetch.kinds[source.kind]
            asked = [source.config, *(question.ask for question in questions)]
            channel.declare(together(kind.uses(config) for config in asked if config is not None))
            connect = kind.load()
            desk.asker = None if connect is None else connect(channel)
            if connect is None:
                self._skipped.append(key)
        except WorkbenchError as error:
            desk.problem = error
        except Exception as error:  # a kind of another package may do anything
            desk.problem = _unexpected(error)
        return desk

    async def _until_done_or_cancelled(self) -> None:
        desks = [d for d in self._desks.values() if d.questions and d.source.key not in self._skipped]
        work = asyncio.ensure_future(self._ask_all(desks))
        try:
            while not work.done():
                await asyncio.wait([work], timeout=_LOOK_EVERY)
                if not work.done() and self._fetch.cancelled():
                    self._was_cancelled = True
                    break
            if not self._was_cancelled:
                await work
                for desk in desks:  # what was replayed all at once is kept in the order of the questions
                    self._deliver(desk, complete=True)
        finally:
            if not work.done():
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
                for desk in desks:
                    self._deliver(desk, complete=False)

    async def _ask_all(self, desks: list[_Desk]) -> None:
        """Side by side; in a replay, where nobody is waited for, one after the other: its record is the same each time."""
        if self._fetch.replay is not None:
            for desk in desks:
                await self._ask_source(desk)
        else:
            await asyncio.gather(*(self._ask_source(desk) for desk in desks))

    async def _ask_source(self, desk: _Desk) -> None:
        key, total = desk.source.key, len(desk.questions)
        self._fetch.progress(key, 0, total, "asking")
        async with asyncio.TaskGroup() as group:
            if desk.asker is not None:
                group.create_task(self._ask_server(desk))
            for question in desk.questions:
                group.create_task(self._answer(desk, question))
        if self._fetch.replay is None:
            self._deliver(desk, complete=True)
        self._fetch.progress(key, total, total, _note(desk.readings))

    async def _ask_server(self, desk: _Desk) -> None:
        assert desk.asker is not None
        try:
            desk.server = self._clean(await desk.asker.server())
        except Exception:  # only a name: the questions themselves will say what is wrong
            desk.server = ""

    async def _answer(self, desk: _Desk, question: Question) -> None:
        SUBJECT.set(f"{question.subject} ({question.role})")
        try:
            if desk.problem is not None:
                raise desk.problem
            assert desk.asker is not None
            found = _in_time(await desk.asker.ask(question), question)
            keeping.check(found)
            reading = self._reading(desk, question, found, await self._build(question))
        except WorkbenchError as error:
            reading = self._reading(desk, question, _failed(question, error), None)
        except Exception as error:  # garbled beyond what the module foresaw: its own question only
            reading = self._reading(desk, question, _failed(question, _unexpected(error)), None)
        desk.readings.append(reading)
        self._fetch.progress(desk.source.key, len(desk.readings), len(desk.questions), question.subject)

    async def _build(self, question: Question) -> str | None:
        """Which build runs there; asked once per environment and moment."""
        if question.build_query is None:
            return None
        source = question.build_source or question.source
        desk = self._desks.get(source)
        if desk is None or desk.asker is None:
            return None
        key = (source, question.environment or "", question.build_query, str(question.at))
        if key not in self._builds:
            about = SUBJECT.set("")  # what runs there is no part of the question
            self._builds[key] = asyncio.create_task(desk.asker.build(question))
            SUBJECT.reset(about)
        try:
            return await asyncio.shield(self._builds[key])
        except WorkbenchError:
            return None  # not known; the value itself stands

    def _reading(self, desk: _Desk, question: Question, found: Found, build: str | None) -> Reading:
        evidence = []
        redactor = self._fetch.secrets.redactor()
        for body in found.bodies:
            data = redactor.data(body.data)
            blob = Blob(sha256(data), self._clean(body.media)[:100], data)
            desk.blobs.setdefault(blob.digest, blob)
            evidence.append(blob.digest)
        return Reading(
            subject=question.subject,
            source=desk.source.key,
            role=question.role,
            state=found.state,
            measured_at=found.measured_at,
            environment=question.environment,
            commit=question.commit,
            value=found.value,
            unit=question.unit if found.unit is None else found.unit,
            why=self._clean(found.why),
            window=None if question.window is None else duration_text(question.window),
            samples=found.samples,
            evidence=tuple(evidence),
            partial=None if found.partial is None else self._clean(found.partial),
            mark="replayed" if desk.channel.replayed else found.mark,
            build=None if build is None else self._clean(build),
            facts={
                name: fact if isinstance(fact, int) else self._clean(fact)
                for name, fact in found.facts.items()
            },
            trend=found.trend,
            data=found.data,
            basis=found.basis,
        )

    def _clean(self, text: str) -> str:
        return safe_text(self._fetch.secrets.redactor().text(text))

    def _deliver(self, desk: _Desk, *, complete: bool) -> None:
        if desk.delivered or not (complete or desk.readings):
            return
        desk.delivered = True
        order = {id_of(question): place for place, question in enumerate(desk.questions)}
        readings = sorted(desk.readings, key=lambda r: order.get(id_of(r), 0))
        if desk.asker is not None and (engine := self._clean(desk.asker.engine)):
            readings = [_computed_by(engine, reading) for reading in readings]
        for part in keeping.pieces(readings):
            seen = dict.fromkeys(digest for reading in part for digest in reading.evidence)
            self._fetch.on_batch(
                Batch(
                    source=desk.source.key,
                    asked_at=self._fetch.clock.recording(),
                    readings=tuple(part),
                    server=desk.server,
                    blobs=tuple(desk.blobs[digest] for digest in seen),
                    complete=complete,
                )
            )

    def summary(self) -> Summary:
        """How it went, once it has run."""
        readings = [reading for desk in self._desks.values() for reading in desk.readings]
        states = [reading.state for reading in readings]
        problems = dict.fromkeys(
            f"{reading.source}: {reading.why}" for reading in readings if reading.state == "error"
        )
        return Summary(
            asked=len(self._questions),
            ok=states.count("ok"),
            missing=states.count("missing"),
            errors=states.count("error"),
            cancelled=self._was_cancelled,
            sources=tuple(key for key, desk in self._desks.items() if desk.delivered),
            skipped=tuple(self._skipped),
            problems=tuple(problems),
            readings=tuple(readings),
        )


class _Unknown(msgspec.Struct, frozen=True):
    """Stands in for a source that the project does not have."""

    key: str
    kind: str = ""
    config: msgspec.Struct | None = None


def id_of(thing: Question | Reading) -> tuple[str, str, str | None, str | None]:
    """What tells a batch's questions, and so its readings, apart."""
    return thing.subject, thing.role, thing.environment, thing.commit


def _computed_by(engine: str, reading: Reading) -> Reading:
    """A value with the fact what computed it."""
    if reading.value is None:
        return reading
    return msgspec.structs.replace(reading, facts={**reading.facts, "engine": engine})


def _in_time(found: Found, question: Question) -> Found:
    if not can_be_shown(found.measured_at):
        why = f"the answer is dated in the year {found.measured_at.year}: check the clock there"
        return msgspec.structs.replace(found, state="error", measured_at=question.at, value=None, why=why)
    if not (ahead := dated_ahead(found.measured_at, question.at)):
        return found
    return msgspec.structs.replace(
        found, state="error", measured_at=question.at, value=None, why=f"the answer {ahead}"
    )


_WITHOUT_A_NETWORK = (
    "Without a network a source can read a test report, or take what a person types; "
    "in a new project workbench init --force --offline writes that"
)


def _failed(question: Question, error: WorkbenchError) -> Found:
    why = error.what if error.hint is None else f"{error.what}. {_sentence(error.hint)}"
    if isinstance(error, Unreachable) and question.role == "tests":
        why = f"{why}. {_WITHOUT_A_NETWORK}"
    facts = {} if error.where is None else {"where": error.where}
    if isinstance(error, WrongQuestion):
        facts["edit"] = error.field
    return Found(state="error", measured_at=question.at, why=why, facts=facts)


def _sentence(hint: str) -> str:
    """A hint with a capital, unless it begins with a name such as that of a tool with a digit in it."""
    return f"{hint[:1].upper()}{hint[1:]}" if hint.partition(" ")[0].isalpha() else hint


def _unexpected(error: Exception) -> SourceError:
    return SourceError(f"the answer could not be read ({type(error).__name__})")


def _note(readings: list[Reading]) -> str:
    words = {"ok": "answered", "missing": "without data", "error": "failed"}
    counts = {state: sum(reading.state == state for reading in readings) for state in words}
    return ", ".join(f"{counts[state]} {word}" for state, word in words.items() if counts[state])
