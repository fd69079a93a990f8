"""Running probes from the app."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.model.text import number_of
from workbench.tui.jobs import Cancelled, Job, Progress, run_job
from workbench.tui.widgets.progress import Asked, State
from workbench.tui.working import Working
from workbench.usecases.context import Context
from workbench.usecases.probing import Probed, Wanted, probe

_STATES: dict[str, State] = {"looking": "asking", "pass": "done", "fail": "warned", "error": "warned"}
_NOTES = {"looking": "looking", "pass": "passes", "fail": "differences found", "error": "could not look"}


async def run_probes(screen: Working, keys: Sequence[str] = (), *, prove: bool = False) -> None:
    """Run these probes, or all; with ``prove`` differences are planted for each to find."""
    titles = {each.key: each.title or each.key for each in screen.view.definitions.project.probes}

    def look(context: Context, progress: Progress, cancelled: Cancelled) -> Probed:
        return probe(context, Wanted(probes=tuple(keys)), prove=prove, progress=progress, cancelled=cancelled)

    def line(key: str, done: int, total: int, note: str) -> Asked:
        return Asked(key, titles.get(key, key), _STATES.get(note, "asking"), note=_NOTES.get(note, note))

    await run_job(
        screen,
        Job(
            title="Proving" if prove else "Probing",
            name="probe",
            do=look,
            line=line,
            words=words,
            stopped="probing stopped",
            again=lambda: run_probes(screen, keys, prove=prove),
            so_far=lambda done, total: f"{done} of {total}",
        ),
    )


def words(done: Probed) -> str:
    """How it went, in one line."""
    states = [run.state for run in done.runs]
    parts = [number_of(len(states), "probe")]
    for state, said in (("pass", "pass"), ("fail", "found differences"), ("error", "could not look")):
        if count := sum(each == state for each in states):
            parts.append(f"{count} {said}")
    if planted := [one for proof in done.proofs.values() for one in proof.planted]:
        parts.append(f"{sum(one.found for one in planted)} of {len(planted)} planted differences found")
    if done.cancelled:
        parts.append("stopped; what arrived is kept")
    return " · ".join(parts)
