"""Environments: what each is, how old its data is, who uses it now, and when its life ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

import msgspec

from workbench.definitions.shapes import Environment, EnvironmentKind
from workbench.environments import model as environments
from workbench.environments.freshness import DataAge, Freshness, Validation, lacking, validation
from workbench.environments.life import Life, life_of
from workbench.environments.looked import Looked
from workbench.environments.model import Occupancy, Refresh
from workbench.environments.occupation import Stretch, stretches
from workbench.model.text import number_of
from workbench.model.times import (
    age_text,
    clock_text,
    day_text,
    duration_text,
    in_zone,
    moment_text,
    parse_duration,
    relative_text,
)
from workbench.record import EntryView, Stored
from workbench.usecases.context import Context
from workbench.usecases.environment_seen import read_data, read_looked, read_refreshes
from workbench.usecases.views.history import names_for, sentence
from workbench.usecases.views.marks import Fact, Mark, Phrase
from workbench.usecases.views.past import MOST, Past

AHEAD = timedelta(days=7)
_QUICK = timedelta(hours=6)
Who = Callable[[str], str]
_AGES = {
    Freshness.FRESH: Mark.DONE,
    Freshness.OLD: Mark.WARNS,
    Freshness.NOT_VALIDATED: Mark.WARNS,
    Freshness.NO_LIMIT: Mark.LEARNING,
    Freshness.UNKNOWN: Mark.LEARNING,
}
_SEEN = {"pass": Mark.DONE, "fail": Mark.WARNS}
_VALIDATIONS = {
    Validation.PASSED: Mark.DONE,
    Validation.FAILED: Mark.WARNS,
    Validation.OPEN: Mark.LEARNING,
}


class EnvironmentState(msgspec.Struct, frozen=True, kw_only=True):
    """An environment as it stands at a moment; ``coming`` are the next days' occupancies.

    ``data`` is ``None`` of production, whose data is the yardstick; ``seen`` is the probe that has looked at
    the data itself.
    """

    environment: Environment
    now: datetime
    data: DataAge | None
    refreshes: tuple[tuple[Stored, Refresh], ...]
    occupied: tuple[Stretch, ...]
    coming: tuple[Stretch, ...]
    life: Life
    seen: Looked | None = None

    @property
    def key(self) -> str:
        return self.environment.key

    @property
    def title(self) -> str:
        return self.environment.title or self.environment.key

    @property
    def over(self) -> bool:
        """Whether its life is over."""
        return self.life.over(self.now)


def read_environments(context: Context) -> tuple[EnvironmentState, ...]:
    """Every environment of the project, in the order of its files; production last."""
    occupied = [value for _, value in environments.occupancies(context.record)]
    listed = context.definitions.project.environments
    in_order = sorted(listed, key=lambda one: one.kind is EnvironmentKind.PRODUCTION)
    return tuple(_read(context, one, occupied) for one in in_order)


def read_environment(context: Context, environment: Environment) -> EnvironmentState:
    """One environment."""
    occupied = [value for _, value in environments.occupancies(context.record, environment.key)]
    return _read(context, environment, occupied)


def _read(context: Context, environment: Environment, occupied: Sequence[Occupancy]) -> EnvironmentState:
    now, key = context.now, environment.key
    own = [one for one in occupied if one.environment == key]
    ahead = stretches([environment], own, now, now + AHEAD, context.zone)
    looked = read_looked(context, environment)
    return EnvironmentState(
        environment=environment,
        now=now,
        data=read_data(context, environment, looked),
        seen=next((one for one in looked if one.kind == "freshness" and one.state in ("pass", "fail")), None),
        refreshes=tuple(_refreshes(context, environment, looked)),
        occupied=tuple(one for one in ahead if one.covers(now)),
        coming=tuple(one for one in ahead if one.begins > now),
        life=life_of(environment, environments.ends_of_life(context.record, key), context.zone),
    )


def read_happened(context: Context, key: str) -> tuple[Past, ...]:
    """What was recorded of an environment, last first."""
    entries: list[EntryView] = []
    for noun in environments.ENTITIES:
        for row in context.record.all(noun.name, "environment = ?", (key,)):
            entries += context.record.history(noun.name, row.id, limit=MOST)
    names = names_for(context, entries)
    found = [
        Past(entry.claimed_at or entry.recorded_at, entry.actor, sentence(entry, names), _why(entry))
        for entry in entries
    ]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _why(entry: EntryView) -> str:
    value = entry.value or {}
    said = (entry.reason, value.get("why"), value.get("note"))
    return next((text for text in said if isinstance(text, str) and text), "")


def _refreshes(
    context: Context, environment: Environment, looked: Sequence[Looked]
) -> Iterator[tuple[Stored, Refresh]]:
    """The refreshes, with what probes have found since."""
    rows = [row for row, _ in environments.refreshes(context.record, environment.key)]
    yield from zip(rows, read_refreshes(context, environment, looked), strict=True)


# --- in a line ------------------------------------------------------------------------------


def kind_words(environment: Environment) -> str:
    """What it is for, and how it is built: ``staging, scaled down, replay``."""
    parts = [environment.kind.value]
    if environment.staging_kind is not None and environment.staging_kind.value != environment.kind.value:
        parts.append(environment.staging_kind.value.replace("-", " "))
    parts += [pattern.value.replace("-", " ") for pattern in environment.patterns]
    return ", ".join(parts)


def mark_of(state: EnvironmentState) -> Mark:
    """The sign of an environment: what is the matter with its life or its data."""
    if state.over:
        return Mark.WARNS
    if state.data is None:
        return Mark.NOT_APPLICABLE
    return _SEEN[state.seen.state] if state.seen is not None else _AGES[state.data.state]


def data_words(state: EnvironmentState) -> str:
    """How old its data is, shortly."""
    data = state.data
    if data is None:
        return ""
    if data.age is None and state.seen is not None:
        return "fresh, a probe says" if state.seen.state == "pass" else "too old, a probe says"
    if data.age is None:
        return "not known"
    word = "" if data.state in (Freshness.FRESH, Freshness.NO_LIMIT) else f", {data.state.value}"
    return f"{age_text(data.age)} old{word}"


def occupied_words(state: EnvironmentState, zone: tzinfo) -> str:
    """Who uses it now, or next."""
    if state.occupied:
        return ", ".join(_stretch(one, state.now, zone) for one in state.occupied)
    if state.coming:
        return f"free; {state.coming[0].who} {relative_text(state.coming[0].begins, state.now)}"
    return "free"


def _stretch(one: Stretch, now: datetime, zone: tzinfo) -> str:
    what = f"maintenance ({one.who})" if one.maintenance else one.who
    return f"{what} until {_until(one.ends, now, zone)}" if one.ends else what


def _until(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """A day where it counts whole, otherwise a time of a day."""
    local = in_zone(moment, zone)
    if local.time() != time.max:
        return clock_text(moment, now, zone)
    return day_text(moment, zone) + ("" if local.year == in_zone(now, zone).year else f" {local.year}")


def life_words(state: EnvironmentState, zone: tzinfo) -> str:
    """When its life ends."""
    if state.life.ends is None:
        return ""
    when = _until(state.life.ends, state.now, zone)
    return f"over since {when}" if state.over else when


def summary(found: Sequence[EnvironmentState]) -> list[Phrase]:
    """How the environments stand, in one line."""
    if not found:
        return [Phrase("No environments are listed")]
    phrases = [Phrase(number_of(len(found), "environment"))]
    lacking_ = (
        (sum(state.over for state in found), "past its end"),
        (sum(bool(state.occupied) for state in found), "occupied"),
        (sum(_not_fresh(state) for state in found), "without fresh, validated data"),
    )
    return [*phrases, *(Phrase(f"{n} {words}", Mark.WARNS) for n, words in lacking_ if n)]


def _not_fresh(state: EnvironmentState) -> bool:
    return state.data is not None and mark_of(state) is not Mark.DONE


# --- in full ---------------------------------------------------------------------------------


def standing_facts(state: EnvironmentState, zone: tzinfo) -> list[Fact]:
    """How an environment stands now: its life, its data, who uses it."""
    return [
        Fact("Life", _life(state, zone), Mark.WARNS if state.over else None),
        *([Fact("Data", state.data.words, _AGES[state.data.state])] if state.data is not None else []),
        *([Fact("Seen", state.seen.words, _SEEN[state.seen.state])] if state.seen is not None else []),
        Fact("Occupied", _occupied(state, zone), Mark.WARNS if state.occupied else None),
    ]


def stated_facts(one: Environment, who: Who) -> list[Fact]:
    """What the files say of an environment, and what they leave open."""
    stated = (
        ("Region", one.region or ""),
        ("Owner", who(one.owner) if one.owner else ""),
        ("Rota", one.rota or ""),
        ("Backlog", one.backlog or ""),
        ("Service level", one.service_level or ""),
        ("Data is", ", ".join(part for part in (_strategy(one), one.data or "") if part)),
        ("Kept", ", ".join(part for part in (_kept(one), one.purge or "") if part)),
        ("Costs", _cost(one)),
        ("Builds", _ways(one)),
        ("Runs on", stack_words(one)),
        ("Used by", "; ".join(_use(use) for use in one.used_by)),
    )
    told = [Fact(label, text) for label, text in stated if text]
    silent = not_stated(one)
    return [*told, *([Fact("Not stated", ", ".join(silent), Mark.LEARNING)] if silent else [])]


def _life(state: EnvironmentState, zone: tzinfo) -> str:
    if state.life.ends is None:
        return state.life.why
    when = moment_text(state.life.ends, zone)
    word = "over since" if state.over else "ends on"
    return f"{word} {when} ({state.life.why})"


def _occupied(state: EnvironmentState, zone: tzinfo) -> str:
    now = "; ".join(f"{_stretch(one, state.now, zone)}: {one.why}" for one in state.occupied)
    next_ = "; ".join(
        f"{one.who} {relative_text(one.begins, state.now)}: {one.why}" for one in state.coming[:3]
    )
    return "; then ".join(part for part in (now or "free now", next_) if part)


def _strategy(one: Environment) -> str:
    return one.data_strategy.value.replace("-", " ") if one.data_strategy else ""


def _kept(one: Environment) -> str:
    return f"for {one.retention} at most" if one.retention else ""


def _cost(one: Environment) -> str:
    parts = (
        f"{one.cost_per_day} a day" if one.cost_per_day else "",
        f"budget {one.budget_per_day} a day" if one.budget_per_day else "",
    )
    return ", ".join(part for part in parts if part)


def _ways(one: Environment) -> str:
    parts = (
        f"{one.promotion.value} promotion" if one.promotion else "",
        f"{one.rollback.value} rollback" if one.rollback else "",
    )
    return ", ".join(part for part in parts if part)


def stack_words(one: Environment) -> str:
    """What it runs on, as stated."""
    stack = one.stack
    if stack is None:
        return ""
    parts = (
        stack.database or "",
        number_of(stack.replicas, "replica") if stack.replicas is not None else "",
        stack.runtime or "",
        f"cache {stack.cache}" if stack.cache else "",
        f"queue {stack.queue}" if stack.queue else "",
        number_of(stack.tiers, "tier") if stack.tiers is not None else "",
    )
    return ", ".join(part for part in parts if part)


def _use(use: Any) -> str:
    when = " ".join(part for part in ("/".join(use.days), use.hours or "") if part)
    return f"{use.who}{' (maintenance)' if use.maintenance else ''}: {use.why}{f', {when}' if when else ''}"


# What RE-2 asks of every environment, by the field that says it; production's data needs no strategy.
_ASKED = {
    "owner": "owner",
    "region": "region",
    "rota": "rota",
    "service_level": "service level",
    "cost_per_day": "cost",
    "budget_per_day": "budget",
}
_ASKED_OF_OTHERS = {
    "data_strategy": "where its data comes from",
    "fresh_within": "how old its data may be",
    "retention": "how long data is kept",
    "purge": "how data is removed",
    "backlog": "backlog",
}


def not_stated(one: Environment) -> list[str]:
    """What the files leave open of an environment, in words."""
    production = one.kind is EnvironmentKind.PRODUCTION
    asked = _ASKED if production else {**_ASKED, **_ASKED_OF_OTHERS}
    found = [words for name, words in asked.items() if not getattr(one, name)]
    if one.kind is EnvironmentKind.EPHEMERAL and not (one.lifetime or one.ends):
        found.append("lifetime")
    if one.kind is EnvironmentKind.STAGING and one.staging_kind is None:
        found.append("how it is built (staging_kind)")
    return found


def refresh_words(refresh: Refresh, zone: tzinfo, now: datetime, who: Who) -> tuple[Mark, str]:
    """A refresh in a line, and its sign."""
    state = validation(refresh)
    lacks = lacking(refresh)
    parts = (
        f"{relative_text(refresh.at, now)} by {who(refresh.by)}",
        f"data of {moment_text(refresh.of, zone)}" if refresh.data_of else "",
        f"from {refresh.source}" if refresh.source else "",
        _took(refresh),
        f"{state.value}: {lacks}" if lacks else state.value,
        refresh.note,
    )
    return _VALIDATIONS[state], " · ".join(part for part in parts if part)


def _took(refresh: Refresh) -> str:
    """OP-6: how long copying and masking took, and that it was too long."""
    if not refresh.took:
        return ""
    slow = parse_duration(refresh.took) >= _QUICK
    return f"took {refresh.took}" + (f", {duration_text(_QUICK)} is the target" if slow else "")


# --- as a document ---------------------------------------------------------------------------


def document(state: EnvironmentState) -> dict[str, Any]:
    """An environment for scripts: what the files say, and how it stands."""
    stated = {
        name: getattr(state.environment, name)
        for name in state.environment.__struct_encode_fields__
        if name not in ("variables", "build")
    }
    data = state.data
    return {
        **stated,
        "title": state.title,
        "data_state": data.state if data else None,
        "data_age": duration_text(data.age) if data and data.age is not None else None,
        "data_words": data.words if data else None,
        "data_seen": state.seen.words if state.seen else None,
        "occupied": [_stretch_document(one) for one in state.occupied],
        "coming": [_stretch_document(one) for one in state.coming],
        "life_ends": state.life.ends,
        "life_over": state.over,
        "life_why": state.life.why,
        "not_stated": not_stated(state.environment),
        "refreshes": [_refresh_document(row, value) for row, value in state.refreshes],
    }


def _stretch_document(one: Stretch) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__ if name != "environment"}


def _refresh_document(row: Stored, value: Refresh) -> dict[str, Any]:
    told = {name: getattr(value, name) for name in value.__struct_fields__ if name != "environment"}
    return {"id": row.id, **told, "state": validation(value).value}
