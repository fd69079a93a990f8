"""ST-5: the least that staging has in common with production, judged from what probes saw and the map says.

What a probe saw of both environments counts before what the map says, and that before what the files
state.  Two statements that are alike prove nothing: somebody has to look.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from workbench.definitions.environments import Stack
from workbench.definitions.shapes import Category
from workbench.environments.looked import named
from workbench.environments.seen import Pair, Seen, State
from workbench.sources.versions.reading import Level, distance, read_version

SERVER = "server"
"""The kind of a pair that is no parameter: the server that answered a probe, which names its version."""
_DATABASES = "postgres postgresql mysql mariadb oracle sqlserver mssql mongodb mongo cassandra sqlite cockroach database db"
_RUNTIMES = "python node nodejs java jdk jre jvm go golang ruby php dotnet runtime elixir erlang rust"
_CACHES = "redis valkey memcached memcache cache hazelcast varnish"
_QUEUES = "rabbitmq kafka activemq nats queue broker pulsar sqs"
_TIERS = "balancer cdn gateway proxy tier waf ingress"
_REPLICAS = "replica replicas replicacount standby"
_WORDS = re.compile(r"[a-z]+")


class Least(msgspec.Struct, frozen=True):
    """One thing that has to be alike, whether it is, and who says so.  ``ideally`` ones are wished for only."""

    title: str
    state: State
    words: str
    ideally: bool = False


class _Asked(msgspec.Struct, frozen=True):
    """``field`` is that of the stated stack, ``names`` what parameters and differences are called, ``kinds``
    the probes whose parameters are looked at; ``alike`` tells whether two values are, or ``None`` where
    that cannot be told."""

    title: str
    field: str
    names: frozenset[str]
    alike: Callable[[str, str], bool | None]
    categories: tuple[Category, ...]
    kinds: tuple[str, ...] = ("versions", SERVER)
    ideally: bool = False


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _within(level: Level) -> Callable[[str, str], bool | None]:
    def alike(one: str, other: str) -> bool | None:
        if {one.casefold(), other.casefold()} & {"none", "no"}:
            return one.casefold() == other.casefold()
        if _engine(one) and _engine(other) and _engine(one) != _engine(other):
            return False
        found = distance(read_version(one), read_version(other))
        if found.level in (Level.INEXACT, Level.SAME_TEXT, Level.OTHER_TEXT):
            return None
        return found.within(level)

    return alike


def _engine(text: str) -> str:
    found = re.match(r"\s*([A-Za-z][A-Za-z ]*[A-Za-z])", text)
    return found[1].casefold() if found else ""


def _equal(one: str, other: str) -> bool:
    return one == other


def _no_fewer(one: str, other: str) -> bool | None:
    return int(one) >= int(other) if one.isdecimal() and other.isdecimal() else None


_BUILT = (Category.INFRASTRUCTURE, Category.SERVICES)
_TOPOLOGY = (Category.INFRASTRUCTURE,)
_ASKED = (
    _Asked("database version", "database", _names(_DATABASES), _within(Level.BUILD), _BUILT),
    _Asked("runtime version", "runtime", _names(_RUNTIMES), _within(Level.MINOR), _BUILT),
    _Asked("tiers", "tiers", _names(_TIERS), _equal, _TOPOLOGY, ()),
    _Asked("cache", "cache", _names(_CACHES), _within(Level.BUILD), _BUILT, ideally=True),
    _Asked("message queue", "queue", _names(_QUEUES), _within(Level.BUILD), _BUILT, ideally=True),
)
_REPLICATED = _Asked(
    "replicas",
    "replicas",
    _names(_REPLICAS),
    _no_fewer,
    _TOPOLOGY,
    ("infrastructure", "configuration"),
)


def minimum(seen: Seen) -> tuple[Least, ...]:
    """Everything that minimum parity asks for, each met (``FINE``), not met (``SEEN``) or not known."""
    return (*(_least(asked, seen) for asked in _ASKED), _replicas(seen))


def met(found: tuple[Least, ...]) -> State:
    """The whole: met only where all that is not merely wished for is."""
    states = [one.state for one in found if not one.ideally and one.state is not State.NOT_APPLICABLE]
    if State.SEEN in states:
        return State.SEEN
    return State.UNKNOWN if State.UNKNOWN in states or not states else State.FINE


def _least(asked: _Asked, seen: Seen) -> Least:
    state, words = _seen_by_probes(asked, seen) or _on_the_map(asked, seen) or _stated(asked, seen)
    return Least(asked.title, state, words, asked.ideally)


def _replicas(seen: Seen) -> Least:
    """Replicas may be fewer unless replication lag or a quorum matters, which somebody has to say."""
    matters = [stack.replicas_matter for stack in _stacks(seen) if stack is not None]
    found = _least(_REPLICATED, seen)
    if True in matters:
        return found
    if False in matters:
        return Least(
            found.title, State.NOT_APPLICABLE, "stated that neither replication lag nor a quorum matters"
        )
    if found.state is State.FINE:
        return found
    why = "nothing says whether replication lag or a quorum matters (stack: replicas_matter)"
    return Least(found.title, State.UNKNOWN, f"{why}; {found.words}")


def _seen_by_probes(asked: _Asked, seen: Seen) -> tuple[State, str] | None:
    pairs = [pair for pair in seen.pairs if pair.kind in asked.kinds and _about(asked, pair.path)]
    told = [(pair, _judge(asked, pair)) for pair in pairs]
    unlike = [pair for pair, alike in told if alike is False]
    if unlike:
        return State.SEEN, named(_pair_words(pair) for pair in unlike)
    alike = [pair for pair, found in told if found]
    return (State.FINE, named(_pair_words(pair) for pair in alike)) if alike else None


def names_database(server: str) -> bool:
    """Whether what answered a probe is a database: ``PostgreSQL 16.3`` is, ``nginx/1.25`` is not."""
    return bool(_names(_DATABASES) & set(_WORDS.findall(server.casefold())))


def worth_keeping(kind: str, path: str) -> bool:
    """Whether a parameter that a probe of a kind saw is one that minimum parity is judged from."""
    return any(kind in asked.kinds and _about(asked, path) for asked in (*_ASKED, _REPLICATED))


def _about(asked: _Asked, path: str) -> bool:
    """Whether a parameter is a version, or a count, of the thing: the end of its path says so."""
    words = _WORDS.findall(path.casefold())
    return bool(words) and bool(asked.names & set(words[-2:]))


def _judge(asked: _Asked, pair: Pair) -> bool | None:
    if pair.staging is None or pair.production is None:
        return None
    return asked.alike(pair.staging, pair.production)


def _pair_words(pair: Pair) -> str:
    if pair.staging == pair.production:
        return f"{pair.path} {pair.staging} in both (seen by {pair.seen_by})"
    return f"{pair.path}: {pair.staging} here, {pair.production} in production (seen by {pair.seen_by})"


def _on_the_map(asked: _Asked, seen: Seen) -> tuple[State, str] | None:
    """A row of the map about the thing: of a version only where it says that it is about one."""
    rows = [
        gap
        for gap in seen.gaps
        if gap.category in asked.categories and asked.names & set(_WORDS.findall(gap.title.casefold()))
    ]
    if asked.field in ("database", "runtime"):
        rows = [gap for gap in rows if "version" in gap.title.casefold()]
    return (State.SEEN, f"on the map: {named(gap.title for gap in rows)}") if rows else None


def _stated(asked: _Asked, seen: Seen) -> tuple[State, str]:
    ours, theirs = (_text(stack, asked.field) for stack in _stacks(seen))
    if ours is None and theirs is None:
        return State.UNKNOWN, "nothing says so: no probe has seen it, and the files do not state it (stack)"
    if ours is None or theirs is None:
        stated, silent = (
            (f"{ours} here", "production") if theirs is None else (f"{theirs} in production", "this one")
        )
        return (
            State.UNKNOWN,
            f"stated as {stated}; no probe has seen it, and the file of {silent} says nothing",
        )
    if asked.alike(ours, theirs) is False:
        return State.SEEN, f"stated as {ours} here and {theirs} in production"
    return State.UNKNOWN, f"stated as {ours} here and {theirs} in production; no probe has looked"


def _stacks(seen: Seen) -> tuple[Stack | None, Stack | None]:
    return seen.environment.stack, seen.production.stack if seen.production is not None else None


def _text(stack: Stack | None, field: str) -> str | None:
    value: Any = getattr(stack, field) if stack is not None else None
    return None if value is None else str(value)
