"""What the figures of a gate are worth, in sentences: the same in every report and on the sheet that is signed."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.gates.evaluate import verdicts
from workbench.gates.needs import QUARANTINED
from workbench.model.dates import end_text
from workbench.model.text import number_of
from workbench.signoff.conclude import Concluded
from workbench.usecases.evaluate import Evaluation


def benchmarks_of(evaluation: Evaluation, concluded: Concluded) -> tuple[str, ...]:
    """The benchmarks of a gate; a gate that only collects signatures shows all of them."""
    keys = (item.key for item in evaluation.judged)
    if not concluded.gate.requires:
        return tuple(keys)
    found = verdicts(concluded.gate, evaluation.facts)
    return tuple(key for key in keys if key in found)


def remarks_of(evaluation: Evaluation, concluded: Concluded) -> tuple[str, ...]:
    """What somebody has to know who reads the figures of a gate, beside the figures."""
    return tuple(_quarantined(evaluation, concluded))


def _quarantined(evaluation: Evaluation, concluded: Concluded) -> Iterator[str]:
    """GT-10: how many checks of a gate are quarantined, and until when."""
    aside = {part.key for part in concluded.parts if part.quarantined}
    aside |= {f"benchmark/{key}" for key in benchmarks_of(evaluation, concluded)}
    ends = [item.until for part, item in evaluation.facts(QUARANTINED).items() if part in aside]
    if ends:
        first = end_text(min(ends), evaluation.facts.zone)
        until = f"until {first}" if len(ends) == 1 else f"the first until {first}"
        yield f"{number_of(len(ends), 'check')} quarantined, {until}: flaky, and blocking nothing"
