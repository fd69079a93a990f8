"""CI judges what compares samples as the record does: the excerpt has them, and no others."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
from tests import building as build

from workbench.criteria import Verdict
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.excerpts import excerpt, from_excerpt
from workbench.usecases.fetching import fetch
from workbench.usecases.project import Options

TEXT = (
    build.HEAD
    + build.PEOPLE
    + """\
sources: [{key: files, kind: samples}]
benchmarks:
  - key: compared
    title: No slower than production
    flow: checkout
    measure: {source: files, file: '$environment.txt', unit: s}
    better: lower
    pass: not worse than baseline by 25%
  - key: limited
    title: Fast enough
    flow: checkout
    measure: {source: files, file: 'other.txt', unit: s}
    better: lower
    pass: <= 600 ms
gates:
  - {key: met, title: Met, requires: [benchmarks: {}]}
"""
)


def written(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    numbers = "".join(f"{chance.lognormvariate(-1.5, 0.3):.6f}\n" for _ in range(200))
    path.write_text(f"# measured: {build.NOW.isoformat()}\n{numbers}")


def test_an_excerpt_has_the_samples_that_verdicts_rest_on(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", TEXT) as shop:
        for seed, name in enumerate(("staging", "production", "other")):
            written(shop.root / f"{name}.txt", seed)
        fetch(shop)
        there = verdict_of(evaluate(shop), "compared")
        assert there.verdict is Verdict.PASS
        text = excerpt(shop)
        root = shop.root
    file = tmp_path / "shop.excerpt.jsonl"
    file.write_bytes(text)
    lines = [msgspec.json.decode(line) for line in text.splitlines()[1:]]
    # Those of the rule that compares samples, and not those that only made a percentile.
    assert sum("blob" in line for line in lines) == 2
    context = from_excerpt(Options(project=root, now=build.NOW), file)
    here = verdict_of(evaluate(context), "compared")
    context.record.close()
    assert (here.verdict, here.why) == (there.verdict, there.why)
