"""``python -m bench.simulations``: what chance does to each statistical rule, simulated, as the tables of docs/statistics.md.

Every seed is fixed, so that the tables are the same each time; with ``--check`` nothing is written, and
the status is 1 where the page says something else.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray

from workbench.criteria import Inputs, Verdict, judge, parse
from workbench.model.quantity import UNITS
from workbench.statistics.charts import CHARTS, LAMBDA, SPAN, false_alarms
from workbench.statistics.overlap import overlap, own_overlap
from workbench.statistics.run_rules import RULES

PAGE = Path(__file__).parents[1] / "docs" / "statistics.md"
ROWS = 40_000
Points = NDArray[Any]


def outside(chart: str, rows: Points) -> Points:
    """Of each row whether its last point lies above (1) or below (-1) the limits drawn from the others, or not (0)."""
    before, value = rows[:, :-1], rows[:, -1]
    n = before.shape[1]
    mean = before.mean(axis=1)
    if CHARTS[chart].by_ranges:
        deviation = numpy.abs(numpy.diff(before, axis=1)).mean(axis=1) / 1.128
    else:
        deviation = before.std(axis=1, ddof=1)
    if chart == "ewma":
        value = mean
        for place in range(n + 1):
            value = (1 - LAMBDA) * value + LAMBDA * rows[:, place]
    if chart == "moving_average":
        value = rows[:, -SPAN:].mean(axis=1)
    away, reach = value - mean, CHARTS[chart].multiple(n) * deviation
    return (away > reach).astype(int) - (away < -reach)


def normal(n: int, correlation: float = 0.0) -> Points:
    """Rows of n + 1 points of a process in control, each as much like the one before as ``correlation`` says."""
    random = numpy.random.default_rng(1000 + n)
    rows = random.normal(size=(ROWS, n + 1))
    if correlation:
        fresh = (1 - correlation**2) ** 0.5
        for place in range(1, n + 1):
            rows[:, place] = correlation * rows[:, place - 1] + fresh * rows[:, place]
    return rows


def percent(share: float) -> str:
    return f"{100 * share:.2g} %"


def by_points() -> Iterator[list[str]]:
    yield ["points", *(f"`{name}`" for name in CHARTS)]
    for n in (8, 12, 20, 50, 100):
        rows = normal(n)
        cells = []
        for name in CHARTS:
            found = float((outside(name, rows) != 0).mean())
            cells.append(f"{percent(found)} ({percent(false_alarms(name, n))})")
        yield [str(n), *cells]


def by_correlation() -> Iterator[list[str]]:
    yield ["correlation", "`mean_3s`", "`xmr`"]
    for correlation in (0.0, 0.3, 0.6, 0.8):
        rows = normal(100, correlation)
        yield [
            f"{correlation:.1f}",
            *(percent(float((outside(name, rows) != 0).mean())) for name in ("mean_3s", "xmr")),
        ]


def by_scale() -> Iterator[list[str]]:
    yield ["points", "`scale: linear`, above", "`scale: log`, above", "`prediction` and `log`, above"]
    for n in (20, 50, 100):
        logs = normal(n) * 0.6
        kinds = (("mean_3s", numpy.exp(logs)), ("mean_3s", logs), ("prediction", logs))
        yield [str(n), *(percent(float((outside(name, rows) > 0).mean())) for name, rows in kinds)]


def rates() -> Iterator[list[str]]:
    yield ["rule", "fires at a point", "one in"]
    for name, rule in RULES.items():
        same = f" (as `{rule.same_as}`)" if rule.same_as and RULES[rule.same_as].rate == rule.rate else ""
        yield [f"`{name}`{same}", percent(rule.rate), f"{1 / rule.rate:,.0f}"]


def outcomes() -> Iterator[list[str]]:
    """Two samples of noisy durations (lognormal, sigma 1), by how much slower the candidate really is."""
    rule, plain = parse("not worse than baseline by 25%"), 0
    yield [
        "samples",
        "really slower by",
        "pass",
        "inconclusive",
        "fail",
        "a plain “not significantly worse” passes",
    ]
    from workbench.statistics.ranks import mann_whitney

    for n, slower in (
        (20, 0),
        (20, 25),
        (20, 100),
        (100, 0),
        (100, 25),
        (100, 100),
        (1000, 0),
        (1000, 25),
        (1000, 100),
    ):
        random = numpy.random.default_rng(n + slower)
        tries, plain = (600 if n < 1000 else 60), 0
        found: list[Verdict] = []
        for _ in range(tries):
            samples = (random.lognormal(0, 1, n) * (1 + slower / 100)).tolist()
            baseline = random.lognormal(0, 1, n).tolist()
            inputs = Inputs(
                value=None, unit=UNITS["s"], samples=samples, baseline_samples=baseline, better="lower"
            )
            verdict = judge(rule, None, inputs).verdict
            found.append(Verdict.PASS if verdict is Verdict.WARN else verdict)
            worse = mann_whitney([each / 1.25 for each in samples], baseline)
            plain += worse.p / 2 > 0.01 or worse.statistic < n * n / 2
        shares = (found.count(each) / tries for each in (Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.FAIL))
        yield [
            f"{n} + {n}",
            f"{slower} %",
            *(f"{100 * share:.0f} %" for share in shares),
            f"{100 * plain / tries:.0f} %",
        ]


def tails() -> Iterator[list[str]]:
    yield ["samples", "equal samples", "1 in 20 is eight times as slow"]
    rule = parse("not worse than baseline by 25%")
    for n in (50, 100, 200):
        cells = []
        for often in (0.0, 0.05):
            random = numpy.random.default_rng(n)
            warned = 0
            for _ in range(400):
                samples = random.lognormal(0, 0.2, n) * numpy.where(random.random(n) < often, 8, 1)
                inputs = Inputs(
                    value=None,
                    unit=UNITS["s"],
                    samples=samples.tolist(),
                    baseline_samples=random.lognormal(0, 0.2, n).tolist(),
                    better="lower",
                )
                warned += judge(rule, None, inputs).verdict is Verdict.WARN
            cells.append(f"{warned / 4:.1f} %")
        yield [f"{n} + {n}", *cells]


def overlaps() -> Iterator[list[str]]:
    yield ["samples on each side", "overlap", "expected"]
    for n in (50, 100, 200, 1000):
        random = numpy.random.default_rng(n)
        found, expected = [], []
        for _ in range(400):
            one, two = random.lognormal(0, 0.5, n), random.lognormal(0, 0.5, n)
            edges = numpy.linspace(0, max(one.max(), two.max()), 21)
            counts = [numpy.histogram(side, edges)[0].tolist() for side in (one, two)]
            found.append(overlap(*counts))
            expected.append(own_overlap(*counts))
        yield [str(n), f"{numpy.mean(found):.2f}", f"{numpy.mean(expected):.2f}"]


def looks() -> Iterator[list[str]]:
    """A build that is 10 % too slow, measured with a noise of 10 % of its value, until it passes."""
    yield ["looks", "passes once", "passes two in a row"]
    random = numpy.random.default_rng(5)
    passes = random.normal(1.1, 0.11, size=(ROWS, 20)) <= 1.0
    twice = passes[:, 1:] & passes[:, :-1]
    for count in (1, 3, 5, 10, 20):
        once, two = passes[:, :count].any(axis=1).mean(), twice[:, : count - 1].any(axis=1).mean()
        yield [str(count), f"{100 * once:.0f} %", f"{100 * two:.0f} %" if count > 1 else "never"]


TABLES: dict[str, Callable[[], Iterator[list[str]]]] = {
    "by-points": by_points,
    "by-correlation": by_correlation,
    "by-scale": by_scale,
    "rates": rates,
    "outcomes": outcomes,
    "tails": tails,
    "overlaps": overlaps,
    "looks": looks,
}


def written(page: str, names: tuple[str, ...] = tuple(TABLES)) -> str:
    """The page with these tables as they are computed now."""
    for name in names:
        head, *rest = TABLES[name]()
        lines = [head, ["---"] * len(head), *rest]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        page, times = place.subn(lambda found, table=table: found[1] + table + "\n" + found[2], page)
        if times != 1:
            raise SystemExit(f"{PAGE.name} has no place for the table {name}")
    return page


def main(arguments: list[str]) -> int:
    """Write the tables, or say whether the page has them."""
    before = PAGE.read_text(encoding="utf-8")
    after = written(before)
    if "--check" in arguments:
        return int(before != after)
    PAGE.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
