"""What a requirement asks whose probes have to pass: no decision on a difference lets one past that fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar

import msgspec

from workbench.definitions.shapes import Probe
from workbench.gates import probed
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Alteration, Kind, Rest, Since
from workbench.gates.model import Part, State
from workbench.gates.probed import LATEST, Look, look
from workbench.model.canonical import plain
from workbench.model.steps import Job, Step
from workbench.model.times import parse_duration
from workbench.probes.runs import ProbeRun

C = TypeVar("C", bound=msgspec.Struct)


class ProbesPass(Kind[C]):
    """Every probe of the kind ``probes`` has looked lately and passes.

    Its configuration has ``within`` and ``environment``.  ``passed`` and ``failed`` say so in words.
    """

    lists = True
    probes: ClassVar[str]

    def passed(self, run: ProbeRun) -> str:
        """What is said of a run that passes."""
        raise NotImplementedError

    def failed(self, run: ProbeRun) -> str:
        """What is said before the paths of a run that fails."""
        raise NotImplementedError

    def step(self, probe: Probe) -> Step:
        """What helps against a failure: to mend it, and to look again."""
        return Step(Job.MEND, probe.key)

    def needs(self, asks: C) -> Iterable[Need[Any]]:
        return (LATEST,)

    def parts(self, asks: C, facts: Facts) -> Iterable[Part]:
        for found in self._looks(asks, facts):
            key, run = f"{self.name}/{found.probe.key}", found.run
            if run is None or found.wrong:
                yield probed.unusable(found, key=key)
            elif run.state == "pass":
                yield probed.part(found, State.MET, self.passed(run), key=key)
            else:
                why = (
                    f"{self.failed(run)}: {probed.paths([seen.path for seen in run.changes], run.differing)}"
                )
                yield probed.part(found, State.NOT_MET, why, self.step(found.probe), key=key)

    def nothing(self, asks: C, facts: Facts) -> str:
        return f"there is no probe of the kind {self.probes}"

    def only_time(self, asks: C, facts: Facts) -> bool:
        unmet = [found for found in self._looks(asks, facts) if _unmet(found)]
        return bool(unmet) and all(found.late and _passed(found) for found in unmet)

    def moments(self, asks: C, facts: Facts) -> Iterable[datetime]:
        return probed.turns_at((found.probe for found in self._looks(asks, facts)), facts, _within(asks))

    def rests(self, asks: C, facts: Facts) -> Iterable[Rest]:
        for found in self._looks(asks, facts):
            stands = plain(probed.rest_of(found))
            yield Rest(key=found.probe.key, title=found.title, stands=stands, ended=found.late)

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        return probed.run_changed(old, new)

    def pins(self, asks: C, facts: Facts) -> Mapping[str, Sequence[str]]:
        return probed.pins(self._looks(asks, facts), facts)

    def _looks(self, asks: C, facts: Facts) -> list[Look]:
        environment: str | None = getattr(asks, "environment", None)
        chosen = probed.of_kind(facts, self.probes, environment=environment)
        return [look(probe, facts, _within(asks)) for probe in chosen]


def _within(asks: msgspec.Struct) -> timedelta | None:
    text: str | None = getattr(asks, "within", None)
    return parse_duration(text) if text else None


def _passed(found: Look) -> bool:
    return found.run is not None and found.run.state == "pass"


def _unmet(found: Look) -> bool:
    return bool(found.wrong) or not _passed(found)
