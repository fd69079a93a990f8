"""Signatures given before ``workbench.basis.2``: their basis, lifted to sections.

That document was an object keyed by people's words, titles among what was compared, with
digests where the second has values.  A digest that the present still has becomes the present's
value; another one stays as it is, and so differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from workbench.benchmarks.resolve import meaning
from workbench.definitions.project import stated
from workbench.definitions.shapes import SignPolicy
from workbench.gates.evaluate import kind_of
from workbench.gates.facts import Facts
from workbench.gates.model import GateResult
from workbench.model.canonical import digest
from workbench.signoff.basis import CANDIDATE, OVERRIDE, POLICY, RELEASE, REQUIREMENT, Section

Values = Mapping[str, Any]


class Present(msgspec.Struct, frozen=True):
    """What the digests of the first format stand for now: by digest, for each thing."""

    asks: Mapping[tuple[str, str], tuple[str, Values]]
    means: Mapping[str, tuple[str, Values]]


def present(results: Iterable[GateResult], facts: Facts) -> Present:
    """The digests that the first format would have now, with the values behind them."""
    asks: dict[tuple[str, str], tuple[str, Values]] = {}
    means: dict[str, tuple[str, Values]] = {}
    for result in results:
        for requirement in result.gate.requires:
            kind, wanted = kind_of(requirement)
            full = msgspec.to_builtins(requirement.config) if requirement.config else {}
            asks[result.gate.key, requirement.key] = digest(full), stated(wanted)
            values = {rest.key: rest.stands.get("means", {}) for rest in kind.rests(wanted, facts)}
            means.update(
                {
                    item.key: (digest(meaning(item.resolved)), values[item.key])
                    for item in kind.verdicts(wanted, facts)
                    if item.key in values
                }
            )
    return Present(asks, means)


def lift(document: Values, now: Present) -> list[Section]:
    """The sections of a basis of the first format; raises ``ValueError`` where it is none."""
    try:
        shared = _shared(document)
        own = document["gate"]
        earlier = document.get("earlier", {})
        gates = [(key, each) for key, each in earlier.items()] + [(own, document)]
        return [*shared, *(section for key, each in gates for section in _gate(key, each, now))]
    except (KeyError, TypeError, AttributeError, msgspec.ValidationError) as error:
        raise ValueError(f"no basis of the first format: {error}") from None


def _section(gate: str, kind: str, key: str, stands: Values, title: str = "") -> Section:
    return Section(gate=gate, kind=kind, version=1, key=key, stands=stands, title=title)


def _shared(document: Values) -> Iterable[Section]:
    yield _section("", RELEASE, "", {"project": document["project"], "release": document["release"]})
    if candidate := document.get("candidate"):
        yield _section("", CANDIDATE, "", {name: value for name, value in candidate.items() if value})


def _gate(gate: str, document: Values, now: Present) -> Iterable[Section]:
    yield _section(gate, POLICY, gate, _policy(document.get("policy")))
    for key, entry in document.get("requirements", {}).items():
        was, wanted = now.asks.get((gate, key), ("", {}))
        asks = wanted if entry["asks"] == was else {"digest": entry["asks"]}
        stands = {"kind": entry["kind"], "state": entry["state"]} | ({"asks": asks} if asks else {})
        yield _section(gate, REQUIREMENT, key, stands)
    for key, entry in document.get("benchmarks", {}).items():
        was, values = now.means.get(key, ("", {}))
        means = values if entry["means"] == was else {"digest": entry["means"]}
        yield _section(gate, "benchmarks", key, {"verdict": entry["verdict"], "means": means}, entry["title"])
    for table, kind in (
        ("items", "checklist"),
        ("differences", "differences_decided"),
        ("overrides", OVERRIDE),
    ):
        for key, entry in document.get(table, {}).items():
            stands = {name: value for name, value in entry.items() if name != "title"}
            yield _section(gate, kind, key, stands, entry["title"])


def _policy(policy: Values | None) -> Values:
    found: Values = stated(msgspec.convert(policy, SignPolicy)) if policy else {}
    return found
