"""ST-7: staging is a product: what is stated of it, and what has been checked instead of believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from workbench.definitions.environments import Environment, EnvironmentKind
from workbench.environments.looked import failing, named, ran
from workbench.environments.seen import Seen, State


class Check(msgspec.Struct, frozen=True):
    """One thing that a product has, whether it is so, and what says so."""

    title: str
    state: State
    words: str


def checks(seen: Seen) -> tuple[Check, ...]:
    """What makes staging a product: first what its file states, then what probes have looked at."""
    return (*_stated(seen.environment), _life(seen), *_checked(seen))


_FIELDS: tuple[tuple[str, Callable[[Environment], str | None]], ...] = (
    ("owner", lambda one: one.owner),
    ("rota", lambda one: one.rota),
    ("backlog", lambda one: one.backlog),
    ("service level", lambda one: one.service_level),
    ("budget", lambda one: one.budget_per_day),
)


def _stated(environment: Environment) -> Iterator[Check]:
    for title, read in _FIELDS:
        said = read(environment)
        yield Check(title, State.FINE if said else State.UNKNOWN, said or "not stated")


def _life(seen: Seen) -> Check:
    """A lifetime that is enforced: an environment past its end says so."""
    title = "lifetime kept"
    if seen.life.ends is not None and seen.life.over(seen.now):
        return Check(title, State.SEEN, f"over: {seen.life.why}")
    lasting = seen.environment.kind in (EnvironmentKind.STAGING, EnvironmentKind.PRE_PRODUCTION)
    if seen.life.ends is None:
        state = State.NOT_APPLICABLE if lasting and not seen.environment.lifetime else State.UNKNOWN
        return Check(title, state, seen.life.why)
    return Check(title, State.FINE, seen.life.why)


# What is looked at, the kinds of probe that look, and words in the paths of what they find.
_LOOKED = (
    ("own secrets", ("isolation",), ("secret", "password", "token", "credential", "key")),
    ("isolated names", ("isolation",), ("host", "url", "address", "endpoint", "queue", "name")),
    ("least privilege", ("schema", "isolation"), ("grant", "role", "privilege")),
    ("one configuration", ("configuration",), ()),
)  # fmt: skip


def _checked(seen: Seen) -> Iterator[Check]:
    for title, kinds, words in _LOOKED:
        yield _looked(seen, title, kinds, words)


def _looked(seen: Seen, title: str, kinds: tuple[str, ...], words: tuple[str, ...]) -> Check:
    """Whether probes found anything of it: what they found otherwise is not about it."""
    probes = seen.of_kinds(*kinds)
    found = [
        path
        for probe in failing(probes)
        for path in probe.differing
        if not words or any(word in path.casefold() for word in words)
    ]
    if found:
        return Check(title, State.SEEN, f"differs: {named(found)}")
    others = failing(probes)
    if others:  # by its words alone nobody can tell that what it found is not about this
        return Check(
            title, State.UNKNOWN, f"something else differs: {'; '.join(one.words for one in others)}"
        )
    looked, blind = ran(probes), [one for one in probes if one not in ran(probes)]
    if blind or not looked:
        said = "; ".join(one.words for one in blind)
        return Check(
            title, State.UNKNOWN, said or f"nobody has looked: no probe of kind {' or '.join(kinds)}"
        )
    return Check(title, State.FINE, "; ".join(one.words for one in looked))
