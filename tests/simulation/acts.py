"""What people do at their desks, at random: acts of the nouns that a release is made of."""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec
from tests import building as build

from workbench.checklists import comments
from workbench.definitions.shapes import Severity
from workbench.flows import model as flows
from workbench.flows.model import Flow
from workbench.incidents.model import Incident, IncidentSeverity
from workbench.model.errors import WorkbenchError
from workbench.parity import model as parity
from workbench.parity.model import Category, Difference
from workbench.record import Blob, Change, Stored
from workbench.usecases import deciding, incidents, mapping, undoing
from workbench.usecases.context import Context, commit, fresh_id

SHARED = 12  # differences that everybody edits
WORDS = ("timeout", "replica count", "instance type", "mock", "index", "cache size", "retry", "queue depth")
LARGE = 300 * 1024  # bytes of evidence that stays on the server until somebody looks at it

Act = Callable[[Context, random.Random], None]


def begin(context: Context) -> None:
    """What the record holds before anybody shares it: the differences that everybody edits."""
    for number in range(SHARED):
        build.add_difference(context, f"shared {number}", staging="1", production="2", severity="medium")


def act(context: Context, dice: random.Random) -> str:
    """One act at a desk; its name, or "refused" where a rule of the product refused it."""
    name = dice.choices(tuple(ACTS), weights=tuple(weight for _, weight in ACTS.values()))[0]
    try:
        ACTS[name][0](context, dice)
    except WorkbenchError:
        return "refused"
    return name


def _any(context: Context, dice: random.Random, kind: str, where: str = "") -> Stored | None:
    """One thing of a kind, by where it stands in its table."""
    count = context.record.count(kind, where)
    if not count:
        return None
    return context.record.all(kind, where, order="seq", limit=1, offset=dice.randrange(count))[0]


def _add(context: Context, dice: random.Random) -> None:
    said = {
        "title": f"{dice.choice(WORDS)} {dice.getrandbits(40):x}",
        "staging": f"{dice.randint(1, 8)} nodes",
        "production": f"{dice.randint(9, 40)} nodes",
        "category": dice.choice(tuple(Category)),
        "severity": dice.choice((Severity.LOW, Severity.MEDIUM, Severity.HIGH)),
        "impact": "what staging cannot show under this load",
    }
    mapping.add_difference(context, Difference(**said))


def _edited(value: Difference, dice: random.Random) -> Difference:
    field = dice.choice(("staging", "production", "impact", "owner"))
    text = f"p{dice.randrange(9):02}" if field == "owner" else f"{dice.choice(WORDS)} {dice.randrange(50)}"
    return msgspec.structs.replace(value, **{field: text})


def _edit(context: Context, dice: random.Random) -> None:
    """Any row of the map, mostly one that nobody else edits at the time."""
    if (stored := _any(context, dice, "difference")) is not None:
        mapping.edit_difference(context, stored, _edited(stored.decode(Difference), dice))


def _edit_shared(context: Context, dice: random.Random) -> None:
    """A row that everybody edits: the same cells."""
    for stored in context.record.all("difference", "title = ?", (f"shared {dice.randrange(SHARED)}",)):
        mapping.edit_difference(context, stored, _edited(stored.decode(Difference), dice))


def _decide(context: Context, dice: random.Random) -> None:
    if (stored := _any(context, dice, "difference", "decision = 'undecided'")) is not None:
        decision = dice.choice(("close", "mitigate", "accept"))
        build.decide(context, stored.id, decision, alone=True, reason="as agreed", mitigation="watched")


def _remove(context: Context, dice: random.Random) -> None:
    if (stored := _any(context, dice, "difference", "title NOT LIKE 'shared%'")) is not None:
        commit(context, [parity.removed(stored, "exists no more")])


def _measure(context: Context, dice: random.Random) -> None:
    """A value with the answer that it was read from, which is large now and then."""
    size = LARGE + dice.randrange(LARGE) if dice.random() < 0.02 else dice.randrange(20, 4000)
    answer = b'{"data": "' + dice.randbytes(size // 2).hex().encode() + b'"}'
    blob = Blob.of(answer, "application/json")
    build.measured(
        context,
        dice.choice(("p95", "errors")),
        f"0.{dice.randrange(10, 99)}",
        blobs=(blob,),
        evidence=(blob.digest,),
    )


def _comment(context: Context, dice: random.Random) -> None:
    release = context.record.all("release", limit=1)[0].id
    said = comments.Comment(
        subject=f"answer:{release}/ready/{dice.choice(('notes', 'rehearsed'))}",
        text=f"looked at it again, {dice.choice(WORDS)} {dice.randrange(100)}",
        by=context.author().actor,
        at=context.now,
    )
    commit(context, [comments.comment_change(said, fresh_id(context))])


def _flow(context: Context, dice: random.Random) -> None:
    stored = _any(context, dice, "flow")
    if stored is None or dice.random() < 0.2:
        build.add_flow(context, f"flow-{dice.getrandbits(40):x}")
        return
    value = msgspec.structs.replace(stored.decode(Flow), outcome=f"{dice.choice(WORDS)} {dice.randrange(50)}")
    commit(context, [flows.edited(stored, value)])


def _incident(context: Context, dice: random.Random) -> None:
    value = Incident(
        title=f"{dice.choice(WORDS)} {dice.getrandbits(40):x}",
        environment="production",
        severity=dice.choice(tuple(IncidentSeverity)),
        declared_at=context.now,
        declared_by=context.author().actor,
    )
    incidents.declare(context, value)


def _note(context: Context, dice: random.Random) -> None:
    if (stored := _any(context, dice, "incident")) is not None:
        incidents.note(context, stored, stored.decode(Incident), f"{dice.choice(WORDS)} is being looked at")


def _freeze(context: Context, dice: random.Random) -> None:
    if context.record.count("freeze"):
        deciding.lift_freeze(context, "the cause was found and mended")
    else:
        deciding.freeze(context, f"the {dice.choice(WORDS)} has to be understood first")


def _settle(context: Context, dice: random.Random) -> None:
    """Chooses one version of what several desks changed at once."""
    keys = context.record.query(
        "SELECT DISTINCT entity, id FROM versions WHERE contested ORDER BY entity, id"
    )
    if not keys:
        return
    entity, ident = dice.choice(keys)
    found = next(one for one in context.record.contested() if (one.entity, one.id) == (entity, ident))
    versions = [one for one in found.versions if one.readable]
    if not versions:
        return
    chosen = dice.choice(versions)
    also = tuple(one.digest for one in found.versions if one is not chosen)
    commit(context, [Change(entity, ident, "chose a version of", chosen.value, chosen.digest, None, also)])


def _undo(context: Context, dice: random.Random) -> None:
    undoing.undo(context)


def _redo(context: Context, dice: random.Random) -> None:
    undoing.redo(context)


def _sign(context: Context, dice: random.Random) -> None:
    """Says something about a gate, for oneself."""
    decision = dice.choice(("approve", "reject"))
    build.sign(context, dice.choice(("benchmarks", "go")), context.author().actor, decision, "as it stands")


def _answer(context: Context, dice: random.Random) -> None:
    build.answer(context, dice.choice(("notes", "rehearsed")), note=f"seen, {dice.choice(WORDS)}")


ACTS: dict[str, tuple[Act, float]] = {
    "add": (_add, 25),
    "edit": (_edit, 16),
    "edit shared": (_edit_shared, 12),
    "decide": (_decide, 8),
    "remove": (_remove, 1),
    "measure": (_measure, 12),
    "comment": (_comment, 9),
    "flow": (_flow, 4),
    "incident": (_incident, 2),
    "note": (_note, 6),
    "freeze": (_freeze, 0.5),
    "settle": (_settle, 2),
    "undo": (_undo, 1),
    "redo": (_redo, 0.5),
    "sign": (_sign, 0.5),
    "answer": (_answer, 0.5),
}
