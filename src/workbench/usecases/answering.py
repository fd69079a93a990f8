"""Answering checklist items and attaching evidence to them."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from typing import Protocol

import msgspec

from workbench.checklists import model as checklists
from workbench.checklists.model import Checklists, ItemState, ItemView
from workbench.evidence.model import Attachment, Evidence, attachment_change
from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.record import Blob, Commit
from workbench.releases.model import held
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.handed_in import HandedIn, without_secrets_in
from workbench.usecases.views.clearing import item_command

MAX_FILE = 20_000_000
_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)


class Walked(Protocol):
    """What checklists are walked for: a release that was judged, or an incident."""

    @property
    def checklists(self) -> Checklists: ...

    @property
    def subject(self) -> str: ...

    @property
    def build(self) -> str | None: ...

    def checklist_title(self, key: str) -> str: ...

    def require_open(self) -> None: ...


def find_item(walked: Walked, ref: str) -> ItemView:
    """The item ``checklist/item``, or the one item of that key."""
    listed = [view for views in walked.checklists.values() for view in views]
    found = [v for v in listed if ref in (f"{v.checklist}/{v.item.key}", v.item.key)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"several checklists have an item “{ref}”", hint="write CHECKLIST/ITEM")
    from workbench.model.keys import nearest

    names = [f"{v.checklist}/{v.item.key}" for v in listed]
    meant = nearest(ref, [*names, *(v.item.key for v in listed)])
    raise UsageError(f"there is no checklist item “{ref}”", hint=f"did you mean {meant}?" if meant else None)


def answer(
    context: Context,
    walked: Walked,
    view: ItemView,
    state: ItemState,
    *,
    reason: str = "",
    comment: str = "",
    evidence: Evidence | None = None,
) -> Commit:
    """Answer an item for the candidate in hand; evidence may come in the same act."""
    walked.require_open()
    if view.fact is not None and checklists.denies(view.fact, state):
        raise UsageError(f"the record contradicts that: {view.fact.why}", hint=_way_out(view))
    change = checklists.answered(
        view.item,
        view.checklist,
        walked.subject,
        walked.build,
        view.stored,
        state,
        by=context.author().actor,
        at=context.now,
        reason=without_secrets_in(context, reason),
        comment=without_secrets_in(context, comment),
    )
    if evidence is None:
        return commit(context, [change])
    return commit(context, [change, evidence.change], blobs=evidence.blobs)


def _way_out(view: ItemView) -> str | None:
    """What helps where the record stands against an answer: to make it true, or an override of the item."""
    if view.fact is None or view.fact.open:
        return item_command(view) if view.fact is not None and view.fact.step is not None else None
    return f"fix that, or propose an override of item/{view.checklist}/{view.item.key}"


def evidence_for(
    context: Context,
    subject: str,
    *,
    link: str = "",
    file: Path | None = None,
    note: str = "",
    title: str = "",
) -> Evidence:
    """A link, a file's copy or a note as evidence of ``subject``.

    What is plainly a secret is removed from links, notes, titles and text files before they are kept;
    the person is told what was removed.  ``UsageError`` for none of them, and for several at once:
    nothing that was said is dropped.
    """
    if sum(map(bool, (link, file, note.strip()))) > 1:
        raise UsageError(
            "one piece of evidence is one link, one file or one note",
            hint="give one of them now, and attach the other to the same item; a title says what a file is",
        )
    redact = HandedIn()
    by, at = context.author().actor, context.now
    blob: Blob | None = None
    if file is not None:
        blob = _copy(file, redact)
        kind, words = "file", title or file.name
    elif link:
        _require_address(link)
        kind, words = "link", title or link
    elif note.strip():
        kind, words = "note", title or note.strip().splitlines()[0][:120]
        blob = Blob.of(redact.text(note).encode(), "text/plain")
    else:
        raise UsageError("no evidence given", hint="give a link, a file or a note")
    attachment = Attachment(
        subject=subject,
        kind=kind,
        title=redact.text(words.strip()),
        link=redact.text(link) or None,
        digest=blob.digest if blob else None,
        candidate=_candidate(context, subject),
        by=by,
        at=at,
    )
    redact.tell(context)
    return Evidence(
        attachment_change(attachment, fresh_id(context)), (blob,) if blob else (), attachment.link
    )


def _require_address(link: str) -> None:
    """``UsageError`` where a link leads nowhere that a reader could follow."""
    if not _ADDRESS.fullmatch(link.strip()):
        raise UsageError(
            f"“{safe_text(link, 60)}” is not a link that a reader can open",
            hint="a link starts with https:// or http://; a file or a note is evidence too",
        )


def _candidate(context: Context, subject: str) -> str | None:
    """Evidence for an answer speaks of the build in hand."""
    release = subject.removeprefix("answer:").partition("/")[0] if subject.startswith("answer:") else ""
    stored = context.record.get("release", release) if release else None
    return held(context.record, stored).candidate_id if stored else None


def _copy(file: Path, redact: HandedIn) -> Blob:
    try:
        size = file.stat().st_size
        if size > MAX_FILE:
            raise UsageError(
                f"{file.name} is larger than {MAX_FILE // 1_000_000} MB",
                hint="attach a link, or an excerpt of it",
            )
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}", hint="check the path") from error
    media = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Blob.of(redact.file(data), media)


def attach(context: Context, walked: Walked, view: ItemView, evidence: Evidence) -> Commit:
    """Attach a piece of evidence to an item."""
    walked.require_open()
    return commit(context, [evidence.change], blobs=evidence.blobs)


def taken_over(context: Context, walked: Walked, view: ItemView, piece: Attachment) -> Evidence:
    """Evidence of an earlier build once more, for the present one: whoever takes it over says that it holds."""
    again = msgspec.structs.replace(
        piece,
        subject=subject_of(walked, view),
        candidate=walked.build,
        by=context.author().actor,
        at=context.now,
    )
    return Evidence(attachment_change(again, fresh_id(context)))


def earlier_piece(view: ItemView, number: int) -> Attachment:
    """The evidence of earlier builds by its number, from 1, in the order in which it is shown."""
    if 1 <= number <= len(view.earlier):
        return view.earlier[number - 1]
    raise UsageError(
        f"{view.item.title} has no evidence {number} from an earlier build",
        hint=f"there are {len(view.earlier)}; `workbench checklist show` numbers them"
        if view.earlier
        else None,
    )


def subject_of(walked: Walked, view: ItemView) -> str:
    """What evidence for an item refers to."""
    return f"answer:{checklists.answer_id(walked.subject, view.checklist, view.item.key)}"
