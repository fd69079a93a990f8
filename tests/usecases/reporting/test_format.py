"""A report of the first format reads the same for ever: ``kept/report-1.json`` and all that is shown of it.

What was found and said is never written again: a new field has a default, and new words for it go
by that field.  Headings, labels and fixed sentences are the workbench's own, and follow docs/words.md.
"""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path
from typing import Any

import msgspec
import pytest

from workbench.notes import render
from workbench.usecases.reporting.as_json import gate_document
from workbench.usecases.reporting.as_markdown import markdown_report
from workbench.usecases.reporting.as_text import text_report
from workbench.usecases.reporting.judgement import Judgement
from workbench.usecases.reporting.keeping import decode
from workbench.usecases.reporting.notes import notes_of
from workbench.usecases.reporting.report import Report
from workbench.usecases.views.readiness import Reader, about, chase_list, promised, sections, step

KEPT = Path(__file__).parent / "kept"
GATES = ("benchmarks", "ready", "go")


@pytest.fixture(scope="module")
def report() -> Report:
    return msgspec.structs.replace(
        decode((KEPT / "report-1.json").read_bytes()),
        kept="As judged when it was shipped, on Tue 15 Sep 2026 12:00 CEST",
        since=("Kim has no role any more",),
    )


def kept(name: str) -> str:
    return (KEPT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("key", GATES)
def test_its_gates_read_as_they_did(report: Report, key: str) -> None:
    gate = report.gate(key)
    assert text_report(report, gate) + "\n" == kept(f"gate-{key}.txt")
    assert markdown_report(report, gate) == kept(f"gate-{key}.md")
    then = json.loads(kept(f"gate-{key}.json"))
    assert _of(then, json.loads(msgspec.json.encode(gate_document(report, gate)))) == then
    assert report.exit_code(gate) == 1


def _of(then: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """What a document for programs says in the fields that it had then; others may have been added."""
    return {name: _as_then(then[name], now[name]) for name in then}


def _as_then(then: Any, now: Any) -> Any:
    if isinstance(then, dict) and isinstance(now, dict):
        return _of(then, now)
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        return [_as_then(*pair) for pair in zip(then, now, strict=True)]
    return now


@pytest.mark.parametrize("form", ["md", "txt"])
def test_its_notes_read_as_they_did(report: Report, form: str) -> None:
    assert render(notes_of(report), form) == kept(f"notes.{form}")


def test_its_notes_for_programs_say_what_they_said(report: Report) -> None:
    then = json.loads(kept("notes.json"))
    assert _of(then, json.loads(render(notes_of(report), "json"))) == then


def test_readiness_reads_as_it_did(report: Report) -> None:
    assert readiness(report) == kept("readiness.txt")


def readiness(found: Judgement) -> str:
    """All of Readiness as text: the gates, every line with its detail, and what is copied."""
    reader = Reader("kim", UTC, wide=True)
    said = [f"{gate.mark.symbol} {gate.title} {gate.count}".rstrip() for gate in map(step, found.gates)]
    for section, lines in sections(found, reader).items():
        said += ["", section.value]
        for line in lines:
            said.append(f"{line.mark.symbol} {line.title} | {line.why} | {line.who.text}")
            detail = about(found, line.key, reader)
            if detail is not None:
                facts = [*detail.facts, *(promised(found, detail.part, reader) if detail.part else ())]
                said += [f"    {detail.title}, {detail.meta}", *(f"    {f.label}: {f.text}" for f in facts)]
    return "\n".join([*said, "", chase_list(found), ""])
