"""The flow inventory as a table that a team keeps elsewhere too: how its rows meet the record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.definitions.shapes import Tier
from workbench.flows.fields import FIELDS
from workbench.flows.model import Flow, all_flows, edited, new_flow
from workbench.model.errors import UsageError
from workbench.model.keys import is_slug, new_key, slug
from workbench.model.noun_fields import Field
from workbench.model.tables import Known, match_name
from workbench.model.text import safe_text
from workbench.record import Change, Record, Stored


class FlowTable:
    """Flows are found by their key, or by their name where a row says no key."""

    kind = "flows"
    about = "the inventory of flows"
    noun = "flow"
    begins_from = "flows"
    fields: tuple[Field, ...] = FIELDS
    needed: tuple[str, ...] = ("key", "name")
    never_changed: tuple[str, ...] = ()
    chosen = "key"
    renamed = False
    title = "name"
    written: Mapping[str, str] = {}
    empty: Any = Flow(key="", name="")

    def known(self, record: Record, titles: Collection[str] | None = None) -> Known:
        """What is in the inventory, by key; the names lead to the keys."""
        found = Known()
        for ident, key, name in record.query("SELECT id, key, name FROM e_flow ORDER BY id"):
            found.add(key, ident, match_name(name))
        return found

    def name(self, said: Mapping[str, Any], known: Known) -> str:
        """The key that a row is found by, or that it gets; ``UsageError`` where it cannot be one."""
        key = said.get("key")
        if key and not is_slug(key):
            raise UsageError(f"“{safe_text(key, 60)}” cannot be a key", hint=f"write {slug(key)}")
        return key or self._by_name(said["name"], known)

    def _by_name(self, name: str, known: Known) -> str:
        called = match_name(name)
        keys = known.others.get(called, ())
        if len(keys) > 1:
            named = ", ".join(keys)
            raise UsageError(
                f"{len(keys)} flows are called “{safe_text(name, 60)}”: {named}",
                hint="say which in a column for the key",
            )
        if keys:
            return keys[0]
        if name in known.ids:  # the key itself stands where names are expected
            return name
        key = new_key(name, known.ids, known.given)
        known.given.add(key)
        known.others[called] = (key,)
        return key

    def own_name(self, said: Mapping[str, Any], known: Known) -> str:
        """The key that a row says, or that it gets."""
        return self.name(said, known)

    def instead_of_name(self, said: Mapping[str, Any]) -> str:
        """A flow without a name has nothing else to be called by."""
        return ""

    def instead(self, unread: Mapping[str, str]) -> tuple[dict[str, Any], str]:
        """A tier that cannot be read is the highest one, so that nothing is asked too little of it."""
        return (
            ({"tier": Tier.CRITICAL}, "imported as critical")
            if "tier" in unread
            else ({}, "imported without it")
        )

    def impossible(self, said: Mapping[str, Any], before: Flow) -> str:
        """A flow's fields do not depend on each other."""
        return ""

    def lacking(self, said: Mapping[str, Any], now: datetime) -> Mapping[str, UsageError]:
        """A flow decides nothing."""
        return {}

    def decided(self, said: Mapping[str, Any], by: str, at: datetime) -> dict[str, Any]:
        """A flow decides nothing."""
        return {}

    def says_no_difference(self, said: Mapping[str, Any]) -> bool:
        """Each row is a flow."""
        return False

    def added(self, record: Record, said: Mapping[str, Any], name: str, now: datetime, ident: str) -> Change:
        """The change that a new row makes."""
        flow = Flow(**{**said, "key": name, "name": said.get("name", name)})
        return new_flow(record, flow, now, ident)

    def edited(self, stored: Stored, value: Flow, changes: Mapping[str, Any]) -> Change:
        """The change that a row makes of what is there."""
        return edited(stored, msgspec.structs.replace(value, **changes))

    def everything(self, record: Record) -> list[tuple[Stored, Any]]:
        """Everything, by key."""
        return sorted(all_flows(record), key=lambda pair: pair[1].key)


TABLE = FlowTable()
