"""How many alerts of some rules fire, by the server's own list of rules: an alert that was not evaluated is no silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from workbench.model.text import safe_text, some_of
from workbench.model.times import can_be_shown, from_text
from workbench.sources.reading import Found

_NAMES = 5  # that an error tells
_MISSED = 5  # intervals after which a rule counts as no longer evaluated


class Rule(msgspec.Struct):
    """An alerting rule as the API lists it."""

    name: str
    health: str = ""
    lastError: str = ""
    lastEvaluation: str = ""
    labels: dict[str, str] = {}
    alerts: list[Any] | None = None


class _Alert(msgspec.Struct):
    state: str
    labels: dict[str, str] = {}


class _Group(msgspec.Struct):
    rules: list[msgspec.Raw] | None = None
    interval: float = 60.0


class _Groups(msgspec.Struct):
    groups: list[_Group] | None = None


class RulesAnswer(msgspec.Struct):
    """The answer of ``/api/v1/rules``; warnings say that some servers behind it did not answer."""

    status: str
    data: _Groups
    warnings: list[str] | None = None


class _Kind(msgspec.Struct):
    type: str


def count_firing(answer: RulesAnswer, wanted: Mapping[str, str], at: datetime) -> Found:
    """How many alerts fire of the rules with these labels (``alertname`` is a rule's name), as of ``at``.

    Missing where no rule has them; an error where one of them is broken, or was not evaluated for long: what
    nobody looks at never fires.
    """
    rules = [(rule, group.interval) for group in answer.data.groups or () for rule in _alerting(group)]
    chosen = [(rule, every) for rule, every in rules if _has(rule, wanted)]
    if not rules:
        return _missing(at, "the server has no alerting rules: nothing that could fire tells nothing")
    if not chosen:
        return _missing(
            at, f"none of the server's {len(rules)} alerting rules has these labels: {_words(wanted)}"
        )
    broken = [rule for rule, _ in chosen if rule.health not in ("ok", "unknown", "")]
    if broken:
        said = safe_text(broken[0].lastError, 200)
        why = f"the server could not evaluate {_listed(broken)}" + (f": {said}" if said else "")
        return Found(state="error", measured_at=at, why=why)
    moments = [(rule, every, _moment(rule.lastEvaluation)) for rule, every in chosen]
    if never := [rule for rule, _, moment in moments if moment is None]:
        return _missing(at, f"the server has not evaluated {_listed(never)} yet")
    if late := [
        rule for rule, every, moment in moments if moment is not None and _is_late(moment, every, at)
    ]:
        why = f"the server no longer evaluates {_listed(late)}: last at {late[0].lastEvaluation[:19]}"
        return Found(state="error", measured_at=at, why=safe_text(why, 400))
    firing = [rule for rule, _ in chosen for state in _states(rule) if state == "firing"]
    facts: dict[str, str | int] = {"rules": len(chosen)}
    if firing:
        facts["firing"] = _listed(firing)
    partial = "; ".join(safe_text(text, 300) for text in (answer.warnings or [])[:20]) or None
    oldest = min(moment for _, _, moment in moments if moment is not None)
    return Found(
        state="ok", measured_at=min(oldest, at), value=Decimal(len(firing)), facts=facts, partial=partial
    )


def _alerting(group: _Group) -> list[Rule]:
    found = []
    for raw in group.rules or ():
        if msgspec.json.decode(raw, type=_Kind).type == "alerting":
            found.append(msgspec.json.decode(raw, type=Rule))
    return found


def _has(rule: Rule, wanted: Mapping[str, str]) -> bool:
    labels = {**rule.labels, "alertname": rule.name}
    return all(labels.get(name) == text for name, text in wanted.items())


def _states(rule: Rule) -> list[str]:
    return [msgspec.convert(one, _Alert).state for one in rule.alerts or ()]


def _moment(text: str) -> datetime | None:
    try:
        moment = from_text(text)
    except ValueError:
        return None
    return moment if can_be_shown(moment) and moment.year > 1970 else None


def _is_late(moment: datetime, every: float, at: datetime) -> bool:
    return at - moment > timedelta(seconds=max(60.0, _MISSED * every))


def _missing(at: datetime, why: str) -> Found:
    return Found(state="missing", measured_at=at, why=why, facts={"edit": "alerts"})


def _words(wanted: Mapping[str, str]) -> str:
    return ", ".join(f"{safe_text(name, 60)}={safe_text(text, 60)}" for name, text in wanted.items()) or "any"


def _listed(rules: Sequence[Rule]) -> str:
    return some_of(list(dict.fromkeys(safe_text(rule.name, 80) for rule in rules)), _NAMES)
