"""Playing a script back: bash reads it, and each ``workbench`` that it calls runs in this process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.golden.playing import typed_words

_SHIM = """#!/usr/bin/env bash
{ printf '%s\\0' "$#" "${WORKBENCH_AS:-}" "$@"; base64 -w0; printf '\\0'; } >> "$CALLS"
"""
# With these the same was done: a source that cannot be asked now, cells that cannot be read now as then.
_FINE = {"fetch": (0, 3), "import": (0, 2)}


class Call(msgspec.Struct, frozen=True):
    """One call of ``workbench``: who, its words and its standard input."""

    person: str
    words: tuple[str, ...]
    given: bytes


def calls_of(script: Path, folder: Path) -> list[Call]:
    """What bash makes of a script."""
    from base64 import b64decode

    commands, calls = folder / "bin", folder / "calls"
    commands.mkdir(parents=True)
    shim = commands / "workbench"
    shim.write_text(_SHIM)
    shim.chmod(0o755)
    calls.write_bytes(b"")
    environ = {**os.environ, "PATH": f"{commands}:{os.environ['PATH']}", "CALLS": str(calls)}
    subprocess.run(["bash", str(script)], check=True, stdin=subprocess.DEVNULL, env=environ)
    words = calls.read_bytes().split(b"\0")[:-1]
    found = []
    while words:
        count = int(words[0])
        person, *said = (word.decode() for word in words[1 : count + 2])
        found.append(Call(person, tuple(said), b64decode(words[count + 2])))
        del words[: count + 3]
    return found


def play_back(calls: Sequence[Call], patch: pytest.MonkeyPatch) -> None:
    """Run the calls where one stands; each has to end well."""
    for call in calls:
        patch.setenv("WORKBENCH_AS", call.person)
        patch.setattr(sys, "stdin", TextIOWrapper(BytesIO(call.given), encoding="utf-8"))
        out, err, code = typed_words(call.words)
        assert code in _FINE.get(call.words[0], (0,)), f"$ workbench {call.words}\n{out}{err}"


def told_alike(record: Any, *, ids: Mapping[str, str] = {}) -> dict[str, list[Any]]:
    """What a record holds, without times, and with names of their own for ids, digests and codes.

    Which file rows were taken from, and how people's identity is known, belongs to where it was done.
    """
    return _Alike(record).kinds


class _Alike:
    def __init__(self, record: Any) -> None:
        import re

        self.names: dict[str, str] = {}
        self.pattern = re.compile(
            r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
            r"|\b[0-9a-f]{64}\b|\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b"
        )
        self.moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
        self.kinds: dict[str, list[Any]] = {}
        for kind in record.kinds:
            if kind.name.startswith("imported_") or kind.name == "table_reading":
                continue
            rows = sorted(record.all(kind.name), key=lambda row: (self._blank(row.value), row.seq))
            self.kinds[kind.name] = [self._value(row.decode(dict)) for row in rows]

    def _blank(self, value: bytes) -> str:
        return self.pattern.sub("", self.moment.sub("", value.decode()))

    def _value(self, value: Any) -> Any:
        if isinstance(value, dict):
            left_out = ("identity", "known")
            return {self._text(k): self._value(v) for k, v in sorted(value.items()) if k not in left_out}
        if isinstance(value, list):
            return [self._value(item) for item in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        text = self.moment.sub("<moment>", text)
        return self.pattern.sub(lambda found: self.names.setdefault(found[0], f"<{len(self.names)}>"), text)
