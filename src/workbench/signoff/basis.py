"""The basis of a sign-off: a list of sections, each one thing that decides whether it still holds.

A section names its kind, that kind's version, its key, and what stands.  Titles are not in
it, nor are the clock, ages, ordering, other flows, comments, other people's sign-offs, or the
ledger's head.  Each kind of requirement says which sections rest on it
(:class:`workbench.gates.kind.Kind`); the sections of a gate itself stand here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from workbench.definitions.project import stated
from workbench.definitions.shapes import Gate, Requirement
from workbench.gates.bound import Bound
from workbench.gates.evaluate import kind_of, verdicts
from workbench.gates.facts import Facts
from workbench.gates.kind import Rest
from workbench.gates.model import GateResult, RequirementState, State
from workbench.gates.needs import IN_FORCE, QUARANTINED
from workbench.model.canonical import digest, plain

SCHEMA = "workbench.basis.2"
# The sections that every gate has, whatever it requires.
RELEASE, CANDIDATE, POLICY, REQUIREMENT, OVERRIDE, QUARANTINE = (
    "release",
    "candidate",
    "policy",
    "requirement",
    "override",
    "quarantine",
)
# What each of these says has changed its meaning so many times; :func:`lift_frame` knows the older ones.
FRAME: Mapping[str, int] = {RELEASE: 1, CANDIDATE: 2, POLICY: 1, REQUIREMENT: 1, OVERRIDE: 3, QUARANTINE: 1}


class Section(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing that a signature rests on.

    ``gate`` is the gate that it belongs to, "" for what all gates share.  Only ``stands`` is
    compared; ``title``, ``told`` (what else people are told) and ``ended`` (nothing but time made it
    so) are not written.
    """

    gate: str
    kind: str
    version: int
    key: str
    stands: Mapping[str, Any]
    title: str = ""
    ended: bool = False
    told: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """What it is: the same place holds the same thing in another basis."""
        return self.gate, self.kind, self.key


class Basis(msgspec.Struct, frozen=True):
    """A basis: its sections, its document and digest, and the digest of the measurements behind it."""

    sections: tuple[Section, ...]
    document: dict[str, Any]
    digest: str
    evidence: str


class Bases:
    """The bases of a project's gates, each made when it is first asked for.

    A gate that nobody has signed or opens costs nothing.
    """

    def __init__(self, project: str, results: Sequence[GateResult], facts: Facts) -> None:
        self._project = project
        self._results = {result.gate.key: result for result in results}
        self._facts = facts
        self._made: dict[str, Basis] = {}

    def of(self, gate: str) -> Basis:
        """The basis of one gate; what the gates before it rest on is part of it."""
        if gate not in self._made:
            keys = list(self._results)
            earlier = {key: self.of(key) for key in keys[: keys.index(gate)]}
            before = list(earlier.values())[-1].sections if earlier else _shared(self._project, self._facts)
            sections = (*before, *gate_sections(self._results[gate], self._facts))
            document = document_of(sections)
            evidence = self._evidence(gate, {key: basis.evidence for key, basis in earlier.items()})
            self._made[gate] = Basis(sections, document, digest(document), evidence)
        return self._made[gate]

    def _evidence(self, gate: str, earlier: Mapping[str, str]) -> str:
        refs = {
            item.key: [reading.ref for reading in (item.value, item.baseline) if reading]
            for item in verdicts(self._results[gate].gate, self._facts).values()
        }
        return digest({"measurements": refs, "earlier": earlier})


def document_of(sections: Iterable[Section]) -> dict[str, Any]:
    """The document that is signed."""
    return {"schema": SCHEMA, "sections": [_written(section) for section in sections]}


def _written(section: Section) -> dict[str, Any]:
    written = {"kind": section.kind, "version": section.version, "key": section.key, "stands": section.stands}
    return {"gate": section.gate, **written} if section.gate else written


def sections_of(document: Mapping[str, Any]) -> tuple[Section, ...]:
    """The sections of a signed document of this schema; raises ``ValueError`` where it is none."""
    if document.get("schema") != SCHEMA:
        raise ValueError(f"no {SCHEMA}")
    try:
        return tuple(
            Section(
                gate=item.get("gate", ""),
                kind=item["kind"],
                version=item["version"],
                key=item["key"],
                stands=item["stands"],
            )
            for item in document["sections"]
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no {SCHEMA}: {error}") from None


def _frame(kind: str, key: str, stands: Any, gate: str = "", title: str = "", ended: bool = False) -> Section:
    return Section(
        gate=gate, kind=kind, version=FRAME[kind], key=key, stands=plain(stands), title=title, ended=ended
    )


def _shared(project: str, facts: Facts) -> Iterable[Section]:
    yield _frame(RELEASE, "", {"project": project, "release": facts.release.version})
    candidate = facts.candidate
    if candidate is not None:
        artifacts = sorted([artifact.name, artifact.digest] for artifact in candidate.artifacts)
        stands = {"name": candidate.name, "commit": candidate.commit, "artifacts": artifacts}
        yield _frame(CANDIDATE, "", {name: value for name, value in stands.items() if value})


def lift_frame(
    kind: str, version: int, stands: Mapping[str, Any], present: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What an older version of one of :data:`FRAME` wrote, as this version would have.

    The first version of a candidate had its artifacts as an object by name.  That of an override
    did not say who approved it, so that it cannot have been somebody else than in the ``present``; the second
    left out what its author had answered, which nobody can change without another approval.
    """
    if kind == OVERRIDE and version < 3:
        taken = ("approver", "answers") if version < 2 else ("answers",)
        return {**stands, **{name: present[name] for name in taken if name in present}}
    if kind == CANDIDATE and version < 2 and isinstance(artifacts := stands.get("artifacts"), Mapping):
        return {**stands, "artifacts": sorted([name, digest] for name, digest in artifacts.items())}
    return stands


def gate_sections(result: GateResult, facts: Facts) -> Iterable[Section]:
    """What one gate rests on by itself."""
    gate = result.gate
    yield _frame(POLICY, gate.key, _policy(gate), gate.key)
    rests: dict[tuple[str, str], Section] = {}
    for state, requirement in zip(result.requirements, gate.requires, strict=True):
        kind, asks = kind_of(requirement)
        yield _requirement(gate.key, state, requirement, facts)
        for rest in kind.rests(asks, facts):
            rests.setdefault((kind.name, rest.key), _section(gate.key, kind.name, kind.version, rest))
    yield from rests.values()
    yield from _overrides(result, facts)
    yield from _quarantines(result, facts)


def _policy(gate: Gate) -> dict[str, Any]:
    """Who has to sign, and where the gate leads: what was signed for one environment holds for no other."""
    signed = dict(stated(gate.sign)) if gate.sign else {}
    return {**signed, "into": gate.into} if gate.into else signed


def _section(gate: str, kind: str, version: int, rest: Rest) -> Section:
    return Section(
        gate=gate,
        kind=kind,
        version=version,
        key=rest.key,
        stands=rest.stands,
        title=rest.title,
        ended=rest.ended,
        told=rest.told,
    )


def _requirement(gate: str, state: RequirementState, requirement: Requirement, facts: Facts) -> Section:
    kind, asks = kind_of(requirement)
    ended = state.state is State.NOT_MET and kind.only_time(asks, facts)
    stands: dict[str, Any] = {"kind": kind.name, "state": state.state}
    if wanted := stated(asks):
        stands["asks"] = wanted
    return _frame(REQUIREMENT, requirement.key, stands, gate, state.title, ended)


def _overrides(result: GateResult, facts: Facts) -> Iterable[Section]:
    parts = {part.key: part for part in result.parts}
    for key, override in facts(IN_FORCE).items():
        if key in parts:
            stands: dict[str, Any] = {
                "until": override.until,
                "reason": override.reason,
                "approver": override.approver,
            }
            if override.bound is not None:
                stands["bound"] = msgspec.to_builtins(override.bound)
                if parts[key].state is State.NOT_MET:  # worse than what was seen, and so open again
                    stands["now"] = msgspec.to_builtins(parts[key].bound or Bound())
            if override.answers is not None:
                stands["answers"] = msgspec.to_builtins(override.answers)
            yield _frame(OVERRIDE, key, stands, result.gate.key, override.title)


def _quarantines(result: GateResult, facts: Facts) -> Iterable[Section]:
    parts = {part.key for part in result.parts if part.quarantined}
    for part, aside in facts(QUARANTINED).items():
        if part in parts:
            stands = {"until": aside.until, "reason": aside.reason, "approver": aside.approver}
            yield _frame(QUARANTINE, part, stands, result.gate.key, aside.title)
