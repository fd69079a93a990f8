"""The order and the wording of release notes, whatever the format: headings, paragraphs, entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

import msgspec

from workbench.benchmarks.charted import ControlChart
from workbench.criteria import Verdict
from workbench.definitions.notes_template import Audience
from workbench.definitions.shapes import Mode
from workbench.gates.model import Weight
from workbench.gates.words import TITLES, open_words
from workbench.model.quantity import find_unit, show, with_unit
from workbench.model.text import number_of
from workbench.notes.afterwards import unproven, watch
from workbench.notes.blocks import (
    Block,
    Charts,
    Entries,
    Entry,
    Outline,
    Pairs,
    Paragraph,
    Section,
    Steps,
    Tone,
    Verdicts,
)
from workbench.notes.changes import commits_section
from workbench.notes.citing import numbered
from workbench.notes.layout import LaidOut, shown_to
from workbench.notes.model import (
    ChecklistLine,
    Gap,
    GateLine,
    IncidentLine,
    ItemLine,
    NotesDocument,
    OpenLine,
    OverrideLine,
    PollLine,
    SentenceLine,
    SignatureLine,
    VerdictLine,
    VoteLine,
)
from workbench.notes.moments import Moments
from workbench.notes.statement import decision_words, still_open
from workbench.releases.model import Outcome, ReleaseState
from workbench.signoff.holding import Currency
from workbench.signoff.model import Decision as Word
from workbench.signoff.model import Way
from workbench.signoff.polls import PollResult, Vote


def outline(document: NotesDocument, audience: Audience = Audience.TEAM) -> Outline:
    """The notes as their template lays them out; sections without content say so or are left out.

    The first line and what is said below it are the same for everyone.
    """
    say = Moments(document.timezone)
    tone, mark, words = headline(document, say)
    built = {section.key: section for section in _sections(document, say)}
    shown = shown_to(document.layout, audience)
    places = [_placed(built[one.section], one, document, say) for one in shown if one.section in built]
    return Outline(
        project=document.project_title,
        version=document.version,
        summary=document.summary,
        tone=tone,
        headline=words,
        remarks=_remarks(document, say),
        facts=_facts(document, say),
        sections=tuple(section for section in numbered(document, places) if section.blocks),
        mark=mark,
    )


def _sections(document: NotesDocument, say: Moments) -> tuple[Section, ...]:
    """Every section that there is, whoever is told; one without blocks has nothing to say."""
    return (
        _since(document),
        _changes(document),
        commits_section(document),
        _open(document, say),
        _gates(document),
        _benchmarks(document),
        _statement(document, say),
        _parity(document, say),
        _overrides(document, say),
        _quarantines(document, say),
        _checklists(document),
        _signatures(document, say),
        _freeze(document, say),
        _incidents(document, say),
        unproven(document),
        watch(document, say),
        _way_back(document),
        Section("evidence", "Evidence", ()),
        _proof(document),
    )


_CONTESTED = "Two desks wrote here at once, and this is one of both: workbench contested shows them."


def headings(document: NotesDocument) -> dict[str, str]:
    """What each section is called, by its key, also where it has nothing to tell."""
    own = {one.section: one.title for one in document.layout if one.title}
    built = _sections(document, Moments(document.timezone))
    return {section.key: own.get(section.key, section.title) for section in built}


def _placed(section: Section, one: LaidOut, document: NotesDocument, say: Moments) -> Section:
    """A section under the heading of the template, with the own words that people wrote into it first."""
    own: list[Block] = []
    for words in document.own:
        if words.section == section.key and words.text:
            own += [Paragraph(text) for text in words.text]
            own.append(Paragraph(f"Written by {words.by}, {say.at(words.at)}.", Tone.QUIET))
            if words.contested:
                own.append(Paragraph(_CONTESTED, Tone.WARN))
    return Section(section.key, one.title or section.title, (*own, *section.blocks))


def headline(document: NotesDocument, say: Moments) -> tuple[Tone, str, str]:
    """The one line that must not be overlooked, its tone and mark: is this release ready, and if not, why?"""
    ending = document.ending
    if ending is not None:
        by = f" by {ending.by}" if ending.by else ""
        word = ending.outcome.value.replace("_", " ").upper()
        went = f"{word} on {say.at(ending.at)}{by}"
        if ending.outcome is not Outcome.SHIPPED:
            return Tone.BAD, "", went
        if not document.through:
            return Tone.BAD, "", f"{went} although not every gate had passed"
        return Tone.GOOD, "", went
    tone, mark, why = _standing(document)
    word = "NOT READY" if _kept_before(document) else document.state.words.upper()
    return tone, mark, f"{word}: {why}"


def _kept_before(document: NotesDocument) -> bool:
    """Whether it was kept before there was the state “blocked”: it says what it said then."""
    return document.state is ReleaseState.IN_GATES


def _standing(document: NotesDocument) -> tuple[Tone, str, str]:
    """How an open release stands: tone, mark, and why."""
    if not document.gates:
        return Tone.BAD, "", "this project has no gates, so nothing shows that it is ready"
    if not any(gate.set_up for gate in document.gates):
        return Tone.BAD, "", "no gate requires anything, so nothing shows that it is ready"
    if document.state is ReleaseState.PLANNED:
        return Tone.WARN, "○", "there is no candidate yet"
    if document.through and document.freeze:
        return Tone.WARN, "", "every gate passed, but the project is frozen"
    if document.through:
        return Tone.GOOD, "", "every gate passed"
    counts = Counter(line.weight for line in document.open)
    words = ", ".join(_then(counts) if _kept_before(document) else open_words(counts))
    if counts[Weight.BLOCKS] or not counts:
        return Tone.BAD, "", words or "a gate has not passed"
    return Tone.WARN, "◐", words


def _then(counts: Counter[Weight]) -> Iterator[str]:
    """How much was open, in the words of reports that were kept before there were “blockers”."""
    blocks = "block" if counts[Weight.BLOCKS] > 1 else "blocks"
    for weight in Weight:
        if counts[weight]:
            yield f"{counts[weight]} {blocks if weight is Weight.BLOCKS else weight.value}"


def _remarks(document: NotesDocument, say: Moments) -> tuple[str, ...]:
    found = [document.kept] if document.kept else []
    if document.demonstration:
        found.append(
            f"Demonstration: the clock is set to {say.at(document.demonstration)} and measurements are "
            "replayed from recordings. These notes prove nothing."
        )
    idle = [gate.title for gate in document.gates if not gate.set_up]
    if idle:
        found.append(
            f"Not set up: {', '.join(idle)}. These gates require nothing, so passing them means nothing."
        )
    return tuple(found)


def _facts(document: NotesDocument, say: Moments) -> Pairs:
    rows = [("Release", f"{document.version}, {document.kind.value}")]
    build = document.candidate
    if build:
        rows.append(("Candidate", f"{build.name}, commit {build.commit}"))
        rows += [("Artifact", f"{item.name} {item.digest}") for item in build.artifacts]
        rows += [("Built", say.at(build.built_at))] if build.built_at else []
        rows += [("Pipeline run", build.run)] if build.run else []
        rows += [("Written by", str(build.author))] if build.author else []
    rows += [("Owner", str(document.owner))] if document.owner else []
    rows += [("Planned for", say.at(document.planned_at))] if document.planned_at else []
    rows += [("Follows", document.previous)] if document.previous else []
    if document.ending and document.ending.run:
        rows.append(("Shipped by run", document.ending.run))
    rows.append(("State", document.state.words))
    rows.append(("Judged at", say.at(document.judged_at)))
    if document.made_at != document.judged_at:
        rows.append(("Printed at", say.at(document.made_at)))
    return Pairs(tuple(rows))


def _since(document: NotesDocument) -> Section:
    """What is no longer as it was when a release was shipped."""
    return Section("since", "Since it was shipped", (Steps(document.since),) if document.since else ())


def _changes(document: NotesDocument) -> Section:
    blocks: list[Block] = [Paragraph(text) for text in document.own_words if text.strip()]
    if document.changes:
        named = tuple(f"{change.title} ({change.key})" for change in document.changes)
        blocks.append(Steps(named, "Kinds of change"))
    if not blocks:
        blocks.append(Paragraph("No one has described this release yet.", Tone.QUIET))
    return Section("changes", "What changes", tuple(blocks))


def _open(document: NotesDocument, say: Moments) -> Section:
    if not document.open:
        return Section("open", "Open", ())
    blocks: list[Block] = []
    for weight in (Weight.BLOCKS, Weight.TO_DO, Weight.TO_SIGN):
        heading = "Blocks" if weight is Weight.BLOCKS and _kept_before(document) else TITLES[weight]
        chosen = [line for line in document.open if line.weight is weight]
        if chosen:
            blocks.append(Entries(tuple(_open_entry(line, say) for line in chosen), heading))
    title = "What was open" if document.ending else "What is still open"
    return Section("open", title, tuple(blocks))


def _open_entry(line: OpenLine, say: Moments) -> Entry:
    details = []
    if line.owner:
        by = f", promised by {say.at(line.promised_by)}" if line.promised_by else ""
        details.append(("With", f"{line.owner}{by}"))
    if line.note:
        details.append(("Note", line.note))
    text = line.why
    if line.gate not in (line.why, line.title[: len(line.gate)]):
        text += f" · {line.gate}"
    if line.weight is Weight.BLOCKS:
        return Entry(Tone.BAD, line.title, text, tuple(details))
    return Entry(Tone.PLAIN, line.title, text, tuple(details), "○")


def _gates(document: NotesDocument) -> Section:
    entries = tuple(_gate_entry(gate) for gate in document.gates)
    return Section("gates", "Gates", (Entries(entries),) if entries else ())


_GATE_TONES = {"✗": Tone.BAD, "◐": Tone.WARN, "▲": Tone.WARN, "✓": Tone.GOOD}


def gate_tone(gate: GateLine) -> Tone:
    """What has a blocker is bad; what waits, or asks for nothing, is quiet."""
    return _GATE_TONES.get(gate.mark, Tone.QUIET)


def _gate_entry(gate: GateLine) -> Entry:
    details = tuple((line.title, f"{line.mark} {line.why}") for line in gate.requirements)
    details += tuple(("Note", text) for text in gate.remarks)
    return Entry(gate_tone(gate), gate.title, gate.words, details, gate.mark)


def verdict_tone(line: VerdictLine) -> Tone:
    """What blocks is bad, and nothing else is."""
    if line.overridden_until or line.quarantined_until:
        return Tone.EXCEPTED
    if line.verdict is Verdict.PASS:
        return Tone.GOOD
    if line.verdict is Verdict.LEARNING:
        return Tone.QUIET
    return Tone.BAD if line.mode is Mode.BLOCKING and not line.through else Tone.WARN


def verdict_words(line: VerdictLine) -> str:
    """``fail``, ``no data``: the verdict as people say it."""
    return line.verdict.words.alone


def verdict_details(line: VerdictLine, say: Moments) -> tuple[tuple[str, str], ...]:
    """What a verdict was made from, beside its numbers."""
    found = []
    if line.overridden_until:
        found.append(("Overridden", f"until {say.day(line.overridden_until)}"))
    if line.quarantined_until:
        found.append(("Quarantined", f"until {say.day(line.quarantined_until)}"))
    if line.rule:
        found.append(("Rule", line.rule))
    if line.measured_at:
        window = f", over {line.window}" if line.window else ""
        samples = f", {line.samples} samples" if line.samples is not None else ""
        found.append(("Measured", f"{say.at(line.measured_at)}{window}{samples}"))
    if line.remarks:
        found.append(("Remarks", "; ".join(line.remarks)))
    if line.cannot_tell:
        found.append(("Staging cannot tell", "; ".join(line.cannot_tell)))
    return tuple(found)


def _benchmarks(document: NotesDocument) -> Section:
    rows = document.benchmarks
    if document.demonstration:  # said at the head of the notes; not again in every row
        rows = tuple(msgspec.structs.replace(row, remarks=_unreplayed(row)) for row in rows)
    missing = tuple(f"{item.what}: {', '.join(item.flows)}" for item in document.not_covered)
    uncovered = (Steps(missing, "Flows that are not covered"),) if missing else ()
    if not rows:
        nothing = Paragraph("This project has no benchmarks yet.", Tone.QUIET)
        return Section("benchmarks", "Benchmarks", (nothing, *uncovered))
    blocking = [row for row in rows if row.mode is Mode.BLOCKING]
    stopped = [row for row in blocking if verdict_tone(row) is Tone.BAD]
    text = (
        f"{len(blocking)} blocking, {len(rows) - len(blocking)} advisory. "
        + (f"{len(stopped)} of the blocking ones " + ("blocks" if len(stopped) == 1 else "block") + " the release."
           if stopped else "None of the blocking ones blocks the release." if blocking
           else "None of them can block the release.")
    )  # fmt: skip
    charts = (Charts(document.charts, "Over time"),) if document.charts else ()
    return Section("benchmarks", "Benchmarks", (Paragraph(text), Verdicts(rows), *charts, *uncovered))


def over_time(chart: ControlChart) -> str:
    """A chart in a sentence, for formats that cannot draw: ``12 builds, 0.41 s to 0.52 s; nelson 2 fired``."""
    values = [point.value for point in chart.points]
    unit = find_unit(chart.unit)
    low, high = (with_unit(text, unit) for text in show(min(values), max(values)))
    words = f"{number_of(len(values), 'measurement')}, {low} to {high}"
    failed = sum(point.state == "failed" for point in chart.points)
    words += f"; {failed} failed" if failed else ""
    rules = ", ".join(rule.rule.replace("_", " ") for rule in chart.rules)
    return f"{words}; {rules} fired" if rules else words


def _unreplayed(line: VerdictLine) -> tuple[str, ...]:
    return tuple(remark for remark in line.remarks if remark != "replayed")


def _statement(document: NotesDocument, say: Moments) -> Section:
    """PM-4: the parity statement, a paragraph for each topic, and what no longer fits."""
    parity = document.parity
    blocks: list[Block] = []
    for topic, lines in groupby(parity.sentences, lambda line: line.topic):
        blocks.append(Steps(tuple(map(_said, lines)), topic.words))
    if blocks:
        blocks.append(_who_kept(document, say))
    return Section("statement", "Parity statement", tuple(blocks))


def _said(line: SentenceLine) -> str:
    """A sentence; where a figure is another one by now, marked as such."""
    return f"▲ {line.text} No longer fits: {'; '.join(line.misfits)}." if line.misfits else line.text


def _who_kept(document: NotesDocument, say: Moments) -> Paragraph:
    parity = document.parity
    if not parity.kept:
        return Paragraph("This is drafted from the record; no one has read and kept it.", Tone.WARN)
    edited = sum(line.edited for line in parity.sentences)
    words = "Drafted from the record" + (f", {number_of(edited, 'sentence')} edited" if edited else "")
    words += f"; kept by {parity.kept_by}" if parity.kept_by else "; kept"
    words += f" on {say.day(parity.kept_at)}." if parity.kept_at else "."
    if parity.fresh:
        words += f" Since then the record would add {number_of(parity.fresh, 'sentence')}."
    return Paragraph(words, Tone.QUIET)


def _parity(document: NotesDocument, say: Moments) -> Section:
    parity = document.parity
    blocks: list[Block] = [Paragraph(text) for text in parity.statement]
    if parity.gaps:
        blocks.append(Entries(tuple(_gap_entry(gap, say) for gap in parity.gaps), "Known differences"))
    if parity.gaps_left_out:
        more = f"{parity.gaps_left_out} more are on the map but not listed here: workbench parity list"
        blocks.append(Paragraph(more, Tone.QUIET))
    return Section("parity", "What staging cannot tell us", tuple(blocks))


def _gap_entry(gap: Gap, say: Moments) -> Entry:
    tone = Tone.EXCEPTED
    if still_open(gap):
        tone = Tone.BAD if gap.severity.value == "high" else Tone.WARN
    details = []
    if gap.staging or gap.production:
        details.append(("Staging", gap.staging or "not stated"))
        details.append(("Production", gap.production or "not stated"))
    where = ", ".join(gap.flows)
    details += [(name, text) for name, text in (
        ("Impact", gap.impact), ("Affects", where), ("Region", gap.region), ("Reason", gap.reason),
        ("Mitigation", gap.mitigation), ("Owner", str(gap.owner) if gap.owner else ""),
    ) if text]  # fmt: skip
    text = f"{gap.severity.value}, {gap.category.value}; {decision_words(gap, say)}"
    return Entry(tone, gap.title, text, tuple(details), about=f"difference/{gap.id}")


def _overrides(document: NotesDocument, say: Moments) -> Section:
    if not document.overrides:
        return Section("overrides", "Overrides", (Paragraph("None.", Tone.QUIET),))
    entries = tuple(_override_entry(line, say) for line in document.overrides)
    return Section("overrides", "Overrides", (Entries(entries),))


def _quarantines(document: NotesDocument, say: Moments) -> Section:
    """GT-10: the flaky checks that block nothing; a section only where there are any."""
    entries = tuple(_override_entry(line, say, "quarantined") for line in document.quarantines)
    return Section("quarantines", "Quarantined checks", (Entries(entries),) if entries else ())


def _override_entry(line: OverrideLine, say: Moments, done: str = "overridden") -> Entry:
    end = (
        f"ended on {say.day(line.until)}, blocking again"
        if line.ended
        else f"{done} until {say.day(line.until)}"
    )
    details = [
        ("Reason", line.reason),
        ("Proposed by", f"{line.author}, {say.at(line.at)}"),
        ("Approved by", str(line.approver)),
    ]
    details += [("Holds", line.bound)] if line.bound else []
    details += [("Seen", line.seen)] if line.seen else []
    details += [("To mind", line.standing)] if line.standing else []
    tone = Tone.QUIET if line.ended else Tone.EXCEPTED
    about = f"{'quarantine' if done == 'quarantined' else 'override'}/{line.part}"
    return Entry(tone, line.title, end, (*details, *line.answers), about=about)


def _checklists(document: NotesDocument) -> Section:
    return Section("checklists", "Checklists", tuple(_checklist(line) for line in document.checklists))


def _checklist(line: ChecklistLine) -> Block:
    not_asked = len(line.not_applicable)
    parts = [f"{line.done} of {line.total} done"]
    parts += [f"{line.by_itself} of them answered automatically"] if line.by_itself else []
    parts += [f"{not_asked} not applicable"] if not_asked else []
    parts += [f"{len(line.failed)} failed"] if line.failed else []
    parts += [f"{len(line.open)} open"] if line.open else []
    entries = [_item_entry(item, Tone.BAD, "failed") for item in line.failed]
    entries += [_item_entry(item, Tone.PLAIN, "open") for item in line.open]
    entries += [_item_entry(item, Tone.QUIET, "not applicable") for item in line.not_applicable]
    if not entries:
        entries = [Entry(Tone.GOOD, "Complete")]
    return Entries(tuple(entries), f"{line.title}: {', '.join(parts)}")


def _item_entry(item: ItemLine, tone: Tone, state: str) -> Entry:
    why = item.why if item.why and item.why != state else ""
    by = f" ({item.by})" if item.by else ""
    return Entry(
        tone, item.title, state + (f": {why}" if why else "") + by, (), "○" if state == "open" else ""
    )


_WORDS = {
    Word.APPROVE: "approves",
    Word.CONDITIONS: "approves with conditions",
    Word.SEND_BACK: "sends back",
    Word.REJECT: "rejects",
}


def _signatures(document: NotesDocument, say: Moments) -> Section:
    entries = tuple(_signature_entry(line, document, say) for line in document.signatures)
    given = Entries(entries) if entries else Paragraph("No one has signed yet.", Tone.QUIET)
    polls = tuple(_poll_entries(line, say) for line in document.polls)
    return Section("signatures", "Signatures", (given, *polls))


_SAYS = {
    Vote.GO: "go",
    Vote.NO_GO: "no-go",
    Vote.SEND_BACK: "send back",
    Vote.ABSENT: "absent",
    Vote.PRESENT: "present",
}
_COMES_TO = {
    PollResult.GO: "go",
    PollResult.NO_GO: "no-go",
    PollResult.SENT_BACK: "sent back",
    PollResult.INCOMPLETE: "not complete",
}
_VOTED = {Vote.GO: Tone.GOOD, Vote.NO_GO: Tone.BAD, Vote.SEND_BACK: Tone.BAD}


def _poll_entries(line: PollLine, say: Moments) -> Entries:
    """A poll: what it came to, and each vote; none of them is a signature."""
    ended = say.at(line.ended_at) if line.ended_at else "still running"
    words = f": {line.words}" if line.words else ""
    heading = f"Poll of {line.gate}, {line.candidate}, {ended}: {_COMES_TO[line.result]}{words} (votes are no signatures)"
    return Entries(tuple(_vote_entry(vote) for vote in line.votes), heading)


def _vote_entry(vote: VoteLine) -> Entry:
    role = f" as {vote.role.replace('-', ' ')}" if vote.role else ""
    words = f": {vote.words}" if vote.words else ""
    details = (("Entered by", str(vote.entered_by)),) if vote.entered_by else ()
    return Entry(
        _VOTED.get(vote.vote, Tone.QUIET), f"{vote.person}{role}", f"{_SAYS[vote.vote]}{words}", details
    )


def _signature_entry(line: SignatureLine, document: NotesDocument, say: Moments) -> Entry:
    tone = Tone.QUIET if line.currency in (Currency.REPLACED, Currency.REVOKED) else Tone.WARN
    if line.stops:
        tone = Tone.BAD
    elif line.counts:
        tone = Tone.GOOD
    details = [("When", say.at(line.at)), ("Identity", known_how(line, document)), ("Holds", line.why)]
    details += [("Changed since", "; ".join(line.changes))] if len(line.changes) > 1 else []
    if line.conditions:
        due = f", due {say.day(line.conditions_due)}" if line.conditions_due else ""
        details.append(("Conditions", f"{line.conditions}{due}"))
        details += [("Kept", line.condition_kept)] if line.condition_kept else []
    if line.needed:
        whom = f", from {line.needed_from}" if line.needed_from else ""
        details.append(("Needed", f"{line.needed}{whom}"))
    details += [("Comment", line.comment)] if line.comment else []
    if line.way is not Way.HERE and line.entered_by:
        details.append(("Entered by", str(line.entered_by)))
    details += [("Meaning", line.meaning)] if line.meaning else []
    role = line.role.replace("-", " ")
    person = f"{line.person} for {line.for_person}" if line.for_person else str(line.person)
    words = f"{_WORDS[line.decision]} {line.gate}"
    return Entry(tone, f"{person}, {role}", words, tuple(details), about=f"signature/{line.id}")


def known_how(line: SignatureLine, document: NotesDocument) -> str:
    """How it is known who signed: by a key, or by their word alone; notes of before keys say what they said."""
    told = bool(line.key) or "signature" in line.identity
    return line.identity if told or not document.layout else f"{line.identity}; not signed with a key"


def _freeze(document: NotesDocument, say: Moments) -> Section:
    entries = []
    for line in (document.freeze, *document.further_freezes):
        if line is not None:
            by = ("By", f"{line.by}, {say.at(line.at)}")
            entries.append(Entry(Tone.BAD, "Frozen", line.reason, (by,)))
    for window in document.change_freezes:
        entries.append(Entry(Tone.PLAIN, f"Change freeze {window.first} to {window.last}", window.reason))
    return Section("freeze", "Freezes", (Entries(tuple(entries)),) if entries else ())


def _incidents(document: NotesDocument, say: Moments) -> Section:
    entries = tuple(_incident(line, say) for line in document.incidents)
    return Section("incidents", "Incidents", (Entries(entries),) if entries else ())


def _incident(line: IncidentLine, say: Moments) -> Entry:
    tone = {"open": Tone.BAD, "mitigated": Tone.WARN}.get(line.state, Tone.PLAIN)
    details = [("Began", say.at(line.began))]
    if line.mitigated_at:
        details.append(("Mitigated", say.at(line.mitigated_at)))
    if line.closed_at:
        details.append(("Closed", say.at(line.closed_at)))
    details += [("Led by", str(line.leads))] if line.leads else []
    details += [("Flows", ", ".join(line.flows))] if line.flows else []
    details += [("Ended", line.ended_why)] if line.ended_why else []
    frozen = ", promotion is frozen" if line.frozen else ""
    return Entry(
        tone, line.title, f"{line.severity}, in {line.environment}, {line.state}{frozen}", tuple(details)
    )


def _way_back(document: NotesDocument) -> Section:
    blocks: list[Block] = []
    if document.rollback_triggers:
        blocks.append(Steps(document.rollback_triggers, "Roll back when"))
    if document.rollback_plan:
        target = f"Steps to roll back to {document.rollback_target}" if document.rollback_target else "Steps"
        blocks.append(Steps(document.rollback_plan, target, numbered=True))
    else:
        blocks.append(Paragraph("There is no rollback plan.", Tone.WARN))
    if document.cannot_be_undone:
        blocks.append(Steps(document.cannot_be_undone, "Cannot be undone"))
    return Section("rollback", "Rollback plan", tuple(blocks))


def _proof(document: NotesDocument) -> Section:
    proof = document.proof
    rows = (
        ("Record", f"{document.project}, {proof.record}"),
        ("Ledger", f"{proof.entries} entries, head {proof.head}"),
        ("Definitions", proof.definitions),
    )
    how = (
        "workbench verify checks that the record is intact. These notes were made at the ledger's head "
        "above; the same record at that head gives the same notes."
    )
    return Section("proof", "Where this comes from", (Pairs(rows), Paragraph(how, Tone.QUIET)))
