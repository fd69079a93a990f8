"""Which action of Readiness does what comes next for a line."""

from __future__ import annotations

from workbench.model.steps import Job
from workbench.usecases.views.next_step import Next

_DOES = {
    Job.PROPOSE_CANDIDATE: "propose_build",
    Job.PROPOSE_BUILD: "propose_build",
    Job.FETCH: "fetch",
    Job.PROBE: "probe",
    Job.PROVE_PROBE: "probe",
    Job.OVERRIDE: "override",
    Job.APPROVE: "decide_line",
    Job.DECIDE_DIFFERENCE: "decide_line",
    Job.SIGN: "sign",
    Job.REVIEW_MAP: "review_map",
    Job.TICK_ITEM: "tick",
    Job.PROVE_ITEM: "tick",
    Job.LIFT_FREEZE: "freeze",
    Job.EDIT_DEFINITIONS: "edit_file",
    Job.CHECK_FILES: "edit_file",
}
# What ``enter`` is called where it leads to what comes next.
_OPENS = {
    Job.ENTER_VALUE: "open the benchmark",
    Job.REVIEW_BENCHMARK: "open the benchmark",
    Job.FILL_MAP: "open the map",
    Job.DISMISS: "dismiss",
    Job.HAND_BACK: "hand it back",
    Job.CHOOSE_VERSION: "choose a version",
    Job.REPAIR: "see what is kept aside",
    Job.NAME_AUTHOR: "open the release",
    Job.PLAN_ROLLBACK: "edit the release",
    Job.DESCRIBE_RELEASE: "edit the release",
    Job.PLAN_WATCH: "edit the release",
    Job.NAME_CHANGES: "edit the release",
    Job.LIST_FLOW: "open the flows",
    Job.MARK_CORE: "open the flows",
    Job.NAME_OWNER: "open the flow",
    Job.TAKE_PROPOSALS: "open the probe",
    Job.MEND: "open the probe",
    Job.REDUCE_DRIFT: "open the drift",
    Job.PIN_BASELINE: "open the benchmark",
    Job.NAME_COMMIT: "open the benchmark",
    Job.DESCRIBE_STEPS: "open the flow",
    Job.TRY_FAULTS: "open the benchmark",
    Job.REFRESH_DATA: "open the environment",
    Job.VALIDATE_DATA: "open the environment",
    Job.FINISH_ACTION: "open the action",
    Job.ASSIGN_ACTION: "open the action",
    Job.DRILL: "open the runbook",
    Job.DO_ROUTINE: "open the routines",
}


def action_of(step: Next) -> str:
    """The id of the action that does it; ``clear_line``, which ``enter`` does, where it is done elsewhere."""
    if step.ask and step.job is not Job.LIFT_FREEZE:
        return "ask"
    return _DOES.get(step.job, "clear_line") if step.job else "clear_line"


def label_of(step: Next, usual: str) -> str:
    """What the button is called: what the key means, or for ``enter`` where it leads."""
    if action_of(step) != "clear_line":
        return usual
    return _OPENS.get(step.job, "open the item") if step.job else "open"
