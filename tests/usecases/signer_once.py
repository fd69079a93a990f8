"""One signature from a process of its own, when the starting shot is given: a file that appears.

python -m tests.usecases.signer_once PROJECT PERSON GATE SHOT
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests import building as build

from workbench.model.errors import WorkbenchError
from workbench.usecases import signing
from workbench.usecases.evaluate import evaluate


def main(root: str, person: str, gate: str, shot: str) -> int:
    with build.opened(Path(root), person) as context:
        shown = signing.prepare(context, evaluate(context), gate)
        print("ready", flush=True)
        while not Path(shot).exists():
            pass
        try:
            done = signing.sign(context, shown, signing.Answer(decision=signing.Decision.APPROVE))
        except WorkbenchError as error:
            print(f"told: {error}", flush=True)
            return 1
    print(f"recorded: {done.change_id}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
