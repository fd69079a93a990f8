"""Incidents put straight into the record, for tests of what is said of them afterwards."""

from __future__ import annotations

from typing import Any

import msgspec

from workbench.incidents.model import Incident, IncidentSeverity
from workbench.model.keys import new_id
from workbench.record import Change
from workbench.usecases.context import Context, commit


def happened(context: Context, title: str = "Payments fail with 503", **said: Any) -> str:
    """An incident in production, unless said otherwise; its id."""
    said.setdefault("environment", "production")
    said.setdefault("severity", IncidentSeverity.HIGH)
    said.setdefault("flows", ("checkout",))
    value = Incident(title=title, declared_at=context.now, declared_by=context.author().actor, **said)
    ident = new_id(context.now)
    commit(context, [Change("incident", ident, "declared", value)])
    return ident


def changed(context: Context, ident: str, **said: Any) -> None:
    """The same incident, otherwise."""
    stored = context.record.get("incident", ident)
    assert stored is not None
    value = msgspec.structs.replace(stored.decode(Incident), **said)
    commit(context, [Change("incident", ident, "edited", value, stored.base)])
