"""What several desks changed at once: listed with its versions, and settled by choosing one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from workbench.gates.contested import name_of, versions_in_words
from workbench.model.errors import UsageError
from workbench.record import Change, Commit, Contested, Version
from workbench.usecases.context import Context, commit
from workbench.usecases.views.history import value_words

MINE = "mine"
_LEAST = 4  # digits of a digest that name a version
_A_MOMENT = 5.0  # seconds between saying when something was done and its entry


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A contested thing for people: what it is called, and in which fields its versions differ."""

    thing: Contested
    name: str
    words: str
    fields: tuple[str, ...]
    mine: str
    """The desk whose versions are one's own."""

    def said(self, version: Version, field: str) -> str:
        """What a version says in a field, in words."""
        if version.value is None:
            return "removed" if version.readable else "written by a newer workbench"
        return value_words(version.value.get(field))


def read_contested(context: Context) -> list[Choice]:
    """Everything of which somebody has to choose a version."""
    return [_choice(context, item) for item in context.record.contested()]


def find_contested(context: Context, ref: str) -> Choice:
    """The contested thing with that id, its end, or its title; ``UsageError`` where it is not one."""
    known = read_contested(context)
    found = [each for each in known if ref in (each.thing.id, each.thing.id[-12:], each.name)]
    found = found or [each for each in known if ref.lower() in each.name.lower()]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"“{ref}” matches several things",
            hint="; ".join(f"{each.thing.id[-12:]} ({each.name})" for each in found),
        )
    raise UsageError(f"“{ref}” does not have several versions", hint="workbench contested lists what does")


def settle(context: Context, choice: Choice, take: str) -> Commit:
    """Choose a version by its digest or its beginning, or this desk's own: ``mine``; it replaces all."""
    chosen = _version(choice, take)
    if not chosen.readable:
        raise UsageError("this version was written by a newer workbench", hint="update the workbench")
    also = tuple(each.digest for each in choice.thing.versions if each is not chosen)
    thing = choice.thing
    return commit(
        context,
        [Change(thing.entity, thing.id, "chose a version of", chosen.value, chosen.digest, None, also)],
    )


def _version(choice: Choice, take: str) -> Version:
    versions = choice.thing.versions
    if take == MINE:
        found = [each for each in versions if each.desk == choice.mine]
    else:
        found = [each for each in versions if len(take) >= _LEAST and each.digest.startswith(take.lower())]
    if len(found) != 1:
        named = ", ".join(each.digest[:12] for each in versions)
        raise UsageError(f"“{take}” names none of its versions", hint=f"one of {named}")
    return found[0]


def _choice(context: Context, item: Contested) -> Choice:
    return Choice(
        thing=item,
        name=name_of(item, context.record.kinds),
        words=versions_in_words(item),
        fields=_differing(item.versions),
        mine=context.record.info.desk,
    )


def _differing(versions: Sequence[Version]) -> tuple[str, ...]:
    """The fields that are not the same in all versions, without those that only repeat who made each and when."""
    values = [version.value for version in versions]
    names = dict.fromkeys(name for value in values if value for name in value)
    return tuple(
        name
        for name in names
        if len({value_words((value or {}).get(name)) for value in values}) > 1
        and not all(_repeats(version, name) for version in versions if version.value is not None)
    )


def _repeats(version: Version, name: str) -> bool:
    """Whether a field says what stands above each version: its author, or the moment in which it was made."""
    said = (version.value or {}).get(name)
    if name == "by":
        return said == version.actor
    if name != "at" or not isinstance(said, str):
        return False
    try:
        return abs((datetime.fromisoformat(said) - version.recorded_at).total_seconds()) < _A_MOMENT
    except (ValueError, TypeError):
        return False
