"""From what a file holds to parameters by path: lists by what names their members, never by position."""

from __future__ import annotations

import json
from collections.abc import Iterable

import msgspec

from workbench.model.text import number_of
from workbench.sources.configuration.scalars import normal
from workbench.sources.configuration.secrets import credentials, holds_secrets, is_secret, looks_secret
from workbench.sources.configuration.tree import VALUES_LIMIT, Block, Items, Leaf, Node, Note, too_many

_LONGEST_ADDRESS = 2_000
_IDENTITIES = ("name", "key", "id", "Name", "Key", "identifier", "alias", "mountPath", "containerPort")
_IN_ORDER = frozenset({"command", "entrypoint", "cmd", "args", "healthcheck", "test"})
_EXACT = frozenset(
    {"version", "tag", "image", "release", "revision", "newtag", "appversion", "targetrevision", "commit"}
)


class Value(msgspec.Struct, frozen=True, gc=False):
    """One parameter.  ``text`` is what is compared; of a ``secret`` it must never leave the program.

    ``members`` are those of a list that is one parameter and may hold secrets: what stands in each, by path
    ("" for a text).  ``ordered`` says that their order counts.
    """

    text: str
    line: int = 0
    secret: bool = False
    members: tuple[dict[str, Value], ...] = ()
    ordered: bool = False


class Flat(msgspec.Struct, frozen=True):
    """Parameters by path, the paths of lists whose members have names, and what could not be compared."""

    values: dict[str, Value]
    lists: frozenset[str]
    notes: tuple[Note, ...] = ()


def flatten(root: Node) -> Flat:
    """All parameters of a file.  Paths are as in ``containers/web/image``; ``/`` in a name is written ``~1``."""
    walk = _Walk()
    if not isinstance(root, Block) or root.entries:
        walk.node("", "", root, root.line, False)
    notes = tuple(
        Note(f"{number_of(len(walk.encrypted), 'encrypted value')} cannot be compared", first)
        for first in walk.encrypted[:1]
    )
    return Flat(walk.values, frozenset(walk.lists), notes)


def written_list(texts: Iterable[str], *, ordered: bool = False) -> str:
    """A list of texts as one text."""
    written = [json.dumps(text, ensure_ascii=False) if "," in text else text for text in texts]
    return f"[{', '.join(written if ordered else sorted(written))}]"


def escaped(name: str) -> str:
    """A name as a part of a path, as in RFC 6901."""
    return name.replace("~", "~0").replace("/", "~1") if "/" in name or "~" in name else name


class _Walk:
    def __init__(self) -> None:
        self.values: dict[str, Value] = {}
        self.lists: set[str] = set()
        self.encrypted: list[int] = []
        self._count = 0

    def node(self, path: str, name: str, node: Node, line: int, within: bool) -> None:
        if isinstance(node, Leaf):
            self._leaf(path, name, node, line, within)
        elif isinstance(node, Block):
            self._block(path, name, node, line, within)
        else:
            self._items(path, name, node, line, within)

    def _leaf(self, path: str, name: str, leaf: Leaf, line: int, within: bool) -> None:
        if leaf.encrypted:
            self.encrypted.append(line)
            return
        text = normal(leaf.text, bare=leaf.bare, exact=name.lower() in _EXACT)
        if leaf.secret:
            self._put(path, Value(text, line, text != ""))
            return
        short = len(text) < _LONGEST_ADDRESS and "\n" not in text
        if short and "://" in text and "@" in text and (parted := credentials(text)):
            text, user = parted
            self._put(path + "/credentials", Value(user, line, True))
        self._put(path, Value(text, line, is_secret(name, text, within=within)))

    def _block(self, path: str, name: str, block: Block, line: int, within: bool) -> None:
        if not block.entries:
            self._put(path, Value("{}", line))
            return
        within = within or holds_secrets(name)
        start = path + "/" if path else ""
        for key, (at, node) in block.entries.items():
            self.node(start + escaped(key), key, node, at or line, within)

    def _items(self, path: str, name: str, held: Items, line: int, within: bool) -> None:
        items = held.items
        if all(isinstance(item, Leaf) for item in items):
            self._texts(path, name, [item for item in items if isinstance(item, Leaf)], line, within)
        elif named := _by_name(items):
            self.lists.add(path)
            within = within or holds_secrets(name)
            for key, node in named.items():
                self.node(f"{path}/{escaped(key)}", key, node, node.line or line, within)
        else:
            members = [self._member(item, name, within) for item in items]
            self._put(path, Value("", line, members=tuple(members)))

    def _texts(self, path: str, name: str, leaves: list[Leaf], line: int, within: bool) -> None:
        """A list of texts is one parameter; its order counts only where it is a command."""
        exact = name.lower() in _EXACT
        texts = [normal(leaf.text, bare=leaf.bare, exact=exact) for leaf in leaves if not leaf.encrypted]
        secret = any(leaf.secret for leaf in leaves) or any(
            is_secret(name, text, within=within) or credentials(text) is not None for text in texts
        )
        if not secret and any(text.startswith("-") for text in texts):
            secret = looks_secret(" ".join(texts))  # an option, and what follows it
        ordered = name.lower() in _IN_ORDER
        if secret:
            members = tuple({"": Value(text, line, True)} for text in texts)
            self._put(path, Value("", line, True, members, ordered))
        else:
            self._put(path, Value(written_list(texts, ordered=ordered), line))

    def _member(self, node: Node, name: str, within: bool) -> dict[str, Value]:
        """What stands in one member of a list, by path; "" for a text."""
        inner = _Walk()
        inner._count = self._count
        inner.node("", name, node, node.line, within)
        self._count = inner._count
        self.encrypted += inner.encrypted
        return inner.values

    def _put(self, path: str, value: Value) -> None:
        self._count += 1
        if self._count > VALUES_LIMIT:
            raise too_many(value.line)
        self.values[path] = value


def _by_name(items: tuple[Node, ...]) -> dict[str, Node] | None:
    """The members of a list under the names that they give themselves; ``None`` where they do not all have one."""
    blocks = [item for item in items if isinstance(item, Block)]
    if len(blocks) < len(items):
        return None
    for field in _IDENTITIES:
        names = [block.text(field) for block in blocks]
        if all(names) and len(set(names)) == len(names):
            return {name: _rest(block, field) for name, block in zip(names, blocks, strict=True)}
    return None


def _rest(block: Block, field: str) -> Node:
    """What a member says beside its name; where that is just a value, the value."""
    rest = block.without(field)
    if len(rest.entries) == 1 and "value" in rest.entries:
        line, node = rest.entries["value"]
        return msgspec.structs.replace(node, line=block.line or line) if isinstance(node, Leaf) else node
    return rest if rest.entries else Leaf("{}", block.line)
