"""The section of the notes that tells what changes: by kind, and how much of the range of commits is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from workbench.model.text import number_of
from workbench.notes.blocks import Block, Entries, Entry, Paragraph, Section, Steps, Tone
from workbench.notes.citing import about_change
from workbench.notes.model import HiddenLine, NotesDocument
from workbench.releases.change_lines import Changes, Coverage, Known, Told
from workbench.releases.conventional import Group

_TONES = {Group.BREAKING: Tone.WARN, Group.SECURITY: Tone.WARN}
MOST_PEOPLE = 5


def commits_section(document: NotesDocument) -> Section:
    """Each change in a line, breaking ones first; what is not known is said and never “nothing”."""
    found = document.told
    return Section("commits", "Changes by kind", tuple(_blocks(found, document.hidden)) if found else ())


def _blocks(found: Changes, left_out: Sequence[HiddenLine]) -> Iterator[Block]:
    for group, lines in groupby(found.lines, lambda line: line.group):
        yield Entries(tuple(_entry(line) for line in lines), group.heading)
    if left_out:
        yield Entries(tuple(map(_left_out, left_out)), "Left out of these notes")
    if found.missing:
        yield Steps((*found.missing, *_more(found)), "In production, and not in this candidate")
    for words, tone in coverage_words(found.coverage):
        yield Paragraph(words, tone)


def _entry(line: Told) -> Entry:
    details = [("Breaks", text) for text in line.breaks]
    details += [("Not read", line.problem)] if line.problem else []
    tone = _TONES.get(line.group, Tone.PLAIN)
    return Entry(tone, _said(line), _from(line), tuple(details), about=about_change(line))


def _left_out(item: HiddenLine) -> Entry:
    """That a line is missing, by whom and why; its words are not told again."""
    return Entry(Tone.QUIET, item.line, f"left out by {item.by}: {item.reason}")


def _said(line: Told) -> str:
    return f"{line.scope}: {line.text}" if line.scope else line.text


def _from(line: Told) -> str:
    """Who made it, and the fragment or commits that tell it."""
    names = line.people[:MOST_PEOPLE]
    more = f" and {len(line.people) - len(names)} more" if len(line.people) > len(names) else ""
    commits = ", ".join(commit[:12] for commit in line.commits[:3])
    left = f" and {len(line.commits) - 3} more" if len(line.commits) > 3 else ""
    found = (line.fragment, f"{commits}{left}", f"{', '.join(names)}{more}")
    return " · ".join(text for text in found if text)


def _more(found: Changes) -> Iterator[str]:
    left = found.coverage.missing - len(found.missing)
    if left > 0:
        yield f"and {number_of(left, 'more commit')}"


def coverage_words(found: Coverage) -> Iterator[tuple[str, Tone]]:
    """How much of the range is told, in sentences, each with its tone."""
    if found.known is Known.NOT_KNOWN:
        why = "; ".join(found.why)
        yield f"What changed since the release in production is not known: {why}.", Tone.WARN
        return
    since = f"{found.since_version} (commit {found.since[:12]})" if found.since_version else found.since[:12]
    yield _counted(found, since), Tone.PLAIN if not found.other else Tone.WARN
    for why in found.why:
        yield f"Known in part only: {why}.", Tone.WARN
    if found.missing:
        yield (
            f"{number_of(found.missing, 'commit')} that {'runs' if found.missing == 1 else 'run'} in production "
            f"{'is' if found.missing == 1 else 'are'} not in this candidate.",
            Tone.BAD,
        )


def _counted(found: Coverage, since: str) -> str:
    if not found.commits:
        return f"There are no commits since {since}."
    parts = [
        (found.by_fragment, "told by a fragment"),
        (
            found.conventional,
            "told by its first line" if found.conventional == 1 else "told by their first lines",
        ),
        (found.merges, "merge" if found.merges == 1 else "merges"),
        (found.reverted, "folded away with reverts"),
        (found.other, "not described by convention, listed under “Other changes”"),
        (found.beyond, "not read"),
    ]
    told = ", ".join(f"{count:,} {words}" for count, words in parts if count)
    return f"{number_of(found.commits, 'commit')} since {since}: {told}."
