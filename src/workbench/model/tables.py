"""What a team's table finds its things by: names that are meant to be the same."""

from __future__ import annotations

import msgspec


class Known(msgspec.Struct):
    """The things of a record by name: the name → its id.

    ``several`` counts those that share a name.  ``others`` lead from what a thing is called to its
    names: a table may not say all that a name is made of.  ``given`` are names that rows of the
    table have or ask for, so that none is given twice.
    """

    ids: dict[str, str] = {}
    several: dict[str, int] = {}
    others: dict[str, tuple[str, ...]] = {}
    given: set[str] = set()

    def add(self, name: str, ident: str, other: str) -> None:
        """One more thing; of those that share a name the first counts."""
        if self.ids.setdefault(name, ident) != ident:
            self.several[name] = self.several.get(name, 1) + 1
            return
        names = self.others.get(other, ())
        self.others[other] = (*names, name)


def match_name(title: str) -> str:
    """What two titles have in common that are meant to be the same."""
    return " ".join(title.casefold().split())
