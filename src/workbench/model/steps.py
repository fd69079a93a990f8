"""What clears something open: what is to be done, and to what; never where or with which keys."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Job(StrEnum):
    """What a person can do to clear an open part.  Front ends spell screen, key and command."""

    PROPOSE_CANDIDATE = "propose_candidate"
    PROPOSE_BUILD = "propose_build"  # a better one; or somebody lets this one past
    FETCH = "fetch"
    SHOW_BENCHMARK = "show_benchmark"
    REVIEW_BENCHMARK = "review_benchmark"
    ENTER_VALUE = "enter_value"
    DECIDE_DIFFERENCE = "decide_difference"
    REVIEW_MAP = "review_map"
    FILL_MAP = "fill_map"
    TICK_ITEM = "tick_item"
    PROVE_ITEM = "prove_item"
    ATTACH_EVIDENCE = "attach_evidence"
    REOPEN_ITEM = "reopen_item"
    RULE_OUT_ITEM = "rule_out_item"
    PLAN_ROLLBACK = "plan_rollback"
    PLAN_WATCH = "plan_watch"
    DESCRIBE_RELEASE = "describe_release"
    NAME_CHANGES = "name_changes"
    LIFT_FREEZE = "lift_freeze"
    OVERRIDE = "override"
    APPROVE = "approve"
    LIST_FLOW = "list_flow"
    MARK_CORE = "mark_core"
    NAME_OWNER = "name_owner"
    SIGN = "sign"
    CHECK_FILES = "check_files"
    CLEAR_GATE = "clear_gate"
    DISMISS = "dismiss"
    HAND_BACK = "hand_back"  # a gate, to whoever sent it back
    NAME_AUTHOR = "name_author"
    NAME_COMMIT = "name_commit"  # of a file that was imported without it
    CHOOSE_VERSION = "choose_version"
    REPAIR = "repair"  # what came from another desk and is kept aside
    EDIT_DEFINITIONS = "edit_definitions"
    PROBE = "probe"
    PROVE_PROBE = "prove_probe"
    TAKE_PROPOSALS = "take_proposals"  # of a probe into the map
    MEND = "mend"  # what a probe found
    SHOW_INVESTIGATION = "show_investigation"
    REDUCE_DRIFT = "reduce_drift"
    PIN_BASELINE = "pin_baseline"
    DESCRIBE_STEPS = "describe_steps"  # of a flow: how each runs
    TRY_FAULTS = "try_faults"  # of a flow, and say what came of each
    REFRESH_DATA = "refresh_data"
    VALIDATE_DATA = "validate_data"
    FINISH_ACTION = "finish_action"  # of an incident
    ASSIGN_ACTION = "assign_action"
    DRILL = "drill"  # a runbook
    DO_ROUTINE = "do_routine"
    WALK_INCIDENT = "walk_incident"  # its checklist
    TELL_PEOPLE = "tell_people"  # of an incident
    EXECUTE_RUNBOOK = "execute_runbook"  # in an incident
    REVIEW_INCIDENT = "review_incident"


class Step(msgspec.Struct, frozen=True, gc=False):
    """One job and what it is done to: a benchmark's key, a difference's id, a part's key …"""

    job: Job
    subject: str = ""
