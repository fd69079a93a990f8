"""The audit as an outline, for a page and for a terminal: what to look at first, then release by release, control by control."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from workbench.model.text import number_of
from workbench.model.times import full_date_text, in_zone, moment_text, zone_of
from workbench.notes.blocks import Block, Outline, Pairs, Paragraph, Row, Section, Table, Tone
from workbench.usecases.auditing.shapes import Audit, Control, Happening, Shipped, Sort

_APART = timedelta(minutes=2)  # what was said within that was said at once
_TITLES = (
    ("approvals", "Approvals", (Sort.APPROVAL,)),
    ("rejections", "Rejected, sent back, dismissed, revoked", (Sort.REJECTION,)),
    ("exceptions", "Exceptions", (Sort.EXCEPTION,)),
    ("freezes", "Freezes", (Sort.FREEZE,)),
    ("break-glass", "Break-glass", (Sort.BREAK_GLASS,)),
    ("askings", "Gates that CI asked", (Sort.ASKING,)),
    ("deployments", "Deployments that nobody recorded", (Sort.DEPLOYMENT,)),
    ("definitions", "Changes of people, gates and other definitions", (Sort.DEFINITIONS,)),
    ("incidents", "Incidents", (Sort.INCIDENT,)),
    ("heads", "Heads that people signed", (Sort.HEAD,)),
    ("reconnections", "Servers that were restored or changed, as accepted", (Sort.RECONNECTION,)),
    ("purges", "Content that was removed", (Sort.PURGE,)),
    ("releases", "What became of releases", (Sort.RELEASE,)),
)


def outline(audit: Audit) -> Outline:
    """The whole; sections without anything in them say so, for an auditor asks whether there was nothing."""
    flagged = audit.flagged
    words = number_of(len(flagged), "thing") + " to look at" if flagged else "nothing to look at"
    return Outline(
        project=audit.project,
        version=period_words(audit),
        summary="",
        tone=Tone.BAD if flagged else Tone.GOOD,
        headline=f"{number_of(len(audit.shipped), 'release')} went out; {words}",
        remarks=("A demonstration: its clock is set, its measurements are replayed.",)
        if audit.demonstration
        else (),
        facts=Pairs(
            (
                ("Record", audit.record),
                ("Entries", f"{audit.entries:,}"),
                ("Ledger's head", audit.head),
                ("Time zone", audit.timezone),
            )
        ),
        sections=tuple(_sections(audit)),
        subject="audit",
    )


def period_words(audit: Audit) -> str:
    """``1 September 2026 to 30 September 2026``; a day at its end counts whole."""
    zone = zone_of(audit.timezone)
    first = in_zone(audit.begins, zone).date()
    last = in_zone(audit.ends, zone)
    day = (last - timedelta(microseconds=1)).date() if last.time().isoformat() == "00:00:00" else last.date()
    return f"{full_date_text(first)} to {full_date_text(max(first, day))}"


def _sections(audit: Audit) -> Iterator[Section]:
    yield Section("to-look-at", "To look at", _happenings(audit, audit.flagged, with_flag=True))
    yield Section("shipped", "Releases that went out", tuple(_shipped(audit)))
    yield Section("controls", "By control", tuple(_controls(audit)))
    for key, title, sorts in _TITLES:
        yield Section(key, title, _happenings(audit, audit.of(*sorts)))


def _happenings(audit: Audit, found: Sequence[Happening], *, with_flag: bool = False) -> tuple[Block, ...]:
    if not found:
        return (Paragraph("Nothing in this period."),)
    zone = zone_of(audit.timezone)
    rows = []
    for one in found:
        about = ", ".join(filter(None, (one.release, one.gate, one.environment)))
        what = f"{one.what}: {one.subject}" if one.subject else one.what
        under = [one.why] if one.why else []
        if one.claimed_at and abs(one.claimed_at - one.at) > _APART:
            under.append(f"said to have been at {moment_text(one.claimed_at, zone)}")
        if one.flag and not with_flag:
            under.append(f"▲ {one.flag}")
        if one.entry or one.evidence:
            under.append(
                " ".join(
                    filter(
                        None,
                        (
                            f"entry {one.entry[:16]}" if one.entry else "",
                            *(each[:16] for each in one.evidence),
                        ),
                    )
                )
            )
        who = f"{one.who} ({one.known})" if one.known and one.who else one.who or one.known
        cells = (moment_text(one.at, zone), what, about, who)
        rows.append(Row((*cells, one.flag) if with_flag else cells, tuple(under)))
    head = ("When", "What", "Of", "Who, and how that is known")
    return (Table((*head, "To look at") if with_flag else head, tuple(rows)),)


def _shipped(audit: Audit) -> Iterator[Block]:
    if not audit.shipped:
        yield Paragraph("No release went out in this period.")
        return
    zone = zone_of(audit.timezone)
    rows = [
        Row(
            (
                f"{one.version} ({one.kind})",
                f"{moment_text(one.at, zone)} by {one.by}",
                one.commit[:12],
                "every gate had passed" if one.through else f"not every gate had passed: {one.reason}",
            ),
            tuple(_gate_words(one)),
        )
        for one in audit.shipped
    ]
    yield Table(("Release", "Went out", "Commit", "Gates"), tuple(rows))


def _gate_words(one: Shipped) -> Iterator[str]:
    if not one.report:
        yield "its report is not kept here"
    for gate in one.gates:
        signed = f", signed by {', '.join(gate.signed_by)}" if gate.signed_by else ""
        let_past = f", {number_of(gate.excepted, 'line')} overridden or quarantined" if gate.excepted else ""
        yield f"{gate.title}: {'passed' if gate.through else 'had not passed'}{signed}{let_past}"
    if one.break_glass:
        yield "break-glass: one person let it out past its gates"


def _controls(audit: Audit) -> Iterator[Block]:
    if not audit.controls:
        yield Paragraph("No gate says which control it serves: satisfies: [soc2/CC8.1]")
        return
    yield Table(
        ("Control", "Served by", "Holds", "Gaps"),
        tuple(_control(control) for control in audit.controls),
    )


def _control(control: Control) -> Row:
    held = sum(not line.gaps for line in control.lines)
    under = [
        f"{line.release}, {line.gate}{'/' + line.requirement if line.requirement else ''}: "
        + (
            "; ".join(line.gaps)
            if line.gaps
            else f"signed by {', '.join(line.signed_by)}"
            if line.signed_by
            else "holds"
        )
        for line in control.lines
    ]
    gaps = len(control.gaps) + sum(bool(line.gaps) for line in control.lines)
    return Row(
        (
            control.key,
            ", ".join(control.served_by),
            f"{held} of {len(control.lines)}",
            number_of(gaps, "gap") if gaps else "none",
        ),
        (*control.gaps, *under),
    )
