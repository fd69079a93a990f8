"""Answers to checklist items, and evidence, as commands."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from workbench.checklists.comments import Comment
from workbench.checklists.model import Answer, ItemState
from workbench.evidence.model import Attachment
from workbench.record import EntryView
from workbench.usecases.scripting.model import Act, KeptFile, Line, Remark, Word
from workbench.usecases.scripting.telling import Telling, command, command_on, said, value_of

_FLAGS = {
    ItemState.OPEN: "reopen",
    ItemState.DONE: "done",
    ItemState.FAILED: "failed",
    ItemState.NOT_APPLICABLE: "not_applicable",
}
_TITLE = 120  # characters of a note's first line that it is called by


def answers(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Items that were answered, with the evidence that came along."""
    for entry in entries:
        value = value_of(entry, Answer)
        item, where = _item(telling, act, entry.id)
        evidence = [word for piece in _with(act, entry.id) for word in given(telling, piece)]
        yield command(
            *("checklist", "tick", item),
            said(**{_FLAGS[value.state]: True}, reason=value.reason, comment=value.comment),
            evidence,
            where,
        )


def _item(telling: Telling, act: Act, about: str) -> tuple[str, tuple[str, ...]]:
    """An item and what it is walked for, from the id of its answer: ``RELEASE/LIST/ITEM``, ``incident/ID/LIST/ITEM``."""
    noun, _, item = about.partition("/")
    if noun != "incident":
        return item, telling.of_release(noun)
    ident, _, item = item.partition("/")
    return item, ("--incident", telling.incident(act, ident))


def _with(act: Act, answer: str) -> list[Attachment]:
    pieces = [value_of(entry, Attachment) for entry in act.of("attachment")]
    return [piece for piece in pieces if piece.subject == f"answer:{answer}"]


def attachments(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Evidence that was attached by itself; what came with an answer or a value is told there."""
    if act.of("answer") or act.of("batch") or act.of("fault_trial") or act.of("routine_done"):
        return
    for entry in entries:
        piece = value_of(entry, Attachment)
        noun, _, about = piece.subject.partition(":")
        if noun == "incident":
            continue  # told with its line of the timeline
        if noun == "difference" and entry.value is not None:
            ref = telling.difference(telling.ever("difference", about))
            yield command_on("parity attach", [ref], given(telling, piece))
            continue
        if noun != "answer" or entry.value is None:
            yield Remark(f"evidence of {about}: {piece.title}")
            continue
        item, where = _item(telling, act, about)
        yield command("checklist", "attach", item, given(telling, piece), where)


def comments(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """What was said about items."""
    for entry in entries:
        if entry.value is not None:
            value = value_of(entry, Comment)
            item, where = _item(telling, act, value.subject.removeprefix("answer:"))
            yield command_on("checklist comment", [item, value.text], where)


def given(telling: Telling, piece: Attachment) -> tuple[Word, ...]:
    """A piece of evidence as the options that attach it."""
    if piece.kind == "link":
        link = piece.link or ""
        return ("--link", link, *said(title=piece.title if piece.title != link else ""))
    if piece.kind == "note":
        blob = telling.record.blob(piece.digest or "")
        note = blob.data.decode("utf-8", "replace") if blob else piece.title
        first = (note.strip().splitlines() or [""])[0][:_TITLE].strip()
        return ("--note", note, *said(title=piece.title if piece.title != first else ""))
    file = KeptFile(piece.digest or "", _file_name(telling, piece))
    return ("--file", file, *said(title=piece.title if piece.title != file.name else ""))


def _file_name(telling: Telling, piece: Attachment) -> str:
    """The title where that is a file's name of the same kind; else a name of that kind."""
    blob = telling.record.blob(piece.digest or "")
    media = blob.media if blob else ""
    name = PurePath(piece.title).name
    plain = name == piece.title and name.isprintable() and name not in ("", ".", "..")
    if plain and (mimetypes.guess_type(name)[0] or "application/octet-stream") == media:
        return name
    return f"evidence{mimetypes.guess_extension(media) or ''}"
