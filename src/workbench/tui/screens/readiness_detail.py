"""The line under the cursor of Readiness in full: why, who, what clears it, where it is defined."""

from __future__ import annotations

import msgspec

from workbench.definitions import Definitions
from workbench.definitions.shapes import Mark as Place
from workbench.gates.model import Part, State, Weight
from workbench.model.times import moment_text, relative_text
from workbench.signoff.conclude import SignOffView
from workbench.tui.screens.folding import FOLD, Group
from workbench.tui.screens.readiness_lines import (
    Reader,
    answered_by_itself,
    benchmark_of,
    requirement_of,
)
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.prose import Block, Pair, Paragraph
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.clearing import command

_WAYS = {
    "benchmark": "enter goes to the benchmark; f measures again",
    "difference": "enter goes to the parity map",
    "item": "enter goes to the checklist",
    "flow": "enter goes to the flows",
    "signoff": "enter opens what is signed",
    "freeze": "z lifts the freeze",
}


class Told(msgspec.Struct, frozen=True):
    """A title, what kind of thing it is, and what there is to say."""

    title: str
    meta: str
    blocks: tuple[Block, ...]


def told(
    found: Evaluation, key: str, reader: Reader, definitions: Definitions, folds: list[Group]
) -> Told | None:
    """Everything about the row ``key``."""
    if key.startswith(FOLD):
        return _fold(next((group for group in folds if FOLD + group.key == key), None))
    if key.startswith("signoff/"):
        return _signoff(found, key.removeprefix("signoff/"), reader)
    hit = requirement_of(found, key)
    if hit is None:
        return _advisory(found, key, definitions)
    gate, requirement, part = hit
    blocks: list[Block] = [Pair("Why", part.why, _mark(part))]
    blocks += _measured(found, part)
    if part.state is State.NOT_MET:
        blocks += [*_promised(found, part, reader), *_clears(found, part)]
    blocks += _defined(place_of(definitions, found, key))
    return Told(part.title, f"{gate.gate.title}: {requirement.title}", tuple(blocks))


def _mark(part: Part) -> Mark:
    if part.state is State.NOT_MET:
        return Mark.BLOCKS if part.weight is Weight.BLOCKS else Mark.OPEN
    if part.state is State.OVERRIDDEN or part.until:
        return Mark.EXCEPTED
    if part.state is State.NOT_APPLICABLE:
        return Mark.NOT_APPLICABLE
    return Mark.WARNS if part.weight is Weight.WORRIES else Mark.DONE


def _fold(group: Group | None) -> Told | None:
    if group is None:
        return None
    lines = tuple(Paragraph(row.cells[0].text, Role.MUTED) for row in group.rows)
    return Told(f"{group.title}: {len(group.rows)}", "enter opens the section, or folds it", lines)


def _signoff(found: Evaluation, ident: str, reader: Reader) -> Told | None:
    for gate in found.gates:
        for view in gate.signoffs:
            if view.stored.id == ident:
                return Told(
                    f"{view.signoff.person}'s sign-off", gate.gate.title, _signed(view, found, reader)
                )
    return None


def _signed(view: SignOffView, found: Evaluation, reader: Reader) -> tuple[Block, ...]:
    value = view.signoff
    when = f"{relative_text(value.at, found.now)}, {moment_text(value.at, reader.zone)}"
    blocks = [
        Pair("Why", view.why, Mark.WARNS),
        *(Pair("Changed", change.words) for change in view.changes[1:6]),
        Pair("Signed", f"{value.decision.value.replace('_', ' ')} as {value.role.replace('-', ' ')}, {when}"),
    ]
    if value.comment:
        blocks.append(Pair("Said", value.comment))
    return tuple(blocks)


def _advisory(found: Evaluation, key: str, definitions: Definitions) -> Told | None:
    """A benchmark that no gate asks for."""
    judged = next((item for item in found.judged if f"benchmark/{item.key}" == key), None)
    if judged is None:
        return None
    rule = Pair("Rule", judged.outcome.rule)
    place = _defined(place_of(definitions, found, key))
    why = Pair("Why", judged.why, Mark.WARNS)
    return Told(judged.title, "advisory: it blocks nothing", (why, rule, *place))


def _measured(found: Evaluation, part: Part) -> list[Block]:
    judged = benchmark_of(found, part)
    if judged is None:
        return []
    blocks: list[Block] = [Pair("Rule", judged.outcome.rule)]
    if judged.value is not None:
        when = relative_text(judged.value.measured_at, found.now)
        count = f", {judged.value.samples:,} samples" if judged.value.samples else ""
        blocks.append(Pair("Measured", when + count))
    return blocks + [Pair("Mind", remark) for remark in judged.remarks]


def _promised(found: Evaluation, part: Part, reader: Reader) -> list[Block]:
    promise = found.promises.get(part.key)
    if answered_by_itself(found, part):
        return [Pair("Who", "the record answers it, as soon as it holds", role=Role.MUTED)]
    if promise is None:
        none = [Pair("Who", "nobody yet: w says who", role=Role.MUTED)]
        return [] if part.weight is Weight.TO_SIGN else [*none]
    by = ""
    if promise.by is not None:
        late = "promised for" if promise.by < found.now else "by"
        by = f", {late} {moment_text(promise.by, reader.zone)}, {relative_text(promise.by, found.now)}"
    owner = "you" if promise.owner == reader.person else promise.owner
    blocks: list[Block] = [Pair("Who", owner + by)]
    return [*blocks, Pair("Note", promise.note)] if promise.note else blocks


def _clears(found: Evaluation, part: Part) -> list[Block]:
    noun, _, _ = part.about.partition("/")
    blocks: list[Block] = [Pair("To clear", _WAYS.get(noun, "o lets it past, with a reason and an end"))]
    if part.step is not None:
        blocks.append(Pair("", command(part.step), role=Role.MUTED))
    return blocks


def _defined(place: Place | None) -> list[Block]:
    if place is None:
        return []
    if place.built_in:
        return [Pair("Defined", "in a checklist that comes with the workbench", role=Role.MUTED)]
    return [Pair("Defined", f"{place.file}:{place.line}   E opens it", role=Role.MUTED)]


def place_of(definitions: Definitions, found: Evaluation, key: str) -> Place | None:
    """Where the thing behind a row is defined: a benchmark, an item, a source, or else its gate."""
    kind, _, rest = key.partition("/")
    if kind == "benchmark":
        return definitions.mark("benchmark", rest)
    if kind == "tests":
        return definitions.mark("source", rest)
    if kind == "item":
        checklist, _, item = rest.partition("/")
        return definitions.mark("checklist", checklist, f"items.{item}")
    hit = requirement_of(found, key)
    if hit is None:
        return None
    gate, requirement, _ = hit
    return definitions.mark("gate", gate.gate.key, f"requires.{requirement.key}")
