"""Timing two things in turn, and what comes of it: one row of the table."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from functools import _lru_cache_wrapper
from statistics import median

import msgspec

ROUNDS = 7
NOT_YET = "not yet"
FAILED = "failed"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One measured thing: ``measured`` and ``target`` are ratios, or milliseconds where ``unit`` says so.

    ``least`` turns the comparison round: the figure must be at least the target.  A row without a
    target is there to be known.
    """

    name: str
    what: str
    peer: str
    measured: float | None = None
    target: float | None = None
    unit: str = "×"
    least: bool = False
    times: str = ""
    spread: tuple[float, float] | None = None

    @property
    def verdict(self) -> str:
        """``met``, ``MISSED``, ``not yet``, ``failed`` (to be measured) or nothing."""
        if self.measured is None:
            return NOT_YET if self.target else FAILED
        if self.target is None:
            return ""
        met = self.measured >= self.target if self.least else self.measured <= self.target
        return "met" if met else "MISSED"


class Paired(msgspec.Struct, frozen=True):
    """Seconds of both, round by round."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median of the ratios of the rounds: what disturbs both of a round does not count."""
        return median(self.ratios)

    @property
    def ratios(self) -> list[float]:
        """Ours divided by theirs, round by round."""
        return [one / other for one, other in zip(self.ours, self.theirs, strict=True)]

    def row(self, name: str, what: str, peer: str, target: float | None, *, least: bool = False) -> Row:
        """A row whose figure is the ratio; with ``least``, how fast we are instead of how slow."""
        ratios = [1 / ratio for ratio in self.ratios] if least else self.ratios
        return Row(
            name=name,
            what=what,
            peer=peer,
            measured=median(ratios),
            target=target,
            least=least,
            times=f"{seconds_text(median(self.ours))} / {seconds_text(median(self.theirs))}",
            spread=(min(ratios), max(ratios)),
        )


def paired(
    ours: Callable[[], object],
    theirs: Callable[[], object],
    rounds: int = ROUNDS,
    warm: int = 1,
    before: Callable[[], object] = lambda: None,
) -> Paired:
    """Both in turn, ``rounds`` times, after ``warm`` rounds that do not count.

    Each may return the seconds it took; otherwise it is timed from outside.  ``before`` goes
    before each of ours, and is not timed.
    """
    taken: list[tuple[float, float]] = []
    for number in range(warm + rounds):
        before()
        pair = (timed(ours), timed(theirs))
        if number >= warm:
            taken.append(pair)
    return Paired(tuple(a for a, _ in taken), tuple(b for _, b in taken))


def timed(job: Callable[[], object]) -> float:
    """The seconds that a job says it took, or that it took."""
    gc.collect()
    start = time.perf_counter()
    said = job()
    taken = time.perf_counter() - start
    return said if isinstance(said, float) else taken


def forget() -> None:
    """Empty every cache of ours, so that nothing stays from one run to the next."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "workbench":
            for thing in list(vars(module).values()):
                if isinstance(thing, _lru_cache_wrapper):
                    thing.cache_clear()


def seconds_text(seconds: float) -> str:
    """Three digits, in milliseconds or seconds."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"
