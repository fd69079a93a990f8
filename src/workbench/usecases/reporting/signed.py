"""The document of a gate that a person who signs is shown, and whose digest their word names."""

from __future__ import annotations

from typing import Any

from workbench.signoff.conclude import Concluded
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.reporting.as_json import signed_document
from workbench.usecases.reporting.making import judgement_of_gate


def shown_document(evaluation: Evaluation, concluded: Concluded) -> dict[str, Any]:
    """What a person who signs is shown, fit for canonical JSON.

    ``rests_on`` says what the things are called that the basis goes by.
    """
    found = judgement_of_gate(evaluation, concluded.key)
    sections = evaluation.bases.of(concluded.key).sections
    titles = {(item.kind, item.key): item.title for item in sections if item.title not in ("", item.key)}
    return signed_document(found, found.gate(concluded.key), titles)
