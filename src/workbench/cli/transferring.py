"""Commands that send and receive: how far they are is shown where it lasts, and ctrl+c ends them with what was done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from workbench.cli.interrupting import Interrupt
from workbench.cli.progress import AFTER, Progress
from workbench.usecases.sharing.connecting import MANY
from workbench.usecases.sharing.going import Going
from workbench.usecases.sharing.receiving import Steps


@contextmanager
def transferring() -> Iterator[Steps]:
    """The steps in which a command sends and receives."""
    interrupt = Interrupt()
    with interrupt.heard(), Progress(AFTER) as progress:

        def told(going: Going) -> None:
            progress.show(going.what, going.done, going.total, going.of)

        yield Steps(entries=MANY, told=told, whole=interrupt.whole)
