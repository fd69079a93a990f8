"""The desk: one thread that owns the record, so that the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import msgspec

from workbench.definitions import Definitions
from workbench.model.errors import OurMistake, RecordUnavailable, UsageError, WorkbenchError
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.identity import author_finder
from workbench.usecases.opening import open_context
from workbench.usecases.project import NoDataFolder, Options, record_path
from workbench.usecases.reporting.judgement import Judgement
from workbench.usecases.reporting.showing import shown_lines
from workbench.usecases.safekeeping import BACKUPS
from workbench.usecases.sharing import SHARED
from workbench.usecases.soundness import blame_record
from workbench.usecases.views.incidents import IncidentLine, read_lines
from workbench.usecases.views.several import Several, read_several

P = ParamSpec("P")
T = TypeVar("T")


Stamps = tuple[tuple[str, int, int], ...]


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What the screens show: the definitions, and the release in hand, judged.

    ``evaluation`` is ``None`` while the record holds no release, and so is ``judgement``, what
    header and Readiness show of it.  ``seq`` is the ledger's last entry when it was read: what
    was touched since has a higher one.  ``incidents`` are those that are open, whatever release is in hand.
    ``several`` is what is contested: somebody has to choose a version.
    ``shared`` says that the app sends and receives: the record is shared, and looked at as of now.
    """

    definitions: Definitions
    evaluation: Evaluation | None
    judgement: Judgement | None
    person: str
    version: int
    seq: int
    incidents: tuple[IncidentLine, ...] = ()
    shared: bool = False
    several: tuple[Several, ...] = ()


class Desk:
    """Runs use cases in a thread of its own, one after the other."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside")
        self._context: Context | None = None
        self._file: tuple[Path, int] | None = None
        self._stamps: Stamps = ()

    def start(self) -> Future[View]:
        """Open the project and judge the release in hand."""
        return self._pool.submit(self._open)

    def _open(self) -> View:
        return self._take(open_context(self.options, create=True))

    async def call(self, job: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``job(context, …)`` at the desk and wait for it without blocking the loop."""

        def run() -> T:
            context = self._opened()
            try:
                return job(context, *args, **kwargs)
            except Exception as error:
                blame_record(context, error)  # what nobody foresaw may come of damage
                raise

        return await self._run(run)

    async def change(
        self, job: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[T, list[str]]:
        """Run a job that changes something; what it gave, and what is to be told although it was saved."""

        def run(context: Context) -> tuple[T, list[str]]:
            done = job(context, *args, **kwargs)
            return done, remarks(context)

        return await self.call(run)

    async def files_changed(self) -> bool:
        """Whether the team's files are others than when they were last asked for; told once for each change."""
        return await self._run(self._files_changed)

    def _files_changed(self) -> bool:
        before = self._stamps
        if self._context is not None:
            self._stamps = _stamps(self._context)
        return self._stamps != before

    async def idle(self) -> None:
        """Wait until all that was given to the desk so far is done."""
        await self._run(lambda: None)

    async def reopen(self, options: Options | None = None) -> View:
        """Read the definitions again, or turn to another release; what fails leaves all as it was."""
        return await self._run(lambda: self._reopen(options or self.options))

    async def become(self, person: str) -> View:
        """Let somebody else of the project sit here from now on."""
        return await self._run(lambda: self._become(person))

    def _become(self, person: str) -> View:
        context = self._opened()
        options = msgspec.structs.replace(self.options, as_person=person, in_app=True)
        author = author_finder(context.root, context.definitions, options)
        context = msgspec.structs.replace(context, author=author)
        view = look(context)
        self.options, self._context = options, context
        return view

    async def _run(self, job: Callable[[], T], pool: ThreadPoolExecutor | None = None) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(pool or self._pool, job)
        except WorkbenchError:
            raise
        except OSError as error:
            where = str(error.filename) if error.filename else None
            raise WorkbenchError(error.strerror or str(error), where=where) from error
        except Exception as error:  # whatever a use case raises is told, and never ends the app
            raise OurMistake.of(error) from error

    def _reopen(self, options: Options) -> View:
        fresh = open_context(options)
        old, file = self._context, self._file
        try:
            view = self._take(fresh)
        except BaseException:
            fresh.record.close()
            self._context, self._file = old, file
            raise
        self.options = options
        if old is not None:
            old.record.close()
        return view

    def _take(self, context: Context) -> View:
        path = record_path(context.root, self.options)
        context = msgspec.structs.replace(context, aside=self._aside)
        self._context, self._file = context, (path, path.stat().st_ino)
        self._stamps = _stamps(context)
        return look(context)

    def _opened(self) -> Context:
        """The project, if its record is still the file that was opened."""
        if self._context is None or self._file is None:
            raise UsageError("the record is not open")
        path, number = self._file
        try:
            same = path.stat().st_ino == number
        except FileNotFoundError:
            raise RecordUnavailable(
                "the record's file is gone: this is what it last held, and nothing can be saved",
                where=str(path),
                hint=f"put it back, or a copy{_from_where(self._context)}, then press ctrl+r",
            ) from None
        if not same:
            raise RecordUnavailable(
                "another file has replaced the record: nothing can be saved until it is read",
                where=str(path),
                hint="press ctrl+r to read it",
            )
        return self._context

    def _aside(self, job: Callable[[Context], object]) -> None:
        """Do a job beside the desk, with a record of its own: what waits for a server holds nobody up."""
        self._beside.submit(self._do_aside, job)

    async def beside(self, job: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a job beside the desk, with a record of its own: what waits for a person's key holds nobody up."""

        def run() -> T:
            own = open_context(self.options)
            try:
                return job(own, *args, **kwargs)
            finally:
                own.record.close()

        return await self._run(run, self._beside)

    def remind(self) -> None:
        """Tell people of what the clock has made due, where the project has hooks for it."""
        if self._context is not None and self._context.definitions.project.hooks:
            from workbench.usecases.reminding import remind  # for the few projects that have hooks

            self._aside(remind)

    def _do_aside(self, job: Callable[[Context], object]) -> None:
        with suppress(WorkbenchError, OSError):
            own = open_context(self.options)
            try:
                job(own)
            finally:
                own.record.close()
                if self._context is not None:
                    self._context.remarks.extend(own.remarks)

    def at_end(self, job: Callable[[Context], object]) -> None:
        """A last job, once the app is gone; where it cannot be done, nobody is held up."""
        if self._context is not None:
            with suppress(WorkbenchError, OSError):
                self._pool.submit(job, self._context).result()

    def close(self) -> None:
        """Close the record and end the threads, once what is done beside the desk is done."""
        self._beside.shutdown()
        if self._context is not None:
            self._pool.submit(self._context.record.close)
        self._pool.shutdown()


def _stamps(context: Context) -> Stamps:
    """The files that were read, each with its time and size; 0 and 0 for one that is gone."""
    found = []
    for name in context.definitions.files:
        with suppress(OSError):
            at = (context.root / name).stat()
            found.append((name, at.st_mtime_ns, at.st_size))
    return tuple(found)


def _from_where(context: Context) -> str:
    with suppress(NoDataFolder):
        return f" from {context.data_folder / BACKUPS}"
    return ""


def look(context: Context) -> View:
    """The present view of a project."""
    # Both before it is judged: what comes meanwhile is seen the next time.
    version, seq = context.record.data_version(), context.record.head.seq
    evaluation = _evaluation(context)
    return View(
        definitions=context.definitions,
        evaluation=evaluation,
        judgement=shown_lines(context, evaluation) if evaluation else None,
        person=context.author().actor,
        version=version,
        seq=seq,
        incidents=read_lines(context, only_open=True),
        shared=_is_shared(context),
        several=read_several(context, evaluation.held.id if evaluation else None),
    )


def _is_shared(context: Context) -> bool:
    if not context.record.noted(SHARED):
        return False
    from workbench.usecases.sharing.live import keeps_up  # for records that are shared

    return keeps_up(context)


def _evaluation(context: Context) -> Evaluation | None:
    if not context.record.count("release"):
        return None
    # For the first paint; the app looks at the rows once nothing else is going on.
    return evaluate(context, unchecked=True)


def remarks(context: Context) -> list[str]:
    """What is to be told although something was saved; told once."""
    found = list(context.remarks)
    context.remarks.clear()
    return found


def data_version(context: Context) -> int:
    """Changes when another process or thread has changed the record."""
    return context.record.data_version()
