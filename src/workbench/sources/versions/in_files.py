"""Which versions a file or an answer tells: images of manifests, tables of names and versions, one version.

Read by content: Kubernetes manifests, compose files, Helm values (``repository`` and ``tag``), kustomize's
``images``, Dockerfiles, JSON and YAML objects of names and versions, and lines such as ``postgres 15.4``,
``requests==2.31`` or ``nodejs 20.9.0``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.configuration.decoding import decode
from workbench.sources.configuration.tree import Block, Items, Leaf, Node, Unreadable
from workbench.sources.configuration.yaml_files import read_yaml
from workbench.sources.versions.reading import read_image

MOST = 20_000  # things in one file
_LINE = re.compile(r"(?P<name>[A-Za-z0-9][\w./+-]{0,120}?)\s*(?:===?|[:=@]|\s)\s*(?P<version>[^\s\[{&*].*)\Z")
_FROM = re.compile(r"\s*FROM\s+(?:--\S+\s+)*(?P<image>\S+)", re.IGNORECASE)
_NAMED = ("version", "tag", "release", "build", "commit")  # what an answer about one service calls it
_Pairs = Iterator[tuple[str, str]]


def versions_in(data: bytes, where: str) -> dict[str, str]:
    """Names and versions in a file; ``SourceError`` where it tells none, or cannot be read.

    What is named several times with different versions has them all: ``1.2 or 1.3``.
    """
    found: dict[str, list[str]] = {}
    try:
        text, _ = decode(data)
        for name, version in _all(text):
            versions = found.setdefault(safe_text(name, 200), [])
            if version not in versions:
                versions.append(version)
            if len(found) > MOST:
                raise Unreadable(f"it names more than {MOST:,} things")
    except Unreadable as error:
        raise SourceError(error.what, where=f"{where}:{error.line}" if error.line else where) from None
    if not found:
        raise SourceError("it names no version", where=where, hint="write lines such as: postgres 15.4")
    return {name: " or ".join(sorted(versions)) for name, versions in found.items()}


def version_in(data: bytes, media: str, where: str) -> str:
    """The one version that an answer tells: its text, or what JSON calls version, tag, release, build or commit."""
    try:
        text, _ = decode(data)
        root = _first(read_yaml(text).roots) if "json" in media.lower() else None  # JSON is YAML
    except Unreadable as error:
        raise SourceError(f"the answer tells no version: {error.what}", where=where) from None
    if "json" not in media.lower():
        line = text.strip().partition("\n")[0].strip()
        if not line or line.startswith("<"):
            raise SourceError("the answer tells no version", where=where)
        return safe_text(line, 400)
    told = [root] if isinstance(root, Leaf) else []
    if isinstance(root, Block):
        told += [below for name in _NAMED if isinstance(below := root.get(name), Leaf) and below.text]
    if not told or not told[0].text:
        raise SourceError(f"the answer has no {', '.join(_NAMED[:-1])} or {_NAMED[-1]}", where=where)
    return safe_text(told[0].text, 400)


def _first(roots: tuple[Node, ...]) -> Node | None:
    return roots[0] if roots else None


def _all(text: str) -> _Pairs:
    images = [match["image"] for line in text.splitlines() if (match := _FROM.match(line))]
    if images:
        yield from _of_images(images)
        return
    try:
        roots = read_yaml(text).roots
    except Unreadable:
        if not all(_LINE.match(line) for line in _lines(text)):
            raise
        roots = ()  # lines, and no YAML
    if not roots or any(isinstance(root, Leaf) for root in roots):
        yield from (
            (match["name"], match["version"]) for line in _lines(text) if (match := _LINE.match(line))
        )
        return
    in_manifests = [pair for root in roots for pair in _images(root)]
    yield from in_manifests or (pair for root in roots for pair in _table(root, ()))


def _lines(text: str) -> Iterator[str]:
    """The lines that say something, without comments and quotes."""
    for raw in text.splitlines():
        line = re.split(r"(?:^|\s)#", raw, maxsplit=1)[0].strip().replace('"', "").replace("'", "")
        if line:
            yield line


def _images(node: Node) -> _Pairs:
    """Every image in a manifest: a text, or ``repository`` and ``tag``; and kustomize's list ``images``."""
    if isinstance(node, Items):
        for item in node.items:
            yield from _images(item)
    if not isinstance(node, Block):
        return
    for name, (_, below) in node.entries.items():
        if name == "image" and isinstance(below, Leaf):
            yield from _of_images([below.text])
        elif name == "image" and isinstance(below, Block) and below.text("repository"):
            yield from _of_images([_written(below, "repository", "tag")])
        elif name == "images" and isinstance(below, Items):
            yield from _of_images(
                item.text if isinstance(item, Leaf) else _written(item, "name", "newTag")
                for item in below.items
                if isinstance(item, Leaf | Block)
            )
        else:
            yield from _images(below)


def _written(image: Block, name: str, tag: str) -> str:
    """An image of several entries as one text."""
    marks = ((":", image.text(tag)), ("@", image.text("digest")))
    return image.text(name) + "".join(mark + text for mark, text in marks if text)


def _of_images(texts: Iterable[str]) -> _Pairs:
    for text in texts:
        image = read_image(text)
        if image is not None and text != "scratch":
            yield image.name, image.version


def _table(node: Node, above: tuple[str, ...]) -> _Pairs:
    """Names and versions of an object; a list of objects is read by ``name`` and ``version``."""
    if isinstance(node, Items):
        for item in node.items:
            if isinstance(item, Block):
                yield from _table(item, above)
    if not isinstance(node, Block):
        return
    if node.text("name") and node.text("version"):
        yield ".".join((*above, node.text("name"))), node.text("version")
        return
    for name, (_, below) in node.entries.items():
        if isinstance(below, Leaf):
            if below.text:
                yield ".".join((*above, name)), below.text
        else:
            yield from _table(below, (*above, name))
