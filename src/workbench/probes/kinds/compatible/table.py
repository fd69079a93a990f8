"""Which versions were tried together: a table of pairs, or what Pact and its broker write."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.configuration.decoding import decode
from workbench.sources.configuration.tree import Block, Items, Leaf, Node, Unreadable
from workbench.sources.configuration.yaml_files import read_yaml
from workbench.sources.versions.reading import read_version

_YES = frozenset({"true", "yes", "passed", "success", "successful", "verified"})
_NO = frozenset({"false", "no", "failed", "failure", "broken"})
_LISTS = ("verified", "pairs", "matrix", "results")
_RESULTS = ("verified", "success", "compatible", "result", "verificationResult")


class Tried(msgspec.Struct, frozen=True):
    """One version of a caller that was tried with one version of what it calls."""

    caller: str
    caller_version: str
    called: str
    called_version: str
    works: bool


def tried_in(data: bytes, where: str) -> list[Tried]:
    """The pairs of a file; ``SourceError`` where it cannot be read or holds none.

    A row has ``consumer``, ``version``, ``provider``, ``provider_version`` and ``verified``; or, as Pact has it,
    ``consumer`` and ``provider`` with ``name`` and ``version``, and ``success`` or ``verificationResult``.  A row
    without a result says nothing.
    """
    try:
        text, _ = decode(data)
        roots = read_yaml(text).roots  # JSON is YAML
    except Unreadable as error:
        raise SourceError(error.what, where=f"{where}:{error.line}" if error.line else where) from None
    rows = [row for root in roots for row in _rows(root)]
    if not rows:
        raise SourceError(
            "it holds no pair of versions",
            where=where,
            hint="a row has consumer, version, provider, provider_version and verified",
        )
    return [tried for row in rows if (tried := _tried(row, where)) is not None]


def _rows(node: Node) -> Iterator[Block]:
    if isinstance(node, Items):
        for item in node.items:
            yield from _rows(item)
    elif isinstance(node, Block):
        if node.get("consumer") is not None and node.get("provider") is not None:
            yield node
        for name in _LISTS:
            below = node.get(name)
            if isinstance(below, Items):
                yield from _rows(below)


def _tried(row: Block, where: str) -> Tried | None:
    caller, caller_version = _party(row, "consumer", ("version", "consumer_version", "consumerVersion"))
    called, called_version = _party(row, "provider", ("provider_version", "providerVersion"))
    if not (caller and caller_version and called and called_version):
        raise SourceError("a pair does not name both sides and their versions", where=f"{where}:{row.line}")
    works = _works(row)
    return None if works is None else Tried(caller, caller_version, called, called_version, works)


def _party(row: Block, name: str, versions: tuple[str, ...]) -> tuple[str, str]:
    party = row.get(name)
    if isinstance(party, Block):
        version = party.get("version")
        number = version.text("number") if isinstance(version, Block) else party.text("version")
        return safe_text(party.text("name"), 200), safe_text(number, 200)
    told = next((text for one in versions if (text := row.text(one))), "")
    return safe_text(row.text(name), 200), safe_text(told, 200)


def _works(row: Block) -> bool | None:
    for name in _RESULTS:
        result = row.get(name)
        if isinstance(result, Block):
            result = result.get("success")
        if isinstance(result, Leaf):
            word = result.text.lower()
            if word in _YES | _NO:
                return word in _YES
    return None


def version_key(text: str) -> str:
    """What two spellings of one version have in common: ``v1.2`` and ``1.2``."""
    version = read_version(text)
    return ".".join(map(str, version.numbers)) + version.rest if version.numbers else version.text
