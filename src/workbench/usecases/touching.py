"""What has been touched since a screen was read, so that just that is read again."""

from __future__ import annotations

from collections.abc import Set

import msgspec

from workbench.usecases.context import Context

MOST = 200


class Touched(msgspec.Struct, frozen=True):
    """Entries of the ledger after a place, by the thing they are of: pairs of entity and id."""

    things: frozenset[tuple[str, str]]

    def only(self, entity: str, besides: Set[str]) -> frozenset[str] | None:
        """The ids of an entity; ``None`` when one of the entities ``besides`` was touched, too."""
        if any(name in besides for name, _ in self.things):
            return None
        return frozenset(id for name, id in self.things if name == entity)


def read_touched(context: Context, since: int) -> Touched | None:
    """What was touched by entries after the one numbered ``since``; ``None`` when it is too much to pick."""
    rows = context.record.query(
        "SELECT DISTINCT entity, id FROM ledger WHERE seq > ? LIMIT ?", (since, MOST + 1)
    )
    return Touched(frozenset((entity, id) for entity, id in rows)) if len(rows) <= MOST else None
