"""DB-1: is the release ready, do deployments succeed, are objectives kept, what was found, what does it cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from workbench.benchmarks.judge import Judged
from workbench.gates.model import GateState
from workbench.model.text import number_of
from workbench.model.times import full_date_text, in_zone, relative_text
from workbench.releases.model import Outcome, ReleaseKind
from workbench.usecases.views.dashboards.material import Material, could_tell, counts, met, verdict_line
from workbench.usecases.views.dashboards.model import NO_SOURCE, Line, Section, unknown
from workbench.usecases.views.figure_words import NOTHING, count_text, value_text
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.releases import state_mark

QUARTER = timedelta(days=90)
NO_RELEASE_YET = "nothing to count: no release went out yet"
TRUST = ("right", "missed_faults", "false_alarms")
DELIVERY = ("deployment_frequency", "lead_time", "change_fail_rate", "recovery_time", "rework_rate")
MORE_OF_DEPLOYMENTS = ("deployment_frequency", "deployment_friction", "post_deploy_failures")
_STATES = {GateState.BLOCKED: Mark.BLOCKS, GateState.READY: Mark.OPEN, GateState.SIGNED: Mark.DONE}


def sections(found: Material) -> Iterable[Section]:
    """The sections in order."""
    nothing = "no release is planned"
    return (
        Section(key="release", title="Release", lines=tuple(_release(found)), nothing=nothing),
        Section(key="deployments", title="Deployments", lines=tuple(_deployments(found))),
        Section(
            key="trust",
            title="How far staging can be trusted",
            lines=tuple(_learnt(found, TRUST, "Past releases")),
        ),
        Section(key="objectives", title="Objectives", lines=tuple(_objectives(found))),
        Section(
            key="findings", title="Security findings", lines=tuple(_measured(found, "critical_findings"))
        ),
        Section(key="cost", title="Cost a day", lines=tuple(_cost(found))),
    )


def _release(found: Material) -> Iterator[Line]:
    evaluation = found.evaluation
    if evaluation is None:
        return
    held = evaluation.held
    open_ = counts(evaluation)
    yield Line(
        key="state",
        title=held.title,
        text=", ".join(filter(None, (evaluation.state.words, open_))),
        mark=state_mark(evaluation.state, evaluation.counts()),
        ref=f"release/{held.id}",
    )
    open_release = held.release.outcome is Outcome.OPEN
    passed = [gate for gate in evaluation.gates if gate.result.set_up and open_release]
    done = sum(gate.through for gate in passed)
    if passed:
        yield Line(
            key="gates",
            title="Gates",
            text=f"{done} of {len(passed)} passed",
            mark=Mark.DONE if done == len(passed) else Mark.UNDER_WAY,
            numerator=done,
            denominator=len(passed),
        )
    if held.release.planned_at is not None and open_release:
        day = full_date_text(in_zone(held.release.planned_at, found.zone))
        late = held.release.planned_at < found.now
        text = f"{day}, {relative_text(held.release.planned_at, found.now)}"
        yield Line(key="planned", title="Planned", text=text, mark=Mark.WARNS if late else None)
    for words in found.ready.lines[:1]:
        yield Line(key="ready", title="Earliest", text=words)
    if found.incidents or found.freezes:
        told = [number_of(len(found.incidents), "open incident")] if found.incidents else []
        told += [f"{number_of(len(found.freezes), 'freeze')} in force"] if found.freezes else []
        yield Line(key="incidents", title="Incidents", text=", ".join(told), mark=Mark.BLOCKS, ref="incident")


def _deployments(found: Material) -> Iterator[Line]:
    """What a source tells of deployments; and what the record itself knows: the releases that went out."""
    yield from _measured(found, "deployment_success", "Deployments that succeed")
    yield from (verdict_line(item, found.evaluation) for item in found.of_kinds(*MORE_OF_DEPLOYMENTS))
    yield _went_out(found)
    yield from _learnt(found, DELIVERY, "DORA’s five figures")


def _went_out(found: Material) -> Line:
    title = "Releases not rolled back"
    ended = [one for one in found.since(QUARTER) if one.release.outcome is not Outcome.ABANDONED]
    if not ended:
        return unknown("releases", title, "none went out in the last 90 days")
    back = sum(one.release.outcome is Outcome.ROLLED_BACK for one in ended)
    hot = sum(one.release.kind is ReleaseKind.HOTFIX for one in ended)
    told = [f"{len(ended) - back} of {len(ended)} in the last 90 days"]
    told += [f"{back} rolled back"] if back else []
    told += [f"{hot} {'hotfix' if hot == 1 else 'hotfixes'}"] if hot else []
    return Line(
        key="releases",
        title=title,
        text=", ".join(told),
        numerator=len(ended) - back,
        denominator=len(ended),
    )


def _learnt(found: Material, keys: Sequence[str], title: str) -> Iterator[Line]:
    """What past releases teach: a count with its denominator, a share only where there are enough; no colour."""
    figures = [found.learning.figure(key) for key in keys]
    if not any(figure.denominator for figure in figures):
        yield unknown(f"learnt/{keys[0]}", title, NO_RELEASE_YET)
        return
    for figure in figures:
        value = value_text(figure)
        text = value if value == NOTHING else f"{count_text(figure)}: {value}"
        yield Line(
            key=f"learnt/{figure.key}",
            title=figure.title,
            text=text,
            ref=f"figure/{figure.key}",
            numerator=figure.numerator,
            denominator=figure.denominator,
            known=not figure.too_few,
        )


def _objectives(found: Material) -> Iterator[Line]:
    every = found.of_kinds("objective")
    if not every:
        yield unknown("attained", "Attained", "no objective is declared")
        return
    attained = met(every)
    yield Line(
        key="attained",
        title="Attained",
        text=f"{attained} of {len(every)}{_not_known(every)}",
        mark=Mark.DONE if attained == len(every) else Mark.WARNS,
        numerator=attained,
        denominator=len(every),
    )
    yield from (
        verdict_line(item, found.evaluation) for item in every if not item.through or not item.verdict.known
    )


def _not_known(every: Iterable[Judged]) -> str:
    lacking = sum(not item.verdict.known for item in every)
    return f", {lacking} not known" if lacking else ""


def _measured(found: Material, kind: str, title: str = "") -> Iterator[Line]:
    """The benchmarks of a kind; where there is none, that nothing tells, and which source of the project could."""
    every = found.of_kinds(kind)
    yield from (verdict_line(item, found.evaluation) for item in every)
    if not every:
        could = could_tell(found.context.definitions.project.sources, kind)
        yield unknown(kind, title or "Open findings", f"{NO_SOURCE}{could}")


def _cost(found: Material) -> Iterator[Line]:
    """What is measured; and beside it what the files say, which nobody measured."""
    yield from _measured(found, "cost_per_day", "Measured")
    for environment in found.context.definitions.project.environments:
        if environment.cost_per_day:
            budget = f", budget {environment.budget_per_day}" if environment.budget_per_day else ""
            yield Line(
                key=f"stated/{environment.key}",
                title=environment.title or environment.key,
                text=f"{environment.cost_per_day}{budget}, as the files say",
                ref=f"environment/{environment.key}",
            )
