"""What well-known files mean: manifests by what they are called, secrets decoded, lists of ``NAME=value`` as blocks."""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
from collections import Counter
from collections.abc import Callable, Iterator

from workbench.sources.configuration.naming import without_environment
from workbench.sources.configuration.tree import (
    DEPTH_LIMIT,
    Block,
    Document,
    Entries,
    Items,
    Leaf,
    Node,
    Note,
    Unreadable,
)

Inner = Callable[[str, str], Document | None]
"""Reads a file that stands within a value, by its name and text; ``None`` where it is none."""

_PAIR = re.compile(r"([A-Za-z_][\w./-]*)(?:=(.*))?", re.DOTALL)
_OPTION = re.compile(r"(--?[A-Za-z][\w.-]*)(?:=(.*))?", re.DOTALL)
_PAIRS = frozenset(
    {"environment", "env", "literals", "labels", "annotations", "sysctls", "build-args", "envs"}
)
_FILES_IN = frozenset({"ConfigMap", "Secret"})
_TEXT_OF_YAML = frozenset({"patch", "values", "valuesYaml", "valuesContent"})
_DATA = ("data", "stringData")
_ENCRYPTED = re.compile(r"ENC\[AES256_GCM,.*\]", re.DOTALL)
_LONGEST_INNER = 400_000
EMPTY = "it holds no values"


def is_manifests(document: Document) -> bool:
    """Whether a file holds manifests of Kubernetes."""
    return any(_is_manifest(root) for found in document.roots for root in _listed(found))


def shape(document: Document, read_inner: Inner) -> Block:
    """What a document holds, as one block: its manifests under kind and name, or else what stands in it."""
    roots = [root for found in document.roots for root in _listed(found)]
    shaper = _Shaper(read_inner)
    if is_manifests(document):
        return _manifests([shaper.manifest(root) for root in roots])
    shaped = [shaper.node(_without_sops(root), "", 0) for root in roots]
    if len(shaped) == 1:
        return shaped[0] if isinstance(shaped[0], Block) else Block({"": (shaped[0].line, shaped[0])})
    return Block({str(number): (root.line, root) for number, root in enumerate(shaped, 1)})


def _listed(root: Node) -> tuple[Node, ...]:
    """The members of a list of manifests (``kubectl get -o yaml``)."""
    if isinstance(root, Block) and root.text("kind").endswith("List") and "items" in root.entries:
        return root.items("items")
    return (root,)


def _is_manifest(root: Node) -> bool:
    return isinstance(root, Block) and bool(root.text("kind")) and bool(root.text("apiVersion"))


def _without_sops(root: Node) -> Node:
    """Without what sops writes about its own encryption, which differs from file to file."""
    if isinstance(root, Block) and (sops := root.block("sops")) and "mac" in sops.entries:
        return root.without("sops")
    return root


def _manifests(roots: list[Node]) -> Block:
    """Manifests under kind and name; what they were called for one environment only does not count, where names stay apart."""
    short = [_identity(root, without_environment) for root in roots]
    often = Counter(short)
    names = [
        identity if often[identity] == 1 else _identity(root, str)
        for root, identity in zip(roots, short, strict=True)
    ]
    again: Counter[tuple[str, str]] = Counter()
    kinds: dict[str, dict[str, tuple[int, Node]]] = {}
    for root, (kind, name) in zip(roots, names, strict=True):
        again[kind, name] += 1
        number = again[kind, name]
        kinds.setdefault(kind, {})[name if number == 1 else f"{name} {number}"] = (root.line, root)
    return Block({kind: (0, Block(held)) for kind, held in kinds.items()})


def _identity(root: Node, plain: Callable[[str], str]) -> tuple[str, str]:
    if not isinstance(root, Block) or not root.text("kind"):
        return "document", "1"
    metadata = root.block("metadata") or Block({})
    return root.text("kind"), plain(metadata.text("name")) or plain(metadata.text("generateName")) or "-"


class _Shaper:
    def __init__(self, read_inner: Inner) -> None:
        self._read_inner = read_inner

    def manifest(self, root: Node) -> Node:
        root = _without_sops(root)
        if not isinstance(root, Block):
            return self.node(root, "", 0)
        kind = root.text("kind")
        if kind == "SealedSecret":
            root = _sealed(root)
        held = self.node(root.without(*_DATA) if kind in _FILES_IN else root, kind, 0)
        assert isinstance(held, Block)
        if kind not in _FILES_IN:
            return held
        data = dict(self._data(root, secret=kind == "Secret"))
        return (
            Block({**held.entries, "data": (root.line, Block(data, root.line))}, root.line) if data else held
        )

    def _data(self, root: Block, *, secret: bool) -> Iterator[tuple[str, tuple[int, Node]]]:
        """What a ConfigMap or Secret holds; the files among it are read, too."""
        for part in (*_DATA, "binaryData"):
            block = root.block(part)
            for name, (line, node) in (block.entries if block else {}).items():
                if not isinstance(node, Leaf):
                    yield name, (line, self.node(node, name, 1))
                elif secret:
                    yield name, (line, _secret(node, encoded=part == "data"))
                else:
                    yield name, (line, self._inner(name, node))

    def node(self, node: Node, name: str, depth: int) -> Node:
        if depth > 2 * DEPTH_LIMIT:
            raise Unreadable(f"it is nested more than {DEPTH_LIMIT} levels deep", node.line)
        if isinstance(node, Leaf):
            return self._text(node, name)
        if isinstance(node, Items):
            return self._items(node, name, depth)
        return Block(
            {key: (line, self.node(inner, key, depth + 1)) for key, (line, inner) in node.entries.items()},
            node.line,
        )

    def _items(self, held: Items, name: str, depth: int) -> Node:
        leaves = [item for item in held.items if isinstance(item, Leaf)]
        if leaves and len(leaves) == len(held.items):
            if name in _PAIRS or (name == "args" and all("=" in leaf.text for leaf in leaves)):
                return _as_block(leaves, _PAIR, held)
            if len(leaves) > 1 and all(leaf.text.startswith("--") for leaf in leaves):
                return _as_block(leaves, _OPTION, held)
            return held
        items = tuple(self.node(item, name, depth + 1) for item in held.items)
        return _operations(items, held.line) or _patches(items, held.line) or Items(items, held.line)

    def _text(self, leaf: Leaf, name: str) -> Node:
        if leaf.text.startswith("ENC[") and _ENCRYPTED.fullmatch(leaf.text):
            return Leaf("", leaf.line, encrypted=True)
        start = leaf.text[:1]
        if start and start in "{[" and len(leaf.text) > 2:
            return self._inner("value.json", leaf)
        if name in _TEXT_OF_YAML and "\n" in leaf.text.strip():
            return self._inner("value.yaml", leaf)
        return leaf

    def _inner(self, name: str, leaf: Leaf) -> Node:
        """A file within a value; a value that is none stays a text."""
        if len(leaf.text) > _LONGEST_INNER:
            return leaf
        document = self._read_inner(name, leaf.text)
        if document is None:
            return leaf
        further = leaf.line if "\n" in leaf.text else leaf.line - 1
        block = shape(document, self._read_inner)
        only = block.entries.get("")
        return _moved(only[1] if only is not None and len(block.entries) == 1 else block, further)


def _moved(node: Node, lines: int) -> Node:
    """The same with lines counted from the beginning of the file around it."""
    if isinstance(node, Leaf):
        return Leaf(node.text, node.line + lines, node.bare, node.secret, node.encrypted)
    if isinstance(node, Items):
        return Items(tuple(_moved(item, lines) for item in node.items), node.line + lines)
    return Block(
        {name: (at + lines, _moved(inner, lines)) for name, (at, inner) in node.entries.items()},
        node.line + lines,
    )


def _secret(leaf: Leaf, *, encoded: bool) -> Leaf:
    """A secret in clear, so that it equals the same one written elsewhere; it is hidden before anything leaves."""
    text = leaf.text
    if encoded:
        with contextlib.suppress(binascii.Error, ValueError):  # no base64: it is compared as it is written
            text = base64.b64decode("".join(text.split()), validate=True).decode()
    return Leaf(
        text, leaf.line, secret=True, encrypted=leaf.encrypted or _ENCRYPTED.fullmatch(text) is not None
    )


def _sealed(root: Block) -> Block:
    spec = root.block("spec") or Block({})
    data = spec.block("encryptedData") or Block({})
    sealed: dict[str, tuple[int, Node]] = {
        name: (line, Leaf("", line, encrypted=True)) for name, (line, _) in data.entries.items()
    }
    entries: dict[str, tuple[int, Node]] = {**spec.entries, "encryptedData": (data.line, Block(sealed))}
    return Block({**root.entries, "spec": (spec.line, Block(entries))}, root.line)


def _as_block(leaves: list[Leaf], pattern: re.Pattern[str], held: Items) -> Node:
    """``NAME=value`` by line as a block, so that the order does not count; the list itself where a line is none."""
    entries = Entries([], held.line)
    for leaf in leaves:
        found = pattern.fullmatch(leaf.text)
        if found is None or found[1] in entries.found:
            return held
        value = found[2]
        entries.add(found[1], leaf.line, Leaf(value or "", leaf.line, bare=value is None))
    return entries.block()


def _operations(items: tuple[Node, ...], line: int) -> Node | None:
    """A JSON patch (RFC 6902) as what it sets, by path."""
    blocks = [item for item in items if isinstance(item, Block)]
    if (
        not blocks
        or len(blocks) < len(items)
        or not all(one.text("op") and one.text("path") for one in blocks)
    ):
        return None
    paths = [one.text("path").strip("/").replace("/", ".") for one in blocks]
    if len(set(paths)) < len(paths):
        return None
    entries: dict[str, tuple[int, Node]] = {}
    for path, one in zip(paths, blocks, strict=True):
        at, value = one.entries.get("value", (one.line, Leaf(f"({one.text('op')})", one.line)))
        entries[path] = (at, value)
    return Block(entries, line)


def _patches(items: tuple[Node, ...], line: int) -> Node | None:
    """The patches of a kustomization by what they change."""
    entries: dict[str, tuple[int, Node]] = {}
    for item in items:
        target = item.block("target") if isinstance(item, Block) else None
        if target is None or not isinstance(item, Block):
            return None
        name = " ".join(
            filter(None, (target.text("kind"), target.text("name"), target.text("labelSelector")))
        )
        if not name or name in entries:
            return None
        rest = item.without("target")
        patch = rest.get("patch")
        entries[name] = (item.line, patch if patch is not None and len(rest.entries) == 1 else rest)
    return Block(entries, line) if entries else None


def empty_note(root: Block) -> tuple[Note, ...]:
    """A note where a file holds nothing."""
    return () if root.entries else (Note(EMPTY),)
