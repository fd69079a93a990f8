"""The desk: one thread that owns the record, so that the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

import msgspec

from workbench.definitions import Definitions
from workbench.model.errors import UsageError
from workbench.usecases.context import Context, Options, open_context
from workbench.usecases.evaluate import Evaluation, evaluate

P = ParamSpec("P")
T = TypeVar("T")


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What the screens show: the definitions, and the release in hand, judged.

    ``evaluation`` is ``None`` while the record holds no release.
    """

    definitions: Definitions
    evaluation: Evaluation | None
    person: str
    version: int


class Desk:
    """Runs use cases in a thread of its own, one after the other."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")
        self._context: Context | None = None

    def start(self) -> Future[View]:
        """Open the project and judge the release in hand."""
        return self._pool.submit(self._open)

    def _open(self) -> View:
        self._context = open_context(self.options, create=True)
        return look(self._context)

    async def call(self, job: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``job(context, …)`` at the desk and wait for it without blocking the loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: job(self._opened(), *args, **kwargs))

    async def reopen(self, options: Options | None = None) -> View:
        """Read the definitions again, or turn to another release."""
        self.options = options or self.options
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._reopen)

    def _reopen(self) -> View:
        fresh = open_context(self.options)
        self._opened().record.close()
        self._context = fresh
        return look(fresh)

    def _opened(self) -> Context:
        if self._context is None:
            raise UsageError("the record is not open")
        return self._context

    def close(self) -> None:
        """Close the record and end the thread."""
        if self._context is not None:
            self._pool.submit(self._context.record.close)
        self._pool.shutdown()


def look(context: Context) -> View:
    """The present view of a project."""
    version = context.record.data_version()
    return View(
        definitions=context.definitions,
        evaluation=_evaluation(context),
        person=context.author().actor,
        version=version,
    )


def _evaluation(context: Context) -> Evaluation | None:
    if not context.record.count("release"):
        return None
    return evaluate(context)


def data_version(context: Context) -> int:
    """Changes when another process or thread has changed the record."""
    return context.record.data_version()
