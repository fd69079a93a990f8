"""What a gate is made of once it has been evaluated; and freezes and promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

import msgspec

from workbench.definitions.shapes import Gate
from workbench.gates.bound import Bound
from workbench.gates.turn import Move, Turn
from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.keys import new_id, of_release, release_as_subject
from workbench.model.reasons import readable_reason
from workbench.model.steps import Step
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles, first_that


class State(StrEnum):
    """CRITERIA 4: the states of a requirement."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    OVERRIDDEN = "overridden"


class GateState(StrEnum):
    """The states of a gate: signed is ready with its signatures current."""

    BLOCKED = "blocked"
    READY = "ready"
    SIGNED = "signed"


class Weight(StrEnum):
    """How an open part shows: it blocks, it is work to do, it is to sign, or it is a risk."""

    BLOCKS = "blocks"
    TO_DO = "to do"
    TO_SIGN = "to sign"
    RISK = "worries"  # the word that kept reports hold


class Origin(StrEnum):
    """Where a requirement of a gate comes from."""

    ASKED = "asked"  # by the gate, in YAML
    EARLIER = "earlier gates"  # gates are ordered
    FROZEN = "frozen"  # a freeze holds every gate, also one that does not ask
    WITHDRAWN = "withdrawn"  # the build, which holds every gate
    BREAK_GLASS = "break-glass"  # whose review is overdue, which holds every gate
    SIGNATURES = "signatures"  # by the gate's signing policy


class Part(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of a requirement: a benchmark, an item, a difference.

    ``key`` is what overrides and promises name.  ``about`` is the thing that it speaks of,
    as ``noun/id`` (``benchmark/checkout-p95``), or the noun alone; ``step`` is what clears
    it.  ``unasked`` says that it is not met for no other reason than that a source could
    not be asked; ``proposal`` is the id of what is waiting for a second person.  ``turn`` says whose
    move it is, where it is open.  ``after`` is the key of a part that has to clear before this one
    can, if a gate asks for that one.  ``quarantined`` says that it is a flaky check that never blocks.
    ``bound`` is how far it is from being met, of a line that is not, where that can get worse.
    """

    key: str
    title: str
    state: State
    why: str
    about: str
    step: Step | None = None
    weight: Weight = Weight.BLOCKS
    until: datetime | None = None
    unasked: bool = False
    proposal: str = ""
    turn: Turn | None = None
    after: str = ""
    quarantined: bool = False
    bound: Bound | None = None

    @property
    def folded(self) -> bool:
        """Whether it stands under the part that it is behind, and is not counted beside that one.

        Signatures wait for everything else, and are counted all the same.
        """
        behind = self.turn is not None and self.turn.move is Move.BEHIND
        return behind and self.weight is not Weight.TO_SIGN


class RequirementState(msgspec.Struct, frozen=True, kw_only=True):
    """A requirement with its parts; ``step`` is what clears the first that is not met."""

    key: str
    kind: str
    title: str
    state: State
    why: str
    step: Step | None = None
    parts: tuple[Part, ...] = ()
    origin: Origin = Origin.ASKED


class GateResult(msgspec.Struct, frozen=True, kw_only=True):
    """A gate evaluated without its signatures."""

    gate: Gate
    requirements: tuple[RequirementState, ...]

    @property
    def set_up(self) -> bool:
        """GT-1: a gate without requirements and signatures is not set up."""
        return bool(self.gate.requires or (self.gate.sign and self.gate.sign.roles))

    @property
    def parts(self) -> Iterator[Part]:
        """Every line, requirement by requirement."""
        return (part for requirement in self.requirements for part in requirement.parts)


class Told(Protocol):
    """A gate of which all is known, its signatures too, whoever holds it."""

    @property
    def key(self) -> str: ...
    @property
    def through(self) -> bool: ...
    @property
    def requirements(self) -> tuple[RequirementState, ...]: ...


ToldT = TypeVar("ToldT", bound=Told)


def choose_gate(gates: Sequence[ToldT], key: str | None) -> ToldT:
    """The gate with that key; without one, the first that has not passed, else the last."""
    if not gates:
        raise UsageError("this project has no gates", hint="add gates: to workbench.yaml")
    if key is None:
        return next((item for item in gates if not item.through), gates[-1])
    for item in gates:
        if item.key == key:
            return item
    raise UsageError(f"there is no gate “{key}”", hint=f"known: {', '.join(item.key for item in gates)}")


def open_parts(gates: Iterable[ToldT]) -> list[tuple[ToldT, Part]]:
    """Every unmet part of every gate in order, each once."""
    found: dict[str, tuple[ToldT, Part]] = {}
    for item in gates:
        for requirement in item.requirements:
            if requirement.origin is not Origin.EARLIER:
                for part in requirement.parts:
                    if part.state is State.NOT_MET:
                        found.setdefault(part.key, (item, part))
    return list(found.values())


def count_open(gates: Iterable[Told]) -> dict[Weight, int]:
    """How much blocks, is to do, is to sign; what is folded is told by another part."""
    result = dict.fromkeys(Weight, 0)
    for _, part in open_parts(gates):
        if not part.folded:
            result[part.weight] += 1
    return result


class Freeze(msgspec.Struct, frozen=True, kw_only=True):
    """GT-8: nothing is promoted until somebody lifts it, with a reason; ``incident`` is the id of what opened it."""

    reason: str
    by: str
    at: datetime
    incident: str = ""
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    lifted_why: str | None = None


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes care of an open part of a ``subject`` (``release/ID``), and by when.  It never changes a state."""

    subject: str
    part: str
    owner: str
    by: datetime | None = None
    note: str = ""


def part_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    """What the part of a gate is called that a promise or an override names."""
    title = value.get("title")
    if isinstance(title, str) and title:
        return title
    kind, _, rest = str(value.get("part", "")).partition("/")
    return titles("benchmark" if kind == "benchmark" else "item", rest) or rest or kind


def _frozen_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return "the freeze" if value.get("lifted_by") else "promotion"


ENTITIES = (
    EntityKind(
        "freeze",
        Freeze,
        title=_frozen_title,
        judged=True,
        excerpt=True,
        together=(("lifted_at", "lifted_by", "lifted_why"),),
        # It holds where one desk of several has it in force; of two ends either is one.
        stricter=first_that(lambda value: not value.get("lifted_at")),
    ),
    EntityKind(
        "promise",
        Promise,
        version=2,
        lift=release_as_subject,
        columns=(Column("subject"), Column("part")),
        thing="to own",
        title=part_title,
        judged=True,
    ),
)


def promises(record: Record, release: str) -> dict[str, tuple[Stored, Promise]]:
    """The promises of a release by part."""
    rows = record.all("promise", "subject = ?", (of_release(release),))
    return {value.part: (row, value) for row in rows for value in (row.decode(Promise),)}


def freezes(record: Record) -> list[tuple[Stored, Freeze]]:
    """The freezes in force, the earliest first: each is lifted by itself."""
    found = [(row, row.decode(Freeze)) for row in record.all("freeze")]
    in_force = [pair for pair in found if pair[1].lifted_at is None]
    return sorted(in_force, key=lambda pair: (pair[1].at, pair[0].made))


def freezes_then(record: Record, moment: datetime) -> list[tuple[Stored, Freeze]]:
    """The freezes that were in force at a moment that is past."""
    found = [(row, row.decode(Freeze)) for row in record.all("freeze")]
    held = [
        pair
        for pair in found
        if pair[1].at <= moment and (pair[1].lifted_at is None or pair[1].lifted_at > moment)
    ]
    return sorted(held, key=lambda pair: (pair[1].at, pair[0].made))


def freeze_change(reason: str, *, by: str, at: datetime, incident: str = "") -> Change:
    """The change that freezes the project, for an ``incident`` where one is named by its id."""
    words = readable_reason(reason, "a freeze")
    value = Freeze(reason=words, by=by, at=at, incident=incident)
    return Change("freeze", new_id(at), "froze", plain(value), None, words)


def lift_freeze(stored: Stored, frozen: Freeze, reason: str, *, by: str, at: datetime) -> Change:
    """The change that lifts a freeze: by a person, with a reason."""
    words = readable_reason(reason, "lifting a freeze")
    value = msgspec.structs.replace(frozen, lifted_by=by, lifted_at=at, lifted_why=words)
    return Change("freeze", stored.id, "lifted", plain(value), stored.base, words)


def promise_change(existing: Stored | None, promise: Promise) -> Change:
    """The change that says who takes care of a part."""
    ident = f"{promise.subject.removeprefix('release/')}/{promise.part}"
    return Change("promise", ident, "promised", plain(promise), existing.base if existing else None)
