"""What notes tell of afterwards: what to watch, what was said would hold, who is told; and what is unproven."""

from __future__ import annotations

from workbench.notes.blocks import Block, Entries, Entry, Paragraph, Section, Steps, Tone
from workbench.notes.model import NotesDocument
from workbench.notes.moments import Moments


def unproven(document: NotesDocument) -> Section:
    """Whose word is not known to be worth anything."""
    entries = tuple(Entry(Tone.WARN, line.title, line.why) for line in document.unproven)
    return Section("unproven", "Unproven", (Entries(entries),) if entries else ())


def watch(document: NotesDocument, say: Moments) -> Section:
    """What to look at once it is out: by hand, by the criteria for going back, by what people said would hold."""
    blocks: list[Block] = []
    if document.watch:
        blocks.append(Steps(document.watch))
    else:
        blocks.append(Paragraph("Nothing is listed to watch after this release.", Tone.WARN))
    if document.watched:
        blocks.append(Steps(document.watched, "Measured in production; a fail says to roll back"))
    said = tuple(
        Entry(
            Tone.PLAIN,
            f"{line.title}: {line.states}",
            f"until {say.day(line.until)}, said by {line.by}",
            (("With", line.part),) if line.part else (),
        )
        for line in document.predictions
    )
    if said:
        blocks.append(Entries(said, "Predictions"))
    if document.escalations:
        told = (f"{line.gate}: after {line.after}, {line.to} is told" for line in document.escalations)
        blocks.append(Steps(tuple(told), "Blockers that stay open"))
    return Section("watch", "What to watch", tuple(blocks))
