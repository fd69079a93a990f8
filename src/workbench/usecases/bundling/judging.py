"""What follows from the entries of a bundle alone: how the gates stand, and every report that is made of that.

Who makes a bundle and who checks one call the same functions with the same entries, definitions and moment: so what a
bundle says can be worked out again, and a report that says something else is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from workbench.definitions import Definitions
from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.record.packs import Pack
from workbench.signoff.holding import SignOffView
from workbench.usecases.attesting.in_toto import attestations
from workbench.usecases.attesting.of_gate import controls_of
from workbench.usecases.attesting.shapes import Attested, Descriptor
from workbench.usecases.bundling.entries import Entry, signature_paths
from workbench.usecases.bundling.shapes import FileLine, GateLine, SignOffLine, What
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.excerpts import judged_from
from workbench.usecases.exporting import export
from workbench.usecases.incident_checklists import read_walk
from workbench.usecases.project import Options
from workbench.usecases.reporting.as_json import gate_document
from workbench.usecases.reporting.as_markdown import markdown_report
from workbench.usecases.reporting.as_text import text_report
from workbench.usecases.reporting.checks import checked
from workbench.usecases.reporting.judgement import GateReport, Judgement
from workbench.usecases.reporting.showing import shown_gate
from workbench.usecases.team_tables import TABLES
from workbench.usecases.views import representative
from workbench.usecases.views.checklists import item_key, lists

_FLOATS = "application/x-float64"


def context_from(
    pack: Pack,
    root: Path,
    definitions: Definitions,
    at: datetime | None,
    where: str,
    release: str | None = None,
) -> Context:
    """A context that judges from a bundle's entries by some definitions, for a moment or for now."""
    options = Options(now=at, release=release or pack.about.release)
    return judged_from(pack, root, definitions, options, where)


def is_judged_from(line: FileLine) -> bool:
    """Whether a file of a bundle is one that gates are judged from: a document, a signature, or samples."""
    if line.what is What.EVIDENCE:
        return line.media in (_FLOATS, "application/json")
    return line.what in (What.STATEMENT, What.DOCUMENT, What.SIGNATURE)


def gate_lines(evaluation: Evaluation) -> tuple[GateLine, ...]:
    """How each gate stands."""
    return tuple(
        GateLine(key=one.gate.key, title=one.gate.title, state=one.state.value, through=one.through)
        for one in evaluation.gates
    )


def signoff_lines(
    evaluation: Evaluation, said: Mapping[str, Entry], signed: Mapping[str, Sequence[str]]
) -> tuple[SignOffLine, ...]:
    """Every answer to every gate, with the statement that it left; ``said`` leads from a statement to its entry,
    ``signed`` to the signatures over it."""
    return tuple(
        _line(one.key, view, said[view.signoff.statement], signed.get(view.signoff.statement, ()))
        for one in evaluation.gates
        for view in one.signoffs
        if view.signoff.statement in said
    )


def _line(gate: str, view: SignOffView, entry: Entry, signatures: Sequence[str]) -> SignOffLine:
    value = view.signoff
    return SignOffLine(
        gate=gate,
        person=value.person,
        role=value.role,
        decision=value.decision.value,
        counts=view.counts,
        entry=entry.digest,
        statement=statement_path(value.statement),
        signature=next(iter(signature_paths(value.statement, signatures)), ""),
    )


def statement_path(digest: str) -> str:
    """Where a statement stands in a bundle."""
    return f"statements/{digest}.json"


def reports(context: Context, evaluation: Evaluation, pack: Pack) -> Mapping[str, bytes]:
    """Every file of a bundle that follows from its entries: path and content."""
    found: dict[str, bytes] = {}
    for concluded in evaluation.gates:
        key = concluded.gate.key
        judged = msgspec.structs.replace(
            shown_gate(context, evaluation, key), unsealed=False, head=pack.log.chain
        )
        gate = judged.gate(key)
        found[f"gates/{key}.json"] = as_json(gate_document(judged, gate))
        found.update(_attested(context, evaluation, judged, gate))
        found[f"gates/{key}.md"] = markdown_report(judged, gate).encode()
        found[f"gates/{key}.txt"] = (text_report(judged, gate) + "\n").encode()
    for kind in TABLES:
        found[f"map/{kind}.csv"] = export(context, kind).encode()
    found["checklists.json"] = as_json(_checklists(context))
    page, timezone = representative.read_outline(context, evaluation), context.definitions.project.timezone
    for form in ("md", "html"):
        found[f"representative.{form}"] = representative.FORMATS[form](page, timezone).encode()
    return found


def _attested(
    context: Context, evaluation: Evaluation, judged: Judgement, gate: GateReport
) -> Iterator[tuple[str, bytes]]:
    """The in-toto statements of a gate; none where there is no build that they could name."""
    build = evaluation.held.candidate
    attested = Attested(
        said=checked(judged, gate, {}),
        artifacts=build.artifacts if build else (),
        policy=Descriptor(sha256=context.definitions.digest, name="definitions"),
        controls=controls_of(context, gate.key),
        made_at=context.now,
    )
    with suppress(UsageError):
        for document in attestations(attested):
            yield f"attestations/{document.name}", document.data


def _checklists(context: Context) -> dict[str, Any]:
    rows = []
    for line in lists(read_walk(context), context.definitions):
        items = [
            {
                "ref": item_key(view),
                "title": view.item.title,
                "state": view.state.value,
                "why": view.why,
                "answer": view.answer,
                "answered_by_record": view.by_itself,
                "evidence": list(view.evidence),
            }
            for view in line.views
        ]
        rows.append({"checklist": line.key, "title": line.title, "asked": line.asked, "items": items})
    return {"schema": "workbench.checklists.1", "checklists": rows}


def as_json(document: Any) -> bytes:
    """A document to be read by people and programs: indented, in the order in which it was made."""
    text = msgspec.json.format(msgspec.json.encode(document, enc_hook=plain), indent=2)
    return text.replace(b"\x7f", b"\\u007f") + b"\n"
