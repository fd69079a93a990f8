"""What changed between two bases, in words; what nobody can put into words has changed all the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from workbench.gates.bound import Bound, beyond
from workbench.gates.kind import Alteration, Rest, Since
from workbench.gates.kinds import KINDS
from workbench.gates.model import State
from workbench.model.times import from_text
from workbench.signoff.basis import (
    CANDIDATE,
    FRAME,
    OVERRIDE,
    POLICY,
    QUARANTINE,
    RELEASE,
    REQUIREMENT,
    Section,
    lift_frame,
)

Pair = tuple[Section | None, Section | None]


def alterations(
    then: Iterable[Section],
    now: Iterable[Section],
    at: datetime,
    titles: Mapping[tuple[str, str], str] | None = None,
) -> list[Alteration]:
    """What changed until ``at``, the most telling first.

    What only follows from something else that changed is not named beside it.  ``titles``
    names, by kind and key, what is there no more.
    """
    new = {section.place: section for section in now}
    old = {section.place: _lifted(section, new.get(section.place), titles or {}) for section in then}
    places = [*new, *(place for place in old if place not in new)]
    pairs = [
        (old.get(place), new.get(place)) for place in places if not _same(old.get(place), new.get(place))
    ]
    since = Since(at, any(_kind(pair) == CANDIDATE for pair in pairs))
    own = next((gate for gate, kind, _ in reversed(new) if kind == POLICY), "")
    gates = _gates(old) ^ _gates(new)
    told = (_told(pair, since) for pair in _in_order(pairs, own) if _gate(pair) not in gates)
    found = list(dict.fromkeys(told))
    found += [
        Alteration(f"the earlier gate “{gate}” was {'removed' if gate in _gates(old) else 'added'}")
        for gate in sorted(gates)
    ]
    return [item for item in found if not item.follows] or found


def _lifted(section: Section, present: Section | None, titles: Mapping[tuple[str, str], str]) -> Section:
    title = section.title or titles.get((section.kind, section.key), "") or section.key
    section = msgspec.structs.replace(section, title=title)
    if section.kind in FRAME:
        if section.version >= FRAME[section.kind]:
            return section
        stands = lift_frame(section.kind, section.version, section.stands, present.stands if present else {})
        return msgspec.structs.replace(section, stands=stands, version=FRAME[section.kind])
    kind = KINDS.get(section.kind)
    if kind is None or section.version >= kind.version:
        return section
    stands = kind.lift(section.version, section.stands)
    return msgspec.structs.replace(section, stands=stands, version=kind.version)


def _same(old: Section | None, new: Section | None) -> bool:
    return (
        old is not None
        and new is not None
        and _known(old)
        and (old.version, old.stands) == (new.version, new.stands)
    )


def _known(section: Section) -> bool:
    """Whether this version can say what a section means."""
    if section.kind in FRAME:
        return section.version <= FRAME[section.kind]
    return section.kind in KINDS and section.version <= KINDS[section.kind].version


def _kind(pair: Pair) -> str:
    return next(section.kind for section in pair if section is not None)


def _gate(pair: Pair) -> str:
    return next(section.gate for section in pair if section is not None)


def _gates(sections: Mapping[tuple[str, str, str], Section]) -> set[str]:
    return {gate for gate, kind, _ in sections if kind == POLICY}


def _in_order(pairs: Sequence[Pair], own: str) -> list[Pair]:
    """The candidate, then what requirements rest on, before these themselves; the gate's own before earlier ones'."""
    rank = {CANDIDATE: 0, OVERRIDE: 2, QUARANTINE: 2, REQUIREMENT: 3, POLICY: 4, RELEASE: 5}
    kinds = {name: place for place, name in enumerate(KINDS)}

    def place(pair: Pair) -> tuple[bool, int, int, str]:
        kind, key = _kind(pair), next(section.key for section in pair if section is not None)
        return _gate(pair) not in ("", own), rank.get(kind, 1), kinds.get(kind, 0), key

    return sorted(pairs, key=place)


def _told(pair: Pair, since: Since) -> Alteration:
    old, new = pair
    for section in pair:
        if section is not None and not _known(section):
            what = f"“{section.kind}” {section.version}"
            return Alteration(f"it depends on {what}, which this version of the workbench does not know")
    kind, title = _kind(pair), _title(pair)
    if kind in FRAME:
        found = _FRAME_WORDS[kind](old, new, since)
    else:
        found = KINDS[kind].change(_rest(old), _rest(new), since)
    return found or Alteration(f"“{title}” has changed")


def _title(pair: Pair) -> str:
    old, new = pair
    section = new or old
    return section.title or section.key if section is not None else ""


def _rest(section: Section | None) -> Rest | None:
    if section is None:
        return None
    return Rest(
        key=section.key, title=section.title, stands=section.stands, ended=section.ended, told=section.told
    )


# --- the frame that every gate has ---------------------------------------------------------


def _release(old: Section | None, new: Section | None, since: Since) -> Alteration | None:
    if old is None or new is None:
        return None
    for name in ("project", "release"):
        then, now = old.stands.get(name), new.stands.get(name)
        if then != now:
            return Alteration(f"the {name} changed: {then} → {now}")
    return None


def _candidate(old: Section | None, new: Section | None, since: Since) -> Alteration | None:
    then, now = (section.stands if section is not None else {} for section in (old, new))
    if then.get("commit") == now.get("commit") and then.get("name") == now.get("name"):
        return Alteration(f"the artifacts of {now.get('name')} changed")
    return Alteration(f"a new candidate: {_build(then)} → {_build(now)}")


def _build(stands: Mapping[str, object]) -> str:
    return f"{stands.get('name')} {str(stands.get('commit'))[:7]}" if stands else "none"


def _policy(old: Section | None, new: Section | None, since: Since) -> Alteration | None:
    then, now = (section.stands.get("into") if section is not None else None for section in (old, new))
    if then != now:
        return Alteration(f"the gate leads into another environment: {then or 'none'} → {now or 'none'}")
    return Alteration("the signing policy of this gate was changed")


def _requirement(old: Section | None, new: Section | None, since: Since) -> Alteration | None:
    """What changed about a requirement; most follow benchmarks, items, differences and overrides."""
    if old is None or new is None:
        title = _title((old, new))
        return Alteration(f"requirement “{title}” was {'added' if old is None else 'removed'}")
    then, now = old.stands, new.stands
    if then["kind"] != now["kind"] or then.get("asks") != now.get("asks"):
        return Alteration(f"requirement “{_title((old, new))}” now asks for something different")
    states = (then["state"], now["state"])
    known = now["kind"] in KINDS and KINDS[now["kind"]].follows
    words = " → ".join(state.replace("_", " ") for state in states)
    return Alteration(
        f"requirement “{_title((old, new))}”: {words}",
        lapse=new.ended,
        follows=since.new_candidate or known or State.OVERRIDDEN.value in states,
    )


def _override(old: Section | None, new: Section | None, since: Since) -> Alteration | None:
    if old is not None and new is not None and "bound" in new.stands and "now" in new.stands:
        bound, present = (msgspec.convert(new.stands[name], Bound) for name in ("bound", "now"))
        return Alteration(f"the override of “{new.title}” does not cover this: {beyond(bound, present)}")
    if old is not None and new is not None and "now" in old.stands and "now" not in new.stands:
        return Alteration(f"the override of “{new.title}” covers it again")
    return _excepted("overridden", "override", old, new, since)


def _quarantine(old: Section | None, new: Section | None, since: Since) -> Alteration | None:
    return _excepted("quarantined", "quarantine", old, new, since)


def _excepted(
    done: str, noun: str, old: Section | None, new: Section | None, since: Since
) -> Alteration | None:
    """What happened to an exception, which is ``noun`` and of which one says that it was ``done``."""
    if old is None and new is not None:
        return Alteration(f"“{new.title}” was {done}: {new.stands['reason']}")
    if new is None and old is not None:
        if from_text(old.stands["until"]) <= since.until:
            return Alteration(f"the {noun} of “{old.title}” has ended", lapse=True)
        return Alteration(f"the {noun} of “{old.title}” was lifted")
    return Alteration(f"the {noun} of “{(new or _NONE).title}” was changed")


_NONE = Section(gate="", kind="", version=0, key="", stands={})
_FRAME_WORDS = {
    RELEASE: _release,
    CANDIDATE: _candidate,
    POLICY: _policy,
    REQUIREMENT: _requirement,
    OVERRIDE: _override,
    QUARANTINE: _quarantine,
}
