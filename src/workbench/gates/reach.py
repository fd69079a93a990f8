"""FI-6: which flows a candidate touches, and which of them were not measured on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.flows.model import Flow
from workbench.flows.paths import Touch, belongs, touch
from workbench.gates.facts import Facts, Need
from workbench.gates.judging import JUDGED
from workbench.gates.needs import FLOWS
from workbench.releases import changed_files

_NO_VALUE = (Verdict.MISSING, Verdict.ERROR, Verdict.STALE)


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """What a candidate touches.

    ``unknown`` says why that cannot be told, "" where it can.  ``touched`` has the flows by key;
    ``elsewhere`` counts the files that belong to no flow.  ``asked`` says whether any flow says which
    files belong to it.
    """

    since: str = ""
    since_version: str = ""
    files: int = 0
    touched: Mapping[str, Touch] = {}
    elsewhere: int = 0
    unknown: str = ""
    asked: bool = False


def _reach(facts: Facts) -> Reach:
    flows = list(facts(FLOWS).values())
    asked = any(flow.paths for flow in flows)
    if facts.candidate is None:
        return Reach(unknown="there is no candidate yet", asked=asked)
    found = changed_files.of_candidate(facts.record, facts.held.candidate_id)
    if found is None:
        return Reach(unknown="nobody has looked which files it changes", asked=asked)
    base = Reach(since=found.since, since_version=found.since_version, files=found.count, asked=asked)
    names = changed_files.names_of(facts.record, found)
    if names is None:
        return msgspec.structs.replace(base, unknown="the names of the files are no longer kept")
    touched = _touched(flows, names)
    if found.left_out:
        many = Touch(files=found.count, first=names[0], why="too many files changed to tell")
        touched = {flow.key: touched.get(flow.key, many) for flow in flows}
    elsewhere = sum(not belongs(flows, name) for name in names)
    return msgspec.structs.replace(base, touched=touched, elsewhere=elsewhere)


def _touched(flows: Sequence[Flow], names: Sequence[str]) -> dict[str, Touch]:
    found = ((flow.key, touch(flow, names)) for flow in flows)
    return {key: one for key, one in found if one is not None}


# Which flows the candidate touches.
REACH: Need[Reach] = Need(("changed_files", "flow"), _reach)


def _unmeasured(facts: Facts) -> Mapping[str, Touch]:
    touched = facts(REACH).touched
    if not touched:
        return {}
    measured = {
        item.resolved.benchmark.flow for item in facts(JUDGED) if measured_on(item, facts.held.candidate_id)
    }
    return {key: one for key, one in touched.items() if key not in measured}


# The flows among them of which nothing was measured on the candidate.
UNMEASURED: Need[Mapping[str, Touch]] = Need((*REACH.entities, *JUDGED.entities), _unmeasured)


def measured_on(item: Judged, candidate: str | None) -> bool:
    """Whether a benchmark has a value that was judged, measured on that very candidate."""
    return item.value is not None and item.verdict not in _NO_VALUE and item.value.candidate == candidate
