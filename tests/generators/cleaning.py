"""What of a tool's output tells of the machine that made it, and what stands there instead."""

from __future__ import annotations

import getpass
import platform
import re
import socket
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

STARTS = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # the moment at which every run is said to have begun
_LONGEST = timedelta(hours=6)  # of a run, and of clocks of other zones beside it
_SHORT = 5  # letters

_ISO = re.compile(rb"\b(20\d\d)(-?)(\d\d)\2(\d\d)([T ])(\d\d):(\d\d):(\d\d)")
_DAY = re.compile(rb"\b20\d\d-\d\d-\d\d\b(?![T ]\d\d:)")
_INDEX = re.compile(rb"https?://[\w.-]+(?=/(?:simple|pypi|project)/)")  # where packages are had from
_NUMBER = re.compile(rb"(?<![\d.\w-])(\d{10}|\d{13}|\d{16}|\d{19})(?![\d\w])")


class Machine(msgspec.Struct, frozen=True):
    """What to replace by what, longest first, and when the run ``begun`` that is said to begin at ``STARTS``."""

    words: Mapping[bytes, bytes]
    begun: datetime

    @staticmethod
    def here(folder: Path, home: Path, top: Path, *, begun: datetime) -> Machine:
        """This one: a tool's work stands in ``folder``, its programs in ``home``, the project in ``top``."""
        words = {
            str(folder): "/project",
            str(home): "/tools",
            str(top): "/project",
            str(Path.home()): "/home/team",
        }
        names = {
            socket.gethostname(): "ci-runner",
            socket.getfqdn(): "ci-runner",
            platform.release(): "6.1.0",
        }
        if (user := getpass.getuser()) != "root":
            names[user] = "team"
        names.pop("localhost", None)
        for name in [name for name in names if len(name) < _SHORT]:  # could be a part of any word
            names[f'"{name}"'] = f'"{names.pop(name)}"'
        return Machine({old.encode(): new.encode() for old, new in {**words, **names}.items()}, begun)


def cleaned(data: bytes, machine: Machine) -> bytes:
    """The output without this machine's paths, names and dates; the time between two moments stays what it was.

    Only what is written as text is found: a generator that keeps something packed cleans it before it packs it.
    """
    for old in sorted(machine.words, key=len, reverse=True):
        edge = rb"(?![\w])" if old[-1:].isalnum() else b""
        data = re.sub(re.escape(old) + edge, machine.words[old], data)
    delta = STARTS - machine.begun

    def iso(found: re.Match[bytes]) -> bytes:
        year, dash, month, day, between, *clock = found.groups()
        at = datetime(*map(int, (year, month, day, *clock)), tzinfo=UTC)  # type: ignore[misc,arg-type]
        return _moved_text(at, dash, between, machine, delta) or found[0]

    def number(found: re.Match[bytes]) -> bytes:
        factor = 10 ** (len(found[0]) - 10)
        at = datetime.fromtimestamp(int(found[0]) / factor, UTC)
        if not _of_the_run(at, machine):
            return found[0]
        return b"%d" % (int(found[0]) + round(delta.total_seconds()) * factor)

    data = _INDEX.sub(b"https://packages.example.com", data)
    data = _ISO.sub(iso, data)
    data = _NUMBER.sub(number, data)
    return _DAY.sub(lambda found: _day(found[0], machine), data)


def _of_the_run(at: datetime, machine: Machine) -> bool:
    return abs(at - machine.begun) <= _LONGEST + timedelta(hours=14)


def _moved_text(at: datetime, dash: bytes, between: bytes, machine: Machine, delta: timedelta) -> bytes:
    if not _of_the_run(at, machine):
        return b""
    moved = at + timedelta(seconds=round(delta.total_seconds()))
    return moved.strftime(f"%Y-%m-%d{between.decode()}%H:%M:%S".replace("-", dash.decode())).encode()


def _day(text: bytes, machine: Machine) -> bytes:
    return STARTS.date().isoformat().encode() if text == machine.begun.date().isoformat().encode() else text
