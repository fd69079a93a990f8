"""``python -m tests.fuzz [--minutes N] [--seed N] [DOOR …]``: tries the doors for as long as there is time.

Prints how many examples were tried at each door, and each failure, made small, with the line
that repeats it.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from tests.fuzz import places

HERE = Path(__file__).parent


def main(arguments: list[str]) -> int:
    """1 where something failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--examples", type=int, default=200, help="how many of a door before the next one has its turn"
    )
    parser.add_argument("doors", nargs="*", help="all of them unless named")
    chosen = parser.parse_args(arguments)
    warnings.filterwarnings("ignore", module="hypothesis")
    settings.register_profile(
        "fuzz",
        max_examples=chosen.examples,
        deadline=None,
        database=None,
        derandomize=False,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("fuzz")
    os.environ["FUZZ_EXAMPLES"] = str(chosen.examples)
    places.make_all()
    doors = {name: test for name, test in _doors() if not chosen.doors or name in chosen.doors}
    end = time.monotonic() + chosen.minutes * 60
    tried, failed = dict.fromkeys(doors, 0), dict.fromkeys(doors, 0)
    number = chosen.seed
    while time.monotonic() < end:
        for name, test in doors.items():
            if time.monotonic() < end:
                count, wrong = _try(test, number, chosen.examples)
                tried[name] += count
                if wrong is not None:
                    failed[name] += 1
                    print(f"--- {name}, seed {number}\n{wrong}", flush=True)
        number += 1
    for name in doors:
        print(f"{name}: {tried[name]:,} examples, {failed[name]} seeds with a failure")
    return 1 if any(failed.values()) else 0


def _doors() -> Iterator[tuple[str, Callable[[], None]]]:
    for path in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(f"tests.fuzz.{path.stem}")
        for name, value in vars(module).items():
            if name.startswith("test_") and hasattr(value, "hypothesis"):
                yield name.removeprefix("test_"), value


def _try(test: Any, number: int, examples: int) -> tuple[int, str | None]:
    """How many examples were tried, and the failure, if any, in words."""
    count = 0
    inner = test.hypothesis.inner_test

    def counted(*args: Any, **kwargs: Any) -> None:
        nonlocal count
        count += 1
        inner(*args, **kwargs)

    test.hypothesis.inner_test = counted
    try:
        seed(number)(test)()
    except Exception as error:
        notes = "\n".join(note for note in getattr(error, "__notes__", ()) if "Explanation" not in note)
        said = [line for line in str(error).splitlines() if line.strip(" ^~")]
        return count, "\n".join(
            [notes[:1500], type(error).__name__, *(line[:300] for line in said[:2] + said[-14:])]
        )
    finally:
        test.hypothesis.inner_test = inner
    return count, None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
