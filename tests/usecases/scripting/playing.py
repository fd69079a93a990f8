"""Playing a script back: bash reads it, and each ``workbench`` that it calls runs in this process."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.golden.playing import typed, typed_words
from tests.tui.driving import web_shop

from workbench.usecases.opening import open_context
from workbench.usecases.project import Options

_SHIM = """#!/usr/bin/env bash
{ printf '%s\\0' "$#" "${WORKBENCH_AS:-}" "$@"; base64 -w0; printf '\\0'; } >> "$CALLS"
"""
# With these the same was done: a source that cannot be asked now, cells that cannot be read now as then.
# A fetch may lack an answer, an import leaves rows out, a probe finds what nobody has decided on.
_FINE = {"fetch": (0, 3), "import": (0, 2), "probe": (0, 1)}


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


def told_alike(record: Any) -> dict[str, list[Any]]:
    """What a record holds, without times, and with names of their own for ids, digests and codes.

    Which file rows were taken from, at which desk, and how people's identity is known, belongs to where it was done.
    """
    return _Alike(record).kinds


_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\b[0-9a-f]{64}\b|\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b"
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_NOT_HERE = ("desk", "identity", "known")


class _Alike:
    def __init__(self, record: Any) -> None:
        self.names: dict[str, str] = {}
        self.kinds: dict[str, list[Any]] = {}
        for kind in record.kinds:
            if kind.name.startswith("imported_") or kind.name == "table_reading":
                continue
            values = [(row.seq, self._kept(row.decode(dict))) for row in record.all(kind.name)]
            values.sort(key=lambda pair: (_ID.sub("", repr(pair[1])), pair[0]))
            self.kinds[kind.name] = [self._named(value) for _, value in values]

    def _kept(self, value: Any) -> Any:
        """Without times, and without what belongs to where it was done."""
        if isinstance(value, dict):
            return {key: self._kept(item) for key, item in sorted(value.items()) if key not in _NOT_HERE}
        if isinstance(value, list):
            return [self._kept(item) for item in value]
        return _MOMENT.sub("<moment>", value) if isinstance(value, str) else value

    def _named(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._text(key): self._named(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._named(item) for item in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        return _ID.sub(lambda found: self.names.setdefault(found[0], f"<{len(self.names)}>"), text)


def end_of(root: Path) -> int:
    context = open_context(Options(project=root), readonly=True)
    try:
        return context.record.head.seq
    finally:
        context.record.close()


def held(root: Path) -> dict[str, list[object]]:
    context = open_context(Options(project=root), readonly=True)
    try:
        return told_alike(context.record)
    finally:
        context.record.close()


def plays_back(root: Path, end: int, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """What was done in ``root`` after the entry ``end``, played back on its copy in ``folder/two``, is held there too."""
    there = held(root)
    assert end_of(root) > end
    patch.chdir(root)
    script = folder / "played" / "acts.sh"
    script.parent.mkdir()
    _, said, code = typed(f"script --from {end + 1} --output {script}")
    assert code == 0, said

    copy = folder / "two" / root.name
    patch.setenv("WORKBENCH_DATA", str(folder / "two" / "data"))
    patch.chdir(copy)
    play_back(calls_of(script, folder / "calls"), patch)
    assert held(copy) == there


def told_and_played_back(
    lines: Sequence[str], folder: Path, patch: pytest.MonkeyPatch, more: str = ""
) -> None:
    """Type these commands into a copy of the sample shop; its script does the same to another copy.

    ``more`` is YAML that stands at the end of the shop's file.
    """
    (folder / "one").mkdir()
    shop = web_shop(folder / "one", patch)
    with (shop / "workbench.yaml").open("a", encoding="utf-8") as file:
        file.write(more)
    shutil.copytree(folder / "one", folder / "two")
    end = end_of(shop)
    patch.chdir(shop)
    for line in lines:
        printed, said, code = typed(line)
        assert code == 0, f"$ {line}\n{printed}{said}"
    plays_back(shop, end, folder, patch)
