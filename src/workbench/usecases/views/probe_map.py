"""What the map says of what a probe found: on it or not, decided or not, or no longer there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.parity.proposals import Proposal, ProposalKind
from workbench.usecases.context import Context
from workbench.usecases.parity_map import read_differences
from workbench.usecases.proposing import read_proposals
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.parity import Standing, decision_of, mark_of

_MARKS = {ProposalKind.ADD: Mark.WARNS, ProposalKind.WIDENED: Mark.WARNS, ProposalKind.CLOSE: Mark.OPEN}

_OPEN = {
    ProposalKind.ADD: "not on the map",
    ProposalKind.WIDENED: "wider than decided on",
    ProposalKind.CLOSE: "found no more",
}


class Tally(msgspec.Struct, frozen=True):
    """What is to be done about the differences of a probe.

    ``new`` are on no row of the map, ``wider`` on one that says less, ``gone`` are rows whose
    difference was not found any more, ``undecided`` are rows that nobody has decided on.
    """

    new: int = 0
    wider: int = 0
    gone: int = 0
    undecided: int = 0

    @property
    def proposals(self) -> int:
        """How many of them the map waits for."""
        return self.new + self.wider + self.gone


class OnMap(msgspec.Struct, frozen=True, kw_only=True):
    """What the map says of a path: a proposal, in words with a sign; ``undecided`` is a row that waits for a decision."""

    proposal: Proposal
    said: str
    mark: Mark
    undecided: bool = False


def read_on_map(
    context: Context, stand: Standing, *probes: str, counted: bool = False
) -> Mapping[str, list[OnMap]]:
    """What the map says of what the last runs of these probes, or of all, have found; by probe."""
    proposals = read_proposals(context, probes, counted=counted)
    ids = [one.difference for one in proposals if one.difference and not one.open]
    rows = {stored.id: value for stored, value in read_differences(context, ids)}
    found: dict[str, list[OnMap]] = {}
    for one in proposals:
        said = _on_row(context, one, rows[one.difference], stand) if one.difference in rows else _open(one)
        found.setdefault(one.probe, []).append(said)
    return found


def _open(proposal: Proposal) -> OnMap:
    said = "link it to its row" if proposal.kind is ProposalKind.ADD and proposal.difference else ""
    return OnMap(
        proposal=proposal,
        said=said or _OPEN.get(proposal.kind, proposal.words),
        mark=_MARKS.get(proposal.kind, Mark.OPEN),
    )


def _on_row(context: Context, proposal: Proposal, value: Difference, stand: Standing) -> OnMap:
    """A difference that the map tells: how it was decided."""
    now, waits = context.now, proposal.difference in stand.waiting
    undecided = parity.undecided(value, now)
    again = undecided and value.decision is not Decision.UNDECIDED
    said = stand.waiting[proposal.difference].why if waits else decision_of(value, now, context.zone)
    mark = mark_of(proposal.difference, value.severity, value.decision, again, stand)
    return OnMap(proposal=proposal, said=said, mark=mark, undecided=undecided or waits)


def tally_of(said: Iterable[OnMap]) -> Tally:
    """What is to be done about these differences."""
    each = list(said)
    kinds = Counter(one.proposal.kind for one in each)
    open = sum(one.undecided for one in each)
    return Tally(kinds[ProposalKind.ADD], kinds[ProposalKind.WIDENED], kinds[ProposalKind.CLOSE], open)
