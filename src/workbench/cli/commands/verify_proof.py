"""``workbench verify PROOF``: does a proof hold, and who vouches for the head that it leads to?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli import output, session
from workbench.cli.options import Settings

if TYPE_CHECKING:
    from workbench.usecases.proofs import ProofReport


def verify_proof(settings: Settings, path: Path, allowed: Path | None, head: Path | None) -> int:
    """Check a proof against the signers of the project here, or those of a list; its exit code."""
    from workbench.usecases.proofs import check_proof_file
    from workbench.usecases.signers import signers_here

    signers = signers_here(session.options_of(settings), allowed)
    found = check_proof_file(path, signers.keys, head)
    if settings.json:
        fields = {**output.fields(found), "trusted": found.trusted, "signers": signers.where}
        output.emit({"schema": "workbench.verified-proof.1", **fields})
        return found.exit_code
    output.lines(_lines(found, signers.where))
    if found.ok and not found.trusted:
        output.talk("next: compare it with a head that you have from elsewhere: --head FILE")
    return found.exit_code


def _lines(found: ProofReport, where: str) -> list[str]:
    if not found.ok:
        return [f"NOT proven: {found.why}"]
    if found.index is not None:
        lines = [f"proven: entry {found.index + 1} of {found.size} is in {found.origin}"]
    else:
        lines = [
            f"proven: the head with {found.size} entries continues the one with {found.earlier}, in {found.origin}"
        ]
    if said := found.entry:
        what = f"{said.get('entity', '')} {said.get('id', '')}: {said.get('verb', '')}"
        lines.append(f"  {what} by {said.get('actor', '')}, {said.get('recorded_at', '')}")
    if found.digest:
        lines.append(f"  digest of the entry: {found.digest}")
    if found.signed_by:
        lines.append(f"  the head is signed by {', '.join(found.signed_by)}; signers: {where}")
    lines += [f"  a signature under the head does not count: {words}" for words in found.not_counted]
    if found.known:
        lines.append("  the head is the one that you have")
    elif not found.signed_by:
        lines.append(f"  nobody vouches for the head: {where}")
    return lines
