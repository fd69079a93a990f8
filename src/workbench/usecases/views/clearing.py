"""The command that does a step, as somebody would type it.  Words in capitals are for the reader to fill in."""

from __future__ import annotations

import re

from workbench.checklists.model import ItemView, clear
from workbench.model.steps import Job, Step
from workbench.parity.model import short_id

_COMMANDS = {
    Job.PROPOSE_CANDIDATE: "release candidate COMMIT",
    Job.PROPOSE_BUILD: "release candidate COMMIT",
    Job.FETCH: "fetch",
    Job.SHOW_BENCHMARK: "benchmark show {}",
    Job.REVIEW_BENCHMARK: "benchmark reviewed {}",
    Job.ENTER_VALUE: "benchmark enter {} VALUE --link URL",
    # Accepting is shown because it asks for the most.
    Job.DECIDE_DIFFERENCE: "parity decide {} --accept --reason WHY --until DATE",
    Job.REVIEW_MAP: "parity reviewed",
    Job.FILL_MAP: "parity add WHAT, or workbench parity reviewed --nothing-differs --note WHY",
    Job.TICK_ITEM: "checklist tick {}",
    Job.PROVE_ITEM: "checklist tick {} --link URL",
    Job.ATTACH_EVIDENCE: "checklist attach {} --link URL",
    Job.REOPEN_ITEM: "checklist tick {} --reopen",
    Job.RULE_OUT_ITEM: "checklist tick {} --not-applicable --reason WHY",
    Job.PLAN_ROLLBACK: "release edit --rollback-step STEP",
    Job.PLAN_WATCH: "release edit --watch WHAT",
    Job.DESCRIBE_RELEASE: "release edit --summary TEXT",
    Job.NAME_CHANGES: "release edit --change KIND",
    Job.LIFT_FREEZE: "freeze --lift{} --reason WHY",
    Job.WALK_INCIDENT: "checklist list --incident {}",
    Job.TELL_PEOPLE: "incident told {} WHOM",
    Job.EXECUTE_RUNBOOK: "drill start RUNBOOK --incident {}",
    Job.REVIEW_INCIDENT: "incident review {}",
    Job.OVERRIDE: "override {} --reason WHY --until DATE",
    Job.APPROVE: "approve {}",
    Job.LIST_FLOW: "flow add KEY",
    Job.MARK_CORE: "flow edit KEY --core",
    Job.NAME_OWNER: "flow edit {} --owner PERSON",
    Job.SIGN: "sign {}",
    Job.CHECK_FILES: "check",
    Job.CLEAR_GATE: "gate {}",
    Job.DISMISS: "sign {} --dismiss {} --reason WHY",
    Job.HAND_BACK: "hand-back {} --reason WHY",
    Job.NAME_COMMIT: "import FILE --commit {} --reason WHY",
    Job.NAME_AUTHOR: "release candidate {} --author PERSON",
    Job.CHOOSE_VERSION: "settle {} --take DIGEST",
    Job.REPAIR: "repair",
    Job.PROBE: "probe {}",
    Job.PROVE_PROBE: "probe {} --prove",
    Job.TAKE_PROPOSALS: "parity take {}",
    Job.MEND: "probe {}",
    Job.SHOW_INVESTIGATION: "investigation show {}",
    Job.REDUCE_DRIFT: "drift",
    Job.PIN_BASELINE: "baseline pin {} --reason WHY",
    Job.DESCRIBE_STEPS: "flow edit {} --step STEP",
    Job.TRY_FAULTS: "fault list",
    Job.REFRESH_DATA: "environment refresh {}",
    Job.DRILL: "drill start {}",
    Job.DO_ROUTINE: "routine done {} --link URL",
    Job.VALIDATE_DATA: "environment validate {} --rows FOUND --distributions FOUND --plans FOUND",
    Job.FINISH_ACTION: "action done {} --link URL",
    Job.ASSIGN_ACTION: "action edit {} --owner PERSON --due DATE",
}


_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BY_SHORT_ID = (
    Job.DECIDE_DIFFERENCE,
    Job.APPROVE,
    Job.CHOOSE_VERSION,
    Job.SHOW_INVESTIGATION,
    Job.LIFT_FREEZE,
    Job.WALK_INCIDENT,
    Job.TELL_PEOPLE,
    Job.EXECUTE_RUNBOOK,
    Job.REVIEW_INCIDENT,
    Job.FINISH_ACTION,
    Job.ASSIGN_ACTION,
)


def command(step: Step | None) -> str:
    """The command that does a step; "" where there is nothing to do."""
    if step is None:
        return ""
    if step.job is Job.EDIT_DEFINITIONS:
        place, source = step.subject.rsplit(" ", 1)
        return f"edit {place}" + (f", then workbench fetch --source {source}" if source else "")
    has_id = step.job in _BY_SHORT_ID and _ID.fullmatch(step.subject)
    subject = short_id(step.subject) if has_id else step.subject
    if step.job is Job.DISMISS:
        return f"workbench {_COMMANDS[step.job].format(*subject.split('/', 1))}"
    if step.job is Job.LIFT_FREEZE and subject:
        subject = f" {subject}"
    source = f" --source {subject}" if step.job is Job.FETCH and subject else ""
    return f"workbench {_COMMANDS[step.job].format(subject)}{source}"


def item_command(view: ItemView) -> str:
    """The command that brings a checklist's item further."""
    step = clear(view)
    incident = view.subject.removeprefix("incident/") if view.subject.startswith("incident/") else ""
    of_item = step.subject.startswith(f"{view.checklist}/")
    where = f" --incident {short_id(incident)}" if incident and of_item else ""
    return command(step) + where + (" --as PERSON" if step.job is Job.APPROVE else "")


def decide_command(difference: str) -> str:
    """The command that decides about a difference."""
    return command(Step(Job.DECIDE_DIFFERENCE, difference))
