"""The minutes of a poll: Markdown, text, one HTML file, or ``workbench.poll.1``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.times import moment_text, to_text
from workbench.notes.as_html import page as html_page
from workbench.notes.as_markdown import markdown_of
from workbench.notes.as_text import text_lines
from workbench.notes.blocks import Entries, Entry, Outline, Pairs, Paragraph, Section, Steps, Tone
from workbench.notes.moments import Moments
from workbench.notes.safe import made_safe
from workbench.signoff.polls import CONCERNS, Vote
from workbench.usecases.context import Context
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.polls import NO_SIGNATURE, RESULTS, PollPage, Seat, clock, counted

SCHEMA = "workbench.poll.1"
FORMATS = ("txt", "md", "html")
ENDINGS = {"txt": "txt", "md": "md", "html": "html", "htm": "html"}
_TONES = {
    Mark.DONE: Tone.GOOD,
    Mark.BLOCKS: Tone.BAD,
    Mark.NOT_APPLICABLE: Tone.QUIET,
    Mark.WARNS: Tone.WARN,
    Mark.EXCEPTED: Tone.EXCEPTED,
}


def minutes(context: Context, page: PollPage, form: str) -> str:
    """The minutes in one of :data:`FORMATS`; ``UsageError`` for another one."""
    zone = context.definitions.project.timezone
    if form == "html":
        return html_page(made_safe(outline(context, page)), zone)
    if form == "md":
        return markdown_of(made_safe(outline(context, page)), Moments(zone))
    if form == "txt":
        return "\n".join(text_lines(made_safe(outline(context, page)), Moments(zone))) + "\n"
    raise UsageError(f"minutes cannot be written as “{form}”", hint=f"one of {', '.join(FORMATS)}")


def outline(context: Context, page: PollPage) -> Outline:
    """The minutes before they have a format."""
    project = context.definitions.project
    value = page.value
    ended = moment_text(value.ended_at, page.zone) if value.ended_at else "still running"
    rows = [
        ("Gate", page.gate_title),
        ("Build", f"{page.build}, commit {value.commit[:12]}"),
        ("Begun", f"{moment_text(value.at, page.zone)} by {value.by}"),
        ("Ended", ended),
    ]
    rows += [("Took", clock(value.ended_at - value.at))] if value.ended_at else []
    rows += [("Said at the end", value.words)] if value.words else []
    rows.append(("Kept under", value.statement or page.stored.base))
    said = RESULTS[page.result] if not value.running else f"still running, {RESULTS[page.result]} by now"
    bad = page.result.value in ("no_go", "sent_back")
    return Outline(
        project=project.title or project.project,
        version=page.release,
        subject=f"poll of {page.gate_title}",
        summary=f"Go/no-go poll of {page.gate_title}: {counted(page)}; {NO_SIGNATURE}.",
        tone=Tone.GOOD if page.result.value == "go" else Tone.BAD if bad else Tone.PLAIN,
        headline=said,
        remarks=page.others,
        facts=Pairs(tuple(rows)),
        sections=(
            _section("votes", "Votes", [_voted(seat, page) for seat in page.seats if _has_voted(seat)]),
            _section("concerns", "Concerns", [_concern(seat) for seat in page.concerns]),
            _section("absent", "Absent", [Entry(Tone.QUIET, name) for name in page.absent]),
            Section("unasked", "Not asked", (_unasked(page),)),
            _section("read-out", "Read out: what was open when the poll began", _read_out(page)),
        ),
    )


def _section(key: str, title: str, entries: Sequence[Entry]) -> Section:
    return Section(key, title, (Entries(tuple(entries)) if entries else Paragraph("none", Tone.QUIET),))


def _has_voted(seat: Seat) -> bool:
    return seat.vote is not None and seat.vote.answers


def _voted(seat: Seat, page: PollPage) -> Entry:
    assert seat.vote is not None
    details = [("Said", moment_text(seat.vote.at, page.zone)), ("Kept under", seat.vote.statement)]
    details += [("Note", seat.remark)] if seat.remark else []
    words = f"{seat.says}, {seat.entered}"
    return Entry(_TONES.get(seat.mark, Tone.PLAIN), f"{seat.role_words}: {seat.name}", words, tuple(details))


def _concern(seat: Seat) -> Entry:
    assert seat.vote is not None
    return Entry(Tone.BAD, f"{seat.name}, {seat.role_words}: {seat.says}", seat.vote.words)


def _unasked(page: PollPage) -> Steps | Paragraph:
    left = [
        f"{seat.role_words}: {seat.name}"
        for seat in page.seats
        if seat.needed and (seat.vote is None or seat.vote.vote is Vote.PRESENT)
    ]
    return Steps(tuple(left)) if left else Paragraph("nobody", Tone.QUIET)


def _read_out(page: PollPage) -> list[Entry]:
    found = [Entry(Tone.PLAIN, line.title, line.why) for line in page.value.read_out]
    return [*found, Entry(Tone.QUIET, f"{page.value.more} more")] if page.value.more else found


def document(page: PollPage) -> dict[str, Any]:
    """The poll for scripts."""
    value = page.value
    return {
        "schema": SCHEMA,
        "id": page.stored.id,
        "release": page.release,
        "candidate": page.build,
        "commit": value.commit,
        "gate": value.gate,
        "begun_at": to_text(value.at),
        "begun_by": value.by,
        "ended_at": to_text(value.ended_at) if value.ended_at else None,
        "ended_by": value.ended_by or None,
        "running": value.running,
        "result": page.result.value,
        "words": value.words,
        "asked": [plain(one) for one in value.asked],
        "votes": [_vote_document(seat) for seat in page.seats if seat.vote is not None],
        "concerns": [
            seat.person for seat in page.seats if seat.vote is not None and seat.vote.vote in CONCERNS
        ],
        "absent": [
            seat.person for seat in page.seats if seat.vote is not None and seat.vote.vote is Vote.ABSENT
        ],
        "read_out": [plain(one) for one in value.read_out],
        "more": value.more,
        "others": list(page.others),
        "shown": value.shown,
        "statement": value.statement,
    }


def _vote_document(seat: Seat) -> dict[str, Any]:
    vote = seat.vote
    assert vote is not None
    return {
        "person": vote.person,
        "role": vote.role,
        "vote": vote.vote.value,
        "words": vote.words,
        "at": to_text(vote.at),
        "entered_by": vote.entered_by,
        "in_person": vote.in_person,
        "statement": vote.statement,
    }
