"""Running a command that a project declared: without a shell, for a limited time, its output capped, its children ended with it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
from collections.abc import Sequence
from pathlib import Path

import msgspec

from workbench.model.errors import SourceError

LARGEST_OUTPUT = 8_000_000  # bytes that a command may print


class Ran(msgspec.Struct, frozen=True):
    """What a command printed before it ended with ``code``; negative where a signal ended it."""

    output: bytes
    code: int


async def output_of(line: str, folder: Path, seconds: float, given: bytes = b"") -> bytes:
    """What a command prints that somebody agreed to, split into words as a shell would.  ``given`` is its standard input.

    ``SourceError`` where it fails, prints more than 8 MB, or takes longer than ``seconds``.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise SourceError(f"the command “{line}” could not be run: {error}") from None
    ran = await run(words, folder, seconds, given, shown=line)
    if ran.code:  # what it printed may hold a secret: not shown
        raise SourceError(f"the command “{line}” failed with exit code {ran.code}")
    return ran.output


async def run(
    words: Sequence[str], folder: Path, seconds: float, given: bytes = b"", *, shown: str = ""
) -> Ran:
    """Run a program with its arguments; what it writes to standard error is not kept.  ``shown`` is what errors call it.

    ``SourceError`` where it cannot be run, prints more than 8 MB, or takes longer than ``seconds``.
    """
    line = shown or shlex.join(words)
    if not words:
        raise SourceError("the command names no program")
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.PIPE if given else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=folder,
            start_new_session=os.name == "posix",
        )
    except (ValueError, OSError) as error:
        raise SourceError(f"the command “{line}” could not be run: {error}") from None
    done = False
    try:
        async with asyncio.timeout(seconds):
            printed, _ = await asyncio.gather(_read(process.stdout, line), _give(process.stdin, given))
            code = await process.wait()
            done = True
    except TimeoutError:
        raise SourceError(f"the command “{line}” did not finish within {seconds:g} s") from None
    finally:
        await _end(process, done=done)
    return Ran(printed, code)


async def _give(stream: asyncio.StreamWriter | None, given: bytes) -> None:
    if stream is not None:
        with contextlib.suppress(ConnectionError):  # a command need not read what it is given
            stream.write(given)
            await stream.drain()
            stream.close()
            await stream.wait_closed()


async def _read(stream: asyncio.StreamReader | None, line: str) -> bytes:
    assert stream is not None
    parts, size = [], 0
    while part := await stream.read(65_536):
        parts.append(part)
        size += len(part)
        if size > LARGEST_OUTPUT:
            raise SourceError(f"the command “{line}” printed more than {LARGEST_OUTPUT // 10**6} MB")
    return b"".join(parts)


async def _end(process: asyncio.subprocess.Process, *, done: bool) -> None:
    """Ends what is not done, with its children, and lets go of its output."""
    if not done:
        try:
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        except ProcessLookupError:
            pass
    # A child that lives on may hold the other end of the pipe, and what nobody read may stand in it: either would
    # let the wait for the command go on for ever.
    transport = getattr(process, "_transport", None)
    if transport is not None:
        transport.close()
        await asyncio.sleep(0)  # which closes it
    if not done:
        await process.wait()
