"""What the figures of a gate are worth, in sentences: the same in every report and on the sheet that is signed."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.gates.changes import ASKED as MEASURES
from workbench.gates.changes import Measured
from workbench.gates.evaluate import verdicts
from workbench.gates.needs import QUARANTINED
from workbench.gates.reach import REACH, UNMEASURED
from workbench.model.dates import end_text
from workbench.model.text import number_of
from workbench.signoff.conclude import Concluded
from workbench.usecases.evaluate import Evaluation

_NAMED = 3  # so many things are named in a sentence


def benchmarks_of(evaluation: Evaluation, concluded: Concluded) -> tuple[str, ...]:
    """The benchmarks of a gate; a gate that only collects signatures shows all of them."""
    keys = (item.key for item in evaluation.judged)
    if not concluded.gate.requires:
        return tuple(keys)
    found = verdicts(concluded.gate, evaluation.facts)
    return tuple(key for key in keys if key in found)


def remarks_of(evaluation: Evaluation, concluded: Concluded) -> tuple[str, ...]:
    """What somebody has to know who reads the figures of a gate, beside the figures."""
    return (
        *_quarantined(evaluation, concluded),
        *_touched(evaluation, concluded),
        *_not_measured(evaluation, concluded),
    )


def _touched(evaluation: Evaluation, concluded: Concluded) -> Iterator[str]:
    """FI-6: what the candidate touches and nobody measured on it; nothing where no flow says what belongs to it."""
    reach = evaluation.facts(REACH)
    if not benchmarks_of(evaluation, concluded) or not (reach.asked or reach.touched):
        return
    if reach.unknown:
        if evaluation.held.candidate is not None:
            yield f"which flows this candidate touches is not known: {reach.unknown}"
        return
    since = f"since {reach.since_version or reach.since[:7]}"
    files = f"{number_of(reach.files, 'file')} changed {since}"
    if not reach.touched:
        yield f"this candidate touches no flow: {files}"
        return
    unmeasured = evaluation.facts(UNMEASURED)
    names = [evaluation.flows[key].name for key in unmeasured]
    measured = f"; not measured on it: {', '.join(names)}" if names else ", each measured on it"
    yield f"this candidate touches {number_of(len(reach.touched), 'flow')} ({files}){measured}"


def _not_measured(evaluation: Evaluation, concluded: Concluded) -> Iterator[str]:
    """What the kinds of change ask for and nobody measured, where no requirement lists it."""
    gates = evaluation.facts.project.gates
    required = any(item.kind == "changes_measured" for gate in gates for item in gate.requires)
    lacking = [item for item in evaluation.facts(MEASURES) if item.state is not Measured.YES]
    if lacking and not required and benchmarks_of(evaluation, concluded):
        words = ", ".join(f"{item.words} ({item.change})" for item in lacking[:_NAMED])
        more = f" and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
        yield f"not measured of what its kinds of change ask for: {words}{more}"


def _quarantined(evaluation: Evaluation, concluded: Concluded) -> Iterator[str]:
    """GT-10: how many checks of a gate are quarantined, and until when."""
    aside = {part.key for part in concluded.parts if part.quarantined}
    aside |= {f"benchmark/{key}" for key in benchmarks_of(evaluation, concluded)}
    ends = [item.until for part, item in evaluation.facts(QUARANTINED).items() if part in aside]
    if ends:
        first = end_text(min(ends), evaluation.facts.zone)
        until = f"until {first}" if len(ends) == 1 else f"the first until {first}"
        yield f"{number_of(len(ends), 'check')} quarantined, {until}: flaky, and blocking nothing"
