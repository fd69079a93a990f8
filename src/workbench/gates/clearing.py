"""The command that clears something open.  Words in capitals are for the reader to fill in."""

from __future__ import annotations

from workbench.benchmarks.judge import Judged
from workbench.checklists.model import ItemState, ItemView
from workbench.criteria import Verdict
from workbench.parity.model import short_id
from workbench.releases.model import Candidate
from workbench.sources.manual import ManualMeasure

LOOK_OVER = "workbench parity reviewed"
PLAN_WAY_BACK = "workbench release edit --rollback-step STEP"
PLAN_WATCH = "workbench release edit --watch WHAT"
LIFT_FREEZE = "workbench freeze --lift --reason WHY"
# Nothing ends a change freeze but its last day, or somebody who answers for it.
PASS_CHANGE_FREEZE = "workbench override change-freeze --reason WHY --approver PERSON --until DATE"
LIST_FLOW = "workbench flow add KEY"
MARK_CORE = "workbench flow edit KEY --core"
_PROPOSE = "workbench release candidate COMMIT"


def benchmark(judged: Judged, candidate: Candidate | None) -> str:
    """A failed one is looked at; another gets a value: sources are asked, a person types."""
    if judged.through or judged.verdict is Verdict.FAIL:
        return f"workbench benchmark show {judged.key}"
    if candidate is None:
        return _PROPOSE
    by_hand = isinstance(judged.resolved.benchmark.measure.ask, ManualMeasure)
    return f"workbench benchmark enter {judged.key} VALUE --link URL" if by_hand else "workbench fetch"


def tests(source: str, candidate: Candidate | None) -> str:
    """A test run is asked for again; without a candidate there is nothing to ask for."""
    return f"workbench fetch --source {source}" if candidate else _PROPOSE


def difference(ident: str) -> str:
    """A decision; accepting is shown because it asks for the most."""
    return f"workbench parity decide {short_id(ident)} --accept --reason WHY --until DATE"


def owner(flow: str) -> str:
    """Somebody who looks after a flow."""
    return f"workbench flow edit {flow} --owner PERSON"


def item(view: ItemView) -> str:
    """What the item still lacks: a fact of the record, its evidence, or an answer."""
    ref, fact, answer = f"{view.checklist}/{view.item.key}", view.automatic, view.answer
    if fact is not None and not fact.holds:
        # A fact that no command brings about can only be ruled out.
        return fact.command or f"workbench checklist tick {ref} --not-applicable --reason WHY"
    if view.lacks_evidence and answer and answer.state is ItemState.DONE and not view.reopened:
        return f"workbench checklist attach {ref} --link URL"
    if fact is not None:
        # The record says that it holds, and a person that it does not.
        return f"workbench checklist tick {ref} --reopen"
    return f"workbench checklist tick {ref}" + (" --link URL" if view.lacks_evidence else "")
