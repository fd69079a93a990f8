"""Acts that rest on a judgement: nothing may come between the two."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workbench.model.errors import RecordMoved
from workbench.record import Blob, Change, Commit
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import ATTEMPTS, Evaluation, evaluate


def commit_judged(
    context: Context,
    version: str | None,
    make: Callable[[Evaluation], tuple[Sequence[Change], Sequence[Blob]]],
) -> Commit:
    """Judge a release, and commit the changes and evidence that ``make`` makes of that.

    Where somebody writes between the judgement and the commit it is judged once more;
    ``RecordMoved`` if that happens again and again.
    """
    for _ in range(ATTEMPTS):
        evaluation = evaluate(context, version)
        changes, blobs = make(evaluation)
        try:
            return commit(context, changes, blobs=blobs, if_head=evaluation.head)
        except RecordMoved as error:
            moved = error
    raise moved
