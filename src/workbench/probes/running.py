"""Running probes: many side by side, each costing no more than itself."""

from __future__ import annotations

import asyncio
import fnmatch
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from workbench.definitions.shapes import Probe, Source
from workbench.model.errors import SourceError, WorkbenchError
from workbench.model.kinds import ProbeKind, SourceKind
from workbench.model.text import capitalised, safe_text
from workbench.model.times import Clock, parse_duration
from workbench.probes import recordings
from workbench.probes.captured import Capture, Change, Side, Snapshot
from workbench.probes.hiding import Hide
from workbench.probes.prober import Around, Prober
from workbench.probes.proving import prove
from workbench.probes.reach import Reach
from workbench.probes.runs import ProbeProof, ProbeRun, SideSeen, definition_of, scores_of, snapshot_blob
from workbench.record import Blob
from workbench.sources.channel import Channel
from workbench.sources.client import Web
from workbench.sources.fetch import Fetch
from workbench.sources.kinds import KINDS as SOURCE_KINDS
from workbench.sources.secrets import Secrets
from workbench.sources.tuning import Tuning

Progress = Callable[[str, int, int, str], None]
AT_ONCE = 16  # probes that look at the same time
COMPARING = 2  # of them that read and compare: more threads are no faster, and starve the app's
MOST_PARAMETERS = 200_000  # of one snapshot: what is larger is compared in the database, or in parts
MOST_NOISE = 2_000  # paths; production that wavers more than that cannot be compared with anything
LARGEST_SNAPSHOT = 32_000_000  # bytes
_NOTES = 20
_LOOK_EVERY = 0.05  # seconds between two looks at the cancel button


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One probe to run, in ``environment`` and, compared with it, ``against``.

    One that needs ``files_only``, files of the project, looks at these even where the others replay recordings.
    """

    probe: Probe
    environment: str
    against: str
    variables: Mapping[Side, Mapping[str, str]] = {}
    files_only: bool = False
    around: Around = Around()


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """What one probe did: its run, what differs, the evidence, and its proof where one was asked for."""

    run: ProbeRun
    changes: tuple[Change, ...] = ()
    blobs: tuple[Blob, ...] = ()
    proof: ProbeProof | None = None


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """Some probes to run, and what with.

    ``replay`` and ``record_to`` are folders of recordings.  ``on_ran`` gets each probe's result when it is
    there, ``progress`` is told (probe, done, total, state); when ``cancelled()`` turns true, what has
    arrived stays.  All three are called in the thread that runs.
    """

    jobs: tuple[Job, ...]
    sources: tuple[Source, ...]
    root: Path
    clock: Clock
    secrets: Secrets
    hide: Callable[[], Hide]
    replay: Path | None = None
    record_to: Path | None = None
    proving: bool = False
    progress: Progress = lambda probe, done, total, note: None
    cancelled: Callable[[], bool] = lambda: False
    on_ran: Callable[[Ran], None] = lambda ran: None
    kinds: Mapping[str, ProbeKind]
    source_kinds: Mapping[str, SourceKind] = SOURCE_KINDS
    tuning: Tuning = Tuning()


def run(asked: Running) -> bool:
    """Runs the probes; false where it was cancelled before all of them had run.

    Blocks, with an event loop of its own.  A probe that cannot look costs itself only: its run
    has the state ``error``.
    """
    return asyncio.run(_Runner(asked).run())


class _Runner:
    def __init__(self, asked: Running) -> None:
        self._asked = asked
        self._sources = {source.key: source for source in asked.sources}
        self._channels: dict[str, Channel] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._comparing = asyncio.Semaphore(COMPARING)
        self._done = 0
        self._at = asked.clock.now()

    async def run(self) -> bool:
        self._web = Web(self._asked.tuning)
        work = asyncio.gather(*(self._one(job) for job in self._asked.jobs))
        try:
            while not work.done():
                await asyncio.wait([work], timeout=_LOOK_EVERY)
                if not work.done() and self._asked.cancelled():
                    return False
            await work
            return True
        finally:
            if not work.done():
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
            await self._web.close()

    async def _one(self, job: Job) -> None:
        async with self._turns:
            total = len(self._asked.jobs)
            self._asked.progress(job.probe.key, self._done, total, "looking")
            ran = await self._ran(job)
            self._done += 1
            self._asked.on_ran(ran)
            self._asked.progress(job.probe.key, self._done, total, ran.run.state)

    async def _ran(self, job: Job) -> Ran:
        try:
            async with asyncio.timeout(parse_duration(job.probe.timeout).total_seconds()):
                return await self._looked(job)
        except TimeoutError:
            return self._failed(job, SourceError(f"it did not finish within {job.probe.timeout}"))
        except WorkbenchError as error:
            return self._failed(job, error)
        except RecursionError:
            return self._failed(job, SourceError("what came is nested too deep"))
        except Exception as error:  # garbled beyond what the kind foresaw: its own probe only
            what = f"what came could not be read ({type(error).__name__})"
            return self._failed(job, SourceError(what))

    async def _looked(self, job: Job) -> Ran:
        kind = self._asked.kinds[job.probe.kind]
        prober: Prober = kind.load()(job.probe.config, job.probe)
        prober.around = job.around
        hide = self._asked.hide()
        reach = self._reach(job, kind, hide)
        twice = kind.twice if job.probe.twice is None else job.probe.twice
        wanted: list[tuple[Side, str]] = [("staging", "staging"), ("production", "production")]
        wanted += [("production", "production-again")] if twice else []
        captures = await asyncio.gather(
            *(self._captured(job, prober, reach[side], side, name) for side, name in wanted)
        )
        async with self._comparing:
            return await asyncio.to_thread(self._compared, job, prober, hide, captures)

    async def _captured(self, job: Job, prober: Prober, reach: Reach, side: Side, name: str) -> Capture:
        folder = self._replayed_from(job)
        if folder is not None:
            return recordings.read(folder, job.probe.key, name, self._at)
        try:
            return await prober.capture(side, reach)
        except WorkbenchError as error:
            environment = job.environment if side == "staging" else job.against
            raise SourceError(f"{environment}: {error.what}", where=error.where, hint=error.hint) from None

    def _compared(self, job: Job, prober: Prober, hide: Hide, captures: list[Capture]) -> Ran:
        staging, production, *again = (self._read(prober, capture, hide) for capture in captures)
        self._record(job, prober, hide, captures)
        noise = noise_between(prober, again, production)
        if len(noise) > MOST_NOISE:
            raise SourceError(
                f"two answers of {job.against} differ in {len(noise):,} places, so nothing can be told from it",
                hint="ignore what wavers, or ask for less",
            )
        found = prober.compare(staging, production)
        sifted = Sieve(tuple(job.probe.ignore), noise)
        changes = sifted.left(found)
        if not changes:
            _must_have_compared(staging, production, sifted)
        blobs = (_kept(staging), _kept(production))
        run = ProbeRun(
            **self._header(job),
            state="fail" if changes else "pass",
            compared=len(staging.parameters.keys() | production.parameters.keys()),
            differing=len(changes),
            ignored=sum(sifted.ignores(change.path) for change in found),
            noise=tuple(sorted(noise)),
            staging=self._side(captures[0], staging, blobs[0]),
            production=self._side(captures[1], production, blobs[1]),
            scores=scores_of(prober.scores(staging, production, changes)),
            notes=tuple(map(self._clean, dict.fromkeys((*staging.notes, *production.notes))))[:_NOTES],
            hidden_by=hide.key_id if hide.hidden or hide.used else "",
        )
        proof = None
        if self._asked.proving:
            proof = self._proof(job, prober, hide, captures, sifted)
        return Ran(run=run, changes=tuple(map(self._safe, changes)), blobs=blobs, proof=proof)

    def _proof(
        self, job: Job, prober: Prober, hide: Hide, captures: list[Capture], sifted: Sieve
    ) -> ProbeProof:
        planted, why = prove(prober, captures[0], captures[1], hide, sifted.left)
        return ProbeProof(
            probe=job.probe.key,
            kind=job.probe.kind,
            at=self._at,
            definition=definition_of(job.probe),
            planted=planted,
            why=self._clean(why),
            mark=self._mark(job),
        )

    def _read(self, prober: Prober, capture: Capture, hide: Hide) -> Snapshot:
        snapshot = prober.read(capture, hide)
        if len(snapshot.parameters) > MOST_PARAMETERS:
            raise SourceError(
                f"there are more than {MOST_PARAMETERS:,} parameters to compare",
                hint="make several probes of it, each with a part",
            )
        return snapshot

    def _record(self, job: Job, prober: Prober, hide: Hide, captures: list[Capture]) -> None:
        if self._asked.record_to is None or job.files_only:
            return
        names = ("staging", "production", "production-again")
        redactor = self._asked.secrets.redactor()
        for name, capture in zip(names, captures, strict=False):
            _must_be_gone(prober, recordings.without_secrets(capture, hide.hidden, redactor), hide)
            recordings.write(self._asked.record_to, job.probe.key, name, self._at, capture, hide, redactor)

    def _side(self, capture: Capture, snapshot: Snapshot, blob: Blob) -> SideSeen:
        return SideSeen(
            snapshot=blob.digest,
            parameters=len(snapshot.parameters),
            server=self._clean(capture.server),
            build=None if capture.build is None else self._clean(capture.build),
        )

    def _failed(self, job: Job, error: WorkbenchError) -> Ran:
        place = f" ({error.where})" if error.where else ""
        hint = f". {capitalised(error.hint)}" if error.hint else ""
        why = self._clean(f"{error.what}{place}{hint}")
        return Ran(run=ProbeRun(**self._header(job), state="error", why=why))

    def _header(self, job: Job) -> dict[str, Any]:
        return {
            "probe": job.probe.key,
            "kind": job.probe.kind,
            "at": self._at,
            "environment": job.environment,
            "against": job.against,
            "region": job.probe.region or "",
            "definition": definition_of(job.probe),
            "mark": self._mark(job),
        }

    def _replayed_from(self, job: Job) -> Path | None:
        return None if job.files_only else self._asked.replay

    def _mark(self, job: Job) -> Any:
        return "replayed" if self._replayed_from(job) is not None else ""

    def _safe(self, change: Change) -> Change:
        """A change whose texts hold neither control codes nor secrets of the sources."""
        texts = {name: getattr(change, name) for name in ("path", "staging", "production", "title")}
        clean = {name: None if text is None else self._clean(text) for name, text in texts.items()}
        return change if clean == texts else msgspec.structs.replace(change, **clean)

    def _clean(self, text: str) -> str:
        return safe_text(self._asked.secrets.redactor().text(text))

    def _reach(self, job: Job, kind: ProbeKind, hide: Hide) -> dict[Side, Reach]:
        config = job.probe.config
        seconds = parse_duration(job.probe.timeout).total_seconds()
        sides: tuple[Side, ...] = ("staging", "production")
        return {
            side: Reach(
                root=self._asked.root,
                now=self._at,
                channels=self._channel,
                uses=kind.uses(config),
                trusted=self._asked.secrets.allow,
                seconds=seconds,
                hide=hide,
                variables=job.variables.get(side, {}),
                cancelled=self._asked.cancelled,
            )
            for side in sides
        }

    def _channel(self, key: str) -> Channel:
        if key not in self._channels:
            source = self._sources.get(key)
            if source is None:
                raise SourceError(f"the project has no source “{key}”")
            channel = Channel(source, self._web, self._as_fetch(), self._asked.tuning.at_once)
            channel.declare(self._asked.source_kinds[source.kind].uses(source.config))
            self._channels[key] = channel
        return self._channels[key]

    def _as_fetch(self) -> Fetch:
        return Fetch(
            sources=self._asked.sources,
            questions=(),
            root=self._asked.root,
            clock=self._asked.clock,
            secrets=self._asked.secrets,
            tuning=self._asked.tuning,
        )


def _kept(snapshot: Snapshot) -> Blob:
    blob = snapshot_blob(snapshot)
    if len(blob.data) > LARGEST_SNAPSHOT:
        raise SourceError(
            f"what was read takes more than {LARGEST_SNAPSHOT // 10**6} MB to keep",
            hint="make several probes of it, each with a part",
        )
    return blob


def _must_be_gone(prober: Prober, cleaned: Capture, hide: Hide) -> None:
    """``SourceError`` where a secret can still be read, because it is written in a way that nobody looked for."""
    left = hide.again()
    prober.read(cleaned, left)
    if left.hidden.keys() & hide.hidden.keys():
        raise SourceError(
            "a secret here is written in a way that cannot be kept out of a recording",
            hint="write it plainly, in a file in UTF-8",
        )


def noise_between(prober: Prober, again: Iterable[Snapshot], production: Snapshot) -> frozenset[str]:
    """A/A: the paths on which two answers of production differ from one another."""
    return frozenset(change.path for other in again for change in prober.compare(other, production))


def _must_have_compared(staging: Snapshot, production: Snapshot, sifted: Sieve) -> None:
    """``SourceError`` where no parameter was left to compare: nothing is equal that was not looked at."""
    paths = staging.parameters.keys() | production.parameters.keys()
    if not paths:
        notes = dict.fromkeys((*staging.notes, *production.notes))
        raise SourceError(
            f"neither side has anything to compare{''.join(f'; {note}' for note in notes)}",
            hint="name what holds something, or remove the probe",
        )
    if not any(map(sifted.counts, paths)):
        raise SourceError(
            f"all of what it compares ({len(paths):,}) is noise or ignored",
            hint="ignore less, or remove the probe",
        )


class Sieve:
    """What is left of the changes once noise, and what the probe ignores, are taken out."""

    def __init__(self, ignore: tuple[str, ...], noise: frozenset[str]) -> None:
        self._ignore, self._noise = ignore, noise

    def ignores(self, path: str) -> bool:
        """Whether one of the probe's patterns names the path."""
        return any(fnmatch.fnmatchcase(path, pattern) for pattern in self._ignore)

    def left(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """The changes that count."""
        return tuple(change for change in changes if self.counts(change.path))

    def counts(self, path: str) -> bool:
        """Whether what stands at a path is compared: it is neither noise nor ignored."""
        return path not in self._noise and not self.ignores(path)
