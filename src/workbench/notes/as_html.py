"""An outline as one HTML file: charts inside, no script, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from workbench.definitions.notes_template import Audience
from workbench.notes.bars import bar
from workbench.notes.blocks import (
    MARKS,
    SHORT,
    Block,
    Charts,
    Entries,
    Entry,
    Outline,
    Pairs,
    Paragraph,
    Section,
    Sources,
    Span,
    Steps,
    Table,
    Verdicts,
    cited_kinds,
)
from workbench.notes.control_plot import control_svg
from workbench.notes.model import Cited, NotesDocument, VerdictLine
from workbench.notes.moments import Moments
from workbench.notes.outline import gate_tone, outline, verdict_details, verdict_tone, verdict_words
from workbench.notes.style import CITES, IN_PAGE, PLOTS, ROWS, STYLE
from workbench.notes.svg import short

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def html(document: NotesDocument, audience: Audience = Audience.TEAM) -> str:
    """The whole page, ending in one line break."""
    return page(
        outline(document, audience),
        document.timezone,
        steps=_gates(document) if audience is Audience.TEAM else "",
    )


def page(notes: Outline, timezone: str = "UTC", *, steps: str = "") -> str:
    """Any outline whose texts are safe as one page; ``steps`` is HTML between its head and its sections."""
    say = Moments(timezone)
    title = escape(f"{notes.project} {notes.version}: {notes.subject}")
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{title}</title>",
        f"<style>{_style(notes)}</style>",
        "</head>",
        "<body>",
        *_head(notes),
        steps,
        "<main>",
        *(_section(section, say) for section in notes.sections),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def _style(notes: Outline) -> str:
    """The styles of a page, and those of what only some pages have."""
    found = STYLE + (PLOTS + IN_PAGE if _has(notes, Charts) else "")
    found += ROWS if _has(notes, Table) else ""
    return found + (CITES if _has(notes, Sources) else "")


def _has(notes: Outline, kind: type[Charts] | type[Table] | type[Sources]) -> bool:
    """Whether there is any such block: most pages need no styles for it."""
    return any(isinstance(block, kind) for section in notes.sections for block in section.blocks)


def _head(notes: Outline) -> list[str]:
    tone = notes.tone.value
    lines = [
        "<header>",
        f'<p class="project"><bdi>{escape(notes.project)}</bdi> · {escape(notes.subject)}</p>',
        f"<h1><bdi>{escape(notes.version)}</bdi></h1>",
    ]
    if notes.summary:
        lines.append(f'<p class="summary" dir="auto">{escape(notes.summary)}</p>')
    lines.append(f'<p class="standing {tone}"><b>{notes.sign}</b> {escape(notes.headline)}</p>')
    lines += [f'<p class="remark">{escape(remark)}</p>' for remark in notes.remarks]
    return [*lines, _pairs(notes.facts), "</header>"]


def _gates(document: NotesDocument) -> str:
    if not document.gates:
        return ""
    steps = []
    for gate in document.gates:
        steps.append(
            f'<li class="{gate_tone(gate).value}"><bdi>{escape(gate.title)}</bdi>'
            f'<small><span class="sign">{escape(gate.mark)}</span> {escape(gate.words)}</small></li>'
        )
    return f'<ol class="stepper" aria-label="Gates">{"".join(steps)}</ol>'


def _section(section: Section, say: Moments) -> str:
    blocks = "\n".join(_block(block, say) for block in section.blocks)
    return f'<section id="{section.key}">\n<h2>{escape(section.title)}</h2>\n{blocks}\n</section>'


def _block(block: Block, say: Moments) -> str:
    match block:
        case Paragraph(text=text, tone=tone):
            return f'<p class="{tone.value}" dir="auto">{escape(text)}</p>'
        case Pairs():
            return _pairs(block)
        case Entries(entries=entries, heading=heading):
            return _heading(heading) + f'<ul class="entries">{"".join(_entry(e) for e in entries)}</ul>'
        case Steps(items=items, heading=heading, numbered=numbered):
            tag = "ol" if numbered else "ul"
            return (
                _heading(heading) + f'<{tag} class="steps">{"".join(_step(item) for item in items)}</{tag}>'
            )
        case Verdicts():
            return _verdicts(block, say)
        case Charts(charts=charts, heading=heading):
            return _heading(heading) + "\n".join(control_svg(chart, say.zone) for chart in charts)
        case Table():
            return _heading(block.heading) + _table(block)
        case Sources(rows=rows):
            found = (f'<li id="evidence-{n}">{_source(row)}</li>' for n, row in enumerate(rows, 1))
            return f'<ol class="sources">{"".join(found)}</ol>'


def _source(items: Sequence[Cited]) -> str:
    """What a claim rests on; a whole digest shows where a mouse rests on its beginning."""
    found = []
    for words, digests in cited_kinds(items):
        short = (f'<span title="{escape(digest)}">{escape(digest[:SHORT])}</span>' for digest in digests)
        found.append(", ".join((f"<bdi>{escape(words)}</bdi>", *short)))
    return "; ".join(found)


def _cites(number: int) -> str:
    """A link to the evidence behind a claim, within the page."""
    return f' <sup class="cites"><a href="#evidence-{number}">{number}</a></sup>' if number else ""


def _heading(text: str) -> str:
    return f'<h3 dir="auto">{escape(text)}</h3>\n' if text else ""


def _step(text: str) -> str:
    return f'<li dir="auto">{escape(text)}</li>'


def _pairs(pairs: Pairs) -> str:
    rows = "".join(f"<div><dt>{escape(n)}</dt><dd><bdi>{escape(v)}</bdi></dd></div>" for n, v in pairs.rows)
    return f'<dl class="pairs">{rows}</dl>'


def _entry(entry: Entry) -> str:
    text = f' <span class="text"><bdi>{escape(entry.text)}</bdi></span>' if entry.text else ""
    details = ""
    if entry.details:
        rows = "".join(
            f"<div><dt><bdi>{escape(n)}</bdi></dt><dd><bdi>{escape(v)}</bdi></dd></div>"
            for n, v in entry.details
        )
        details = f'<dl class="details">{rows}</dl>'
    sign = f'<span class="sign">{entry.sign}</span>'
    title = f"<strong><bdi>{escape(entry.title)}</bdi></strong>"
    return (
        f'<li class="{entry.tone.value}">{sign}<div>{title}{text}{_cites(entry.cite)}{details}</div></li>\n'
    )


def _table(table: Table) -> str:
    names = (*table.head, *(("",) if table.drawn else ()))
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = []
    for row in table.rows:
        first, *others = row.cells
        cells = f'<th scope="row"><bdi>{escape(first)}</bdi></th>'
        cells += "".join(f"<td><bdi>{escape(cell)}</bdi></td>" for cell in others)
        if table.drawn:
            cells += f'<td class="span">{_span(row.span) if row.span else ""}</td>'
        lines = "".join(f'<p dir="auto">{escape(line)}</p>' for line in row.under)
        under = f'<tr class="under"><td colspan="{len(names)}">{lines}</td></tr>' if lines else ""
        body.append(f"<tbody><tr>{cells}</tr>{under}</tbody>\n")
    return f'<table class="rows"><thead><tr>{head}</tr></thead>\n{"".join(body)}</table>'


def _span(span: Span) -> str:
    """The interval as a bar from 0 to 100 %, and the value as a line across it."""
    low, high, value = (100 * each for each in (span.low, span.high, span.value))
    words = f"{value:.0f} %, between {low:.0f} % and {high:.0f} %"
    return (
        f'<svg viewBox="0 0 100 10" role="img" aria-label="{words}"><rect class="track" y="4" width="100" height="2"/>'
        f'<rect class="known" x="{short(low)}" y="2.5" width="{short(max(high - low, 0.8))}" height="5"/>'
        f'<line class="value-line" x1="{short(value)}" x2="{short(value)}" y1="0.5" y2="9.5"/></svg>'
    )


def _verdicts(block: Verdicts, say: Moments) -> str:
    key = (
        '<p class="key"><span class="swatch value"></span>value <span class="swatch accepts"></span>accepted '
        '<span class="swatch limit"></span>limit <span class="swatch baseline"></span>baseline</p>'
    )
    head = (
        "<thead><tr><th>Benchmark</th><th>Verdict</th><th>Value, limit, baseline</th>"
        '<th class="number">Value</th><th class="number">Limit</th></tr></thead>'
    )
    body = "".join(_verdict(row, say, block.cited(place)) for place, row in enumerate(block.rows))
    return f'{key}\n<table class="verdicts">{head}\n{body}</table>'


def _verdict(row: VerdictLine, say: Moments, cite: int) -> str:
    tone = verdict_tone(row)
    details = "; ".join(f"{name.lower()}: {value}" for name, value in verdict_details(row, say))
    chart = bar(row, tone.value) or '<span class="nothing">nothing to draw</span>'
    return (
        f'<tbody class="{tone.value}"><tr>'
        f'<th scope="row"><bdi>{escape(row.title)}</bdi><small>{row.mode.value}</small></th>'
        f'<td class="verdict"><span class="sign">{MARKS[tone]}</span> {verdict_words(row)}</td>'
        f'<td class="chart">{chart}</td>'
        f'<td class="number">{escape(row.value_text or "–")}</td>'
        f'<td class="number">{escape(row.limit_text or "–")}</td></tr>'
        f'<tr class="words"><td colspan="5"><b><bdi>{escape(row.margin_text)}</bdi></b> '
        f"<bdi>{escape(details)}</bdi>{_cites(cite)}</td></tr></tbody>\n"
    )
