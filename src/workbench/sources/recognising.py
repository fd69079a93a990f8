"""Which format a file has, told by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import msgspec

from workbench.model.kinds import SourceKind

HEAD = 64 * 1024  # bytes that are looked at, beside the keys of a JSON object
_LARGEST = 64 * 2**20  # bytes of a JSON document that is looked at as a whole
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")
_ASIDE = re.compile(rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*>", re.DOTALL)
_NOTHING: Mapping[str, msgspec.Raw] = {}


class Sample:
    """A file as it is looked at: its name for people, its beginning and, where it is asked for, its JSON.

    ``data`` is the whole file, or the beginning of one that is too large to be looked at as a whole.
    """

    def __init__(self, name: str, data: bytes, size: int | None = None) -> None:
        self.name = name
        self.size = len(data) if size is None else size
        self._data = data

    @property
    def head(self) -> bytes:
        """The first 64 KiB."""
        return self._data[:HEAD]

    @cached_property
    def document(self) -> Mapping[str, msgspec.Raw]:
        """The JSON object that the file is, its values undecoded; empty where it is none, or cut off."""
        if not self._plain.startswith(b"{") or self.size > _LARGEST:
            return _NOTHING
        try:
            return msgspec.json.decode(self._data, type=dict[str, msgspec.Raw])
        except (msgspec.DecodeError, ValueError, RecursionError):
            return _NOTHING

    @property
    def keys(self) -> frozenset[str]:
        """The keys at the top of the JSON object."""
        return frozenset(self.document)

    def value(self, key: str) -> Any:
        """What stands at a key at the top, decoded; ``None`` where nothing does."""
        raw = self.document.get(key)
        if raw is None:
            return None
        try:
            return msgspec.json.decode(raw)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return None

    @cached_property
    def items(self) -> list[Any]:
        """The first items of the JSON list that the file is, decoded; empty where it is none."""
        if not self._plain.startswith(b"[") or self.size > _LARGEST:
            return []
        try:
            raw = msgspec.json.decode(self._data, type=list[msgspec.Raw])
            return [msgspec.json.decode(one) for one in raw[:5]]
        except (msgspec.DecodeError, ValueError, RecursionError):
            return []

    def first_lines(self, most: int = 20) -> list[str]:
        """The first lines, without what is cut off at the end of the head."""
        lines = self.head.decode("utf-8-sig", "replace").splitlines()
        return lines[: min(most, len(lines) if self.size <= HEAD else max(1, len(lines) - 1))]

    @cached_property
    def first_json(self) -> Mapping[str, Any]:
        """The JSON object in the first line that is not empty; empty where there is none."""
        line = next((one for one in self.first_lines() if one.strip()), "")
        try:
            found = msgspec.json.decode(line)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @cached_property
    def csv_header(self) -> tuple[str, ...]:
        """The names in the first line, where it has several that are separated by commas."""
        line = next(iter(self.first_lines(1)), "")
        names = tuple(name.strip().strip('"') for name in line.split(","))
        return names if len(names) > 1 else ()

    @cached_property
    def xml_root(self) -> str:
        """The name of the outermost element, without its prefix; "" where the file is no XML."""
        plain = _ASIDE.sub(b"", self._plain[:HEAD]).lstrip()
        found = _ROOT.match(plain)
        return found[1].decode() if found else ""

    @cached_property
    def _plain(self) -> bytes:
        return self._data.removeprefix(b"\xef\xbb\xbf").lstrip()


class Recognised(msgspec.Struct, frozen=True):
    """A kind of source that reads a file, and what the file is in words."""

    kind: str
    words: str


def recognised(sample: Sample, kinds: Mapping[str, SourceKind]) -> list[Recognised]:
    """The kinds that read a file of these contents; one at most, unless two formats look alike."""
    return list(_looked_at(sample, kinds))


def _looked_at(sample: Sample, kinds: Mapping[str, SourceKind]) -> Iterable[Recognised]:
    for name, kind in kinds.items():
        if kind.recognise is not None and (words := kind.recognise()(sample)):
            yield Recognised(name, words)
