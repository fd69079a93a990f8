"""What the figures of a gate are worth, in sentences: the same in every report and on the sheet that is signed."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.gates.bound_of import lets_past
from workbench.gates.chance import NO_CHANCE, Chance, chance_of, looked_again
from workbench.gates.changes import ASKED as MEASURES
from workbench.gates.changes import Measured
from workbench.gates.deployed import RUNNING
from workbench.gates.evaluate import verdicts
from workbench.gates.needs import QUARANTINED
from workbench.gates.score import TierRollUp, by_tier
from workbench.gates.variants import VARIANTS
from workbench.model.commits import same_commit
from workbench.model.dates import end_text
from workbench.model.text import number_of
from workbench.model.times import moment_text
from workbench.signoff.conclude import Concluded
from workbench.usecases.evaluate import Evaluation, tests_sources
from workbench.usecases.views.touched import touched_words

_NAMED = 3  # so many things are named in a sentence


def benchmarks_of(evaluation: Evaluation, concluded: Concluded) -> tuple[str, ...]:
    """The benchmarks of a gate; a gate that only collects signatures shows all of them."""
    keys = (item.key for item in evaluation.judged)
    if not concluded.gate.requires:
        return tuple(keys)
    found = verdicts(concluded.gate, evaluation.facts)
    return tuple(key for key in keys if key in found)


class GateFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What the report of a gate holds beside its requirements."""

    benchmarks: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    tiers: tuple[TierRollUp, ...] = ()
    chance: Chance = NO_CHANCE


NO_FIGURES = GateFigures()


def figures_of(evaluation: Evaluation, concluded: Concluded) -> GateFigures:
    """The figures of one gate."""
    return GateFigures(
        benchmarks=benchmarks_of(evaluation, concluded),
        remarks=remarks_of(evaluation, concluded),
        tiers=tiers_of(evaluation, concluded),
        chance=chance_of(_judged(evaluation, concluded)),
    )


def remarks_of(evaluation: Evaluation, concluded: Concluded) -> tuple[str, ...]:
    """What somebody has to know who reads the figures of a gate, beside the figures."""
    return (
        *_tiers(evaluation, concluded),
        *_chance(evaluation, concluded),
        *_looks(evaluation, concluded),
        *_quarantined(evaluation, concluded),
        *_touched(evaluation, concluded),
        *_not_measured(evaluation, concluded),
        *_variants(evaluation, concluded),
        *_entered(evaluation, concluded),
    )


def _entered(evaluation: Evaluation, concluded: Concluded) -> Iterator[str]:
    """That the build in hand runs already where the gate leads, although it has not passed."""
    into, candidate = concluded.gate.into, evaluation.held.candidate
    if into is None or candidate is None or concluded.through:
        return
    for seen in evaluation.facts(RUNNING):
        if seen.environment == into and same_commit(seen.build, candidate.commit):
            at = moment_text(seen.first, evaluation.facts.zone)
            yield (
                f"this build runs in {place_words(evaluation, into)} already, seen {at} by the probe {seen.probe}: "
                "nobody waited for this gate, which leads into it"
            )


def place_words(evaluation: Evaluation, key: str) -> str:
    """What an environment is called."""
    place = evaluation.facts.definitions.environment(key)
    return (place.title or place.key) if place else key


def tiers_of(evaluation: Evaluation, concluded: Concluded) -> tuple[TierRollUp, ...]:
    """The benchmarks of a gate by the tier of their flow."""
    found = _judged(evaluation, concluded)
    let_past = {f"benchmark/{item.key}" for item in found if lets_past(evaluation.facts, item) is not None}
    return by_tier(found, {*evaluation.facts(QUARANTINED), *let_past})


def _judged(evaluation: Evaluation, concluded: Concluded) -> list[Judged]:
    keys = frozenset(benchmarks_of(evaluation, concluded))
    return [item for item in evaluation.judged if item.key in keys]


def _tiers(evaluation: Evaluation, concluded: Concluded) -> Iterator[str]:
    """How the blocking benchmarks of each tier stand, where there are several tiers."""
    told = [item.words for item in tiers_of(evaluation, concluded) if item.blocking]
    if len(told) > 1:
        yield f"blocking benchmarks that pass: {', '.join(told)}"


def _chance(evaluation: Evaluation, concluded: Concluded) -> Iterator[str]:
    """How many statistical checks there are, and what chance alone does to them."""
    found = chance_of(_judged(evaluation, concluded))
    if found.checks:
        checks = number_of(found.checks, "statistical check")
        yield f"{checks}: up to {found.expected:.2g} {'fail' if found.checks > 1 else 'fails'} by chance"
    if found.failed > 1:
        yield (
            f"{found.failed} advisory comparisons fail; {found.remaining} of them still do after Holm's "
            "correction for their number"
        )


def _looks(evaluation: Evaluation, concluded: Concluded) -> Iterator[str]:
    """At which benchmarks somebody looked more than once for this candidate, and how often."""
    found = looked_again(_judged(evaluation, concluded))
    if found:
        named = ", ".join(f"{item.title} ({item.looks.count} times)" for item in found[:_NAMED])
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        yield f"looked at more than once for this build: {named}{more}"


def _touched(evaluation: Evaluation, concluded: Concluded) -> Iterator[str]:
    """FI-6: what the candidate touches and nobody measured on it; nothing where no flow says what belongs to it."""
    if benchmarks_of(evaluation, concluded) and (words := touched_words(evaluation)):
        yield words


def _not_measured(evaluation: Evaluation, concluded: Concluded) -> Iterator[str]:
    """What the kinds of change ask for and nobody measured, where no requirement lists it."""
    gates = evaluation.facts.project.gates
    required = any(item.kind == "changes_measured" for gate in gates for item in gate.requires)
    lacking = [item for item in evaluation.facts(MEASURES) if item.state is not Measured.YES]
    if lacking and not required and benchmarks_of(evaluation, concluded):
        words = ", ".join(f"{item.words} ({item.change})" for item in lacking[:_NAMED])
        more = f" and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
        yield f"not measured of what its kinds of change ask for: {words}{more}"


def _variants(evaluation: Evaluation, concluded: Concluded) -> Iterator[str]:
    """CH-11: which of the variants that were measured is the cheapest that meets the rules."""
    if benchmarks_of(evaluation, concluded):
        yield from (f"{each.title}: {each.words}" for each in evaluation.facts(VARIANTS) if each.measured)


def _quarantined(evaluation: Evaluation, concluded: Concluded) -> Iterator[str]:
    """GT-10: how many checks of a gate are quarantined, and until when."""
    aside = {part.key for part in concluded.parts if part.quarantined}
    aside |= {f"benchmark/{key}" for key in benchmarks_of(evaluation, concluded)}
    runs = tuple(f"test/{source}/" for source in tests_sources([concluded.gate]))
    found = evaluation.facts(QUARANTINED).items()
    ends = [item.until for part, item in found if part in aside or part.startswith(runs)]
    if ends:
        first = end_text(min(ends), evaluation.facts.zone)
        until = f"until {first}" if len(ends) == 1 else f"the first until {first}"
        yield f"{number_of(len(ends), 'check')} quarantined, {until}: flaky, and blocking nothing"
