"""``python -m tests.torture [--kills N] [--interruptions N] [--flips N] [--keys N]``: what the record and the app have to bear."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.torture.flipping import flip
from tests.torture.keys import press_at_random
from tests.torture.killing import interrupt_first_commands, kill_writers


def main(arguments: list[str]) -> int:
    """Prints figures; 1 where anything was lost or not found."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--interruptions", type=int, default=200)
    parser.add_argument("--flips", type=int, default=10_000)
    parser.add_argument("--keys", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=6)
    chosen = parser.parse_args(arguments)
    dice = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory(prefix="workbench-torture-") as name:
        folder = Path(name)
        os.environ["WORKBENCH_DATA"] = str(folder / "data")
        for part in ("kills", "first", "flips", "keys"):
            (folder / part).mkdir()
        start = time.perf_counter()
        kills = kill_writers(folder / "kills", chosen.kills, dice)
        print(
            f"{kills.done} writers killed, {kills.acknowledged} acknowledged changes, {len(kills.wrong)} wrong"
        )
        first = interrupt_first_commands(folder / "first", chosen.interruptions, dice)
        print(
            f"{first.done} first commands interrupted: {first.whole} left a whole record, {first.nothing} none, "
            f"{len(first.wrong)} wrong"
        )
        flips = flip(folder / "flips", chosen.flips, dice)
        for kind, count in sorted(flips.changed.items()):
            print(f"  {kind}: {count} bytes changed, {flips.altering[kind]} alter what is read")
        print(f"{flips.changed.total()} bytes changed, {len(flips.missed)} not found")
        keys = press_at_random(folder / "keys", chosen.keys, random.Random(chosen.seed))
        between = ", ".join(
            f"{count:,} {name}s" for name, count in sorted(keys.done.items()) if name != "key"
        )
        print(
            f"{keys.done['key']:,} keys in {keys.sessions} sessions, with {between}: {len(keys.wrong)} wrong"
        )
    wrong = [*kills.wrong, *first.wrong, *flips.missed, *keys.wrong]
    print(
        "\n".join(wrong[:50])
        or f"nothing was lost, everything was found, nothing crashed ({time.perf_counter() - start:.0f} s)"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
