"""``python -m tests.simulation [--desks N] [--seed N] …``: a simulated week of a team, and a table of what came of it."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import msgspec
from tests.simulation.week import WHOLE, simulate, table


def main(arguments: list[str]) -> int:
    """Simulates; 1 where something does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same entries")
    for field in ("desks", "people", "turns", "acts", "jobs"):
        parser.add_argument(f"--{field}", type=int, default=getattr(WHOLE, field))
    chosen = parser.parse_args(arguments)
    size = msgspec.structs.replace(
        WHOLE, **{field: getattr(chosen, field) for field in ("desks", "people", "turns", "acts", "jobs")}
    )
    with tempfile.TemporaryDirectory(prefix="workbench-simulation-") as folder:
        figures = simulate(size, chosen.seed, Path(folder), tell=lambda text: print(text, file=sys.stderr))
    print("\n".join(table(figures)))
    print(f"digest of all entries: {figures.digest}  (again: make simulate SEED={chosen.seed})")
    for problem in figures.problems:
        print(f"does not hold: {problem}")
    return 1 if figures.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
