"""Whole traces of single spans: who called whom, and which spans hang on nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from workbench.sources.traces.model import Span, Spans

_Key = tuple[str, str]


class Node(msgspec.Struct, frozen=True):
    """A span with the spans that it called, by their beginning."""

    span: Span
    children: list[Node]


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """The spans that belong together; those of a message hang on what sent it, also where they are a trace of their own.

    ``roots`` begin on nothing, ``orphans`` name a parent that is not there: some of the trace is missing.
    """

    id: str
    roots: tuple[Node, ...]
    orphans: tuple[Node, ...] = ()

    @property
    def tops(self) -> tuple[Node, ...]:
        """Where it can be entered."""
        return (*self.roots, *self.orphans)


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """What was read, put together once: its traces, and what should be known of them (see :class:`Spans`)."""

    traces: tuple[Trace, ...] = ()
    notes: tuple[str, ...] = ()
    partial: str = ""


def whole(spans: Spans) -> Whole:
    """The traces of what was read."""
    return Whole(traces=tuple(traces_of(spans.spans)), notes=spans.notes, partial=spans.partial)


def traces_of(spans: Iterable[Span]) -> list[Trace]:
    """The traces of some spans, by their beginning."""
    builder = _Builder(list(spans))
    return sorted(builder.traces(), key=lambda trace: (trace.tops[0].span.start, trace.id))


def walk(node: Node) -> Iterator[Node]:
    """A node and everything below it, callers first, each once."""
    left, seen = [node], set[int]()
    while left:
        one = left.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            left.extend(reversed(one.children))


def topmost(nodes: Iterable[Node], wanted: Callable[[Span], bool]) -> Iterator[Node]:
    """The nodes that are wanted and lie below no other one that is."""
    left, seen = list(nodes)[::-1], set[int]()
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if wanted(one.span):
            yield one
        else:
            left.extend(reversed(one.children))


class _Builder:
    def __init__(self, spans: list[Span]) -> None:
        self._nodes = [Node(span, []) for span in sorted(spans, key=lambda span: (span.start, span.id))]
        self._by_key: dict[_Key, list[Node]] = {}
        for node in self._nodes:
            self._by_key.setdefault((node.span.trace, node.span.id), []).append(node)

    def traces(self) -> Iterator[Trace]:
        tops = list[tuple[Node, bool]]()
        for node in self._nodes:
            parents = self._parents(node)
            if not parents:
                tops.append((node, bool(node.span.parent)))
            for parent in parents:
                parent.children.append(node)
        reached = {id(each) for top, _ in tops for each in walk(top)}
        for node in self._nodes:  # spans that are their own ancestors
            if id(node) not in reached:
                node.children.clear()
                tops.append((node, True))
        grouped: dict[str, list[tuple[Node, bool]]] = {}
        for top, orphan in tops:
            grouped.setdefault(top.span.trace, []).append((top, orphan))
        for trace, members in grouped.items():
            yield Trace(
                id=trace,
                roots=tuple(node for node, orphan in members if not orphan),
                orphans=tuple(node for node, orphan in members if orphan),
            )

    def _parents(self, node: Node) -> list[Node]:
        """What a span hangs on: its caller; of messages that are taken together, whoever sent one of them."""
        span = node.span
        if (twin := self._twin(node)) is not None:
            return [twin]
        if span.parent:
            found = [self._called(span.trace, span.parent, node)]
        elif span.kind == "consumer":
            found = [self._called(*link, node) for link in dict.fromkeys(span.links)]
        else:
            found = []
        return [one for one in found if one is not None]

    def _twin(self, node: Node) -> Node | None:
        """The client that gave its id to the server it called, as Zipkin has it."""
        if node.span.kind != "server":
            return None
        same = self._by_key[node.span.trace, node.span.id]
        return next((one for one in same if one.span.kind == "client"), None)

    def _called(self, trace: str, id: str, node: Node) -> Node | None:
        found = [one for one in self._by_key.get((trace, id), ()) if one is not node]
        return next((one for one in found if one.span.kind == "server"), found[0] if found else None)
