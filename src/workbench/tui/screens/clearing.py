"""Clearing a line of Readiness: where ``enter`` leads, and what can be done to it right there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.checklists.model import ItemView
from workbench.gates.approvals import Proposal
from workbench.gates.model import Part, State, Weight
from workbench.gates.turn import Move
from workbench.model.errors import WorkbenchError
from workbench.model.steps import Job
from workbench.tui.actions import Action
from workbench.tui.registry import FETCH, FIND, Destination, destination
from workbench.tui.screens.answering import ANSWERS, ITEM_ACTIONS, Answering
from workbench.tui.screens.readiness_next import action_of, label_of
from workbench.tui.widgets.footer import Hint
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.reporting.judgement import GateReport, Judgement
from workbench.usecases.views.next_step import Next, NextSteps, move_of, others_of, spoken
from workbench.usecases.views.readiness import chase_list, requirement_of, role_of

if TYPE_CHECKING:
    from workbench.usecases.kept_documents import What
    from workbench.usecases.views.kept import Shown

CONTESTED = "contested"
TESTS = "tests/"  # begins the keys of lines about tests
ACTIONS = (
    Action("clear_line", "enter", "go to where this line is cleared", 10, own_label="open"),
    Action("next_blocker", "right_square_bracket", "go to the next line that a person must clear", 9),
    Action(
        "previous_blocker",
        "left_square_bracket",
        "go to the previous line that a person must clear",
        shared=True,
    ),
    Action("propose_build", "P", "propose the next build of the release", 6, shared=True),
    Action("probe", "p", "run the probe of this line, and prove it where that is asked", 6),
    Action("plan_release", "a", "plan the first release", 8, shared=True),
    Action("override", "o", "override the blocker, with a reason and an end date", 5),
    Action("decide_line", "d", "decide on a difference; approve or reject a proposal", 7),
    ITEM_ACTIONS[0],
    Action(
        "review_map",
        "r",
        "review the parity map for this release; on failed tests: did a difference contribute?",
        4,
        shared=True,
    ),
    Action("mark_stop", "M", "mark a blocker as a false alarm, or as a catch", shared=True),
    Action("sign", "s", "sign the next gate that waits for your role", 8),
    Action("ask", "at", "ask the person that this line waits for", 3, shared=True),
    Action("promise", "A", "assign an owner and a due date", 2, shared=True),
    Action("chase", "ctrl+c", "copy what is open, by person", 1, shared=True),
    Action(
        "show_line",
        "i",
        "show the line in full: what it means, how it is misread, how to clear it",
        4,
        shared=True,
    ),
    Action("show_signed", "", "show what was on screen when it was signed", own_label="as it was"),
    Action(
        "enter_answer",
        "",
        "enter an answer to a sheet that came by mail or chat",
        own_label="enter an answer",
    ),
    Action("write_bundle", "w", "write the bundle of the release, which anybody can check"),
    Action("freeze", "Z", "freeze promotion, or lift the freeze", shared=True),
    FIND,
    FETCH,
)
# The modes in which facts of the record are brought about that answer items of checklists.
_ELSEWHERE = {
    Job.REVIEW_MAP: "parity",
    Job.FILL_MAP: "parity",
    Job.DECIDE_DIFFERENCE: "parity",
    Job.FETCH: "benchmarks",
    Job.ENTER_VALUE: "benchmarks",
    Job.REVIEW_BENCHMARK: "benchmarks",
    Job.TAKE_PROPOSALS: "probes",
    Job.FINISH_ACTION: "actions",
    Job.ASSIGN_ACTION: "actions",
    Job.REDUCE_DRIFT: "drift",
    Job.DO_ROUTINE: "routines",
}
# The same for benchmarks that the record answers.
_OF_FIGURES = {Job.MEND: "probes", Job.REDUCE_DRIFT: "drift", Job.DESCRIBE_STEPS: "flows"}
# Data is made new where a refresh is recorded, whoever found that it is too old.
_REFRESHED = (Job.REFRESH_DATA, Job.VALIDATE_DATA)
ONLY_AS_NEXT = (
    "propose_build",
    "fetch",
    "review_map",
    "probe",
)  # in the footer where the line is cleared by it
OF_OPEN_LINES = ("override", "promise", "ask")


class Clearing(Answering):
    """A screen with a table of lines, each of which can be cleared."""

    def line_key(self) -> str | None:
        """The key of the line under the cursor."""
        return self.query_one(RecordTable).cursor_key

    def part(self) -> Part | None:
        """The part under the cursor."""
        found, key = self.judgement, self.line_key()
        hit = requirement_of(found, key) if found and key else None
        return hit[2] if hit else None

    def probe(self) -> str:
        """The key of the probe that the line under the cursor is about; "" where it is about none."""
        part = self.part()
        noun, _, key = part.about.partition("/") if part else ("", "", "")
        if noun == "benchmark" and part is not None and part.step is not None and part.step.job is Job.PROBE:
            noun, key = "probe", part.step.subject
        return key if noun == "probe" and self.view.definitions.probe(key) is not None else ""

    async def do_probe(self) -> None:
        """Look again; plant differences where the line asks for proof."""
        from workbench.tui.probing import run_probes

        part = self.part()
        if part is not None:
            prove = self.next_step(part).job is Job.PROVE_PROBE
            await run_probes(self, [self.probe()], prove=prove)

    def item(self) -> ItemView | None:
        """The item of a checklist under the cursor."""
        part = self.part()
        noun, _, key = part.about.partition("/") if part else ("", "", "")
        return self.item_by_key(key) if noun == "item" else None

    def answered(self, view: ItemView) -> None:
        """Said; the line turns by itself."""
        self.say(f"done: {view.item.title} · u undo")

    def next_step(self, part: Part) -> Next:
        """What comes next for a line."""
        assert self.judgement is not None
        return NextSteps(self.judgement, self.view.person).of(part)

    def button(self, step: Next) -> str:
        """The key that does it, and what it is called."""
        (hint,) = self.ACTIONS.hints_of([action_of(step)], lambda _: None, self.keyboard)
        return f"{hint.key} {label_of(step, hint.label)}"

    def proposal(self) -> Proposal | None:
        """What is waiting for a second person on the line under the cursor, or was rejected by one."""
        part, found = self.part(), self.evaluation
        if part is None or found is None or not part.proposal:
            return None
        return next((item for item in found.proposals if item.ref == part.proposal), None)

    # --- what is in the way --------------------------------------------------------------------

    def obstacle(self, id: str) -> str | None:
        if id in ANSWERS:
            return super().obstacle(id)
        if id == "plan_release":
            return "releases are planned under 6 Releases" if self.evaluation is not None else None
        part, key = self.part(), self.line_key()
        if id in ("clear_line", "show_line") and key is None:
            return "no line is selected"
        if id == "show_signed" and self._kept() is None:
            return "nothing was signed on this line"
        if id == "probe" and not self.probe():
            return "this line is about no probe"
        if id in OF_OPEN_LINES and (part is None or part.state is not State.NOT_MET):
            return "choose an open line"
        if part is not None and id == "override" and part.weight is Weight.TO_SIGN:
            return "a signature cannot be overridden"
        if part is not None and id == "ask" and not self._asked(part):
            return "this line waits for nobody else"
        if id == "mark_stop":
            return self._why_not_mark(part)
        why_not = {"decide_line": self._why_not_decide, "sign": self._why_not_sign}.get(id)
        if why_not is not None:
            return why_not()
        if id in ("next_blocker", "previous_blocker", "chase") and not self.open_keys():
            return "nothing is open"
        if id == "fetch" and (self.judgement is None or self.judgement.candidate is None):
            return "no build to fetch for yet: P to propose one"
        return self._frozen(id)

    def hints(self) -> list[Hint]:
        """Those of every line; what only some lines are asked for, only where it can be done."""
        sometimes = ("decide_line", "ask", "tick", "plan_release", *ONLY_AS_NEXT)
        return [hint for hint in super().hints() if hint.id not in sometimes or self._fits(hint)]

    def _fits(self, hint: Hint) -> bool:
        if hint.reason is not None:
            return False
        part = self.part()
        wanted = part is not None and part.state is State.NOT_MET and action_of(self.next_step(part))
        return hint.id not in ONLY_AS_NEXT or wanted == hint.id

    def _frozen(self, id: str) -> str | None:
        found = self.judgement
        if (
            id in ("override", "fetch", "sign", "propose_build", "ask", "enter_answer")
            and found
            and found.ending
        ):
            return f"{found.version} is {found.ending.outcome.value.replace('_', ' ')}"
        return None

    def _why_not_mark(self, part: Part | None) -> str | None:
        from workbench.tui.screens.ruling import stopped

        found = self.evaluation
        stops = part is not None and found is not None and stopped(found, part)
        return None if stops else "only what stops the build can be a false alarm, or a catch"

    def _asked(self, part: Part) -> tuple[str, ...]:
        """Who else can bring the line further."""
        return others_of(part, self.view.person)

    def _why_not_decide(self) -> str | None:
        part, proposal = self.part(), self.proposal()
        if part is None or part.state is not State.NOT_MET:
            return "there is nothing to decide on this line"
        if proposal is not None and not _decided_anew(part, proposal):
            return proposal.why_not(self.view.person) or None
        return None if to_decide(part) else "there is nothing to decide on this line"

    def _why_not_sign(self) -> str | None:
        found = self.judgement
        if found is None:
            return "there is no release"
        gate = self._gate_to_sign(found)
        if gate is None:
            return "no gate waits for a signature"
        person = self.view.definitions.person(self.view.person)
        if person is None:
            return f"“{self.view.person}” is not one of the project's people"
        if not any(role.role in person.roles for role in gate.roles):
            return f"you have none of the roles that {gate.title} asks for"
        return self._frozen("sign")

    def _gate_to_sign(self, found: Judgement) -> GateReport | None:
        asking = [item for item in found.gates if item.roles]
        return next((item for item in asking if not item.through), asking[-1] if asking else None)

    def open_keys(self) -> list[str]:
        """What ``]`` walks over: the blockers that a person has to clear, or if there are none, all such lines."""
        found = self.judgement
        parts = [part for _, part in found.open_parts() if _by_a_person(part)] if found else []
        blocking = [part.key for part in parts if part.weight is Weight.BLOCKS]
        return blocking or [part.key for part in parts]

    # --- enter -----------------------------------------------------------------------------------

    async def clear(self, part: Part) -> None:
        """Go to exactly where a line is cleared, or do it right here."""
        step, place = self.next_step(part), cleared_at(part, self.evaluation)
        if part.state is State.NOT_MET and step.job is Job.PROPOSE_CANDIDATE and step.part == part.key:
            await self.action_do("propose_build")
        elif place.noun == CONTESTED and place.row:
            from workbench.tui.screens.choosing import open_choice

            await open_choice(self, place.row.partition("/")[2])
        elif place.noun == "aside":
            self.open_command_line("repair")
        elif place.mode:
            await self.go(place.mode, place.row)
        elif place.noun == "rejection" and place.row:
            await self._answer_no(*place.row.split("/", 1))
        elif place.noun == "signoff":
            await self._open_signature(part)
        else:
            await self.action_do({"freeze": "freeze", "gate": "edit_file"}.get(place.noun, "override"))

    async def _open_signature(self, part: Part) -> None:
        """One's own signature is given; of somebody else's it is said who is missing."""
        move = move_of(part, self.view.person)
        if part.state is not State.NOT_MET:
            self.say(f"{part.title}: {part.why}")
        elif move is Move.YOURS:
            await self.action_do("sign")
        elif move is Move.BEHIND:
            mine = part.turn is not None and self.view.person in part.turn.who
            no = "; to send it back or reject it now, press s" if mine else ""
            self.say(f"{part.title}: {self._who_signs(part)}, once everything before it is cleared{no}")
        else:
            self.say(f"{part.title}: {self._who_signs(part)}; @ to ask them")

    def _who_signs(self, part: Part) -> str:
        who = part.turn.who if part.turn else ()
        you = self.view.person
        return f"waiting for {spoken(['you' if key == you else key for key in who]) or 'nobody'}"

    async def _answer_no(self, gate: str, person: str) -> None:
        """A no: who said it answers anew, somebody else hands it back or dismisses it, with a reason."""
        from workbench.tui.screens.deciding import open_dismissal, open_hand_back
        from workbench.tui.screens.signing import open_signing

        part = self.part()
        if (frozen := self._frozen("sign")) is not None:
            self.say(f"{frozen}: its sign-offs can no longer change")
        elif person == self.view.person:
            await open_signing(self, gate)
        elif part is not None and part.step is not None and part.step.job is Job.HAND_BACK:
            open_hand_back(self, part, gate, person)
        elif part is not None:
            open_dismissal(self, part, gate, person)

    # --- right here --------------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        return id != "plan_release"

    async def do_plan_release(self) -> None:
        """The first release of the record."""
        from workbench.tui.screens.release_forms import open_new

        await open_new(self)

    async def do_propose_build(self) -> None:
        """The next build of the release in hand."""
        from workbench.tui.screens.release_forms import open_candidate

        await open_candidate(self, self.require().held)

    async def do_decide_line(self) -> None:
        """Approve or reject a proposal; decide on a difference."""
        from workbench.tui.screens.deciding import open_approve
        from workbench.tui.screens.parity_deciding import open_decide

        part, proposal = self.part(), self.proposal()
        if part is not None and proposal is not None and not _decided_anew(part, proposal):
            open_approve(self, proposal)
        elif part is not None:
            await open_decide(self, [to_decide(part)])

    async def do_review_map(self) -> None:
        """Review the map; an empty one is filled first."""
        from workbench.tui.screens.reviewing import open_review

        found, part = self.require(), self.part()
        if part is not None and part.key.startswith(TESTS) and part.state is State.NOT_MET:
            await self._review_tests(part.key.removeprefix(TESTS))
        elif found.difference_count:
            await open_review(self, found.held)
        else:
            await self.go("parity", None)

    async def _review_tests(self, source: str) -> None:
        """Failed tests: did a difference between the environments contribute?"""
        from workbench.tui.screens.incident_review import ReviewScreen
        from workbench.usecases.incident_reviews import subject_of

        try:
            subject = await self.work.desk.call(lambda context: subject_of(context, tests=source))
        except WorkbenchError as error:
            self.work.tell(error)
            return
        self.app.push_screen(ReviewScreen(subject))

    def do_mark_stop(self) -> None:
        """A false alarm, or a catch."""
        from workbench.tui.screens.ruling import open_ruling

        if (part := self.part()) is not None:
            open_ruling(self, part)

    def clear_marks(self) -> None:
        """Nothing is marked here."""

    async def do_sign(self) -> None:
        """Sign the next gate that waits for signatures."""
        from workbench.tui.screens.signing import open_signing

        found, part = self.judgement, self.part()
        place = destination(part) if part is not None else None
        named = place is not None and place.noun in ("signoff", "rejection")
        chosen = (place.row or "").partition("/")[0] if place is not None and named else None
        if found is None:
            return
        gate = found.gate(chosen) if chosen else self._gate_to_sign(found)
        if gate is not None:
            await open_signing(self, gate.key)

    def do_ask(self) -> None:
        """Ask whoever the line waits for."""
        from workbench.tui.screens.asking import copy_request, open_ask

        part, found = self.part(), self.judgement
        hit = requirement_of(found, part.key) if found and part else None
        if part is None or found is None or hit is None:
            return
        role = role_of(hit[0], part)
        if role is not None:
            open_ask(self, part, hit[0].key, role.role, self._asked(part))
        else:
            copy_request(self, part, self._asked(part), self.next_step(part).command)

    async def do_override(self) -> None:
        """Let the release past the line."""
        from workbench.tui.screens.deciding import open_override

        if (part := self.part()) is not None:
            await open_override(self, part)

    def do_promise(self) -> None:
        """Who takes care of the line."""
        from workbench.tui.screens.deciding import open_promise

        if (part := self.part()) is not None:
            open_promise(self, part)

    def do_enter_answer(self) -> None:
        """A mail or a chat message, entered by somebody else."""
        from workbench.tui.screens.receiving import open_received

        open_received(self)

    def do_write_bundle(self) -> None:
        """Everything that an auditor needs, as one folder or archive."""
        from workbench.tui.screens.bundling import open_bundle

        open_bundle(self)

    async def do_freeze(self) -> None:
        """Freeze promotion, or lift the freeze."""
        from workbench.tui.screens.deciding import open_freeze

        open_freeze(self)

    def do_chase(self) -> None:
        """Copy what is open, by person."""
        if self.judgement is not None:
            self.app.copy_to_clipboard(chase_list(self.judgement))
            self.say("copied: what is open, by person")

    def _kept(self) -> Callable[[Context, What], Shown] | None:
        """What shows the documents that were kept with the line under the cursor."""
        from workbench.usecases.views.kept import read_shown, show_thing, signature_of

        found, key, part = self.judgement, self.line_key(), self.part()
        if found is None or key is None:
            return None
        if (ident := signature_of(found, key)) is not None:
            return lambda context, what: show_thing(context, "signoff", ident, what)
        if part is not None and part.state is State.OVERRIDDEN:
            return lambda context, what: read_shown(context, key, what, found.version)
        return None

    async def do_show_signed(self) -> None:
        """What was on screen when it was signed or let past, as it was."""
        from workbench.tui.screens.kept_panel import open_kept

        if (show := self._kept()) is not None:
            await open_kept(self, lambda what: self.work.desk.call(show, what))


def cleared_at(part: Part, found: Evaluation | None) -> Destination:
    """Where a line is cleared: where its fact is brought about, whoever noticed that it is missing."""
    place, step = destination(part), part.step
    job = step.job if step is not None and part.state is State.NOT_MET else None
    subject = step.subject or None if step is not None else None
    if place.noun == "candidate" or job in (
        Job.PLAN_ROLLBACK,
        Job.PLAN_WATCH,
        Job.DESCRIBE_RELEASE,
        Job.NAME_CHANGES,
    ):
        return Destination("candidate", "releases", found.held.id if found else None)
    if job in _REFRESHED:
        return Destination("environment", "environments", subject)
    if place.noun == "item" and job in _ELSEWHERE:
        return Destination(place.noun, _ELSEWHERE[job], subject)
    if place.noun == "benchmark" and job in _OF_FIGURES:
        return Destination(place.noun, _OF_FIGURES[job], subject)
    return place


def _is_difference(part: Part) -> bool:
    return part.about.startswith("difference/")


def to_decide(part: Part) -> str:
    """The id of the difference that has to be decided on to clear a line; empty where it is another job."""
    if _is_difference(part):
        return part.about.partition("/")[2]
    return part.step.subject if part.step is not None and part.step.job is Job.DECIDE_DIFFERENCE else ""


def _decided_anew(part: Part, proposal: Proposal) -> bool:
    """A difference whose decision was rejected needs another one; other proposals can still be approved."""
    return proposal.rejected is not None and _is_difference(part)


def _by_a_person(part: Part) -> bool:
    """Whether a person has to act, rather than the clock or another line."""
    return move_of(part, "") in (Move.YOURS, Move.ANOTHER)
