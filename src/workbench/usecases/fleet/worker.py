"""The process that judges: a question in a line of JSON comes in, its answer goes out as another one.

Started by :mod:`workbench.usecases.fleet.crew` alone.  It ends when nothing more comes in.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import msgspec

from workbench.usecases.fleet.judging import judge
from workbench.usecases.fleet.shapes import Ask


def main() -> None:
    """Judge what is asked for, one project after the other."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever anything prints is no answer
    with suppress(OSError, AttributeError):
        os.nice(5)  # who waits at a keyboard comes first
    with suppress(BrokenPipeError):
        answers.write(b"\n")  # ready: what it took to begin is nobody's fault
        answers.flush()
    for line in sys.stdin.buffer:
        answer = msgspec.json.encode(judge(msgspec.json.decode(line, type=Ask)))
        with suppress(BrokenPipeError):
            answers.write(answer + b"\n")
            answers.flush()


if __name__ == "__main__":
    main()
