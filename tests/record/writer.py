"""A process that writes to a record and says which changes were acknowledged.

    python -m tests.record.writer PATH NAME COUNT

adds COUNT differences, signs each with a note, and keeps its own field of a shared entity.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.record.support import KINDS, difference

from workbench.model.times import Clock
from workbench.record import Author, Blob, Change, Record


def main(path: str, name: str, count: int) -> None:
    author, clock = Author(name, "asserted by --as", name), Clock()
    with Record.open(Path(path), KINDS) as record:
        shared = record.get("note", "shared")
        assert shared is not None
        base, value = shared.base, shared.decode(dict)
        for number in range(count):
            value = value | {name: number}
            note = Change("note", "shared", "counted", value, base)
            added = Change("difference", f"{name}-{number}", "added", difference(str(number)))
            blob = Blob.of(f"answer {name} {number}".encode() * 40, "text/plain")
            done = record.commit([added, note], author=author, clock=clock, blobs=[blob])
            base = done.entries[-1] if not done.merged else base
            if done.merged:
                shared = record.get("note", "shared")
                assert shared is not None
                base, value = shared.base, shared.decode(dict)
            sys.stdout.write(f"{done.change_id} {name}-{number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
