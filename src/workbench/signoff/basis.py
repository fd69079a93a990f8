"""The basis of a sign-off: what decides whether it still holds; and what has changed in it.

Not in it: the clock, ages, ordering, other flows, comments, other people's sign-offs, the
ledger's head.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.benchmarks.resolve import meaning
from workbench.checklists.model import ItemView, item_text
from workbench.criteria import Verdict
from workbench.definitions.shapes import Requirement
from workbench.gates.kinds import (
    BenchmarksConfig,
    ChecklistConfig,
    DifferencesDecidedConfig,
    OutsideChangeFreezeConfig,
    ParityReviewedConfig,
    TestsGreenConfig,
)
from workbench.gates.model import GateResult, RequirementState, State
from workbench.gates.requirements import Facts, benchmark_fits, tests_fact
from workbench.model.canonical import digest, plain
from workbench.model.times import from_text
from workbench.parity.model import DECISION_WORDS, SEVERITY_RANK, Decision

_AGES = frozenset({Verdict.STALE.value})
# These are met or not by what else stands in a basis: benchmarks, items, differences.
_FOLLOWING = frozenset({"benchmarks", "checklist", "differences_decided"})


class Basis(msgspec.Struct, frozen=True):
    """A basis document, its digest, and the digest of the measurements behind it."""

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
        """The basis of one gate, those of the gates before it within."""
        if gate not in self._made:
            keys = list(self._results)
            earlier = {key: self.of(key) for key in keys[: keys.index(gate)]}
            self._made[gate] = gate_basis(self._project, self._results[gate], self._facts, earlier)
        return self._made[gate]


def gate_basis(project: str, result: GateResult, facts: Facts, earlier: Mapping[str, Basis]) -> Basis:
    """The basis of one gate, given those of the gates before it."""
    judged = judged_of(result, facts)
    document = plain(
        {
            "project": project,
            "release": facts.release.version,
            "candidate": {
                "name": facts.candidate.name,
                "commit": facts.candidate.commit,
                "artifacts": {a.name: a.digest for a in facts.candidate.artifacts},
            }
            if facts.candidate
            else None,
            "gate": result.gate.key,
            "policy": msgspec.to_builtins(result.gate.sign) if result.gate.sign else None,
            "requirements": {
                item.key: {
                    "kind": item.kind,
                    "asks": _asks(requirement),
                    "state": item.state,
                    "ended": _only_time(item, requirement, facts) or None,
                }
                for item, requirement in zip(result.requirements, result.gate.requires, strict=False)
            },
            "benchmarks": {
                item.key: {
                    "title": item.title,
                    "verdict": item.verdict,
                    "means": digest(meaning(item.resolved)),
                }
                for item in judged
            },
            "items": {
                f"{view.checklist}/{view.item.key}": {
                    "title": view.item.title,
                    "state": view.state,
                    "text": item_text(view.item),
                    "by_itself": view.item.automatic,
                }
                for view in _items_of(result, facts)
            },
            "differences": _differences(result, facts),
            "overrides": {
                override.part: {"title": override.title, "until": override.until, "reason": override.reason}
                for override in facts.overrides
                if override.until > facts.now and override.part in _part_keys(result)
            },
            "earlier": {
                key: {name: part for name, part in basis.document.items() if name != "earlier"}
                for key, basis in earlier.items()
            },
        }
    )
    refs = {item.key: [m.ref for m in (item.value, item.baseline) if m] for item in judged}
    before = {key: basis.evidence for key, basis in earlier.items()}
    return Basis(document, digest(document), digest({"measurements": refs, "earlier": before}))


def _asks(requirement: Requirement) -> str:
    return digest(msgspec.to_builtins(requirement.config) if requirement.config else {})


def _only_time(item: RequirementState, requirement: Requirement, facts: Facts) -> bool:
    """Whether a requirement is not met for no other reason than that time has passed."""
    if item.state is not State.NOT_MET:
        return False
    if isinstance(requirement.config, TestsGreenConfig):
        return tests_fact(requirement.config.source, facts).holds
    if isinstance(requirement.config, ParityReviewedConfig):
        return facts.review is not None
    return isinstance(requirement.config, OutsideChangeFreezeConfig)


def _part_keys(result: GateResult) -> set[str]:
    return {part.key for requirement in result.requirements for part in requirement.parts}


def judged_of(result: GateResult, facts: Facts) -> list[Judged]:
    """The benchmarks that a gate's requirements speak of, advisory ones too."""
    configs = [r.config for r in result.gate.requires if isinstance(r.config, BenchmarksConfig)]
    return [item for item in facts.judged if any(benchmark_fits(config, item) for config in configs)]


def _items_of(result: GateResult, facts: Facts) -> list[ItemView]:
    keys = [r.config.checklist for r in result.gate.requires if isinstance(r.config, ChecklistConfig)]
    return [view for key in keys for view in facts.checklists.get(key, ())]


def _differences(result: GateResult, facts: Facts) -> dict[str, Any]:
    ranks = [
        SEVERITY_RANK[r.config.at_least]
        for r in result.gate.requires
        if isinstance(r.config, DifferencesDecidedConfig)
    ]
    if not ranks:
        return {}
    return {
        ident: {
            "title": d.title,
            "severity": d.severity,
            "decision": d.decision,
            "until": d.until,
            "ended": True if d.until and d.until <= facts.now else None,
        }
        for ident, d in facts.differences
        if SEVERITY_RANK[d.severity] >= min(ranks)
    }


class Alteration(msgspec.Struct, frozen=True):
    """One thing that is no longer as it was signed.

    ``lapse`` says that only time did it; ``follows`` that it comes of another change.
    """

    words: str
    lapse: bool = False
    follows: bool = False


def alterations(then: Mapping[str, Any], now: Mapping[str, Any], at: datetime) -> list[Alteration]:
    """What changed between two bases until ``at``, the most telling first.

    What only follows from something else that changed is not named beside it.
    """
    found = _everything(then, now, at)
    return [item for item in found if not item.follows] or found


def _everything(then: Mapping[str, Any], now: Mapping[str, Any], at: datetime) -> list[Alteration]:
    found = _candidate(then, now)
    another = bool(found)
    found += _table(then, now, "benchmarks", partial(_benchmark, another))
    found += _table(then, now, "differences", _difference)
    found += _table(then, now, "overrides", partial(_override, at))
    found += _table(then, now, "items", partial(_item, another))
    found += _table(then, now, "requirements", partial(_requirement, another))
    if then.get("policy") != now.get("policy"):
        found.append(Alteration("the signing policy of this gate was changed"))
    for key in ("project", "release"):
        if then.get(key) != now.get(key):
            found.append(Alteration(f"the {key} is another: {then.get(key)} → {now.get(key)}"))
    return found + [item for item in _earlier(then, now, at) if item not in found]


def _earlier(then: Mapping[str, Any], now: Mapping[str, Any], at: datetime) -> list[Alteration]:
    old, new = then.get("earlier", {}), now.get("earlier", {})
    found: list[Alteration] = []
    for gate in sorted(set(old) | set(new)):
        if gate in old and gate in new:
            found += [item for item in _everything(old[gate], new[gate], at) if item not in found]
        else:
            found.append(Alteration(f"the earlier gate “{gate}” was {'added' if gate in new else 'removed'}"))
    return found


def _candidate(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[Alteration]:
    old, new = then.get("candidate") or {}, now.get("candidate") or {}
    if old == new:
        return []
    if old.get("commit") == new.get("commit") and old.get("name") == new.get("name"):
        return [Alteration(f"the artifacts of {new.get('name')} are others")]
    return [
        Alteration(
            f"a new candidate: {old.get('name')} {str(old.get('commit'))[:7]} → "
            f"{new.get('name')} {str(new.get('commit'))[:7]}"
        )
    ]


def _table(then: Mapping[str, Any], now: Mapping[str, Any], name: str, words: Any) -> list[Alteration]:
    old, new = then.get(name, {}), now.get(name, {})
    keys = [key for key in sorted(set(old) | set(new)) if old.get(key) != new.get(key)]
    return [item for key in keys if (item := words(key, old.get(key), new.get(key)))]


_Entry = Mapping[str, Any] | None


def _benchmark(another: bool, key: str, old: _Entry, new: _Entry) -> Alteration | None:
    """What changed about a benchmark; ``another`` candidate is measured anew."""
    if old is None or new is None:
        entry = old or new or {}
        return Alteration(
            f"benchmark “{entry.get('title', key)}” was {'added' if old is None else 'removed'}"
        )
    title = new.get("title", key)
    if old["means"] != new["means"]:
        return Alteration(f"benchmark “{title}” was changed")
    if old["verdict"] != new["verdict"]:
        words = f"{title}: {_words(old['verdict'])} → {_words(new['verdict'])}"
        return Alteration(words, lapse=new["verdict"] in _AGES, follows=another)
    return None


def _words(verdict: str) -> str:
    return {"missing": "no data", "error": "could not ask", "stale": "too old"}.get(
        verdict, verdict.replace("_", " ")
    )


def _item(another: bool, key: str, old: _Entry, new: _Entry) -> Alteration | None:
    """What changed about an item; one that is answered by the record follows what it asks for."""
    if old is None or new is None:
        entry = old or new or {}
        return Alteration(f"item “{entry.get('title', key)}” was {'added' if old is None else 'removed'}")
    if old["text"] != new["text"]:
        return Alteration(f"the wording of item “{old['title']}” was edited")
    if old["state"] != new["state"]:
        words = f"item “{new['title']}”: {_plain(old['state'])} → {_plain(new['state'])}"
        return Alteration(words, follows=another or bool(new.get("by_itself")))
    return None


def _plain(state: str) -> str:
    return state.replace("_", " ")


def _difference(key: str, old: _Entry, new: _Entry) -> Alteration | None:
    if old is None or new is None:
        entry = old or new or {}
        return Alteration(
            f"difference “{entry.get('title', key)}” was {'added' if old is None else 'taken off'}"
        )
    if old["decision"] != new["decision"]:
        return Alteration(
            f"difference “{new['title']}”: {DECISION_WORDS[Decision(old['decision'])]} → "
            f"{DECISION_WORDS[Decision(new['decision'])]}"
        )
    if not old.get("ended") and new.get("ended"):
        return Alteration(f"the decision on “{new['title']}” has ended", lapse=True)
    if old.get("until") != new.get("until"):
        return Alteration(f"the decision on “{new['title']}” ends at another time")
    if old["severity"] != new["severity"]:
        return Alteration(f"difference “{new['title']}”: {old['severity']} → {new['severity']}")
    return Alteration(f"difference “{old['title']}” is called “{new['title']}” now")


def _override(at: datetime, key: str, old: _Entry, new: _Entry) -> Alteration | None:
    if old is None and new is not None:
        return Alteration(f"“{new['title']}” was overridden: {new['reason']}")
    if new is None and old is not None:
        if from_text(old["until"]) <= at:
            return Alteration(f"the override of “{old['title']}” has ended", lapse=True)
        return Alteration(f"the override of “{old['title']}” was lifted")
    title = (new or {}).get("title", key)
    return Alteration(f"the override of “{title}” was changed")


def _requirement(another: bool, key: str, old: _Entry, new: _Entry) -> Alteration | None:
    """What changed about a requirement; most follow benchmarks, items, differences and overrides."""
    if old is None or new is None:
        return Alteration(f"requirement “{key}” was {'added' if old is None else 'removed'}")
    if old["asks"] != new["asks"] or old["kind"] != new["kind"]:
        return Alteration(f"requirement “{key}” asks for something else")
    states = (old["state"], new["state"])
    if states[0] == states[1]:
        return None
    follows = another or new["kind"] in _FOLLOWING or State.OVERRIDDEN.value in states
    words = f"requirement “{key}”: {_plain(states[0])} → {_plain(states[1])}"
    return Alteration(words, lapse=bool(new.get("ended")), follows=follows)
