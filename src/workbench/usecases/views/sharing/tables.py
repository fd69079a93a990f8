"""What came of bringing a server's tables up to date, in words."""

from __future__ import annotations

from workbench.usecases.sharing.administering import Upgraded

UP_TO_DATE = "the tables on the server are those of this workbench: there is nothing to run"


def upgraded_words(done: Upgraded) -> str:
    """What was done, in a sentence; who is left out by it is said."""
    if not done.steps:
        return f"the tables on the server have version {done.after} already"
    text = f"the tables on the server have version {done.after} now; they had {done.before}"
    return f"{text}. Workbenches for version {done.works_with} or newer work with them"
