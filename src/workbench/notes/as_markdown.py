"""The notes as GitHub's Markdown: escaped, so that nobody is mentioned and nothing runs."""

from __future__ import annotations

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
    Steps,
    Table,
    Tone,
    Verdicts,
)
from workbench.notes.model import NotesDocument, VerdictLine
from workbench.notes.moments import Moments
from workbench.notes.outline import outline, over_time, verdict_details, verdict_tone, verdict_words


def markdown(document: NotesDocument) -> str:
    """The whole document, ending in one line break."""
    return markdown_of(outline(document), Moments(document.timezone))


def markdown_of(notes: Outline, say: Moments) -> str:
    """Any outline, ending in one line break; what stands in it has been made safe."""
    lines = [f"# {md(notes.project)} {md(notes.version)}", "", f"> **{notes.sign} {md(notes.headline)}**"]
    for remark in notes.remarks:
        lines += [">", f"> {md(remark)}"]
    lines.append("")
    if notes.summary:
        lines += [md(notes.summary), ""]
    lines += _pairs(notes.facts)
    for section in notes.sections:
        lines += ["", *_section(section, say)]
    return "\n".join(lines) + "\n"


def _section(section: Section, say: Moments) -> list[str]:
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
        case Verdicts(rows=rows):
            return _verdicts(rows, say)
        case Charts(charts=charts, heading=heading):
            return _headed(heading, [f"- **{md(chart.title)}**: {md(over_time(chart))}" for chart in charts])
        case Table():
            return _headed(block.heading, _table(block))


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
    lines = [f"- {entry.sign} **{md(entry.title)}**{text}"]
    return lines + [f"  - {md(name)}: {md(value)}" for name, value in entry.details]


def _verdicts(rows: tuple[VerdictLine, ...], say: Moments) -> list[str]:
    lines = [
        "| | Benchmark | Verdict | Value | Limit | Baseline | Margin | Made from |",
        "| --- | --- | --- | ---: | ---: | ---: | --- | --- |",
    ]
    for row in rows:
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
        lines.append("| " + " | ".join(md(cell) for cell in cells) + " |")
    return lines
