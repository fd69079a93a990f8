"""Judging ``not worse than baseline``: what forbids to compare, the verdict, and what is told beside it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import isfinite

import msgspec

from workbench.criteria.clause import Clause, Inputs, Outcome, Plan
from workbench.criteria.comparing import (
    Compared,
    Tail,
    figures,
    share_figures,
    tails,
    worse,
    worse_share,
)
from workbench.criteria.comparison_words import against, tail_words, told
from workbench.criteria.figures import Figures
from workbench.criteria.limits import ZERO_BASELINE, baseline_called, unusable, unusual
from workbench.criteria.verdict import Verdict
from workbench.model.quantity import with_unit

_RARE = 0.01  # chance of a tail that is told


class InSamples(Plan, frozen=True):
    """``not worse than baseline``, ready to be judged; ``percent`` is what is tolerated."""

    clause: Clause
    percent: Decimal

    def judge(self, inputs: Inputs) -> Outcome:
        by_counts = _by_counts(inputs)
        found = self._unknown(inputs, by_counts)
        if found is not None and found.verdict is not Verdict.MISSING:
            return found
        share = float(self.percent / 100)
        if by_counts:
            compared = worse_share(inputs, share)
            return found or self._told(inputs, compared, share_figures(inputs, compared), [])
        if not len(inputs.samples) or not len(inputs.baseline_samples):
            assert found is not None
            return found
        compared = worse(inputs, share)
        computed = figures(inputs, compared)
        if found is not None:
            return msgspec.structs.replace(found, figures=computed)
        return self._told(inputs, compared, computed, tails(inputs, share))

    def _unknown(self, inputs: Inputs, by_counts: bool) -> Outcome | None:
        """What forbids to compare: no value, no samples, too few, or samples of another kind."""
        clause = self.clause
        if inputs.value_state is not None or inputs.baseline_state is not None:
            return unusable(clause, inputs, with_baseline=True)
        if inputs.better == "neither":
            reason = "which way is worse is not said: better: lower, or better: higher"
            return Outcome(Verdict.ERROR, clause, inputs, reason=reason)
        if inputs.samples_why:
            return Outcome(Verdict.INCONCLUSIVE, clause, inputs, reason=inputs.samples_why)
        for side, verdict, whose in (
            (inputs.samples, Verdict.MISSING, "the value"),
            (inputs.baseline_samples, Verdict.NO_BASELINE, f"the {baseline_called(inputs)}"),
        ):
            if not by_counts and not len(side):
                return Outcome(verdict, clause, inputs, reason=f"there are no samples behind {whose}")
            if wrong := unusual(side):
                what = (
                    "too large or too small to be judged"
                    if all(map(isfinite, side))
                    else "not finite numbers"
                )
                reason = f"{wrong:,} of {len(side):,} samples behind {whose} are {what}"
                return Outcome(Verdict.ERROR, clause, inputs, reason=reason)
        sizes = (inputs.count, inputs.baseline_count) if by_counts else tuple(map(len, _sides(inputs)))
        fewest = min(size or 0 for size in sizes)
        if fewest < inputs.min_samples:
            which = "" if fewest == sizes[0] else f" of the {baseline_called(inputs)}"
            reason = f"{fewest} of {inputs.min_samples} samples{which}"
            return Outcome(Verdict.MISSING, clause, inputs, reason=reason)
        return None

    def _told(self, inputs: Inputs, found: Compared, computed: Figures, far: Sequence[Tail]) -> Outcome:
        reason = told(found, self.percent, inputs)
        rarest = min(far, key=lambda tail: tail.p, default=None)
        beside = (tail_words(rarest, inputs),) if rarest and rarest.p < _RARE else ()
        computed = msgspec.structs.replace(computed, remarks=(*against(inputs), *beside))
        if not found.tolerance and not found.ratio and not found.within:
            example = with_unit("…", inputs.unit)
            reason = ZERO_BASELINE.format(baseline_called(inputs), self.clause, example)
            return Outcome(Verdict.ERROR, self.clause, inputs, reason=reason, figures=computed)
        if found.beyond:
            return Outcome(Verdict.FAIL, self.clause, inputs, reason=reason, figures=computed)
        if not found.within:
            computed = msgspec.structs.replace(computed, needed=found.needed)
            return Outcome(Verdict.INCONCLUSIVE, self.clause, inputs, reason=reason, figures=computed)
        verdict = Verdict.WARN if beside else Verdict.PASS
        return Outcome(verdict, self.clause, inputs, reason=reason, note="; ".join(beside), figures=computed)


def _sides(inputs: Inputs) -> tuple[Sequence[float], Sequence[float]]:
    return inputs.samples, inputs.baseline_samples


def _by_counts(inputs: Inputs) -> bool:
    """Whether two shares are compared by how many things they are of: no samples say more."""
    counted = inputs.unit.kind == "share" and inputs.count and inputs.baseline_count
    return bool(counted) and not any(map(len, _sides(inputs))) and None not in (inputs.value, inputs.baseline)
