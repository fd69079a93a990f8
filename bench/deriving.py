"""Judging: every verdict and every gate of a large release, derived from the record."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from bench.large import Size
from bench.measuring import Paired, Row, forget, paired
from bench.setting import Setting
from workbench.releases import model as releases
from workbench.usecases.evaluate import evaluate
from workbench.usecases.opening import open_context
from workbench.usecases.project import RECORD, Options

SIZE = Size(flows=1000, benchmarks=5000, differences=0, measurements=10_000, candidates=1)
CHARTED = Size(flows=1000, benchmarks=5000, differences=0, measurements=10_000, candidates=101, charted=3)
ROUNDS = 11


def rows(setting: Setting) -> Iterator[Row]:
    """A gate over 1,000 flows with five dimensions each; and with a third of them on control charts."""
    yield _deriving(setting, SIZE, ROUNDS).row(
        "gate-large",
        "gates over 1,000 flows × 5 dimensions, derived in process",
        "raw sqlite3 reading the same rows",
        2.5,
    )
    yield _deriving(setting, CHARTED, 5).row(
        "gate-charts",
        "gates over 5,000 benchmarks, a third of them with charts of 100 points",
        "raw sqlite3 reading the same rows",
        3.0,
    )


def _deriving(setting: Setting, size: Size, rounds: int) -> Paired:
    root = setting.large(size)
    context = open_context(Options(project=root), readonly=True)
    raw = sqlite3.connect(root / RECORD)
    candidate = releases.find(context.record).candidate_id
    # A chart rests on the values of every candidate, any other benchmark on those of the last one.
    which = "1" if size.charted else "candidate = ?"

    def ours() -> None:
        evaluate(context)

    def theirs() -> None:
        """Every row that the verdicts rest on, as it lies there."""
        arguments = () if size.charted else (candidate,)
        raw.execute(f"SELECT * FROM measurement WHERE {which}", arguments).fetchall()
        raw.execute("SELECT * FROM e_flow").fetchall()
        for table in ("e_release", "e_candidate", "e_parity_review"):
            raw.execute(f"SELECT * FROM {table}").fetchall()

    try:
        return paired(ours, theirs, rounds, before=forget)
    finally:
        raw.close()
        context.record.close()
