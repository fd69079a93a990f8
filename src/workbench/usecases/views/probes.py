"""Probes in words, for both front ends: how a run went, whether the probe is proven, what it proposes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from workbench.model.text import number_of
from workbench.parity.proposals import Proposal, ProposalKind
from workbench.probes import runs
from workbench.probes.runs import ProbeProof, ProbeRun, Seen, Trust
from workbench.usecases.context import Context
from workbench.usecases.proposing import proposals_of

STATES = {"pass": "pass", "fail": "fail", "error": "could not look"}


class ChangeView(msgspec.Struct, frozen=True, kw_only=True):
    """One difference of a run, and what is proposed about it."""

    path: str
    staging: str | None
    production: str | None
    proposal: str
    words: str
    title: str = ""
    secret: bool = False


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """One run as people and machines read it."""

    probe: str
    title: str
    kind: str
    environment: str
    region: str
    state: str
    proven: bool
    words: str
    proof_words: str
    changes: tuple[ChangeView, ...]
    proof: ProbeProof | None = None
    ignore_rule: str = ""

    @property
    def open(self) -> int:
        """How many of its differences somebody has to look at."""
        return sum(change.proposal in ("add", "widened") for change in self.changes)

    @property
    def gone(self) -> int:
        """How many rows of the map it finds no more."""
        return sum(change.proposal == "close" for change in self.changes)


def run_views(context: Context, ran: Iterable[ProbeRun], proofs: Mapping[str, ProbeProof]) -> list[RunView]:
    """Runs with what the record knows of their probes, and what they propose."""
    chosen = tuple(ran)
    proposed = proposals_of(context, chosen)
    return [_view(context, run, proofs.get(run.probe), proposed.get(run.probe, ())) for run in chosen]


def _view(
    context: Context, run: ProbeRun, proof: ProbeProof | None, proposed: tuple[Proposal, ...]
) -> RunView:
    probe = context.definitions.probe(run.probe)
    trust = runs.trust_in(context.record, probe) if probe else Trust(proven=False)
    return RunView(
        probe=run.probe,
        title=probe.title if probe else "",
        kind=run.kind,
        environment=run.environment,
        region=run.region,
        state=run.state,
        proven=trust.proven,
        words=run_words(run),
        proof_words=proof_words(trust),
        changes=_changes(run, proposed),
        proof=proof,
        ignore_rule=runs.ignore_rule(run),
    )


def run_words(run: ProbeRun) -> str:
    """How a run went, in one line."""
    if run.state == "error":
        return run.why
    alike = f"{number_of(run.compared, 'parameter')} compared"
    beside = [f"{len(run.noise)} noise"] if run.noise else []
    beside += [f"{run.ignored} ignored"] if run.ignored else []
    differ = (
        "none differs"
        if not run.differing
        else f"{run.differing} {'differs' if run.differing == 1 else 'differ'}"
    )
    return ", ".join([alike, differ, *beside])


def proof_words(trust: Trust) -> str:
    """Whether a probe is known to be able to fail, and how that is known."""
    proof = trust.proof
    if proof is None and trust.failed_at is not None:
        return f"proven: it found a difference on {trust.failed_at:%Y-%m-%d}"
    if proof is None:
        return "unproven: it was never seen to fail"
    if proof.why:
        return f"unproven: {proof.why}"
    found = f"{proof.found} of {number_of(len(proof.planted), 'planted difference')} found"
    return f"proven: {found}" if proof.whole else f"unproven: only {found}"


def _changes(run: ProbeRun, proposed: tuple[Proposal, ...]) -> tuple[ChangeView, ...]:
    """What differs with what is proposed about it; then the rows of the map that are found no more."""
    found = {proposal.path: proposal for proposal in proposed}
    views = [_change(seen, found.get(seen.path)) for seen in run.changes]
    gone = (proposal for proposal in proposed if proposal.kind is ProposalKind.CLOSE)
    return (*views, *map(_gone, gone))


def _change(seen: Seen, proposal: Proposal | None) -> ChangeView:
    return ChangeView(
        path=seen.path,
        staging=seen.staging,
        production=seen.production,
        proposal=proposal.kind.value if proposal else "",
        words=change_words(seen),
        title=seen.title or (proposal.title if proposal else ""),
        secret=seen.secret,
    )


def _gone(proposal: Proposal) -> ChangeView:
    return ChangeView(
        path=proposal.path,
        staging=None,
        production=None,
        proposal=proposal.kind.value,
        words=proposal.words,
        title=proposal.title,
    )


def change_words(seen: Seen) -> str:
    """Both values of a difference; a secret's are never told."""
    if seen.secret and seen.staging is not None and seen.production is not None:
        return "secret, differs"
    ours = "not there" if seen.staging is None else "secret" if seen.secret else seen.staging
    theirs = "not there" if seen.production is None else "secret" if seen.secret else seen.production
    return f"staging {ours}, production {theirs}"
