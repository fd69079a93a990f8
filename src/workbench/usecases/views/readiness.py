"""Readiness: what blocks, what is to do and to sign, the risks, and what is met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import tzinfo
from enum import StrEnum

import msgspec

from workbench.criteria import Verdict
from workbench.definitions import Definitions
from workbench.definitions.shapes import Mark as Place
from workbench.gates.model import Origin, Part, RequirementState, State, Weight
from workbench.gates.turn import CANNOT_TELL, Move, Turn, as_read_by
from workbench.model.dates import end_text, whole_day
from workbench.model.steps import Job
from workbench.model.text import number_of
from workbench.model.times import in_zone, moment_text, relative_text
from workbench.usecases.reporting.judgement import (
    GateReport,
    InvestigationReport,
    Judgement,
    PromiseReport,
    ProposalReport,
    RoleReport,
    SignatureReport,
    TouchedReport,
    UnrecordedReport,
    VerdictReport,
)
from workbench.usecases.views.exceptions import lift_command, override_facts, to_mind
from workbench.usecases.views.gates import SETTLED, gate_mark, part_mark, unmet
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
    RISKS = "worries"
    MET = "met"


WEIGHTS = {
    Section.BLOCKS: Weight.BLOCKS,
    Section.TO_DO: Weight.TO_DO,
    Section.TO_SIGN: Weight.TO_SIGN,
    Section.RISKS: Weight.RISK,
}


class Who(msgspec.Struct, frozen=True, gc=False):
    """Who takes care of a line, and by when; ``taken`` says that somebody promised it, ``late`` too late."""

    text: str = ""
    taken: bool = False
    late: bool = False


NOBODY = Who()


class Line(msgspec.Struct, frozen=True, gc=False):
    """A part of a gate, a sign-off that does not count, or an advisory verdict; ``key`` names which.

    ``of_part`` says that it is a part of a gate, which a gate's report lists, too.  Of what is open
    ``turn`` says whose move it is, ``move`` the same for the reader; ``folded`` that it stands under
    the line that it is behind, and ``behind`` how many stand so under this one.
    """

    key: str
    title: str
    why: str
    mark: Mark
    who: Who = NOBODY
    of_part: bool = True
    turn: Turn | None = None
    move: Move | None = None
    folded: bool = False
    behind: int = 0


class GateStep(msgspec.Struct, frozen=True):
    """A gate: its mark, its title, and how far it is ("4/6", "2")."""

    key: str
    title: str
    mark: Mark
    count: str = ""


class _Beside(msgspec.Struct, frozen=True):
    """What is known of lines beside the gates: by their key, proposals by the id that a part names."""

    verdicts: Mapping[str, VerdictReport]
    proposals: Mapping[str, ProposalReport]
    promises: Mapping[str, PromiseReport]
    lists: Mapping[str, str]
    behind: Mapping[str, int]


def _beside(found: Judgement) -> _Beside:
    return _Beside(
        verdicts={f"benchmark/{item.key}": item for item in found.verdicts},
        proposals={item.ref: item for item in found.proposals},
        promises={item.part: item for item in found.promises},
        lists={item.key: item.title for item in found.checklists},
        behind=Counter(part.turn.behind for _, part in found.open_parts() if part.turn and part.folded),
    )


def sections(found: Judgement, reader: Reader) -> dict[Section, tuple[Line, ...]]:
    """The lines of each section."""
    parts, beside = found.open_parts(), _beside(found)
    open_ = {
        section: [pair for pair in parts if pair[1].weight is weight]
        for section, weight in (
            (Section.BLOCKS, Weight.BLOCKS),
            (Section.TO_DO, Weight.TO_DO),
            (Section.TO_SIGN, Weight.TO_SIGN),
        )
    }
    return {
        **{section: _open_lines(found, pairs, beside, reader) for section, pairs in open_.items()},
        Section.RISKS: _risks(found),
        Section.MET: _met(found),
    }


def waiting_for_signatures(found: Judgement) -> str:
    """Whose signatures are still to be given, in a few words: the gate once, then the roles."""
    signing = [(gate, part) for gate, part in found.open_parts() if part.weight is Weight.TO_SIGN]
    if not signing:
        return ""
    titles = ", ".join(dict.fromkeys(part.title for _, part in signing))
    return titles.replace(f", {signing[0][0].title}: ", ", ")


def heaviest(lines: Iterable[Line]) -> Mark:
    """The mark that stands for several risks."""
    marks = {line.mark for line in lines}
    return next((mark for mark in (Mark.WARNS, Mark.EXCEPTED) if mark in marks), Mark.LEARNING)


def _open_lines(
    found: Judgement, pairs: Iterable[tuple[GateReport, Part]], beside: _Beside, reader: Reader
) -> tuple[Line, ...]:
    return tuple(
        Line(
            part.key,
            part.title,
            _why(gate, part, beside, reader),
            part_mark(part),
            _who(found, part, beside, reader),
            turn=(turn := part.turn or CANNOT_TELL),
            move=as_read_by(turn, reader.person),
            folded=part.folded,
            behind=beside.behind.get(part.key, 0),
        )
        for gate, part in pairs
    )


def _why(gate: GateReport, part: Part, beside: _Beside, reader: Reader) -> str:
    """Why a line is open: the whole sentence where there is room for it."""
    waiting = beside.proposals.get(part.proposal)
    if waiting is not None:
        return waiting.why if reader.wide else waiting.short(reader.person)
    if part.state is State.NOT_MET and part.step and part.step.job is Job.PROPOSE_CANDIDATE:
        return "no build is proposed yet"
    judged = beside.verdicts.get(part.key)
    if judged is not None:
        numbers = judged.worked_out
        if judged.verdict is not Verdict.FAIL:
            return numbers.headline
        return f"{numbers.value_text}, {numbers.headline}" + (f" {numbers.limit_text}" if reader.wide else "")
    role = role_of(gate, part)
    if role is not None:
        return _waiting(role, reader)
    if part.why in ("open", beside.lists.get(_list_of(part))):
        return gate.title
    return part.why


def _waiting(role: RoleReport, reader: Reader) -> str:
    """Whom a signature waits for, who of them is away, and why nobody is left."""
    gone = {one.person: one.until for one in role.away}
    here = tuple(key for key in role.can if key not in gone)
    words = f"waiting for {_people(here or role.can, reader)}"
    if role.short and role.can:
        return f"{words}; {role.short}"
    away = [f"{key} is away until {end_text(gone[key], reader.zone)}" for key in role.can if key in gone]
    return f"{words}; {', '.join(away)}" if away else words


def _people(keys: tuple[str, ...], reader: Reader) -> str:
    names = ["you" for key in keys if key == reader.person] + [key for key in keys if key != reader.person]
    return " or ".join(names) or "nobody: no one has this role"


def _who(found: Judgement, part: Part, beside: _Beside, reader: Reader) -> Who:
    """Who takes care of a line, and by when."""
    promise, waiting = beside.promises.get(part.key), beside.proposals.get(part.proposal)
    if promise is None and waiting is not None and waiting.rejected is None:
        return Who("you" if waiting.able.includes(reader.person) else waiting.able.words)
    if promise is None:
        return NOBODY if part.weight is Weight.TO_SIGN else _whose(part, reader)
    owner = "you" if promise.owner == reader.person else promise.owner
    if promise.by is None:
        return Who(owner, taken=True)
    local, now = in_zone(promise.by, reader.zone), in_zone(found.made_at, reader.zone)
    today = "today" if whole_day(promise.by, reader.zone) else f"{local:%H:%M}"
    at = today if local.date() == now.date() else end_text(promise.by, reader.zone)
    return Who(f"{owner}, by {at}", taken=True, late=promise.by < found.made_at)


def _whose(part: Part, reader: Reader) -> Who:
    """Who can bring a part further that nobody has promised; nobody is named where anybody can."""
    turn = part.turn or CANNOT_TELL
    if turn.until is not None:
        return Who(f"clears {end_text(turn.until, reader.zone)}")
    if turn.who:
        return Who(_people(turn.who, reader))
    return Who(f"anybody but {turn.but}") if turn.but else NOBODY


def benchmark_of(found: Judgement, key: str) -> VerdictReport | None:
    """The verdict behind a line, if it is a benchmark's."""
    return next((item for item in found.verdicts if f"benchmark/{item.key}" == key), None)


def role_of(gate: GateReport, part: Part) -> RoleReport | None:
    """The role whose signature a line asks for."""
    return next((role for role in gate.roles if part.key == f"sign/{gate.key}/{role.role}"), None)


def _list_of(part: Part) -> str:
    return part.key.removeprefix("item/").partition("/")[0]


def requirement_of(found: Judgement, key: str) -> tuple[GateReport, RequirementState, Part] | None:
    """The gate, the requirement and the part that a row stands for."""
    for gate in found.gates:
        for requirement in gate.requirements:
            for part in requirement.parts:
                if part.key == key:
                    return gate, requirement, part
    return None


def _risks(found: Judgement) -> tuple[Line, ...]:
    lines: dict[str, Line] = {}
    for gate in found.gates:
        for part in gate.parts:
            risk = part.state is not State.NOT_MET and part.weight is Weight.RISK
            if risk and part.key not in lines:
                lines[part.key] = Line(part.key, part.title, part.why, part_mark(part))
        for word in gate.signatures:
            if not word.counts and word.currency not in SETTLED:
                key = f"signoff/{word.id}"
                what = f"{word.who}'s sign-off of {gate.title}"
                lines[key] = Line(key, what, word.why, Mark.WARNS, of_part=False)
    for judged in found.verdicts:
        if not judged.blocking and judged.verdict is not Verdict.PASS:
            key = f"benchmark/{judged.key}"
            mark = Mark.WARNS if judged.verdict in (Verdict.WARN, Verdict.FAIL) else Mark.LEARNING
            lines.setdefault(key, Line(key, judged.title, judged.worked_out.why, mark, of_part=False))
    for item in found.investigations:
        key = f"investigation/{item.id}"
        lines[key] = Line(key, item.title, _investigated(item), Mark.WARNS, of_part=False)
    for build in found.unrecorded:
        key = f"unrecorded/{build.environment}"
        lines[key] = Line(
            key, f"{build.environment} runs {build.build[:12]}", _off_record(build), Mark.WARNS, of_part=False
        )
    for override in to_mind(found):
        if (
            override.covers and not override.ended
        ):  # one that does not cover is told by the line that it leaves open
            key = f"override/{override.part}"
            lines[key] = Line(
                key, f"Override of {override.title}", override.standing, Mark.WARNS, of_part=False
            )
    for flow in found.touched:
        if not flow.measured:
            key = f"touched/{flow.flow}"
            lines[key] = Line(key, f"{flow.title} is touched", _untested(flow), Mark.WARNS, of_part=False)
    return tuple(lines.values())


def _untested(flow: TouchedReport) -> str:
    return f"not measured on this candidate, which changes {number_of(flow.files, 'file')} of it"


def _touched(found: Judgement, key: str) -> About | None:
    flow = next((each for each in found.touched if each.flow == key), None)
    if flow is None:
        return None
    facts = (
        Fact("Why", _untested(flow), Mark.WARNS),
        Fact("Files", flow.first + (f" and {flow.files - 1:,} more" if flow.files > 1 else "")),
        Fact("Next", "measure it on this candidate, or give it a benchmark"),
    )
    return About(f"{flow.title} is touched", "a flow that this candidate touches: it blocks nothing", facts)


def _off_record(build: UnrecordedReport) -> str:
    if build.candidate:
        return f"it is {build.candidate}, and no shipment of it is recorded"
    return "no candidate is this build: nobody recorded how it got there"


def _investigated(item: InvestigationReport) -> str:
    """Who investigates, and what they found so far."""
    who = f"{item.owner} investigates" if item.owner else "nobody investigates yet"
    told = (item.fell, who + (f": {item.finding}" if item.finding else ""))
    return "; ".join(filter(None, told))


def _met(found: Judgement) -> tuple[Line, ...]:
    lines: dict[str, Line] = {}
    for gate in found.gates:
        for part in gate.parts:
            met = part.state in (State.MET, State.NOT_APPLICABLE)
            if met and part.weight is not Weight.RISK and part.key not in lines:
                mark = Mark.DONE if part.state is State.MET else Mark.NOT_APPLICABLE
                lines[part.key] = Line(part.key, part.title, part.why, mark)
    return tuple(lines.values())


def step(item: GateReport) -> GateStep:
    """A gate as a step: its mark, and how many blockers it has or how far it is."""
    mark, missing = gate_mark(item), unmet(item)
    title = f"{item.title} → {item.into_title}" if item.into_title not in ("", item.title) else item.title
    if mark is Mark.BLOCKS:
        return GateStep(item.key, title, mark, str(missing[Weight.BLOCKS]))
    if not missing or not item.set_up:
        return GateStep(item.key, title, mark)
    own = [part for r in item.requirements if r.origin is not Origin.EARLIER for part in r.parts]
    done = sum(part.state is not State.NOT_MET for part in own)
    return GateStep(item.key, title, mark, f"{done}/{len(own)}")


def chase_list(found: Judgement) -> str:
    """What is open, by person, as plain text to paste into a chat."""
    by: dict[str, list[str]] = {}
    promises = {item.part: item for item in found.promises}
    for _, part in found.open_parts():
        if part.folded:
            continue
        promise = promises.get(part.key)
        until = f" (promised {relative_text(promise.by, found.made_at)})" if promise and promise.by else ""
        for owner in _owners(part, promise):
            by.setdefault(owner, []).append(f"- {part.title}: {part.why}{until}")
    head = f"{found.project} {found.title}: still open"
    return "\n".join([head, *(f"\n{owner}\n" + "\n".join(lines) for owner, lines in sorted(by.items()))])


def _owners(part: Part, promise: PromiseReport | None) -> tuple[str, ...]:
    """Under whom a line is chased: who promised it, else who can do it."""
    if promise is not None:
        return (promise.owner,)
    turn = part.turn or CANNOT_TELL
    return turn.who or (("automatic",) if turn.until else ("unassigned",))


# --- one line ----------------------------------------------------------------------------


class About(msgspec.Struct, frozen=True):
    """A line in full: a title, what kind of thing it is, and what there is to say.

    ``part`` is the part of a gate that it is.
    """

    title: str
    meta: str
    facts: tuple[Fact, ...]
    part: Part | None = None


def about(found: Judgement, key: str, reader: Reader) -> About | None:
    """Everything about the line ``key``."""
    if key.startswith("signoff/"):
        return _signoff(found, key.removeprefix("signoff/"), reader)
    if key.startswith("investigation/"):
        return _investigation(found, key.removeprefix("investigation/"))
    if key.startswith("unrecorded/"):
        return _unrecorded(found, key.removeprefix("unrecorded/"))
    if key.startswith("touched/"):
        return _touched(found, key.removeprefix("touched/"))
    if key.startswith("override/"):
        return _to_lift(found, key.removeprefix("override/"), reader)
    hit = requirement_of(found, key)
    if hit is None:
        return _advisory(found, key)
    gate, requirement, part = hit
    facts = (Fact("Why", part.why, part_mark(part)), *_measured(found, part), *_excepted(found, part, reader))
    return About(part.title, f"{gate.title}: {requirement.title}", facts, part)


def _excepted(found: Judgement, part: Part, reader: Reader) -> list[Fact]:
    """What lets a line past, as its author and its approver saw it."""
    item = next(
        (each for each in reversed(found.overrides) if each.part == part.key and not each.ended), None
    )
    if item is None or part.state is State.MET or (item.bound is None and item.answers is None):
        return []  # those of before are told whole by their line
    return override_facts(item, reader.zone)


def _to_lift(found: Judgement, part: str, reader: Reader) -> About | None:
    item = next((each for each in to_mind(found) if each.part == part), None)
    if item is None:
        return None
    facts = (
        Fact("Why", item.standing, Mark.WARNS),
        *override_facts(item, reader.zone),
        *(() if item.needed else (Fact("Next", lift_command(part)),)),
    )
    return About(
        f"Override of {item.title}", "an override that somebody should look at: it blocks nothing", facts
    )


def _signoff(found: Judgement, ident: str, reader: Reader) -> About | None:
    for gate in found.gates:
        for word in gate.signatures:
            if word.id == ident:
                return About(f"{word.who}'s sign-off", gate.title, _signed(word, found, reader))
    return None


def _signed(word: SignatureReport, found: Judgement, reader: Reader) -> tuple[Fact, ...]:
    when = f"{relative_text(word.at, found.made_at)}, {moment_text(word.at, reader.zone)}"
    facts = [
        Fact("Why", word.why, Mark.WARNS),
        *(Fact("Changed", words) for words in word.changes[1:6]),
        Fact("Signed", f"{word.decision.value.replace('_', ' ')} as {word.role.replace('-', ' ')}, {when}"),
    ]
    if word.comment:
        facts.append(Fact("Said", word.comment))
    return tuple(facts)


def _investigation(found: Judgement, ident: str) -> About | None:
    item = next((each for each in found.investigations if each.id == ident), None)
    if item is None:
        return None
    facts = [
        Fact("Why", item.fell or "opened by hand", Mark.WARNS),
        Fact("Owner", item.owner or "unassigned"),
    ]
    facts += [Fact("Finding", item.finding)] if item.finding else []
    if item.opened_at is not None:
        facts.append(Fact("Opened", relative_text(item.opened_at, found.made_at)))
    ends = "say what it ended in: a difference, a refresh of the data, or another limit"
    return About(item.title, "an investigation: it blocks nothing", (*facts, Fact("Next", ends)))


def _unrecorded(found: Judgement, environment: str) -> About | None:
    build = next((each for each in found.unrecorded if each.environment == environment), None)
    if build is None:
        return None
    seen = f"{relative_text(build.seen_at, found.made_at)}, by the probe {build.probe}"
    ends = "record the shipment, or find out who deployed it"
    facts = (
        Fact("Why", _off_record(build), Mark.WARNS),
        Fact("Build", build.build),
        Fact("Seen", seen),
        Fact("Next", ends),
    )
    return About(
        f"{environment} runs {build.build[:12]}",
        "a deployment that is not on record: it blocks nothing",
        facts,
    )


def _advisory(found: Judgement, key: str) -> About | None:
    """A benchmark that no gate asks for."""
    judged = benchmark_of(found, key)
    if judged is None or judged.arithmetic is None:
        return None
    facts = (Fact("Why", judged.arithmetic.why, Mark.WARNS), Fact("Rule", judged.rule))
    return About(judged.title, "advisory: it blocks nothing", facts)


def _measured(found: Judgement, part: Part) -> list[Fact]:
    judged = benchmark_of(found, part.key)
    if judged is None:
        return []
    facts: list[Fact] = [Fact("Rule", judged.rule)]
    if judged.measured_at is not None:
        when = relative_text(judged.measured_at, found.made_at)
        count = f", {judged.samples:,} samples" if judged.samples else ""
        facts.append(Fact("Measured", when + count))
    return facts + [Fact("Note", remark) for remark in judged.remarks]


def promised(found: Judgement, part: Part, reader: Reader) -> list[Fact]:
    """Who takes care of a part, as they promised; nothing where nobody has to or did."""
    promise = next((item for item in found.promises if item.part == part.key), None)
    if promise is None:
        return []
    by = ""
    if promise.by is not None:
        late = "promised for" if promise.by < found.made_at else "by"
        by = f", {late} {moment_text(promise.by, reader.zone)}, {relative_text(promise.by, found.made_at)}"
    owner = "you" if promise.owner == reader.person else promise.owner
    facts = [Fact("Who", owner + by)]
    return [*facts, Fact("Note", promise.note)] if promise.note else facts


def place_of(definitions: Definitions, found: Judgement, key: str) -> Place | None:
    """Where the thing behind a row is defined today: a benchmark, an item, a source, or else its gate.

    A place in a file is a way to go there, not something that was judged: it is asked for anew.
    """
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
    gate, requirement, part = hit
    noun, _, probe = part.about.partition("/")
    if noun == "probe" and (place := definitions.mark("probe", probe)) is not None:
        return place
    return definitions.mark("gate", gate.key, f"requires.{requirement.key}")
