"""The notes as GitHub's Markdown: escaped, so that nobody is mentioned and nothing runs."""

from __future__ import annotations

from workbench.definitions.notes_template import Audience
from workbench.model.markdown import markdown_text as md
from workbench.notes.blocks import (
    MARKS,
    Block,
    Charts,
    Entries,
    Entry,
    Outline,
    Pairs,
    Paragraph,
    Section,
    Sources,
    Steps,
    Table,
    Tone,
    Verdicts,
    cited_words,
)
from workbench.notes.marked import HEAD, Generated
from workbench.notes.model import NotesDocument
from workbench.notes.moments import Moments
from workbench.notes.outline import outline, over_time, verdict_details, verdict_tone, verdict_words


def markdown(document: NotesDocument, audience: Audience = Audience.TEAM) -> str:
    """The whole document, ending in one line break."""
    return markdown_of(outline(document, audience), Moments(document.timezone))


def markdown_parts(document: NotesDocument, audience: Audience = Audience.TEAM) -> tuple[Generated, ...]:
    """The head and each section as a part of its own, in their order (:mod:`~workbench.notes.marked`)."""
    notes, say = outline(document, audience), Moments(document.timezone)
    return (
        Generated(HEAD, "\n".join(head_lines(notes)) + "\n"),
        *(Generated(each.key, "\n".join(section_lines(each, say)) + "\n") for each in notes.sections),
    )


def markdown_of(notes: Outline, say: Moments) -> str:
    """Any outline, ending in one line break; what stands in it has been made safe."""
    lines = head_lines(notes)
    for section in notes.sections:
        lines += ["", *section_lines(section, say)]
    return "\n".join(lines) + "\n"


def head_lines(notes: Outline) -> list[str]:
    """What stands before the first section."""
    lines = [f"# {md(notes.project)} {md(notes.version)}", "", f"> **{notes.sign} {md(notes.headline)}**"]
    for remark in notes.remarks:
        lines += [">", f"> {md(remark)}"]
    lines.append("")
    if notes.summary:
        lines += [md(notes.summary), ""]
    return lines + _pairs(notes.facts)


def section_lines(section: Section, say: Moments) -> list[str]:
    """A section under its heading."""
    lines = [f"## {md(section.title)}"]
    for block in section.blocks:
        lines += ["", *_block(block, say)]
    return lines


def _block(block: Block, say: Moments) -> list[str]:
    match block:
        case Paragraph(text=text, tone=tone):
            sign = f"{MARKS[tone]} " if tone in (Tone.WARN, Tone.BAD) else ""
            return [sign + md(text)]
        case Pairs():
            return _pairs(block)
        case Entries(entries=entries, heading=heading):
            return _headed(heading, [line for entry in entries for line in _entry(entry)])
        case Steps(items=items, heading=heading, numbered=numbered):
            marks = [f"{n}." if numbered else "-" for n in range(1, len(items) + 1)]
            return _headed(heading, [f"{mark} {md(item)}" for mark, item in zip(marks, items, strict=True)])
        case Verdicts():
            return _verdicts(block, say)
        case Charts(charts=charts, heading=heading):
            return _headed(heading, [f"- **{md(chart.title)}**: {md(over_time(chart))}" for chart in charts])
        case Table():
            return _headed(block.heading, _table(block))
        case Sources(rows=rows):
            return [f"{n}. {md(cited_words(row))}" for n, row in enumerate(rows, 1)]


def _cites(number: int) -> str:
    """The number of the evidence behind a claim: `` \\[1\\]``."""
    return f" \\[{number}\\]" if number else ""


def _table(table: Table) -> list[str]:
    """What is said under a row stands in a column of its own."""
    told = any(row.under for row in table.rows)
    names = (*table.head, *(("",) if told else ()))
    lines = ["| " + " | ".join(map(md, names)) + " |", "|" + " --- |" * len(names)]
    for row in table.rows:
        found = (*row.cells, *((" ".join(row.under),) if told else ()))
        lines.append("| " + " | ".join(md(cell) for cell in found) + " |")
    return lines


def _headed(heading: str, lines: list[str]) -> list[str]:
    return [f"### {md(heading)}", "", *lines] if heading else lines


def _pairs(pairs: Pairs) -> list[str]:
    lines = ["| | |", "| --- | --- |"]
    return lines + [f"| {md(name)} | {md(value)} |" for name, value in pairs.rows]


def _entry(entry: Entry) -> list[str]:
    text = f": {md(entry.text)}" if entry.text else ""
    # The list has a bullet already.
    sign = "" if entry.sign == MARKS[Tone.PLAIN] else f"{entry.sign} "
    lines = [f"- {sign}**{md(entry.title)}**{text}{_cites(entry.cite)}"]
    return lines + [f"  - {md(name)}: {md(value)}" for name, value in entry.details]


def _verdicts(block: Verdicts, say: Moments) -> list[str]:
    lines = [
        "| | Benchmark | Verdict | Value | Limit | Baseline | Margin | Made from |",
        "| --- | --- | --- | ---: | ---: | ---: | --- | --- |",
    ]
    for place, row in enumerate(block.rows):
        cells = (
            MARKS[verdict_tone(row)],
            row.title,
            f"{verdict_words(row)}, {row.mode.value}",
            row.value_text or "–",
            row.limit_text or "–",
            row.baseline_text or "–",
            row.margin_text or "–",
            "; ".join(f"{name.lower()}: {value}" for name, value in verdict_details(row, say)) or "–",
        )
        cited = _cites(block.cited(place))
        lines.append("| " + " | ".join(md(cell) for cell in cells) + f"{cited} |")
    return lines
