"""Entries of a record that another version wrote: sealed and whole, with values that this one does not know."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz import odd
from tests.fuzz.effort import SOME
from tests.fuzz.places import web_shop
from tests.fuzz.test_record import COMMANDS

from workbench.model.errors import WorkbenchError
from workbench.model.times import Clock
from workbench.record import Author, Change, Record
from workbench.usecases import nouns

FILE = ".workbench/record.db"
KIM = Author("kim", "asserted by --as", "kim")


@cache
def entries() -> tuple[tuple[str, str, Any, str], ...]:
    """The latest value of everything that the shop's record holds: kind, id, value and entry."""
    place = web_shop()
    place.put_back()
    with Record.open(place.root / FILE, nouns.NOUNS, readonly=True) as record:
        return tuple(
            (kind.name, stored.id, json.loads(stored.value), stored.base)
            for kind in record.kinds
            for stored in record.all(kind.name)
        )


@st.composite
def changes(draw: st.DrawFn) -> Change:
    kind, ident, value, entry = draw(st.sampled_from(entries()))
    return Change(kind, ident, "edited", draw(odd.trees(value, most=2)), entry)


@SOME
@given(st.deferred(changes), COMMANDS)
def test_entries(change: Change, words: list[str]) -> None:
    place = web_shop()
    place.put_back()
    with place.inside():
        try:
            with Record.open(place.root / FILE, nouns.NOUNS) as record:
                record.commit([change], author=KIM, clock=Clock())
        except (WorkbenchError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError):
            return  # no version writes that
    place.survives(*words)
    place.survives("verify")
