"""The audit as one table for a spreadsheet: what happened, then what each control has to show.

No cell is taken for a formula: those that could be get an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from workbench.model.cells import guarded
from workbench.model.times import to_text
from workbench.usecases.auditing.shapes import Audit, Happening

HEAD = (
    "at", "claimed at", "sort", "what", "subject", "release", "gate", "environment", "control", "who", "known by",
    "why", "to look at", "entry", "evidence",
)  # fmt: skip


def csv_text(audit: Audit) -> str:
    """The table with its head, lines ending as RFC 4180 says."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEAD)
    for row in (*_happenings(audit), *_controls(audit)):
        writer.writerow([guarded(cell) for cell in row])
    return text.getvalue()


def _happenings(audit: Audit) -> Iterator[tuple[str, ...]]:
    for one in audit.happenings:
        yield (
            to_text(one.at), to_text(one.claimed_at) if one.claimed_at else "", one.sort.value, one.what, one.subject,
            one.release, one.gate, one.environment, _served(audit, one), one.who, one.known, one.why, one.flag,
            one.entry, " ".join(one.evidence),
        )  # fmt: skip


def _served(audit: Audit, one: Happening) -> str:
    """The controls that the gate of it serves."""
    return " ".join(control.key for control in audit.controls if one.gate and one.gate in control.served_by)


def _controls(audit: Audit) -> Iterator[tuple[str, ...]]:
    for control in audit.controls:
        for gap in control.gaps:
            yield _row(control.key, "", "", gap, "", ())
        for line in control.lines:
            asked = f"{line.gate}/{line.requirement}" if line.requirement else line.gate
            yield _row(
                control.key,
                line.release,
                asked,
                "; ".join(line.gaps),
                ", ".join(line.signed_by),
                line.evidence,
            )


def _row(
    control: str, release: str, gate: str, gap: str, signed: str, evidence: tuple[str, ...]
) -> tuple[str, ...]:
    what = "gap" if gap else "served"
    return (
        "",
        "",
        "control",
        what,
        "",
        release,
        gate,
        "",
        control,
        signed,
        "",
        "",
        gap,
        "",
        " ".join(evidence),
    )
