"""Sources that hand out traces, and asking them for all that they have of a stretch of time."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workbench.model.text import safe_text
from workbench.sources.asking_aside import ask_each
from workbench.sources.channel import Channel
from workbench.sources.fetch import Fetch
from workbench.sources.reading import Asker, Question
from workbench.sources.traces.model import Spans, together


class Traced(Asker):
    """A source that hands out traces."""

    async def traces(self, question: Question) -> Spans:
        """The traces of the question's window and environment, as many as are asked for at most."""
        raise NotImplementedError


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """What one source handed out, or why it could not be asked."""

    source: str
    spans: Spans = Spans()
    why: str = ""


def ask_traces(asked: Fetch, questions: Sequence[Question]) -> tuple[Handed, ...]:
    """The traces that each of the sources has for these questions together; one that cannot be asked says why.

    Blocks, with an event loop of its own: call it from the command line or from a worker thread.
    """

    async def traces(asker: Asker, channel: Channel) -> Handed:
        if not isinstance(asker, Traced):
            return Handed(source=channel.source.key, why="it hands out no traces")
        parts = [await asker.traces(question) for question in questions]
        return Handed(source=channel.source.key, spans=_freed(together(parts), asked))

    return tuple(
        Handed(source=source.key, why=found) if isinstance(found, str) else found
        for source, found in ask_each(asked, traces)
    )


def _freed(spans: Spans, asked: Fetch) -> Spans:
    """The same with names that hold no secret and no code of a terminal."""
    text = asked.secrets.redactor().text
    named = [
        msgspec.structs.replace(
            span, service=safe_text(text(span.service), 100), name=safe_text(text(span.name), 200)
        )
        for span in spans.spans
    ]
    return msgspec.structs.replace(spans, spans=tuple(named))
