"""A dashboard as text, as JSON, and as one HTML page without scripts that loads nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.model.text import safe_text
from workbench.model.times import moment_text, to_text
from workbench.model.width import cells, crop, fit
from workbench.notes.as_html import page
from workbench.notes.blocks import Block, Entries, Entry, Outline, Pairs, Paragraph, Steps, Tone
from workbench.notes.blocks import Section as Part
from workbench.usecases.views.dashboards.model import Dashboard, Line, Section, Which
from workbench.usecases.views.marks import Mark

SCHEMA = "workbench.dashboard.1"
WIDEST = 36  # cells of a title
_LONGEST = 500
_TONES = {
    Mark.BLOCKS: Tone.BAD,
    Mark.WARNS: Tone.WARN,
    Mark.DONE: Tone.GOOD,
    Mark.EXCEPTED: Tone.EXCEPTED,
    Mark.NOT_APPLICABLE: Tone.QUIET,
}


def dashboard_lines(found: Dashboard) -> Iterator[str]:
    """The whole as lines for a terminal, every one safe; a stand-up is nothing but its five."""
    if found.which is Which.STAND_UP:
        yield from (_safe(line.text) for section in found.sections for line in section.lines)
        return
    yield _safe(f"{found.project}, {found.which.words}, {moment_text(found.at, found.zone)}")
    for section in found.sections:
        yield ""
        yield section.title
        width = min(WIDEST, max((cells(_safe(line.title)) for line in section.lines), default=0))
        for line in section.lines:
            title = fit(crop(_safe(line.title), width), width)
            yield f"  {line.mark.symbol if line.mark else ' '} {title}  {_safe(line.text)}".rstrip()
        if not section.lines:
            yield f"    {section.nothing}"


def _safe(text: str) -> str:
    return safe_text(text, _LONGEST)


def dashboard_document(found: Dashboard) -> dict[str, Any]:
    """What ``dashboard --json`` prints."""
    return {
        "schema": SCHEMA,
        "dashboard": found.which.value,
        "project": found.project,
        "release": found.release or None,
        "headline": found.headline,
        "at": to_text(found.at),
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "nothing": section.nothing if not section.lines else "",
                "lines": [_line(line) for line in section.lines],
            }
            for section in found.sections
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "key": line.key,
        "title": line.title,
        "text": line.text,
        "mark": line.mark.word if line.mark else None,
        "known": line.known,
        "numerator": line.numerator,
        "denominator": line.denominator,
        "ref": line.ref or None,
    }


def dashboard_page(found: Dashboard) -> str:
    """The same as one HTML file."""
    return page(_outline(found), str(found.zone))


def _outline(found: Dashboard) -> Outline:
    return Outline(
        project=_safe(found.project),
        version=_safe(found.release) or "No release",
        summary="",
        tone=_TONES.get(found.mark, Tone.PLAIN),
        headline=_safe(found.headline),
        remarks=(),
        facts=Pairs((("Made", moment_text(found.at, found.zone)),)),
        sections=tuple(
            Part(key=section.key, title=section.title, blocks=(_block(section, found.which),))
            for section in found.sections
        ),
        subject=found.which.words.lower(),
        mark=found.mark.symbol,
    )


def _block(section: Section, which: Which) -> Block:
    if not section.lines:
        return Paragraph(section.nothing, Tone.QUIET)
    if which is Which.STAND_UP:
        return Steps(tuple(_safe(line.text) for line in section.lines), numbered=True)
    return Entries(tuple(_entry(line) for line in section.lines))


def _entry(line: Line) -> Entry:
    mark = line.mark
    tone = _TONES.get(mark, Tone.PLAIN) if mark else Tone.PLAIN
    return Entry(tone, _safe(line.title), _safe(line.text), mark=mark.symbol if mark else "•")
