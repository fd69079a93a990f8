"""Investigations: opened by a score that fell or by a person, owned, and ended with a finding."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.investigations import model as investigations
from workbench.investigations.model import Ending, Investigation
from workbench.model.errors import UsageError
from workbench.parity import model as parity
from workbench.probes.runs import KeptScore, ProbeProof, ProbeRun
from workbench.probes.scores import score_title
from workbench.record import Change, Commit, Stored
from workbench.sources.record import RecordMeasure
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.handed_in import typed, without_secrets_in

_PROOF = "error_detection"  # BM-2: the share of planted differences that a probe found
_LEAST_FOUND = Decimal("0.8")


def opened_by(context: Context, run: ProbeRun, ident: str, proof: ProbeProof | None = None) -> list[Change]:
    """The investigations that a run opens: one for each score that does not keep its limit, unless one is open.

    ``proof`` came with the run; it falls under its limit where fewer than 80 % of what was planted was found.
    What was replayed opens none outside of a demonstration.
    """
    if run.mark == "replayed" and context.demonstration is None:
        return []
    known = investigations.open_of(context.record)
    scores = [*run.scores, *_of_proof(proof)]
    return [
        investigations.opened(_opened_by(run, ident, score), context.now)
        for score in scores
        if not score.met and (run.probe, score.key) not in known
    ]


def _of_proof(proof: ProbeProof | None) -> Iterator[KeptScore]:
    if proof is not None and proof.planted:
        share = Decimal(proof.found) / len(proof.planted)
        yield KeptScore(key=_PROOF, value=share, of=len(proof.planted), limit=_LEAST_FOUND)


def _opened_by(run: ProbeRun, ident: str, score: KeptScore) -> Investigation:
    where = " ".join(filter(None, (run.environment, run.region)))
    way = "fell under" if score.better == "higher" else "rose over"
    return Investigation(
        title=f"{score_title(score.key)} of {where} {way} its limit ({run.probe})",
        environment=run.environment,
        region=run.region,
        probe=run.probe,
        score=score.key,
        run=ident,
        value=score.value,
        limit=score.limit,
        unit=score.unit,
    )


def fallen_benchmarks(context: Context) -> list[Change]:
    """The investigations that benchmarks of environments open: one for each of a built-in kind that fails.

    None where one about it is open already: by the benchmark, or by the score of a probe that it is read from.
    """
    watched = [
        one.key for one in context.definitions.project.benchmarks if one.kind and one.environment is not None
    ]
    if not watched:
        return []
    known = {value.score for _, value in investigations.all_investigations(context.record, only_open=True)}
    return [
        investigations.opened(_fallen(judged), context.now)
        for judged in evaluate(context).judged
        if judged.key in watched and judged.verdict is Verdict.FAIL and not known & _scores_of(judged)
    ]


def _scores_of(judged: Judged) -> set[str]:
    """What an investigation about a benchmark may be called by."""
    ask = judged.resolved.benchmark.measure.ask
    return {judged.key, ask.figure} if isinstance(ask, RecordMeasure) else {judged.key}


def _fallen(judged: Judged) -> Investigation:
    outcome = judged.outcome
    return Investigation(
        title=f"{judged.title}: {judged.headline}",
        environment=judged.resolved.environment or "",
        score=judged.key,
        value=outcome.inputs.value,
        limit=outcome.limit,
        unit=judged.resolved.unit.symbol,
    )


def find_investigation(context: Context, ref: str) -> tuple[Stored, Investigation]:
    """The investigation with that id (or the end of one), or with these words in its title."""
    return investigations.find(context.record, ref)


def open_investigation(context: Context, value: Investigation) -> str:
    """Open an investigation by hand; returns its id.  ``UsageError`` where one of this title is open."""
    known = investigations.all_investigations(context.record, only_open=True)
    for stored, other in known:
        if other.title.casefold() == value.title.strip().casefold():
            raise UsageError(f"“{other.title}” is being investigated already ({stored.id[-12:]})")
    change = investigations.opened(typed(context, value), context.now)
    commit(context, [change])
    return change.id


def edit_investigation(context: Context, stored: Stored, value: Investigation) -> Commit:
    """Name its owner, or say what was found so far."""
    return commit(context, [investigations.edited(stored, typed(context, value))])


def end_investigation(
    context: Context, stored: Stored, value: Investigation, ending: Ending, outcome: str, finding: str = ""
) -> Commit:
    """End it with a finding, and with the difference (by id or title), refresh or limit that came of it."""
    if ending is Ending.DIFFERENCE:
        outcome = parity.find(context.record, outcome)[0].id
    outcome, finding = (without_secrets_in(context, text) for text in (outcome, finding))
    change = investigations.closed(
        stored, value, ending, outcome, finding, by=context.author().actor, at=context.now
    )
    return commit(context, [change])
