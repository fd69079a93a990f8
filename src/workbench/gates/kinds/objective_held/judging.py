"""Service-level objectives are kept over their windows (GT-3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.gates.bound_of import of_benchmark
from workbench.gates.facts import Facts, Need
from workbench.gates.judging import JUDGED
from workbench.gates.kind import Alteration, Kind, Rest, Since
from workbench.gates.kinds.benchmarks.judging import clear
from workbench.gates.kinds.objective_held import KIND as ASKED
from workbench.gates.kinds.objective_held import ObjectiveHeldConfig, fits
from workbench.gates.model import Part, State
from workbench.gates.turn import ANYBODY
from workbench.gates.unproven import as_risk


class ObjectiveHeld(Kind[ObjectiveHeldConfig]):
    asked = ASKED
    lists = True

    def needs(self, asks: ObjectiveHeldConfig) -> Iterable[Need[Any]]:
        return (JUDGED,)

    def title(self, asks: ObjectiveHeldConfig, facts: Facts) -> str:
        about = asks.objective or asks.flow
        return f"Objectives are kept ({about})" if about else "Objectives are kept"

    def parts(self, asks: ObjectiveHeldConfig, facts: Facts) -> Iterable[Part]:
        for judged in self.verdicts(asks, facts):
            met = judged.verdict is Verdict.PASS
            part = Part(
                key=f"objective/{judged.key}",
                title=judged.title,
                state=State.MET if met else State.NOT_MET,
                why=judged.why,
                about=f"benchmark/{judged.key}",
                step=None if met else clear(judged, facts),
                unasked=judged.unasked,
                turn=None if met else ANYBODY,
                bound=None if met else of_benchmark(judged),
            )
            yield as_risk(part, judged.resolved.unproven)

    def nothing(self, asks: ObjectiveHeldConfig, facts: Facts) -> str:
        return "no objective matches; list one under objectives:"

    def verdicts(self, asks: ObjectiveHeldConfig, facts: Facts) -> Sequence[Judged]:
        return [judged for judged in facts(JUDGED) if fits(asks, judged.resolved.benchmark)]

    def pins(self, asks: ObjectiveHeldConfig, facts: Facts) -> Mapping[str, Sequence[str]]:
        return pinned(self.verdicts(asks, facts))

    def only_time(self, asks: ObjectiveHeldConfig, facts: Facts) -> bool:
        open_ = [one for one in self.verdicts(asks, facts) if one.verdict is not Verdict.PASS]
        return bool(open_) and all(one.verdict is Verdict.STALE for one in open_)

    def rests(self, asks: ObjectiveHeldConfig, facts: Facts) -> Iterable[Rest]:
        for judged in self.verdicts(asks, facts):
            resolved = judged.resolved
            stands = {
                "verdict": judged.verdict.value,
                "rule": str(resolved.pass_),
                "window": resolved.benchmark.measure.window or "",
            }
            ended = judged.verdict is Verdict.STALE
            yield Rest(key=judged.key, title=judged.title, stands=stands, ended=ended)

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        one = new or old
        assert one is not None
        if old is None or new is None:
            return Alteration(f"the objective “{one.title}” was {'added' if old is None else 'removed'}")
        if any(old.stands.get(name) != new.stands.get(name) for name in ("rule", "window")):
            return Alteration(f"the objective “{new.title}” was changed")
        words = " → ".join(str(each.stands["verdict"]) for each in (old, new))
        return Alteration(f"{new.title}: {words}", lapse=new.ended, follows=since.new_candidate)


def pinned(verdicts: Sequence[Judged]) -> dict[str, Sequence[str]]:
    """The measurements that count while sign-off is open; what is too old has to be measured again."""
    return {
        item.key: [item.value.ref] for item in verdicts if item.value and item.verdict is not Verdict.STALE
    }


KIND = ObjectiveHeld()
