"""Several projects judged at the same time, each in a process that can be stopped: none holds up the others.

Judging reads what other people wrote, of any size, on disks that may hang.  A project that takes too long, or
whose process ends, is told as not judged, and the next one is judged by a new process.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from tempfile import TemporaryDirectory
from time import monotonic
from typing import IO

import msgspec

from workbench.model.errors import OurMistake
from workbench.usecases.fleet.shapes import Ask, Project, Trouble

SECONDS = 30.0  # that judging one project may take, and as many that a process may take to begin
LARGEST = 64_000_000  # bytes of an answer
_PATIENCE = 1.0  # seconds that one waits for what was stopped
_LOOK = 0.2  # seconds after which it is looked whether somebody stops it
WORKER = (sys.executable, "-P", "-m", "workbench.usecases.fleet.worker")


class _Judge(threading.Thread):
    """Hands questions to one process and waits for its answers, which come in a queue."""

    def __init__(
        self, command: Sequence[str], asks: queue.SimpleQueue[Ask], told: queue.SimpleQueue[Project]
    ) -> None:
        super().__init__(daemon=True, name="fleet")
        self._command, self._asks, self._told = command, asks, told
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: TemporaryDirectory[str] | None = None
        self.given_up = False
        self.at: Ask | None = None
        self.began = 0.0

    def run(self) -> None:
        try:
            while not self.given_up:
                try:
                    ask = self._asks.get_nowait()
                except queue.Empty:
                    break
                self.began, self.at = monotonic(), ask
                answer = self._ask(ask)
                self.at = None
                if not self.given_up:
                    self._told.put(answer)
        finally:
            self._end()

    def _ask(self, ask: Ask) -> Project:
        try:
            process = self._process or self._start()
            assert process.stdin is not None and process.stdout is not None
            self.began = monotonic()
            process.stdin.write(msgspec.json.encode(ask) + b"\n")
            process.stdin.flush()
            return _answer(process.stdout)
        except (OSError, EOFError, msgspec.MsgspecError) as error:
            self._end()
            return not_judged(ask, _ended(error))

    def _start(self) -> subprocess.Popen[bytes]:
        # What it copies goes in here, and with it, also where it is stopped.
        self._folder = TemporaryDirectory(prefix="workbench-fleet-", ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            self._command,
            env={**os.environ, "TMPDIR": self._folder.name},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("WORKBENCH_DEBUG") else subprocess.DEVNULL,
            start_new_session=True,  # ctrl+c is for who waits, who then stops it
        )
        if self.given_up:
            self._process.kill()
        assert self._process.stdout is not None
        if not self._process.stdout.readline(LARGEST):  # a line says that it is ready
            raise EOFError
        return self._process

    def _end(self) -> None:
        """End the process; one that hangs in its disk is not waited for."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(OSError):
                process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=_PATIENCE)
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()

    def give_up(self) -> None:
        """Stop it from outside: what it reads then ends, and it cleans up automatically."""
        self.given_up = True
        process = self._process
        if process is not None:
            with suppress(OSError):
                process.kill()


def _answer(pipe: IO[bytes]) -> Project:
    line = pipe.readline(LARGEST)
    if not line.endswith(b"\n"):
        raise EOFError
    return msgspec.json.decode(line, type=Project)


def judged(
    asks: Sequence[Ask],
    *,
    stopped: Callable[[], bool] = lambda: False,
    seconds: float = SECONDS,
    at_once: int = 0,
    command: Sequence[str] = WORKER,
) -> Iterator[Project]:
    """Each project, as soon as it has been judged; exactly one answer for each question, unless it is ``stopped``.

    ``seconds`` is how long one may take, ``at_once`` how many are judged at the same time.
    """
    waiting: queue.SimpleQueue[Ask] = queue.SimpleQueue()
    told: queue.SimpleQueue[Project] = queue.SimpleQueue()
    for ask in asks:
        waiting.put(ask)
    at_once = at_once or min(4, max(2, os.cpu_count() or 2))
    judges = [_begin(command, waiting, told) for _ in range(min(at_once, len(asks)))]
    ended: list[_Judge] = []
    left = {ask.root for ask in asks}
    try:
        while left and not stopped():
            with suppress(queue.Empty):
                answer = told.get(timeout=min(_LOOK, seconds))
                if answer.root in left:
                    left.discard(answer.root)
                    yield answer
            for place, judge in enumerate(judges):
                late = judge.at
                if late is not None and monotonic() - judge.began > seconds:
                    judge.give_up()
                    ended.append(judge)
                    judges[place] = _begin(command, waiting, told)
                    if late.root in left:
                        left.discard(late.root)
                        yield not_judged(late, _too_long(seconds))
    finally:
        for judge in judges:
            judge.give_up()
        for judge in (*ended, *judges):
            judge.join(_PATIENCE)


def _begin(
    command: Sequence[str], waiting: queue.SimpleQueue[Ask], told: queue.SimpleQueue[Project]
) -> _Judge:
    judge = _Judge(command, waiting, told)
    judge.start()
    return judge


def not_judged(ask: Ask, trouble: Trouble) -> Project:
    """A project of which nothing is known but why."""
    return Project(root=ask.root, why=ask.why, key=ask.project, record_id=ask.record_id, trouble=trouble)


def _too_long(seconds: float) -> Trouble:
    return Trouble(
        kind="time",
        what=f"judging it took longer than {seconds:.0f} s, and was stopped",
        hint="workbench status in that folder takes the time that it needs",
    )


def _ended(error: Exception) -> Trouble:
    if isinstance(error, EOFError):
        what = "the process that judged it ended before it answered"
        return Trouble(kind="mistake", what=what, hint="workbench status in that folder says more")
    told = OurMistake.of(error)
    return Trouble(kind="mistake", what=told.what, hint="workbench status in that folder says more")
