"""Measurements that overlap somebody else's work, or were made in an environment whose life is over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.windows import window_of
from workbench.definitions.shapes import Environment, Project
from workbench.environments import model as environments
from workbench.environments.life import Life, life_of
from workbench.environments.model import EndOfLife, Occupancy
from workbench.environments.occupation import after_end_words, disturbing, overlap_words, stretches
from workbench.gates.facts import Facts, Need
from workbench.model.times import moment_text, zone_of
from workbench.record import Record

OCCUPIED: Need[Sequence[Occupancy]] = Need(
    ("occupancy",), lambda facts: tuple(value for _, value in environments.occupancies(facts.record))
)
ENDED: Need[Sequence[EndOfLife]] = Need(
    ("end_of_life",), lambda facts: tuple(environments.ends_of_life(facts.record))
)


class Disturbances:
    """What makes measurements doubtful, asked once for all of them."""

    def __init__(self, project: Project, occupied: Sequence[Occupancy], ended: Sequence[EndOfLife]) -> None:
        self._zone = zone_of(project.timezone)
        people = project.people
        self._own = frozenset(name for person in people for name in (person.key, person.name))
        self._environments: Mapping[str, Environment] = {one.key: one for one in project.environments}
        self._occupied = occupied
        self._ends: dict[str, Life] = {
            key: life_of(one, [end for end in ended if end.environment == key], self._zone)
            for key, one in self._environments.items()
        }
        used = {key for key, one in self._environments.items() if one.used_by}
        ending = {key for key, life in self._ends.items() if life.ends is not None}
        self._asked = used | ending | {one.environment for one in self._occupied}

    @classmethod
    def of(cls, facts: Facts) -> Disturbances:
        """Those of a release that is judged."""
        return cls(facts.project, facts(OCCUPIED), facts(ENDED))

    @classmethod
    def in_record(cls, record: Record, project: Project) -> Disturbances:
        """Those that are known now."""
        occupied = [value for _, value in environments.occupancies(record)]
        return cls(project, occupied, environments.ends_of_life(record))

    def marked(self, judged: Iterable[Judged]) -> tuple[Judged, ...]:
        """The verdicts, with a remark for each measurement that is doubtful."""
        return tuple(map(self._mark, judged) if self._asked else judged)

    def _mark(self, item: Judged) -> Judged:
        found = [words for one in (item.value, item.baseline) if one is not None for words in self.told(one)]
        return (
            msgspec.structs.replace(item, remarks=(*item.remarks, *dict.fromkeys(found))) if found else item
        )

    def told(self, measurement: Measurement) -> Iterator[str]:
        """What makes one measurement doubtful, in words."""
        key = measurement.environment
        if key is None or key not in self._asked:
            return
        environment = self._environments.get(key)
        title = (environment.title if environment else "") or key
        begins, ends = window_of(measurement)
        occupied = [one for one in self._occupied if one.environment == key]
        found = stretches([environment] if environment else [], occupied, begins, ends, self._zone)
        if words := overlap_words(disturbing(found, key, self._own), title):
            yield words
        life = self._ends.get(key)
        if life is not None and life.ends is not None and life.over(measurement.measured_at):
            yield after_end_words(title, moment_text(life.ends, self._zone))
