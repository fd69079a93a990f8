"""The lines of Readiness: what blocks, what is to do and to sign, what worries, what is met."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.criteria.words import shown
from workbench.gates.model import Origin, Part, RequirementState, State, Weight
from workbench.model.times import day_text, relative_text
from workbench.signoff.conclude import Concluded, RoleState
from workbench.tui.screens.folding import Group
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.stepper import Step
from workbench.usecases.evaluate import Evaluation

BLOCKS, TO_DO, TO_SIGN, WORRIES, MET = "blocks", "to do", "to sign", "worries", "met"


class Reader(msgspec.Struct, frozen=True):
    """Who reads, where, and whether there is room for whole sentences."""

    person: str
    zone: tzinfo
    wide: bool


def groups(found: Evaluation, reader: Reader) -> list[Group]:
    """The sections of the screen, what blocks first."""
    parts = found.open_parts()
    blocking = _rows(found, [pair for pair in parts if pair[1].weight is Weight.BLOCKS], reader)
    to_do = [pair for pair in parts if pair[1].weight is Weight.TO_DO]
    # What the record answers by itself goes away with what it waits for: people's own work comes first.
    to_do.sort(key=lambda pair: answered_by_itself(found, pair[1]))
    signing = [pair for pair in parts if pair[1].weight is Weight.TO_SIGN]
    doing, signs = _rows(found, to_do, reader), _rows(found, signing, reader)
    worries, met = _worries(found), _met(found)
    ready = all(item.ready for item in found.gates if item.roles)
    return [
        Group(BLOCKS, "Blocks", blocking, Mark.BLOCKS, "", "", min(5, len(blocking)), ((0, len(blocking)),)),
        Group(
            TO_DO,
            "To do",
            doing,
            Mark.OPEN,
            "",
            "",
            min(2, len(doing)),
            ((1, 3), *((place, place) for place in range(4, len(doing) + 1))),
        ),
        Group(
            TO_SIGN,
            "To sign",
            signs,
            Mark.OPEN,
            f"{len(signs)} to sign",
            _named(part.title for _, part in signing).replace(f", {_gate_of(signing)}: ", ", "),
            1 if ready and signs else 0,
            ((2, len(signs)),),
        ),
        Group(
            WORRIES,
            "Worries",
            worries,
            _heaviest(worries),
            f"{len(worries)} worr{'y' if len(worries) == 1 else 'ies'}",
            _named(row.cells[0].text for row in worries),
            0,
            ((3, len(worries)),),
        ),
        Group(MET, "Met", met, Mark.DONE, f"{len(met)} met", ""),
    ]


def _gate_of(signing: list[tuple[Concluded, Part]]) -> str:
    return signing[0][0].gate.title if signing else ""


def _named(titles: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(titles))


def _heaviest(rows: tuple[Row, ...]) -> Mark:
    marks = {row.mark for row in rows}
    return next((mark for mark in (Mark.WARNS, Mark.EXCEPTED) if mark in marks), Mark.LEARNING)


def _rows(found: Evaluation, pairs: list[tuple[Concluded, Part]], reader: Reader) -> tuple[Row, ...]:
    return tuple(_open_row(found, gate, part, reader) for gate, part in pairs)


def _open_row(found: Evaluation, gate: Concluded, part: Part, reader: Reader) -> Row:
    blocks = part.weight is Weight.BLOCKS
    return Row(
        part.key,
        (
            Cell(part.title, Role.STRONG if blocks else Role.TEXT),
            Cell(why(found, gate, part, reader), Role.TEXT if blocks else Role.MUTED),
            Cell(*who(found, part, reader)),
        ),
        Mark.BLOCKS if blocks else Mark.OPEN,
    )


def why(found: Evaluation, gate: Concluded, part: Part, reader: Reader) -> str:
    """Why a line is open: the whole sentence where there is room for it."""
    judged = benchmark_of(found, part)
    if judged is not None:
        numbers, headline = shown(judged.outcome), judged.headline
        if judged.verdict is not Verdict.FAIL:
            return headline
        return f"{numbers.value}, {headline}" + (f" {numbers.limit}" if reader.wide else "")
    role = role_of(gate, part)
    if role is not None:
        return f"waits for {_people(role.can, reader)}"
    if part.why in ("open", found.checklist_title(_list_of(part))):
        return gate.gate.title
    return part.why


def _people(keys: tuple[str, ...], reader: Reader) -> str:
    names = ["you" for key in keys if key == reader.person] + [key for key in keys if key != reader.person]
    return " or ".join(names) or "nobody: no person has this role"


def who(found: Evaluation, part: Part, reader: Reader) -> tuple[str, Role]:
    """Who takes care of a line, and by when."""
    promise = found.promises.get(part.key)
    if promise is None:
        if part.weight is Weight.TO_SIGN:
            return "", Role.MUTED
        return ("by itself" if answered_by_itself(found, part) else "nobody"), Role.MUTED
    owner = "you" if promise.owner == reader.person else promise.owner
    if promise.by is None:
        return owner, Role.TEXT
    local, now = promise.by.astimezone(reader.zone), found.now.astimezone(reader.zone)
    late = Role.WARNING if promise.by < found.now else Role.TEXT
    at = f"{local:%H:%M}" if local.date() == now.date() else day_text(promise.by, reader.zone)
    return f"{owner}, by {at}", late


def benchmark_of(found: Evaluation, part: Part) -> Judged | None:
    """The verdict behind a line, if it is a benchmark's."""
    key = part.key.removeprefix("benchmark/")
    return next((item for item in found.judged if item.key == key), None) if key != part.key else None


def role_of(gate: Concluded, part: Part) -> RoleState | None:
    """The role whose signature a line asks for."""
    return next((role for role in gate.roles if part.key == f"sign/{gate.gate.key}/{role.role}"), None)


def _list_of(part: Part) -> str:
    return part.key.removeprefix("item/").partition("/")[0]


def answered_by_itself(found: Evaluation, part: Part) -> bool:
    """Whether the record answers a checklist's item, so that nobody has to."""
    if not part.key.startswith("item/"):
        return False
    views = found.checklists.get(_list_of(part), ())
    item = part.key.rpartition("/")[2]
    return any(view.item.key == item and view.automatic is not None for view in views)


def requirement_of(found: Evaluation, key: str) -> tuple[Concluded, RequirementState, Part] | None:
    """The gate, the requirement and the part that a row stands for."""
    for gate in found.gates:
        for requirement in gate.requirements:
            for part in requirement.parts:
                if part.key == key:
                    return gate, requirement, part
    return None


def _worries(found: Evaluation) -> tuple[Row, ...]:
    rows: dict[str, Row] = {}
    for gate in found.gates:
        for requirement in gate.requirements:
            for part in requirement.parts:
                if part.state is not State.NOT_MET and part.weight is Weight.WORRIES and part.key not in rows:
                    mark = Mark.EXCEPTED if part.until or part.state is State.OVERRIDDEN else Mark.WARNS
                    rows[part.key] = _quiet(part, mark)
        for view in gate.signoffs:
            if not view.counts:
                key = f"signoff/{view.stored.id}"
                what = f"{view.signoff.person}'s sign-off of {gate.gate.title}"
                rows[key] = Row(key, (Cell(what), Cell(view.why, Role.MUTED)), Mark.WARNS)
    for judged in found.judged:
        if not judged.blocking and judged.verdict is not Verdict.PASS:
            key = f"benchmark/{judged.key}"
            mark = Mark.WARNS if judged.verdict in (Verdict.WARN, Verdict.FAIL) else Mark.LEARNING
            cells = (Cell(judged.title), Cell(judged.why, Role.MUTED))
            rows.setdefault(key, Row(key, cells, mark))
    return tuple(rows.values())


def _met(found: Evaluation) -> tuple[Row, ...]:
    rows: dict[str, Row] = {}
    for gate in found.gates:
        for requirement in gate.requirements:
            for part in requirement.parts:
                met = part.state in (State.MET, State.NOT_APPLICABLE)
                if met and part.weight is not Weight.WORRIES and part.key not in rows:
                    mark = Mark.DONE if part.state is State.MET else Mark.NOT_APPLICABLE
                    rows[part.key] = _quiet(part, mark)
    return tuple(rows.values())


def _quiet(part: Part, mark: Mark) -> Row:
    return Row(part.key, (Cell(part.title, Role.MUTED), Cell(part.why, Role.MUTED)), mark)


def step(item: Concluded) -> Step:
    """A gate as a step: what blocks it, or how far it is."""
    requirements = [r for r in item.requirements if r.origin is not Origin.EARLIER]
    parts = [part for requirement in requirements for part in requirement.parts]
    unmet = [part for part in parts if part.state is State.NOT_MET]
    key, title = item.gate.key, item.gate.title
    if not item.result.set_up:
        return Step(key, title, Mark.NOT_APPLICABLE)
    if not unmet:
        return Step(key, title, Mark.DONE)
    blocking = [part for part in unmet if part.weight is Weight.BLOCKS]
    if blocking:
        return Step(key, title, Mark.BLOCKS, str(len(blocking)))
    done = len(parts) - len(unmet)
    return Step(key, title, Mark.UNDER_WAY if done else Mark.OPEN, f"{done}/{len(parts)}")


def chase_list(found: Evaluation) -> str:
    """What is open, by person, as plain text to paste into a chat."""
    by: dict[str, list[str]] = {}
    for _, part in found.open_parts():
        promise = found.promises.get(part.key)
        until = f" (promised {relative_text(promise.by, found.now)})" if promise and promise.by else ""
        by.setdefault(promise.owner if promise else "nobody yet", []).append(
            f"- {part.title}: {part.why}{until}"
        )
    head = f"{found.project} {found.held.title}: still open"
    return "\n".join([head, *(f"\n{owner}\n" + "\n".join(lines) for owner, lines in sorted(by.items()))])
