"""What a JTL is read into: the times of its samples by label, requests and transactions apart."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.load_tests.observed import Observed, chosen

MOST_LABELS = 100_000
_TRANSACTION = "Number of samples in transaction"  # what a transaction controller writes as its message


class Label(msgspec.Struct):
    """The samples of one label: times in milliseconds, the moments they ended at in Unix seconds, and how many failed."""

    transaction: bool
    numbers: array[float] = msgspec.field(default_factory=lambda: array("d"))
    ends: array[float] = msgspec.field(default_factory=lambda: array("d"))
    failed: int = 0
    untold: int = 0
    begun: float = float("inf")


class Labels(msgspec.Struct):
    """All samples of a file.  ``wrong`` makes the error for what cannot be a sample."""

    wrong: Callable[[str], SourceError]
    found: dict[tuple[str, bool], Label] = {}

    def add(self, label: str, message: str, begun: float, milliseconds: float, success: str) -> None:
        """One sample; ``success`` is ``true``, ``false``, or "" where the file does not tell."""
        transaction = message.startswith(_TRANSACTION)
        one = self.found.get((label, transaction))
        if one is None:
            if len(self.found) >= MOST_LABELS:
                raise self.wrong(f"has more than {MOST_LABELS:,} labels: give requests one name each")
            one = self.found[label, transaction] = Label(transaction)
        if not 0 <= milliseconds < 1e12:
            raise self.wrong(f"says that “{safe_text(label, 100)}” took {milliseconds:g} ms")
        if success not in ("true", "false", ""):
            raise self.wrong(f"says “{safe_text(success, 40)}” where true or false is expected")
        one.numbers.append(milliseconds)
        one.ends.append(begun + milliseconds / 1000)
        one.failed += success == "false"
        one.untold += success == ""
        one.begun = min(one.begun, begun)

    @property
    def last(self) -> float | None:
        """When the last sample ended."""
        return max((max(one.ends) for one in self.found.values()), default=None)


def observed(files: Iterable[Labels], request: str | None) -> Observed:
    """The samples of a label, or all requests, of several files; ``WrongQuestion`` for a label that there is not.

    Transactions count where nothing but them has that name: they hold the times of their requests once more.
    """
    labels: dict[str, list[Label]] = {}
    for file in files:
        for (name, _), one in file.found.items():
            labels.setdefault(name, []).append(one)
    if request is None:
        every = [one for ones in labels.values() for one in ones]
    else:
        (every,) = chosen(labels, request, "request or transaction", "request")
    counted = [one for one in every if not one.transaction] or every
    numbers, ends = array("d"), array("d")
    for one in counted:
        numbers.extend(one.numbers)
        ends.extend(one.ends)
    return Observed(
        count=len(numbers),
        failed=None if any(one.untold for one in counted) else sum(one.failed for one in counted),
        seconds=max(ends) - min(one.begun for one in counted) if ends else None,
        numbers=numbers,
        times=ends,
    )
