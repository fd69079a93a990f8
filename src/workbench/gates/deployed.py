"""Builds that probes saw in an environment, and that the record does not say were put there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from workbench.definitions.shapes import EnvironmentKind, Project
from workbench.gates.facts import Facts, Need
from workbench.gates.probed import LATEST
from workbench.model.commits import same_commit
from workbench.probes.diary import Sighting
from workbench.record import Record
from workbench.releases import model as releases
from workbench.releases.model import Outcome


class Unrecorded(msgspec.Struct, frozen=True, kw_only=True):
    """A build that a run saw in an environment, and that the record does not say was put there.

    ``named`` is the candidate that it is, where one is: it runs in production and no shipment says so.
    ``there`` says whether it still runs there, as far as the last run was told.
    """

    environment: str
    build: str
    first: datetime
    last: datetime
    probe: str
    named: str = ""
    there: bool = True


class Known(msgspec.Struct, frozen=True):
    """A build that the record names: its candidate in words, and whether it was shipped."""

    commit: str
    words: str
    shipped: bool
    also: tuple[str, ...] = ()

    def fits(self, build: str) -> bool:
        """Whether a build that an environment told is this one: by commit, by digest, or by version."""
        return same_commit(build, self.commit) or build in self.also


def known_builds(record: Record) -> list[Known]:
    """Every build that the record names, those that were shipped first."""
    found = []
    for held in releases.all_releases(record):
        version, went_out = (
            held.release.version,
            held.release.outcome in (Outcome.SHIPPED, Outcome.ROLLED_BACK),
        )
        for row, candidate in held.candidates:
            last = row.id == held.candidate_id  # the one that a shipment of the release is about
            also = (*(artifact.digest for artifact in candidate.artifacts), *((version,) if last else ()))
            found.append(Known(candidate.commit, f"{version} {candidate.name}", went_out and last, also))
    return sorted(found, key=lambda each: not each.shipped)


def off_record(seen: Iterable[Sighting], record: Record, project: Project) -> list[Unrecorded]:
    """Those of the builds seen that the record does not name; in production a shipment has to name them."""
    seen, known = tuple(seen), known_builds(record)
    production = {each.key for each in project.environments if each.kind is EnvironmentKind.PRODUCTION}
    present: dict[str, datetime] = {}
    for each in seen:
        present[each.environment] = max(each.last, present.get(each.environment, each.last))
    found = []
    for each in seen:
        fitting = next((one for one in known if one.fits(each.build)), None)
        if fitting is not None and (fitting.shipped or each.environment not in production):
            continue
        found.append(
            Unrecorded(
                environment=each.environment,
                build=each.build,
                first=each.first,
                last=each.last,
                probe=each.probe,
                named=fitting.words if fitting else "",
                there=each.last == present[each.environment],
            )
        )
    return found


def _running(facts: Facts) -> Sequence[Sighting]:
    """The builds that run now, one of each environment, as the last run of each probe was told."""
    sides = (
        (key, run, place, side.build)
        for key, (_, run) in facts(LATEST).items()
        if run.state != "error" and (facts.demonstration or run.mark != "replayed")
        for place, side in ((run.environment, run.staging), (run.against, run.production))
    )
    found: dict[str, Sighting] = {}
    for key, run, place, build in sides:
        if build and (place not in found or found[place].last < run.at):
            found[place] = Sighting(environment=place, build=build, first=run.at, last=run.at, probe=key)
    return tuple(found.values())


def _unrecorded(facts: Facts) -> Sequence[Unrecorded]:
    found = facts(RUNNING)
    return off_record(found, facts.record, facts.project) if found else ()


# The builds that run somewhere now.
RUNNING: Need[Sequence[Sighting]] = Need(("probe_run",), _running)


# The builds that run somewhere now, and that nobody put on record.
UNRECORDED: Need[Sequence[Unrecorded]] = Need(("probe_run", "release", "candidate"), _unrecorded)
