"""GT-17: builds that were seen in an environment although the gate into it had not been signed for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from workbench.definitions.shapes import Gate, SignPolicy
from workbench.model.commits import same_commit
from workbench.probes.diary import Sighting
from workbench.record import Record
from workbench.releases import model as releases
from workbench.releases.model import Held
from workbench.signoff.holding import STOPPING
from workbench.signoff.model import SignOff, signoffs


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """A build in an environment: which candidate it is, and the gate that it did not wait for."""

    seen: Sighting
    version: str
    candidate: str
    gate: Gate
    missing: tuple[str, ...]


def entered_early(seen: Iterable[Sighting], record: Record, gates: Iterable[Gate]) -> Iterator[Entered]:
    """Which of the builds seen went into an environment before the gate into it was signed for them.

    What signatures a gate has had until then is told by the record; what else it asked for is not kept of
    that moment, so that a gate without signatures is not looked at.
    """
    guarded = [gate for gate in gates if gate.into and gate.sign and gate.sign.roles]
    places = {gate.into for gate in guarded}
    seen = [one for one in seen if one.environment in places]
    held = releases.all_releases(record) if seen else []
    for one in seen:
        for each in held:
            yield from _of_release(one, each, record, guarded)


def _of_release(one: Sighting, held: Held, record: Record, gates: Iterable[Gate]) -> Iterator[Entered]:
    for row, candidate in held.candidates:
        if not same_commit(one.build, candidate.commit):
            continue
        said = [value for _, value in signoffs(record, held.id) if value.candidate == row.id]
        for gate in gates:
            missing = _missing(gate.sign, [v for v in said if v.gate == gate.key], one) if gate.sign else ()
            if gate.into == one.environment and missing:
                yield Entered(
                    seen=one,
                    version=held.release.version,
                    candidate=candidate.name,
                    gate=gate,
                    missing=missing,
                )


def _missing(policy: SignPolicy, said: list[SignOff], one: Sighting) -> tuple[str, ...]:
    """The roles of which too few people had approved when a build was seen first."""
    given: dict[str, set[str]] = {}
    for value in said:
        stood = value.revoked_at is None or value.revoked_at > one.first
        if value.at <= one.first and stood and value.decision not in STOPPING:
            given.setdefault(value.role, set()).add(value.for_person or value.person)
    return tuple(entry.role for entry in policy.roles if len(given.get(entry.role, ())) < entry.count)
