"""A signing session that says which changes were acknowledged, until it is killed.

python -m tests.usecases.signer PROJECT
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from tests import building as build
from tests.building import Decision

from workbench.model.errors import WorkbenchError
from workbench.usecases import signing
from workbench.usecases.evaluate import evaluate


def say(change_id: str) -> None:
    sys.stdout.write(change_id + "\n")
    sys.stdout.flush()


def main(root: str) -> None:
    with build.opened(Path(root), "robin") as context:
        # The session before may have been killed between the two acts.
        with suppress(WorkbenchError):
            say(signing.revoke(context, evaluate(context), "benchmarks", "once more").change_id)
        while True:
            evaluation = evaluate(context)
            shown = signing.prepare(context, evaluation, "benchmarks")
            answer = signing.Answer(decision=Decision.APPROVE, comment="again")
            say(signing.sign(context, shown, answer).change_id)
            say(signing.revoke(context, evaluate(context), "benchmarks", "once more").change_id)


if __name__ == "__main__":
    main(sys.argv[1])
