"""The nouns of the record, each described in its own room: adding one is a line here."""

from __future__ import annotations

from workbench.benchmarks import faults, measurements, phases, pinned
from workbench.benchmarks import reviews as benchmark_reviews
from workbench.checklists import comments
from workbench.checklists import model as checklists
from workbench.drills import model as drills
from workbench.environments import model as environments
from workbench.evidence import model as evidence
from workbench.evidence import results
from workbench.flows import model as flows
from workbench.gates import approvals, askings, break_glass, overrides, predictions, purges, quarantine
from workbench.gates import model as gates
from workbench.hooks import model as hooks
from workbench.incidents import actions, alarms, timeline
from workbench.incidents import model as incidents
from workbench.incidents import reviews as incident_reviews
from workbench.investigations import model as investigations
from workbench.notes import own
from workbench.parity import claims, reviews
from workbench.parity import model as parity
from workbench.probes import runs
from workbench.record import EntityKind, dropping, handovers
from workbench.releases import changed_files, commit_log, shipment
from workbench.releases import model as releases
from workbench.routines import model as routines
from workbench.signoff import conditions, cosigned, delegations, hand_backs, keyed, polls, reconnected
from workbench.signoff import model as signoff
from workbench.usecases import table_readings

NOUNS: tuple[EntityKind, ...] = (
    *releases.ENTITIES,
    *shipment.ENTITIES,
    *changed_files.ENTITIES,
    *own.ENTITIES,
    *commit_log.ENTITIES,
    *flows.ENTITIES,
    *environments.ENTITIES,
    *measurements.ENTITIES,
    *benchmark_reviews.ENTITIES,
    *phases.ENTITIES,
    *pinned.ENTITIES,
    *faults.ENTITIES,
    *runs.ENTITIES,
    *parity.ENTITIES,
    *reviews.ENTITIES,
    *claims.ENTITIES,
    *investigations.ENTITIES,
    *incidents.ENTITIES,
    *timeline.ENTITIES,
    *incident_reviews.ENTITIES,
    *actions.ENTITIES,
    *alarms.ENTITIES,
    *drills.ENTITIES,
    *routines.ENTITIES,
    *checklists.ENTITIES,
    *comments.ENTITIES,
    *evidence.ENTITIES,
    *results.ENTITIES,
    *overrides.ENTITIES,
    *quarantine.ENTITIES,
    *gates.ENTITIES,
    *approvals.ENTITIES,
    *break_glass.ENTITIES,
    *predictions.ENTITIES,
    *purges.ENTITIES,
    *askings.ENTITIES,
    *signoff.ENTITIES,
    *polls.ENTITIES,
    *delegations.ENTITIES,
    *hand_backs.ENTITIES,
    *conditions.ENTITIES,
    *keyed.ENTITIES,
    *cosigned.ENTITIES,
    *reconnected.ENTITIES,
    *hooks.ENTITIES,
    *handovers.ENTITIES,
    *dropping.ENTITIES,
    *table_readings.ENTITIES,
)


def find_noun(name: str) -> EntityKind | None:
    """The noun of that name; ``None`` for what the record itself writes, or a newer workbench."""
    return next((noun for noun in NOUNS if noun.name == name), None)
