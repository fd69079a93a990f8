"""How representative is staging?  One page for whoever has to trust a release: what is said, what is proven, what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

import msgspec

from workbench.model.text import number_of
from workbench.notes.as_html import page
from workbench.notes.as_markdown import markdown_of
from workbench.notes.as_text import text_lines
from workbench.notes.blocks import Block, Entries, Entry, Outline, Pairs, Paragraph, Section, Steps, Tone
from workbench.notes.model import Gap, NotesDocument, SentenceLine
from workbench.notes.moments import Moments
from workbench.notes.safe import made_safe
from workbench.notes.statement import decision_words, still_open
from workbench.parity.decisions import Decision
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.reporting.judgement import ProbeReport
from workbench.usecases.reporting.making import probes as probes_of
from workbench.usecases.reporting.notes import notes_of
from workbench.usecases.reporting.report import Report
from workbench.usecases.reporting.showing import shown_report

SUBJECT = "how representative is staging"


def read_outline(context: Context, evaluation: Evaluation) -> Outline:
    """The page of an evaluated release; of one that went out, as it was then."""
    report = shown_report(context, evaluation)
    if not report.probes:  # reports that were kept before there was this page do not have them
        report = msgspec.structs.replace(report, probes=probes_of(evaluation))
    return outline(report)


def outline(report: Report) -> Outline:
    """The page of a report, before it has a format."""
    document = notes_of(report)
    say = Moments(document.timezone)
    gaps = document.parity.gaps
    sections = (
        _statement(document, say),
        _probes(report.probes),
        _differences("undecided", "Differences that no one has decided", filter(still_open, gaps), say),
        _differences("mitigated", "Differences with a mitigation", _decided(gaps, Decision.MITIGATE), say),
        _differences("accepted", "Differences that are accepted", _decided(gaps, Decision.ACCEPT), say),
        _differences("closing", "Differences that will be closed", _decided(gaps, Decision.CLOSE), say),
        _unproven(report, document),
    )
    tone, words = _headline(report, document)
    return Outline(
        project=document.project_title,
        version=document.version,
        summary="",
        tone=tone,
        headline=words,
        remarks=_remarks(document, say),
        facts=_facts(document, say),
        sections=tuple(section for section in sections if section.blocks),
        subject=SUBJECT,
    )


def _headline(report: Report, document: NotesDocument) -> tuple[Tone, str]:
    """How much of what is said of staging rests on something that was seen to fail."""
    gaps, probes = document.parity.gaps, report.probes
    undecided = sum(map(still_open, gaps))
    proven = sum(probe.proven for probe in probes)
    said = [
        f"{proven} of {number_of(len(probes), 'probe')} proven" if probes else "no probe looks at staging"
    ]
    said.append(f"{number_of(document.parity.total, 'known difference')}, {undecided} of them undecided")
    if report.not_covered:
        said.append(f"{number_of(len(report.not_covered), 'flow')} not covered")
    good = bool(probes) and proven == len(probes) and not undecided and not report.not_covered
    return Tone.GOOD if good else Tone.WARN, "; ".join(said)


def _remarks(document: NotesDocument, say: Moments) -> tuple[str, ...]:
    found = [document.kept] if document.kept else []
    if document.demonstration:
        found.append(
            f"Demonstration: the clock is set to {say.at(document.demonstration)}. This page proves nothing."
        )
    return tuple(found)


def _facts(document: NotesDocument, say: Moments) -> Pairs:
    rows = [("Release", document.version)]
    if document.candidate:
        rows.append(("Candidate", f"{document.candidate.name}, commit {document.candidate.commit}"))
    if document.parity.reviewed_at:
        by = f" by {document.parity.reviewed_by}" if document.parity.reviewed_by else ""
        rows.append(("Parity map reviewed", say.at(document.parity.reviewed_at) + by))
    rows.append(("Judged at", say.at(document.judged_at)))
    return Pairs(tuple(rows))


def _statement(document: NotesDocument, say: Moments) -> Section:
    parity = document.parity
    blocks: list[Block] = [
        Steps(tuple(map(_said, lines)), topic.words)
        for topic, lines in groupby(parity.sentences, lambda line: line.topic)
    ]
    if not blocks:
        blocks = [Paragraph(text) for text in parity.statement]
    elif parity.kept:
        by = f" by {parity.kept_by}" if parity.kept_by else ""
        when = f" on {say.day(parity.kept_at)}" if parity.kept_at else ""
        blocks.append(Paragraph(f"Kept{by}{when}.", Tone.QUIET))
    else:
        blocks.append(Paragraph("This is drafted from the record; no one has read and kept it.", Tone.WARN))
    return Section("statement", "Parity statement", tuple(blocks))


def _said(line: SentenceLine) -> str:
    return f"▲ {line.text} No longer fits: {'; '.join(line.misfits)}." if line.misfits else line.text


def _probes(probes: Iterable[ProbeReport]) -> Section:
    """Whether each probe can find what it looks for: how many planted differences it found."""
    entries = tuple(
        Entry(Tone.GOOD if probe.proven else Tone.WARN, probe.title, probe.words) for probe in probes
    )
    blocks: tuple[Block, ...] = (Entries(entries),) if entries else ()
    if not entries:
        blocks = (Paragraph("No probe compares staging with production.", Tone.WARN),)
    return Section("probes", "Probes, and what they can find", blocks)


def _decided(gaps: Iterable[Gap], decision: Decision) -> Iterator[Gap]:
    return (gap for gap in gaps if gap.decision is decision and not still_open(gap))


def _differences(key: str, title: str, gaps: Iterable[Gap], say: Moments) -> Section:
    entries = tuple(_difference(gap, say) for gap in gaps)
    return Section(key, title, (Entries(entries),) if entries else ())


def _difference(gap: Gap, say: Moments) -> Entry:
    tone = Tone.EXCEPTED
    if still_open(gap):
        tone = Tone.BAD if gap.severity.value == "high" else Tone.WARN
    details = (
        ("Mitigation", gap.mitigation),
        ("Staging", gap.staging),
        ("Production", gap.production),
        ("Impact", gap.impact),
        ("Affects", ", ".join(gap.flows)),
        ("Region", gap.region),
        ("Reason", gap.reason),
        ("Owner", str(gap.owner) if gap.owner else ""),
    )
    text = f"{gap.severity.value}, {gap.category.value}; {decision_words(gap, say)}"
    return Entry(tone, gap.title, text, tuple((name, words) for name, words in details if words))


def _unproven(report: Report, document: NotesDocument) -> Section:
    """What nobody has shown: flows without a test, probes that never failed, values that staging cannot tell."""
    covered = [Entry(Tone.WARN, line.what, ", ".join(line.flows)) for line in document.not_covered]
    doubted = [
        Entry(Tone.WARN, line.title, "; ".join(line.cannot_tell))
        for line in document.benchmarks
        if line.cannot_tell
    ]
    never_compared = [Entry(Tone.WARN, item.title, item.why) for item in report.unproven]
    left = document.parity.gaps_left_out
    blocks: list[Block] = [
        Entries(tuple(entries), heading)
        for heading, entries in (
            ("Flows that are not covered", covered),
            ("Benchmarks in doubt, by the differences that touch their flow", doubted),
            ("Probes and sources", never_compared),
        )
        if entries
    ]  # fmt: skip
    if left:
        blocks.append(Paragraph(f"{number_of(left, 'difference')} more on the map and not listed here."))
    return Section("unproven", "What is unproven", tuple(blocks))


def as_html(found: Outline, timezone: str = "UTC") -> str:
    """One file: no script, nothing from outside."""
    return page(made_safe(found), timezone)


def as_markdown(found: Outline, timezone: str = "UTC") -> str:
    return markdown_of(made_safe(found), Moments(timezone))


def as_text(found: Outline, timezone: str = "UTC") -> str:
    return "\n".join(text_lines(made_safe(found), Moments(timezone))) + "\n"


def written(context: Context, form: str) -> str:
    """The page of the release in hand in one of :data:`FORMATS`."""
    timezone = context.definitions.project.timezone
    return FORMATS[form](read_outline(context, evaluate(context)), timezone)


FORMATS: dict[str, Callable[[Outline, str], str]] = {"txt": as_text, "md": as_markdown, "html": as_html}
