"""DB-2: what somebody on call looks at first: incidents, alerts, recent deployments, failing checks, error rates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.definitions.shapes import Dimension
from workbench.flows.model import Flow
from workbench.gates.model import Weight
from workbench.model.times import age_text, relative_text
from workbench.releases.model import Outcome
from workbench.sources.reading import Alert, Alerts
from workbench.usecases.alerts import kinds_of_alerts
from workbench.usecases.views.dashboards.material import Material, verdict_line
from workbench.usecases.views.dashboards.model import NO_SOURCE, Line, Section, unknown
from workbench.usecases.views.marks import Mark

RECENT = timedelta(days=14)
ON_CALL = "on-call"  # the role
MOST_SERVICES = 4
ERROR_KINDS = ("error_rate", "endpoint_error_rate", "errors_per_thousand")
ASKING = "asking …"


def sections(found: Material) -> Iterable[Section]:
    """The sections in order, what is happening now first."""
    return (
        Section(
            key="now", title="Now", lines=tuple(_now(found)), nothing="no incident is open, nothing is frozen"
        ),
        Section(key="alerts", title="Alerts", lines=tuple(_alerts(found)), nothing="no alert is active"),
        Section(
            key="deployments",
            title="Recent deployments",
            lines=tuple(_deployments(found)),
            nothing="none in the last 14 days, as far as the record knows",
        ),
        Section(
            key="failing", title="Failing checks", lines=tuple(_failing(found)), nothing="no check fails"
        ),
        Section(key="errors", title="Error rates", lines=tuple(_errors(found))),
        Section(
            key="people",
            title="On call",
            lines=tuple(_people(found)),
            nothing=f"nobody has the role {ON_CALL}",
        ),
    )


# --- now -------------------------------------------------------------------------------------


def _now(found: Material) -> Iterator[Line]:
    for stored, incident in found.incidents:
        told = [f"{incident.severity.value}, {incident.environment}", incident.state.value]
        told.append(f"since {age_text(found.now - incident.began)}")
        told += [f"led by {incident.commander}"] if incident.commander else ["nobody leads it"]
        mark = Mark.UNDER_WAY if incident.mitigated_at else Mark.BLOCKS
        yield Line(
            key=f"incident/{stored.id}",
            title=incident.title,
            text=", ".join(told),
            mark=mark,
            ref=f"incident/{stored.id}",
        )
    for stored, freeze in found.freezes:
        text = f"{freeze.reason}, by {freeze.by} {relative_text(freeze.at, found.now)}"
        yield Line(key=f"freeze/{stored.id}", title="Promotion is frozen", text=text, mark=Mark.BLOCKS)
    for stored, drill in found.drills:
        text = f"a drill, since {age_text(found.now - drill.started_at)}"
        yield Line(
            key=f"drill/{stored.id}",
            title=drill.title,
            text=text,
            mark=Mark.UNDER_WAY,
            ref=f"runbook/{drill.runbook}",
        )


# --- alerts ----------------------------------------------------------------------------------


def _alerts(found: Material) -> Iterator[Line]:
    if found.alerts is None:
        yield unknown("alerts", "Alerts", ASKING)
        return
    if not found.alerts:
        yield unknown("alerts", "Alerts", f"{NO_SOURCE}: a source of kind {kinds_of_alerts()} tells them")
        return
    for source in found.alerts:
        if source.why:
            yield Line(
                key=f"alerts/{source.source}",
                title=source.source,
                text=f"could not be asked: {source.why}",
                mark=Mark.WARNS,
                known=False,
            )
        yield from _of_source(source, found)


def _of_source(source: Alerts, found: Material) -> Iterator[Line]:
    several = len(found.alerts or ()) > 1
    for number, alert in enumerate(source.alerts):
        told = [alert.summary or _labels(alert), "firing" if alert.fires else "pending", alert.severity]
        told += [f"since {age_text(found.now - alert.since)}"] if alert.since else []
        told += [source.source] if several else []
        yield Line(
            key=f"alert/{source.source}/{number}",
            title=alert.name,
            text=", ".join(filter(None, told)),
            mark=Mark.BLOCKS if alert.fires else Mark.WARNS,
        )


def _labels(alert: Alert) -> str:
    """What an alert without words is about."""
    return " ".join(f"{name}={value}" for name, value in sorted(alert.labels.items())[:3])


# --- deployments and checks ------------------------------------------------------------------


def _deployments(found: Material) -> Iterator[Line]:
    words = {Outcome.SHIPPED: "shipped", Outcome.ROLLED_BACK: "rolled back"}
    for held in found.since(RECENT):
        release = held.release
        if release.outcome in words and release.outcome_at is not None:
            by = f" by {release.outcome_by}" if release.outcome_by else ""
            kind = f", {release.kind.value}" if release.kind.value != "regular" else ""
            yield Line(
                key=f"release/{held.id}",
                title=held.title,
                text=f"{words[release.outcome]} {relative_text(release.outcome_at, found.now)}{by}{kind}",
                mark=Mark.WARNS if release.outcome is Outcome.ROLLED_BACK else Mark.DONE,
                ref=f"release/{held.id}",
            )
    for one in found.evaluation.unrecorded if found.evaluation else ():
        yield Line(
            key=f"build/{one.environment}/{one.build}",
            title=f"build {one.build[:8]} in {one.environment}",
            text=f"not on record, seen {relative_text(one.last, found.now)} by {one.probe}",
            mark=Mark.WARNS,
        )


_CHECKS = ("benchmark", "tests", "probe", "data")


def _failing(found: Material) -> Iterator[Line]:
    """The lines of gates that something measured or looked at, and that are not met."""
    if found.evaluation is None or found.evaluation.held.release.outcome is not Outcome.OPEN:
        return
    for _, part in found.evaluation.open_parts():
        if part.key.partition("/")[0] in _CHECKS and part.weight is Weight.BLOCKS and not part.folded:
            yield Line(
                key=part.key,
                title=part.title,
                text=part.why,
                mark=Mark.BLOCKS,
                ref=part.about,
                known=not part.unasked,
            )


def _errors(found: Material) -> Iterator[Line]:
    every = [item for item in found.judged if _is_error_rate(item)]
    if not every:
        yield unknown("errors", "Error rates", f"{NO_SOURCE}: a benchmark of kind error_rate measures one")
        return
    high = [item for item in every if item.verdict is not Verdict.PASS]
    for item in high:
        line = verdict_line(item, found.evaluation)
        services = _services(item, found)
        yield Line(
            key=line.key,
            title=line.title,
            text=f"{line.text}{services}",
            mark=line.mark,
            ref=line.ref,
            known=line.known,
        )
    if len(high) < len(every):
        within = len(every) - len(high)
        text = f"{within} of {len(every)} within {'their limits' if within > 1 else 'its limit'}"
        yield Line(
            key="errors/within",
            title="Others" if high else "All of them",
            text=text,
            mark=Mark.DONE,
            numerator=within,
            denominator=len(every),
        )


def _is_error_rate(item: Judged) -> bool:
    """Whether it measures how much fails: by its kind, or as a share that is better the lower it is."""
    benchmark = item.resolved.benchmark
    handles = benchmark.dimension is Dimension.ERROR_HANDLING and item.resolved.unit.symbol == "%"
    return benchmark.kind in ERROR_KINDS or (handles and item.resolved.better == "lower")


def _services(item: Judged, found: Material) -> str:
    """The services that the flow of a benchmark runs through."""
    flow = _flow(item, found)
    services = list(dict.fromkeys(step.service for step in flow.every_step if step.service)) if flow else []
    if not services:
        return ""
    more = f" and {len(services) - MOST_SERVICES} more" if len(services) > MOST_SERVICES else ""
    return f"; runs through {', '.join(services[:MOST_SERVICES])}{more}"


def _flow(item: Judged, found: Material) -> Flow | None:
    return found.evaluation.flows.get(item.resolved.benchmark.flow or "") if found.evaluation else None


def _people(found: Material) -> Iterator[Line]:
    people = [one for one in found.context.definitions.project.people if ON_CALL in one.roles]
    for person in people:
        yield Line(key=f"person/{person.key}", title=person.name, text=person.email or person.key)
    rotas: Sequence[tuple[str, str]] = [
        (one.title or one.key, one.rota) for one in found.context.definitions.project.environments if one.rota
    ]
    for title, rota in rotas:
        yield Line(key=f"rota/{title}", title=title, text=rota)
