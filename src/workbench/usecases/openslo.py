"""Objectives of OpenSLO files (https://openslo.com, version v1) as objectives of a project.

Only what means the same here is translated; the rest is named with why, and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from workbench.definitions.project import staging_in
from workbench.model.canonical import decimal_text
from workbench.model.errors import UsageError
from workbench.model.files import open_regular
from workbench.model.keys import new_key
from workbench.model.quantity import read_number
from workbench.model.text import safe_text
from workbench.sources.configuration.tree import Block, Unreadable
from workbench.sources.configuration.yaml_files import read_yaml
from workbench.sources.kinds import KINDS
from workbench.usecases.context import Context

_MOST = 8_000_000
_VERSION = "openslo/v1"
_PROMQL = frozenset({"prometheus", "amazonprometheus", "thanos", "mimir", "cortex", "victoriametrics"})
_SELECTOR = re.compile(r"[A-Za-z_:][\w:]*(?:\{[^{}]*\})?")
_RANGE = re.compile(r"\[[0-9]+(?:ms|[smhdwy])\]")
_COUNTS = re.compile(r"\b(?:i?rate|increase|[a-z]+_over_time)\b")
_SIGNS = {"lte": "<=", "lt": "<", "gte": ">=", "gt": ">"}
_LENGTH = re.compile(r"([0-9]{1,4})([mhdwMQY])")
_CALENDAR = {"M": 30, "Q": 90, "Y": 365}  # days


class Drafted(msgspec.Struct, frozen=True, kw_only=True):
    """What a project's file says of one objective; ``notes`` are what a person should look at."""

    key: str
    title: str
    query: str
    target: str
    window: str
    about: str = ""
    notes: tuple[str, ...] = ()


class LeftOut(msgspec.Struct, frozen=True):
    """An objective that is not translated, and why."""

    name: str
    why: str


class Objectives(msgspec.Struct, frozen=True):
    """The objectives of some files: those that mean the same here, and the others."""

    drafted: tuple[Drafted, ...]
    left_out: tuple[LeftOut, ...]


class _Other(Exception):
    """Why an objective cannot be translated."""


def objectives_in(files: Iterable[Path]) -> Objectives:
    """The objectives of OpenSLO files; ``UsageError`` for a file that cannot be read, or that holds none."""
    roots = [root for file in files for root in _roots(file)]
    named: dict[str, dict[str, Block]] = {}
    for root in roots:
        named.setdefault(root.text("kind"), {})[_name(root)] = root
    drafted: list[Drafted] = []
    left_out: list[LeftOut] = []
    taken: set[str] = set()
    for name, root in named.get("SLO", {}).items():
        try:
            drafted += _of_slo(name, root, named, taken)
        except _Other as other:
            left_out.append(LeftOut(safe_text(name, 100), str(other)))
    if not drafted and not left_out:
        raise UsageError(
            "these files hold no objective", hint=f"an SLO has apiVersion: {_VERSION}, kind: SLO"
        )
    return Objectives(tuple(drafted), tuple(left_out))


def _roots(file: Path) -> list[Block]:
    try:
        with open_regular(file) as opened:
            data = opened.read(_MOST + 1)
        if len(data) > _MOST:
            raise UsageError(f"{file} is larger than {_MOST // 10**6} MB")
        found = read_yaml(data.decode("utf-8")).roots
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8") from None
    except Unreadable as error:
        raise UsageError(error.what, where=f"{file}:{error.line}" if error.line else str(file)) from None
    blocks = [root for root in found if isinstance(root, Block)]
    others = {root.text("apiVersion") for root in blocks if root.text("kind") in ("SLO", "SLI")} - {_VERSION}
    if others:
        raise UsageError(
            f"{file} is written in {safe_text(', '.join(sorted(others)) or 'no version', 60)}, not in {_VERSION}",
            hint="convert it first: oslo convert",
        )
    return [root for root in blocks if root.text("apiVersion") == _VERSION]


def _name(root: Block) -> str:
    return (root.block("metadata") or Block({})).text("name")


def _of_slo(
    name: str, root: Block, named: Mapping[str, Mapping[str, Block]], taken: set[str]
) -> Iterator[Drafted]:
    about, spec = root.block("metadata") or Block({}), root.block("spec") or Block({})
    indicator = spec.block("indicator")
    if indicator is None:
        reference = spec.text("indicatorRef")
        indicator = named.get("SLI", {}).get(reference)
        if indicator is None:
            raise _Other(
                f"its indicator {safe_text(reference, 60) or 'is not said'} is in none of these files"
            )
    window, notes = _window(spec)
    of = indicator.block("spec") or Block({})
    if spec.text("budgetingMethod") not in ("", "Occurrences"):
        notes += (
            f"OpenSLO counts it by {spec.text('budgetingMethod')}; here the share over the window counts",
        )
    goals = [goal for goal in spec.items("objectives") if isinstance(goal, Block)]
    if not goals:
        raise _Other("it has no objectives")
    found = []
    for goal in goals:
        if goal.get("composite") or goal.get("indicator") or goal.get("indicatorRef"):
            raise _Other("it is composed of several indicators")
        called = goal.text("displayName") if len(goals) > 1 else ""
        key = new_key(f"{name} {called}".strip(), taken, set())
        taken.add(key)
        title = goal.text("displayName") or about.text("displayName")
        found.append(
            Drafted(
                key=key,
                title=safe_text(title, 200),
                query=_share(of, goal),
                target=_target(goal),
                window=window,
                about=safe_text(" ".join(spec.text("description").split()), 400),
                notes=notes,
            )
        )
    yield from found


def _window(spec: Block) -> tuple[str, tuple[str, ...]]:
    windows = [one for one in spec.items("timeWindow") if isinstance(one, Block)]
    found = _LENGTH.fullmatch(windows[0].text("duration")) if len(windows) == 1 else None
    if found is None:
        raise _Other("its time window is no single length such as 30d")
    number, unit = int(found[1]), found[2]
    rolling = windows[0].text("isRolling").casefold() == "true"
    notes = () if rolling else ("OpenSLO counts it by the calendar; here the window rolls",)
    if unit in _CALENDAR:
        return f"{number * _CALENDAR[unit]}d", notes
    return (f"{number * 7}d" if unit == "w" else f"{number}{'min' if unit == 'm' else unit}"), notes


def _target(goal: Block) -> str:
    percent, share = goal.text("targetPercent"), goal.text("target")
    try:
        number = read_number(percent) if percent else read_number(share) * 100
    except ValueError:
        raise _Other("its target is no number") from None
    if not 0 < number < 100:
        raise _Other(f"its target is {decimal_text(number)} %, which leaves no error budget or is all of it")
    return f"{decimal_text(number)} %"


def _share(indicator: Block, goal: Block) -> str:
    """PromQL for the share of good events in the window, in percent."""
    ratio, threshold = indicator.block("ratioMetric"), indicator.block("thresholdMetric")
    if threshold is not None:
        sign = _SIGNS.get(goal.text("op"))
        try:
            value = decimal_text(read_number(goal.text("value")))
        except ValueError:
            sign = None
        if sign is None:
            raise _Other("it has no op and value to compare its metric with")
        return f"100 * avg_over_time((({_query(threshold)}) {sign} bool {value})[$window:])"
    if ratio is None:
        raise _Other("its indicator is neither a ratio nor a threshold")
    if (raw := ratio.block("raw")) is not None:
        share = f"avg_over_time(({_query(raw)})[$window:])"
        return f"100 * {share}" if ratio.text("rawType") != "failure" else f"100 * (1 - {share})"
    good, bad, total = ratio.block("good"), ratio.block("bad"), ratio.block("total")
    if total is None or (good is None) == (bad is None):
        raise _Other("its ratio does not say what is good, or bad, of how many")
    counter = ratio.text("counter").casefold() == "true"
    part, whole = _summed(good or bad or total, counter), _summed(total, counter)
    if set(_COUNTS.findall(part)) != set(_COUNTS.findall(whole)):
        raise _Other("its two queries count in different ways, so their ratio is no share")
    return f"100 * {part} / {whole}" if good is not None else f"100 * (1 - {part} / {whole})"


def _summed(metric: Block, counter: bool) -> str:
    """The events of a metric in the window."""
    query = _query(metric)
    if _RANGE.search(query):
        return f"({_RANGE.sub('[$window]', query)})"
    if counter and _SELECTOR.fullmatch(query):
        return f"sum(increase({query}[$window]))"
    raise _Other("its query does not count over a window: neither a counter alone, nor a range such as [5m]")


def _query(metric: Block) -> str:
    source = metric.block("metricSource") or Block({})
    kind = source.text("type") or source.text("metricSourceRef")
    if source.text("type") and kind.casefold() not in _PROMQL:
        raise _Other(f"its indicator is asked of {safe_text(kind, 60)}: write its measure")
    query = " ".join((source.block("spec") or Block({})).text("query").split())
    if not query:
        raise _Other("its indicator has no query in PromQL: write its measure")
    if "#" in query:
        raise _Other("its query may hold a comment, which would swallow what follows it")
    if "{{" in query:
        raise _Other("its query is a template that another program fills in")
    return query.replace("$", "$$")


def place_of(context: Context, source: str, environment: str) -> tuple[str, str]:
    """The source that is asked and the environment that it is asked about, where they are not said.

    ``UsageError`` where the project does not tell which.
    """
    project = context.definitions.project
    if not source:
        keys = [one.key for one in project.sources if KINDS[one.kind].alerts]  # it answers PromQL
        if len(keys) != 1:
            raise UsageError("say which source answers PromQL", hint=f"--source {' or '.join(keys) or 'KEY'}")
        source = keys[0]
    staging = staging_in(project)
    return source, environment or (staging.key if staging else "staging")


def as_yaml(found: Objectives, source: str, environment: str) -> str:
    """The objectives as a file that a project includes; what is to be looked at stands as comments."""
    import yaml

    parts = ["objectives:\n"]
    for one in found.drafted:
        parts += [f"  # {note}\n" for note in one.notes]
        entry: dict[str, object] = {"key": one.key, "environment": environment}
        entry |= {"title": one.title} if one.title else {}
        entry |= {"about": one.about} if one.about else {}
        entry |= {
            "indicator": {"source": source, "query": one.query},
            "target": one.target,
            "window": one.window,
        }
        text = yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=10_000)
        parts += [f"  {line}\n" for line in text.splitlines()]
    parts += [f"  # left out: {one.name}: {one.why}\n" for one in found.left_out]
    return "".join(parts) if found.drafted else "objectives: []\n" + "".join(parts[1:])
