"""What a clause is, what it is put to, and what comes of that.

Every form of the language makes clauses, and a clause says everything about itself: how it
prints, what it needs to know, how it is judged, where its limit comes from.  See ``forms``.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence, Set
from datetime import datetime
from decimal import Decimal, localcontext
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar

import msgspec

from workbench.criteria.figures import USUAL, Charting, Figures
from workbench.criteria.operators import LOWER, UPPER, Operator
from workbench.criteria.verdict import Verdict
from workbench.model.quantity import Unit, from_float, rescale, rescale_all

MIN_SAMPLES = 20  # on each side, unless a benchmark says otherwise
_DIGITS = 400  # converting for show must not make two numbers equal that are not


class Need(StrEnum):
    """What a rule looks at beside the value."""

    BASELINE = "baseline"
    HISTORY = "history"  # earlier measurements of the same benchmark and environment
    SAMPLES = "samples"  # the samples behind the value and the baseline


class Earlier(msgspec.Struct, frozen=True, gc=False):
    """An earlier measurement that counts; ``count`` is that of the things of which a share is one."""

    at: datetime | None
    value: Decimal
    count: int | None = None


class Inputs(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The numbers that a criterion is put to; every decimal and float is in ``unit``.

    ``value_state`` says why there is no usable value (missing, error, stale) and
    ``baseline_state`` the same of the baseline; the ``…_why`` texts are for people.
    ``baseline_name`` is what people call the baseline, plain or possessive: ``production``,
    ``the last good release's``.  ``history`` (oldest first) and the samples are there only
    for a criterion that needs them; ``samples_why`` says why they cannot be compared with the baseline's.
    ``better`` is ``lower``, ``higher`` or ``neither``; ``charting`` says how a control chart is drawn, ``edges``
    are those of the histogram that values were read from, and ``least`` is what no value can be below.
    ``count`` says of how many things the value is a share, and ``baseline_count`` the same of the baseline.
    Fewer samples than ``min_samples`` on a side are not compared.  ``noise`` is how far the baseline
    differs from itself.
    """

    value: Decimal | None
    unit: Unit
    baseline: Decimal | None = None
    value_state: Verdict | None = None
    baseline_state: Verdict | None = None
    value_why: str = ""
    baseline_why: str = ""
    baseline_name: str = "baseline"
    history: tuple[Earlier, ...] = ()
    samples: Sequence[float] = ()
    baseline_samples: Sequence[float] = ()
    samples_why: str = ""
    better: str = "neither"
    charting: Charting = USUAL
    edges: Sequence[float] = ()
    least: float | None = None
    count: int | None = None
    baseline_count: int | None = None
    min_samples: int = MIN_SAMPLES
    noise: float | None = None


class Criterion(msgspec.Struct, frozen=True, cache_hash=True):
    """Any criterion.  ``str()`` gives the canonical text, which parses to an equal criterion."""

    def __str__(self) -> str:
        return _printed(self)

    @property
    def needs(self) -> Set[Need]:
        """What any of its clauses looks at beside the value."""
        raise NotImplementedError

    @property
    def needs_baseline(self) -> bool:
        """Whether any clause looks at the baseline."""
        return Need.BASELINE in self.needs

    def printed(self) -> str:
        """The canonical text, which is what is digested: it never changes."""
        raise NotImplementedError

    def prepare(self, unit: Unit) -> Plan:
        """The criterion made ready for a benchmark in ``unit``: limits are converted once.

        Raises :class:`CriterionError` where it does not fit that unit.
        """
        raise NotImplementedError


class Plan(msgspec.Struct, frozen=True):
    """A criterion made ready for one unit, to be judged many times."""

    def judge(self, inputs: Inputs) -> Outcome:
        """The outcome: pass, fail or an unknown; warn only where a statistical rule says so."""
        raise NotImplementedError

    def feeds(self, inputs: Inputs, observed: Sequence[Earlier]) -> tuple[Earlier, ...] | None:
        """Of earlier values, oldest first, those that did not fail in their time, where a plan can tell at once.

        ``None``: they have to be judged one after the other.  ``inputs`` hold everything but value and history.
        """
        return None


class Clause(Criterion, frozen=True, cache_hash=True):
    """A rule without ``and`` and ``or``: what the forms of the language make.

    ``NEEDS`` says what it looks at beside the value.  ``PROVABLE`` is true where its limits are
    straight lines in the baseline with a bend at 0, so that ``lint`` can prove what it never does.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset()
    PROVABLE: ClassVar[bool] = True

    @property
    def needs(self) -> Set[Need]:
        return self.NEEDS

    def check(self, better: str | None, text: str) -> None:
        """Raises :class:`CriterionError` where the clause does not fit a benchmark's direction.

        ``text`` is the whole criterion.
        """

    def origin(self, outcome: Outcome, whose: str) -> str:
        """Where the limit comes from, in words; ``whose`` is ``production's 0.45 s``."""
        return ""

    def around(self, outcome: Outcome, whose: str) -> str:
        """Where both limits come from, in words: ``production's 0.45 s ± 20 %``."""
        return self.origin(outcome, whose)

    def decisive(self, inputs: Inputs, limit: Decimal) -> Decimal | None:
        """The number that stands against the limit."""
        return inputs.value

    def accepts(self, outcome: Outcome) -> tuple[Decimal | None, Decimal | None]:
        """See :meth:`Outcome.accepts`; of a two-sided clause these are its bounds."""
        return outcome.limit_low, outcome.limit_high


class Comparison(Clause, frozen=True, cache_hash=True):
    """A clause that begins with an operator."""

    operator: Operator

    def accepts(self, outcome: Outcome) -> tuple[Decimal | None, Decimal | None]:
        limit = outcome.limit
        return None if self.operator in UPPER else limit, None if self.operator in LOWER else limit


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """A verdict with its arithmetic, every decimal and float in the unit of ``inputs``.

    ``limit`` is the bound that decided; a two-sided clause gives both its bounds as
    ``limit_low`` and ``limit_high``.  ``margin`` is the distance to the limit, negative
    beyond it.  ``clause`` is the clause that decided.  ``reason`` says what stands in
    place of a limit, ``note`` how a failure became a warning.  ``figures`` are those of a
    statistical clause.
    """

    verdict: Verdict
    clause: Clause
    inputs: Inputs
    limit: Decimal | None = None
    limit_low: Decimal | None = None
    limit_high: Decimal | None = None
    margin: Decimal | None = None
    reason: str = ""
    note: str = ""
    figures: Figures | None = None

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

    def accepts(self) -> tuple[Decimal | None, Decimal | None]:
        """The values that the deciding clause lets pass, as a lower and an upper bound.

        ``None`` is no bound on that side, and on both where there is no limit.
        """
        return (None, None) if self.limit is None else self.clause.accepts(self)

    def told_in(self, unit: Unit) -> Outcome:
        """The same outcome with its numbers in another unit of their kind."""
        if unit == self.inputs.unit:
            return self
        with localcontext(prec=_DIGITS):
            told: Outcome = _rescaled(self, self.inputs.unit, unit)
            return told


def _rescaled(thing: Any, unit: Unit, to: Unit) -> Any:
    """Every number of an outcome in another unit; whatever else it holds as it is."""
    if isinstance(thing, Decimal):
        return rescale(thing, unit, to)
    if isinstance(thing, float):
        return float(rescale(from_float(thing), unit, to))
    if isinstance(thing, (array, memoryview)):
        return rescale_all(thing, unit, to)
    if isinstance(thing, tuple):
        return tuple(_rescaled(item, unit, to) for item in thing)
    if isinstance(thing, Figures):
        return thing.converted(lambda number: float(rescale(from_float(number), unit, to)))
    if isinstance(thing, (Outcome, Inputs, Earlier)):
        fields = {name: _rescaled(getattr(thing, name), unit, to) for name in thing.__struct_fields__}
        return msgspec.structs.replace(thing, **fields)
    return to if isinstance(thing, Unit) else thing


@lru_cache(maxsize=4096)
def _printed(criterion: Criterion) -> str:
    return criterion.printed()
