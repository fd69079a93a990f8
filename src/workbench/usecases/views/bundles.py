"""A bundle that was checked, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.model.text import number_of
from workbench.model.times import to_text
from workbench.usecases.bundling.checking import BundleReport
from workbench.usecases.bundling.shapes import GateLine, SignOffLine
from workbench.usecases.bundling.signatures import Signed

_SAID = {
    "approve": "approved",
    "approve_with_conditions": "approved with conditions",
    "send_back": "sent back",
    "reject": "rejected",
}


def headline(found: BundleReport) -> str:
    """Whether it is intact and who vouches for it, in a line."""
    if not found.intact:
        return f"NOT intact: {found.problems[0]}"
    if found.vouched:
        return f"intact, signed by {found.vouched}: {_counted(found)}"
    return f"intact, but nobody vouches for it: {_counted(found)}"


def _counted(found: BundleReport) -> str:
    entries = len(found.contents.entries) if found.contents else 0
    return (
        f"{number_of(found.files, 'file')}, {number_of(found.statements, 'statement')}, "
        f"{entries} {'entry' if entries == 1 else 'entries'}"
    )


def lines(found: BundleReport, where: str) -> Iterator[str]:
    """What follows the headline; ``where`` says whose list of signers counted."""
    for problem in found.problems[1:]:
        yield f"also: {problem}"
    if found.contents is None:
        return
    index = found.contents.index
    build = f" {index.candidate.name}, commit {index.candidate.commit}" if index.candidate else ""
    yield f"{index.project} {index.release}{build}"
    yield f"made by {index.made_by.person}, judged {index.judged_at:%Y-%m-%d %H:%M} UTC"
    if index.demonstration:
        yield "a demonstration: it proves nothing"
    for gate in index.gates:
        yield gate_words(gate)
        yield from (f"  {answer_words(one, found)}" for one in index.signoffs if one.gate == gate.key)
    if not any(one.path == "index.json.sig" for one in found.signatures):
        yield "its index is not signed: whoever can write the file can have made it"
    for signed in found.signatures:
        if not signed.holds:
            yield f"{signed.of}: {signed.problem}"
    if found.held_by:
        yield f"its ledger continues a head signed by {', '.join(found.held_by)}"
    yield f"signers: {where}"
    yield from (f"note: {note}" for note in found.notes)


def gate_words(gate: GateLine) -> str:
    """How a gate stood."""
    return f"{gate.title}: {gate.state.replace('_', ' ')}"


def answer_words(one: SignOffLine, found: BundleReport) -> str:
    """An answer, how its author is known, and whether it counted."""
    signed = next((item for item in found.signatures if item.path == one.signature), None)
    how = "asserted identity" if signed is None else _how(signed)
    counted = "" if one.counts else "; it does not count"
    return f"{_SAID.get(one.decision, one.decision)} by {one.person} as {one.role} ({how}){counted}"


def _how(signed: Signed) -> str:
    return f"signed with {signed.key}" if signed.holds else f"signature not taken: {signed.problem}"


def document(found: BundleReport, where: str) -> dict[str, Any]:
    """What ``verify BUNDLE --json`` prints."""
    index = found.contents.index if found.contents else None
    return {
        "schema": "workbench.bundle-check.1",
        "bundle": found.path,
        "intact": found.intact,
        "vouched_by": found.vouched or None,
        "problems": list(found.problems),
        "notes": list(found.notes),
        "heads_signed_by": list(found.held_by),
        "files": found.files,
        "size": found.size,
        "statements": found.statements,
        "signers": where,
        "signatures": [
            {
                "file": one.path,
                "of": one.of,
                "person": one.person,
                "key": one.key or None,
                "holds": one.holds,
                "problem": one.problem or None,
            }
            for one in found.signatures
        ],
        "release": index.release if index else None,
        "commit": index.candidate.commit if index and index.candidate else None,
        "judged_at": to_text(index.judged_at) if index else None,
        "gates": [{"gate": one.key, "state": one.state, "through": one.through} for one in index.gates]
        if index
        else [],
    }
