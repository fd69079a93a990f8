"""Making a dashboard of what the record holds, and of the alerts that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from workbench.sources.reading import Alerts
from workbench.usecases.context import Context
from workbench.usecases.views.dashboards import executive, on_call, stand_up
from workbench.usecases.views.dashboards.material import Material, counts, gather
from workbench.usecases.views.dashboards.model import Dashboard, Section, Which
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.releases import state_mark

_SECTIONS: Mapping[Which, Callable[[Material], Iterable[Section]]] = {
    Which.EXECUTIVE: executive.sections,
    Which.ON_CALL: on_call.sections,
    Which.STAND_UP: stand_up.sections,
}


def read_dashboard(context: Context, which: Which, alerts: Sequence[Alerts] | None = None) -> Dashboard:
    """One dashboard as of now; ``alerts`` is ``None`` while nobody has asked for them."""
    found = gather(context, alerts)
    project, evaluation = context.definitions.project, found.evaluation
    if evaluation is None:
        release, headline, mark = "", "no release is planned", Mark.OPEN
    else:
        release = evaluation.held.title
        headline = ", ".join(filter(None, (evaluation.state.words, counts(evaluation))))
        mark = state_mark(evaluation.state, evaluation.counts())
    return Dashboard(
        which=which,
        project=project.title or project.project,
        release=release,
        headline=headline,
        mark=mark,
        at=context.now,
        zone=context.zone,
        sections=tuple(_SECTIONS[which](found)),
    )
