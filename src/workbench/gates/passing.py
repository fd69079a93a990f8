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
        return "passes"

    def failed(self, run: ProbeRun) -> str:
        """What is said before the paths of a run that fails."""
        return "fails"

    def step(self, probe: Probe, run: ProbeRun) -> Step:
        """What helps against a failure: to mend it, and to look again."""
        return Step(Job.MEND, probe.key)

    def keys(self, probe: Probe) -> str:
        """What overrides call the line of a probe."""
        return f"{self.name}/{probe.key}"

    def holds(self, asks: C, run: ProbeRun) -> bool:
        """Whether a run is good enough."""
        return run.state == "pass"

    def judged(self, asks: C, found: Look, run: ProbeRun, key: str) -> Part:
        """The line of a run that counts."""
        if self.holds(asks, run):
            return probed.part(found, State.MET, self.passed(run), key=key)
        why = f"{self.failed(run)}: {probed.paths([seen.path for seen in run.changes], run.differing)}"
        return probed.part(
            found, State.NOT_MET, why, self.step(found.probe, run), key=key, bound=probed.bound_of(run)
        )

    def needs(self, asks: C) -> Iterable[Need[Any]]:
        return (LATEST,)

    def parts(self, asks: C, facts: Facts) -> Iterable[Part]:
        for found in self._looks(asks, facts):
            key, run = self.keys(found.probe), found.run
            if run is None or found.wrong:
                yield probed.unusable(found, key=key)
            else:
                yield self.judged(asks, found, run, key)

    def nothing(self, asks: C, facts: Facts) -> str:
        return f"there is no probe of the kind {self.probes}"

    def only_time(self, asks: C, facts: Facts) -> bool:
        unmet = [found for found in self._looks(asks, facts) if found.wrong or not self._holds(asks, found)]
        return bool(unmet) and all(found.late and self._holds(asks, found) for found in unmet)

    def moments(self, asks: C, facts: Facts) -> Iterable[datetime]:
        return probed.turns_at((found.probe for found in self._looks(asks, facts)), facts, _within(asks))

    def rests(self, asks: C, facts: Facts) -> Iterable[Rest]:
        for found in self._looks(asks, facts):
            stands = probed.rest_of(found)
            if found.run is not None and stands["state"] in ("pass", "fail"):
                stands["state"] = "pass" if self.holds(asks, found.run) else "fail"
            yield Rest(key=found.probe.key, title=found.title, stands=plain(stands), ended=found.late)

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        return probed.run_changed(old, new)

    def pins(self, asks: C, facts: Facts) -> Mapping[str, Sequence[str]]:
        return probed.pins(self._looks(asks, facts), facts)

    def _holds(self, asks: C, found: Look) -> bool:
        return found.run is not None and self.holds(asks, found.run)

    def _looks(self, asks: C, facts: Facts) -> list[Look]:
        environment: str | None = getattr(asks, "environment", None)
        chosen = probed.of_kind(facts, self.probes, environment=environment)
        return [look(probe, facts, _within(asks)) for probe in chosen]


def _within(asks: msgspec.Struct) -> timedelta | None:
    text: str | None = getattr(asks, "within", None)
    return parse_duration(text) if text else None
