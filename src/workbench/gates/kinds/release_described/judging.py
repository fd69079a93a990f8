"""The release says what it is for and how it is rolled back."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.gates.facts import Facts
from workbench.gates.kind import Alteration, Kind, Rest, Since
from workbench.gates.kinds.release_described import KIND as ASKED
from workbench.gates.kinds.release_described import ReleaseDescribedConfig
from workbench.gates.model import Part, State, Weight
from workbench.gates.turn import ANYBODY
from workbench.model import canonical
from workbench.model.steps import Job, Step
from workbench.model.text import number_of

_TITLES = {
    "summary": "What it is for",
    "rollback": "How to roll back",
    "watch": "What is watched after shipping",
}
_KEYS = {"summary": "release/summary", "rollback": "release/rollback-plan", "watch": "release/watch"}
_STEPS = {"summary": Job.DESCRIBE_RELEASE, "rollback": Job.PLAN_ROLLBACK, "watch": Job.PLAN_WATCH}


class ReleaseDescribed(Kind[ReleaseDescribedConfig]):
    asked = ASKED
    lists = True

    def title(self, asks: ReleaseDescribedConfig, facts: Facts) -> str:
        return "Described"

    def parts(self, asks: ReleaseDescribedConfig, facts: Facts) -> Iterable[Part]:
        for name in asks.says:
            lines, why = _said(name, facts)
            yield Part(
                key=_KEYS[name],
                title=_TITLES[name],
                state=State.MET if lines else State.NOT_MET,
                why=why,
                about="release",
                weight=Weight.TO_DO,
                step=None if lines else Step(_STEPS[name]),
                turn=None if lines else ANYBODY,
            )

    def rests(self, asks: ReleaseDescribedConfig, facts: Facts) -> Iterable[Rest]:
        for name in asks.says:
            lines, _ = _said(name, facts)
            yield Rest(key=name, title=_TITLES[name], stands={"says": canonical.digest(list(lines))})

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        title = (new or old or Rest(key="", title="", stands={})).title
        return Alteration(f"{title}: written anew")


def _said(name: str, facts: Facts) -> tuple[tuple[str, ...], str]:
    """What the release says about it, and that in a few words."""
    release = facts.release
    if name == "summary":
        text = release.summary.strip()
        return ((text,), text) if text else ((), "it does not say yet what it is for")
    if name == "watch":
        return release.watch, number_of(
            len(release.watch), "thing"
        ) + " to watch" if release.watch else "nothing to watch yet"
    steps = release.rollback_plan
    if steps:
        return steps, number_of(len(steps), "rollback step")
    if release.rollback_target:
        return (release.rollback_target,), f"back to {release.rollback_target}"
    return (), "no rollback plan, and no version to roll back to"


KIND = ReleaseDescribed()
