"""Desks that share a record through a real server."""

from __future__ import annotations

import msgspec
from tests import building as build
from tests.sharing.team import Team, sync_all

from workbench.parity import model as parity
from workbench.usecases import mapping
from workbench.usecases.context import Context
from workbench.usecases.sharing.syncing import sync


def edit(context: Context, **fields: str) -> None:
    stored, found = parity.find(context.record, "cache size")
    mapping.edit_difference(context, stored, msgspec.structs.replace(found, **fields))


def value(context: Context) -> parity.Difference:
    return parity.find(context.record, "cache size")[1]


def test_what_one_desk_wrote_the_others_have(team: Team) -> None:
    kim = team.first_desk()
    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
    assert sync(kim).sent > 0
    sam = team.join("sam")
    assert value(sam).production == "2"
    edit(sam, production="4")
    assert sync(sam).sent == 1
    assert sync(kim).received == 2  # what began the desk, and the edit
    assert value(kim).production == "4"
    again = sync(kim)
    assert (again.sent, again.received) == (0, 0)


def test_two_desks_that_changed_the_same_field_see_both_versions(team: Team) -> None:
    kim = team.first_desk()
    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
    sync(kim)
    sam = team.join("sam")
    edit(kim, production="4")
    edit(sam, production="8")
    sync_all(kim, sam)
    for desk in (kim, sam):
        (contested,) = desk.record.contested()
        assert contested.entity == "difference"
        assert len(contested.versions) == 2
