"""The parity statement in words, for both front ends."""

from __future__ import annotations

from typing import Any

from workbench.usecases.parity_statement import Sentence, Statement


def headline(found: Statement) -> str:
    """How it stands, in a line."""
    if not found.sentences and not found.kept:
        return "nothing to say yet"
    if not found.kept:
        return "a draft that no one has kept"
    said = [f"kept by {found.by}"] if found.by else ["kept"]
    edited = sum(item.claim.edited for item in found.sentences)
    said += [f"{edited} edited"] if edited else []
    if count := len(found.misfitting):
        said.append(f"{count} no longer {'fits' if count == 1 else 'fit'}")
    if found.fresh:
        said.append(f"{len(found.fresh)} not in it yet")
    return ", ".join(said)


def misfit_lines(item: Sentence) -> list[str]:
    """Why a sentence no longer fits, a line for each figure."""
    return [f"no longer fits: {misfit.words}" for misfit in item.misfits]


def figures_document(item: Sentence) -> list[dict[str, Any]]:
    """The figures of a sentence for machines: as it was kept, and as it is today."""
    return [
        {
            "row": figure.row,
            "title": figure.title,
            "name": figure.name,
            "value": figure.value,
            "now": now or None,
            "fits": not item.kept or figure.value == now,
        }
        for figure, now in zip(item.claim.figures, item.present, strict=True)
    ]
