"""What comes next for an open part: in words, and as the command that clears it.

Made here alone: ``status``, the ``next:`` of a gate, their JSON and Readiness all show it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

from workbench.gates.model import Origin, Part, State, Weight
from workbench.gates.turn import CANNOT_TELL, Move, Turn, as_read_by
from workbench.model.dates import end_text
from workbench.model.steps import Job, Step
from workbench.model.times import zone_of
from workbench.usecases.reporting.judgement import GateReport, Judgement
from workbench.usecases.views.clearing import command

_WORDS = {
    Job.PROPOSE_CANDIDATE: "Propose a build: nothing can be measured without one",
    Job.PROPOSE_BUILD: "Propose a build that passes, or override this until a date",
    Job.FETCH: "Fetch it from its source",
    Job.SHOW_BENCHMARK: "Open the benchmark",
    Job.ENTER_VALUE: "Enter the value, with a link to its evidence",
    Job.DECIDE_DIFFERENCE: "Decide: close it, mitigate it, accept it, or call it irrelevant",
    Job.REVIEW_MAP: "Go through the parity map, then mark it reviewed",
    Job.FILL_MAP: "Add what differs, or record that nothing does",
    Job.TICK_ITEM: "Do what the item asks, then mark it done",
    Job.PROVE_ITEM: "Do what the item asks, then mark it done with its evidence",
    Job.ATTACH_EVIDENCE: "Attach the evidence that is missing",
    Job.REOPEN_ITEM: "Reopen the item: the record says it is met",
    Job.RULE_OUT_ITEM: "Mark the item not applicable, with the reason",
    Job.PLAN_ROLLBACK: "Write down the steps of the rollback",
    Job.DESCRIBE_RELEASE: "Write down what the release is for",
    Job.PLAN_WATCH: "Write down what is watched after shipping",
    Job.NAME_CHANGES: "Say which kinds of change the release carries, or none of them",
    Job.LIFT_FREEZE: "Lift the freeze, with the reason",
    Job.OVERRIDE: "Override it until a date, with the reason",
    Job.APPROVE: "Approve or reject it",
    Job.LIST_FLOW: "Add the flows that are missing",
    Job.MARK_CORE: "Mark the core flows",
    Job.NAME_OWNER: "Name the flow's owner",
    Job.SIGN: "Sign it",
    Job.CHECK_FILES: "Check the project's files",
    Job.CLEAR_GATE: "Clear the earlier gate",
    Job.HAND_BACK: "Do what was needed, then hand it back",
    Job.DISMISS: "Dismiss it, with the reason: its author can no longer answer",
    Job.NAME_COMMIT: "Import the file again: say which commit it is of, and how you know",
    Job.NAME_AUTHOR: "Say who wrote the build",
    Job.CHOOSE_VERSION: "Choose one of the versions",
    Job.REPAIR: "Ask the other desk for a whole pack, or look at what is kept aside",
    Job.EDIT_DEFINITIONS: "Edit the file there",
    Job.PROBE: "Run the probe",
    Job.PROVE_PROBE: "Prove that the probe finds what it looks for",
    Job.TAKE_PROPOSALS: "Add what the probe found to the map, then decide on it",
    Job.MEND: "Mend what the probe found, then run it again",
    Job.REFRESH_DATA: "Refresh the data, record the refresh with its validation, and run the probe again",
    Job.DRILL: "Drill the runbook, from its first step to its last",
    Job.VALIDATE_DATA: "Validate the refresh: row counts, distributions, query plans",
    Job.SHOW_INVESTIGATION: "Find out why, and say what it ended in",
    Job.REVIEW_BENCHMARK: "Look at its limit, its false alarms and what it missed, then mark it reviewed",
    Job.REDUCE_DRIFT: "Close what drifted, or accept what is intended until a date",
    Job.PIN_BASELINE: "Pin a good value as its baseline, or let a second person approve the one that waits",
    Job.DESCRIBE_STEPS: "Let the steps of the flow run for real, and say of each how it runs",
    Job.DO_ROUTINE: "Do it, then mark it done with its evidence",
    Job.TRY_FAULTS: "Put the flow under its faults, and say what came of each",
    Job.FINISH_ACTION: "Do it and say what shows it, or drop it with the reason",
    Job.WALK_INCIDENT: "Walk the checklist of the incident, or close the incident",
    Job.TELL_PEOPLE: "Tell the owners, and write down who was told",
    Job.EXECUTE_RUNBOOK: "Execute the runbook, step by step",
    Job.REVIEW_INCIDENT: "Review the incident",
    Job.ASSIGN_ACTION: "Name who does it, and by which day",
}
# What one person does for another is asked for, or done by them on the command line.
_ASKED = {
    Job.APPROVE: "Ask {} to approve or reject it",
    Job.SIGN: "Ask {} to sign",
    Job.LIFT_FREEZE: "Ask {} whether it is over; anybody can lift the freeze with a reason",
}
_THEIRS = "Ask {}: it is theirs to do"


def words_for(job: Job) -> str:
    """What is to be done, in words."""
    return _WORDS[job]


class Next(msgspec.Struct, frozen=True, gc=False):
    """The one thing that brings an open part further.

    ``words`` say it; ``command`` does it, as somebody would type it; ``instead`` is the command of
    the other way out, if there is one.  ``job`` is what is to be done and ``part`` the key of the
    part that it is done to: of one that is behind another, that one.  ``ask`` are the people to be asked.
    """

    job: Job | None
    words: str
    command: str
    part: str = ""
    instead: str = ""
    ask: tuple[str, ...] = ()


_NOTHING = Next(None, "", "")


class NextSteps:
    """What comes next for the open parts of one judgement, for one reader."""

    def __init__(self, found: Judgement, reader: str = "") -> None:
        self._reader = reader
        self._zone = zone_of(found.timezone)
        self._parts: Mapping[str, Part] = {part.key: part for _, part in found.open_parts()}

    def of(self, part: Part) -> Next:
        """What comes next for one part; nothing to say of one that is not open."""
        if part.state is not State.NOT_MET:
            return _NOTHING
        turn = part.turn or CANNOT_TELL
        if turn.move is Move.BEHIND:
            root = self._parts.get(turn.behind)
            return _NOTHING if root is None or root.key == part.key else self.of(root)
        if turn.move is Move.CLOCK:
            return self._waits(part, turn)
        if as_read_by(turn, self._reader) is Move.ANOTHER:
            return _asks(part, turn)
        return _acts(part, turn)

    def _waits(self, part: Part, turn: Turn) -> Next:
        when = f" on {end_text(turn.until, self._zone)}" if turn.until else ""
        words = f"Wait: it clears automatically{when}. To ship before that, override it"
        return Next(part.step.job if part.step else None, words, command(part.step), part.key)

    def first(self, gates: Iterable[GateReport]) -> Next:
        """What comes first of all that is open in these gates: what the reader can do before what others can."""
        open_ = list(open_of(gates))
        best = min(open_, key=self.rank, default=None)
        return self.of(best) if best is not None else _NOTHING

    def rank(self, part: Part) -> tuple[int, int]:
        """Orders open parts: what the reader can do before what others can, blockers first."""
        move = as_read_by(part.turn or CANNOT_TELL, self._reader)
        return _MOVES.index(move), _WEIGHTS.index(part.weight)


_MOVES = (Move.YOURS, Move.ANOTHER, Move.UNKNOWN, Move.CLOCK, Move.BEHIND)
_WEIGHTS = (Weight.BLOCKS, Weight.TO_DO, Weight.TO_SIGN, Weight.RISK)


def open_of(gates: Iterable[GateReport]) -> Iterable[Part]:
    """The open parts of these gates, in order; that earlier gates are open is said by theirs."""
    for gate in gates:
        for requirement in gate.requirements:
            if requirement.origin is not Origin.EARLIER:
                yield from (part for part in requirement.parts if part.state is State.NOT_MET)


def _acts(part: Part, turn: Turn) -> Next:
    step = part.step
    if step is None:
        return _NOTHING
    if turn.move is Move.UNKNOWN:
        return _cannot_tell(part, step)
    words = _WORDS[step.job]
    if step.job is Job.EDIT_DEFINITIONS:
        words = f"Edit {step.subject.rsplit(' ', 1)[0]}"
    elif step.job is Job.FETCH and part.unasked:
        words = "The source could not be asked. Check its address and token, then fetch again"
    elif step.job is Job.PROPOSE_BUILD and part.about.startswith("benchmark/tests/"):
        words = "Propose a build whose tests pass, or override this until a date"
    instead = command(Step(Job.OVERRIDE, part.key)) if step.job is Job.PROPOSE_BUILD else ""
    return Next(step.job, words, _typed(part), part.key, instead)


def _typed(part: Part) -> str:
    """The command; an answer that stands is given anew."""
    anew = part.step is not None and part.step.job is Job.SIGN and part.about.startswith("rejection/")
    return command(part.step) + (" --replace" if anew else "")


def _cannot_tell(part: Part, step: Step) -> Next:
    """A run that still goes on is asked for again; what nobody has the role for needs somebody."""
    if step.job is Job.FETCH:
        return Next(step.job, "Fetch again once the run has ended", command(step), part.key)
    words = "Nobody can do this yet: give someone the role under people: in workbench.yaml"
    return Next(Job.EDIT_DEFINITIONS, words, "edit workbench.yaml", part.key)


def _asks(part: Part, turn: Turn) -> Next:
    """What somebody else has to do: to sign they can be asked elsewhere, the rest they do themselves."""
    step = part.step
    job = step.job if step else None
    names = spoken(turn.who) or f"anybody but {turn.but}"
    words = (_ASKED.get(job, _THEIRS) if job else _THEIRS).format(names)
    typed = _typed(part)
    if step is not None and job is Job.SIGN and part.weight is Weight.TO_SIGN:
        typed = f"workbench ask {turn.who[0]} {step.subject}"
    elif job is not Job.LIFT_FREEZE:
        typed += f" --as {turn.who[0] if len(turn.who) == 1 else 'PERSON'}"
    return Next(job, words, typed, part.key, ask=turn.who)


def move_of(part: Part, reader: str) -> Move:
    """Whose move an open part is, for one reader."""
    return as_read_by(part.turn or CANNOT_TELL, reader)


def others_of(part: Part, reader: str) -> tuple[str, ...]:
    """Who beside the reader can bring a part further that waits for people."""
    turn = part.turn or CANNOT_TELL
    return tuple(key for key in turn.who if key != reader) if turn.move is Move.ANOTHER else ()


def spoken(people: Collection[str]) -> str:
    """``kim``, ``kim or mika``, ``kim, mika or sam``."""
    *others, last = people or ("",)
    return f"{', '.join(others)} or {last}" if others else last
