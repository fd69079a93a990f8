"""What goes into a judgement and what comes out of it."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from workbench.criteria.tree import Criterion
from workbench.criteria.verdict import Verdict
from workbench.model.quantity import Unit


class Inputs(msgspec.Struct, frozen=True):
    """The numbers that a criterion is put to, all in ``unit``.

    ``value_state`` says why there is no usable value (missing, error, stale) and
    ``baseline_state`` the same of the baseline; the ``…_why`` texts are for people.
    ``baseline_name`` is what people call the baseline, plain or possessive: ``production``,
    ``the last good release's``.
    """

    value: Decimal | None
    unit: Unit
    baseline: Decimal | None = None
    value_state: Verdict | None = None
    baseline_state: Verdict | None = None
    value_why: str = ""
    baseline_why: str = ""
    baseline_name: str = "baseline"


class Outcome(msgspec.Struct, frozen=True):
    """A verdict with its arithmetic, in the unit of ``inputs``.

    ``limit`` is the bound that decided; a two-sided clause gives both its bounds as
    ``limit_low`` and ``limit_high``.  ``margin`` is the distance to the limit, negative
    beyond it.  ``clause`` is the clause that decided.  ``reason`` says what stands in
    place of a limit, ``note`` how a failure became a warning.
    """

    verdict: Verdict
    clause: Criterion
    inputs: Inputs
    limit: Decimal | None = None
    limit_low: Decimal | None = None
    limit_high: Decimal | None = None
    margin: Decimal | None = None
    reason: str = ""
    note: str = ""

    @property
    def margin_percent(self) -> Decimal | None:
        """``margin`` in per cent of the limit's magnitude; ``None`` for a limit of 0."""
        if self.margin is None or not self.limit:
            return None
        return self.margin / abs(self.limit) * 100

    @property
    def rule(self) -> str:
        """The canonical text of the clause that decided."""
        return str(self.clause)

    @property
    def headline(self) -> str:
        """The margin in words: ``28 % over its limit``, ``0.06 s to spare``, ``no data``."""
        from workbench.criteria.words import headline

        return headline(self)

    @property
    def why(self) -> str:
        """One sentence in words, with the numbers."""
        from workbench.criteria.words import sentence

        return sentence(self)
