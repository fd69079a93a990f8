"""DOMAIN section 10: the routines that come with the workbench, and a project's own beside them."""

from __future__ import annotations

from msgspec import structs

from workbench.definitions.routines import AFTER_REFRESH, NEVER, Routine
from workbench.definitions.shapes import Project

AFTER_A_REFRESH_WITHIN = "3d"

BUILT_IN: tuple[Routine, ...] = (
    Routine(
        key="pipeline-success",
        title="Success of staging's pipeline",
        every="week",
        how="Count the runs of the week that failed, and sort them: the change, a flaky test, or staging "
        "itself. What staging broke becomes a row of the map or an action with an owner.",
        evidence="The number of runs and of failures, and what came of those that staging broke.",
    ),
    Routine(
        key="open-findings",
        title="Open findings",
        every="week",
        how="Read what scanners and people have reported and nobody has closed, the oldest first. Each gets "
        "an owner and a day, or a reason why it may stay.",
        evidence="How many are open, and how many of them are older than agreed.",
    ),
    Routine(
        key="infrastructure-drift",
        title="Drift of the infrastructure",
        every="week",
        how="Run the probes of infrastructure and configuration, and look at what differs that did not last "
        "week. Set it back, or put it into the templates: what is explained and left grows.",
        evidence="The run of the probes, and what was done about each new difference.",
    ),
    Routine(
        key="fidelity-audit",
        title="Fidelity audit",
        every="sprint",
        how="Give the same inputs to staging and to production, compare what comes out, and write every "
        "divergence down: on the map with an owner, or with the reason why it is meant.",
        evidence="The inputs, and the list of divergences; an empty one says what was compared.",
        needs_evidence=True,
    ),
    Routine(
        key="data-refresh",
        title="Staging's data refreshed",
        every="month",
        how="Bring masked data of production into staging, validate it (row counts, distributions, query "
        "plans), and purge the copy before. Recording the refresh counts as doing this.",
        evidence="The refresh in the record, with its validation.",
        counts="refresh",
    ),
    Routine(
        key="runbook-rehearsed",
        title="A runbook rehearsed",
        every="month",
        how="Walk one runbook in staging against the clock, and mend the step that failed. Of services that "
        "change often or matter much, every one. A drill in the record counts as doing this.",
        evidence="The drill in the record, with its times.",
        counts="drill",
    ),
    Routine(
        key="cost-report",
        title="What staging costs",
        every="month",
        how="Read the bill by environment: what rose, what nobody uses, what has outlived its end.",
        evidence="The amount of the month, and what was switched off.",
    ),
    Routine(
        key="benchmarks-and-inventory",
        title="Benchmarks and inventory reviewed",
        every="month",
        how="Go through the flows: new ones, changed steps, owners that left. Go through the benchmarks that "
        "never fail, always fail, or were called a false alarm.",
        evidence="What was added, changed and dropped.",
    ),
    Routine(
        key="surprises",
        title="The log of surprises",
        every="month",
        how="Read what surprised the team in production (workbench incident surprises), and ask of each: "
        "would staging have behaved the same? A pattern of three is a gap with a name.",
        evidence="What the surprises of the month have in common, and the row of the map that came of it.",
    ),
    Routine(
        key="fidelity-gaps",
        title="Gaps in fidelity",
        every="quarter",
        how="List where staging's answer was wrong or missing this quarter, with hours and money, and choose "
        "the few gaps that are worth closing next.",
        evidence="The chosen gaps, each with an owner and a day.",
        needs_evidence=True,
    ),
    Routine(
        key="budget-against-value",
        title="Budget against value",
        every="quarter",
        how="Put what the environments cost beside what they caught and what they missed. Invest, hold, or "
        "switch something off; below the incidents that the team tolerates, hold.",
        evidence="The decision, and the figures that it rests on.",
    ),
    Routine(
        key="tiers-and-limits",
        title="Tiers and limits",
        every="quarter",
        how="Look at tiers and limits as a whole: does each flow still matter as much, is each limit still "
        "what the business would stop a release for? Reviewing them as a whole counts as doing this.",
        evidence="The review in the record.",
        counts="limits_review",
    ),
    Routine(
        key="parity-review",
        title="The parity map reviewed with the team",
        every="quarter",
        how="Bring the teams together, read the map from the top, and ask each: what have you changed in one "
        "environment only? Reviewing the map counts as doing this.",
        evidence="The review in the record, and the actions that came of it.",
        counts="map_review",
    ),
    Routine(
        key="critical-drills",
        title="Drills for critical services",
        every="quarter",
        how="Rehearse rollback and restore of every service that a critical flow needs, with people who did "
        "not write the runbook.",
        evidence="A drill of each of these services, with its times.",
        needs_evidence=True,
    ),
    Routine(
        key="after-refresh",
        title="After a refresh",
        every=AFTER_REFRESH,
        within=AFTER_A_REFRESH_WITHIN,
        how="Look at ten rows for data that should be masked, check that jobs and queues of the old data are "
        "gone, run the probes of the data, and say which baselines are worth nothing any more.",
        evidence="The runs of the probes after the refresh, and the rows that were looked at.",
    ),
)
BUILT_IN_KEYS = frozenset(routine.key for routine in BUILT_IN)


def routines_of(project: Project) -> tuple[Routine, ...]:
    """Every routine that falls due in a project: the built-in ones as it changes them, then its own."""
    own = {routine.key: routine for routine in project.routines}
    changed = [_changed(routine, own.get(routine.key)) for routine in BUILT_IN]
    added = [routine for key, routine in own.items() if key not in BUILT_IN_KEYS]
    return tuple(routine for routine in (*changed, *added) if routine.every not in (NEVER, ""))


def _changed(built_in: Routine, own: Routine | None) -> Routine:
    """The built-in routine with what the project says instead."""
    if own is None:
        return built_in
    names = own.__struct_fields__
    said = {name: value for name in names if (value := getattr(own, name)) not in (None, "")}
    if said.get("every", built_in.every) != AFTER_REFRESH and "within" not in said:
        said["within"] = None
    return structs.replace(built_in, **said)
