"""What a candidate touches, in a sentence: the same on screens, in reports and on the sheet that is signed."""

from __future__ import annotations

from workbench.gates.reach import REACH, UNMEASURED
from workbench.model.text import number_of
from workbench.usecases.evaluate import Evaluation


def touched_words(evaluation: Evaluation) -> str:
    """FI-6: which flows it touches and nobody measured on it; "" where no flow says what belongs to it."""
    reach = evaluation.facts(REACH)
    if not (reach.asked or reach.touched):
        return ""
    if reach.unknown:
        known = evaluation.held.candidate is not None
        return f"which flows this candidate touches is not known: {reach.unknown}" if known else ""
    since = f"since {reach.since_version or reach.since[:7]}"
    files = f"{number_of(reach.files, 'file')} changed {since}"
    if not reach.touched:
        return f"this candidate touches no flow: {files}"
    names = [evaluation.flows[key].name for key in evaluation.facts(UNMEASURED)]
    measured = f"; not measured on it: {', '.join(names)}" if names else ", each measured on it"
    return f"this candidate touches {number_of(len(reach.touched), 'flow')} ({files}){measured}"
