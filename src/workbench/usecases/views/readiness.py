"""Readiness: what blocks, what is to do and to sign, what worries, and what is met."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from enum import StrEnum

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.criteria.words import shown
from workbench.definitions import Definitions
from workbench.definitions.shapes import Mark as Place
from workbench.gates.approvals import Proposal
from workbench.gates.model import Origin, Part, RequirementState, State, Weight
from workbench.model.times import day_text, in_zone, moment_text, relative_text
from workbench.signoff.conclude import Concluded, RoleState
from workbench.signoff.holding import SignOffView
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.marks import Fact, Mark


class Reader(msgspec.Struct, frozen=True):
    """Who reads, where, and whether there is room for whole sentences."""

    person: str
    zone: tzinfo
    wide: bool


class Section(StrEnum):
    """What a line asks of people, the most pressing first."""

    BLOCKS = "blocks"
    TO_DO = "to do"
    TO_SIGN = "to sign"
    WORRIES = "worries"
    MET = "met"


class Who(msgspec.Struct, frozen=True, gc=False):
    """Who takes care of a line, and by when; ``taken`` says that somebody promised it, ``late`` too late."""

    text: str = ""
    taken: bool = False
    late: bool = False


NOBODY = Who()


class Line(msgspec.Struct, frozen=True, gc=False):
    """A part of a gate, a sign-off that does not count, or an advisory verdict; ``key`` names which.

    ``of_part`` says that it is a part of a gate, which a gate's report lists, too.
    """

    key: str
    title: str
    why: str
    mark: Mark
    who: Who = NOBODY
    of_part: bool = True


class GateStep(msgspec.Struct, frozen=True):
    """A gate: its mark, its title, and how far it is ("4/6", "2")."""

    key: str
    title: str
    mark: Mark
    count: str = ""


def sections(found: Evaluation, reader: Reader) -> dict[Section, tuple[Line, ...]]:
    """The lines of each section."""
    parts = found.open_parts()
    open_ = {
        section: [pair for pair in parts if pair[1].weight is weight]
        for section, weight in (
            (Section.BLOCKS, Weight.BLOCKS),
            (Section.TO_DO, Weight.TO_DO),
            (Section.TO_SIGN, Weight.TO_SIGN),
        )
    }
    # What the record answers by itself goes away with what it waits for: people's own work comes first.
    open_[Section.TO_DO].sort(key=lambda pair: answered_by_itself(found, pair[1]))
    return {
        **{section: _open_lines(found, pairs, reader) for section, pairs in open_.items()},
        Section.WORRIES: _worries(found),
        Section.MET: _met(found),
    }


def waiting_for_signatures(found: Evaluation) -> str:
    """Whose signatures are still to be given, in a few words: the gate once, then the roles."""
    signing = [(gate, part) for gate, part in found.open_parts() if part.weight is Weight.TO_SIGN]
    if not signing:
        return ""
    titles = ", ".join(dict.fromkeys(part.title for _, part in signing))
    return titles.replace(f", {signing[0][0].gate.title}: ", ", ")


def ready_to_sign(found: Evaluation) -> bool:
    """Whether nothing but signatures is open in the gates that ask for them."""
    return all(item.ready for item in found.gates if item.roles)


def heaviest(lines: Iterable[Line]) -> Mark:
    """The mark that stands for several worries."""
    marks = {line.mark for line in lines}
    return next((mark for mark in (Mark.WARNS, Mark.EXCEPTED) if mark in marks), Mark.LEARNING)


def _open_lines(
    found: Evaluation, pairs: Iterable[tuple[Concluded, Part]], reader: Reader
) -> tuple[Line, ...]:
    return tuple(
        Line(
            part.key,
            part.title,
            why(found, gate, part, reader),
            Mark.BLOCKS if part.weight is Weight.BLOCKS else Mark.OPEN,
            who(found, part, reader),
        )
        for gate, part in pairs
    )


def why(found: Evaluation, gate: Concluded, part: Part, reader: Reader) -> str:
    """Why a line is open: the whole sentence where there is room for it."""
    waiting = proposal_of(found, part)
    if waiting is not None:
        return waiting.why if reader.wide else waiting.short(reader.person)
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


def proposal_of(found: Evaluation, part: Part) -> Proposal | None:
    """What waits for a second person on a line, or was rejected by one."""
    return next((item for item in found.proposals if item.ref == part.proposal), None)


def _people(keys: tuple[str, ...], reader: Reader) -> str:
    names = ["you" for key in keys if key == reader.person] + [key for key in keys if key != reader.person]
    return " or ".join(names) or "nobody: no person has this role"


def who(found: Evaluation, part: Part, reader: Reader) -> Who:
    """Who takes care of a line, and by when."""
    promise = found.promises.get(part.key)
    waiting = proposal_of(found, part)
    if promise is None and waiting is not None and waiting.rejected is None:
        return Who("you" if waiting.able.includes(reader.person) else waiting.able.words)
    if promise is None:
        if part.weight is Weight.TO_SIGN:
            return NOBODY
        return Who("by itself" if answered_by_itself(found, part) else "nobody")
    owner = "you" if promise.owner == reader.person else promise.owner
    if promise.by is None:
        return Who(owner, taken=True)
    local, now = in_zone(promise.by, reader.zone), in_zone(found.now, reader.zone)
    at = f"{local:%H:%M}" if local.date() == now.date() else day_text(promise.by, reader.zone)
    return Who(f"{owner}, by {at}", taken=True, late=promise.by < found.now)


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


def _worries(found: Evaluation) -> tuple[Line, ...]:
    lines: dict[str, Line] = {}
    for gate in found.gates:
        for part in gate.parts:
            worries = part.state is not State.NOT_MET and part.weight is Weight.WORRIES
            if worries and part.key not in lines:
                mark = Mark.EXCEPTED if part.until or part.state is State.OVERRIDDEN else Mark.WARNS
                lines[part.key] = Line(part.key, part.title, part.why, mark)
        for view in gate.signoffs:
            if not view.counts:
                key = f"signoff/{view.stored.id}"
                what = f"{view.signoff.person}'s sign-off of {gate.gate.title}"
                lines[key] = Line(key, what, view.why, Mark.WARNS, of_part=False)
    for judged in found.judged:
        if not judged.blocking and judged.verdict is not Verdict.PASS:
            key = f"benchmark/{judged.key}"
            mark = Mark.WARNS if judged.verdict in (Verdict.WARN, Verdict.FAIL) else Mark.LEARNING
            lines.setdefault(key, Line(key, judged.title, judged.why, mark, of_part=False))
    return tuple(lines.values())


def _met(found: Evaluation) -> tuple[Line, ...]:
    lines: dict[str, Line] = {}
    for gate in found.gates:
        for part in gate.parts:
            met = part.state in (State.MET, State.NOT_APPLICABLE)
            if met and part.weight is not Weight.WORRIES and part.key not in lines:
                mark = Mark.DONE if part.state is State.MET else Mark.NOT_APPLICABLE
                lines[part.key] = Line(part.key, part.title, part.why, mark)
    return tuple(lines.values())


def step(item: Concluded) -> GateStep:
    """A gate as a step: what blocks it, or how far it is."""
    requirements = [r for r in item.requirements if r.origin is not Origin.EARLIER]
    parts = [part for requirement in requirements for part in requirement.parts]
    unmet = [part for part in parts if part.state is State.NOT_MET]
    key, title = item.gate.key, item.gate.title
    if not item.result.set_up:
        return GateStep(key, title, Mark.NOT_APPLICABLE)
    if not unmet:
        return GateStep(key, title, Mark.DONE)
    blocking = [part for part in unmet if part.weight is Weight.BLOCKS]
    if blocking:
        return GateStep(key, title, Mark.BLOCKS, str(len(blocking)))
    done = len(parts) - len(unmet)
    return GateStep(key, title, Mark.UNDER_WAY if done else Mark.OPEN, f"{done}/{len(parts)}")


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


# --- one line ----------------------------------------------------------------------------


class About(msgspec.Struct, frozen=True):
    """A line in full: a title, what kind of thing it is, and what there is to say.

    ``part`` is the part of a gate that it is, ``place`` where it is defined.
    """

    title: str
    meta: str
    facts: tuple[Fact, ...]
    part: Part | None = None
    place: Place | None = None


def about(found: Evaluation, key: str, reader: Reader, definitions: Definitions) -> About | None:
    """Everything about the line ``key``."""
    if key.startswith("signoff/"):
        return _signoff(found, key.removeprefix("signoff/"), reader)
    place = place_of(definitions, found, key)
    hit = requirement_of(found, key)
    if hit is None:
        return _advisory(found, key, place)
    gate, requirement, part = hit
    facts = (Fact("Why", part.why, _mark(part)), *_measured(found, part))
    return About(part.title, f"{gate.gate.title}: {requirement.title}", facts, part, place)


def _mark(part: Part) -> Mark:
    if part.state is State.NOT_MET:
        return Mark.BLOCKS if part.weight is Weight.BLOCKS else Mark.OPEN
    if part.state is State.OVERRIDDEN or part.until:
        return Mark.EXCEPTED
    if part.state is State.NOT_APPLICABLE:
        return Mark.NOT_APPLICABLE
    return Mark.WARNS if part.weight is Weight.WORRIES else Mark.DONE


def _signoff(found: Evaluation, ident: str, reader: Reader) -> About | None:
    for gate in found.gates:
        for view in gate.signoffs:
            if view.stored.id == ident:
                return About(
                    f"{view.signoff.person}'s sign-off", gate.gate.title, _signed(view, found, reader)
                )
    return None


def _signed(view: SignOffView, found: Evaluation, reader: Reader) -> tuple[Fact, ...]:
    value = view.signoff
    when = f"{relative_text(value.at, found.now)}, {moment_text(value.at, reader.zone)}"
    facts = [
        Fact("Why", view.why, Mark.WARNS),
        *(Fact("Changed", change.words) for change in view.changes[1:6]),
        Fact("Signed", f"{value.decision.value.replace('_', ' ')} as {value.role.replace('-', ' ')}, {when}"),
    ]
    if value.comment:
        facts.append(Fact("Said", value.comment))
    return tuple(facts)


def _advisory(found: Evaluation, key: str, place: Place | None) -> About | None:
    """A benchmark that no gate asks for."""
    judged = next((item for item in found.judged if f"benchmark/{item.key}" == key), None)
    if judged is None:
        return None
    facts = (Fact("Why", judged.why, Mark.WARNS), Fact("Rule", judged.outcome.rule))
    return About(judged.title, "advisory: it blocks nothing", facts, place=place)


def _measured(found: Evaluation, part: Part) -> list[Fact]:
    judged = benchmark_of(found, part)
    if judged is None:
        return []
    facts: list[Fact] = [Fact("Rule", judged.outcome.rule)]
    if judged.value is not None:
        when = relative_text(judged.value.measured_at, found.now)
        count = f", {judged.value.samples:,} samples" if judged.value.samples else ""
        facts.append(Fact("Measured", when + count))
    return facts + [Fact("Mind", remark) for remark in judged.remarks]


def promised(found: Evaluation, part: Part, reader: Reader) -> list[Fact]:
    """Who takes care of a part, as they promised; nothing where nobody has to or did."""
    if answered_by_itself(found, part):
        return [Fact("Who", "the record answers it, as soon as it holds", aside=True)]
    promise = found.promises.get(part.key)
    if promise is None:
        return []
    by = ""
    if promise.by is not None:
        late = "promised for" if promise.by < found.now else "by"
        by = f", {late} {moment_text(promise.by, reader.zone)}, {relative_text(promise.by, found.now)}"
    owner = "you" if promise.owner == reader.person else promise.owner
    facts = [Fact("Who", owner + by)]
    return [*facts, Fact("Note", promise.note)] if promise.note else facts


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
