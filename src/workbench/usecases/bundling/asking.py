"""May this commit go out?  Asked of a bundle, by the verifier's own definitions and signers, without any record."""

from __future__ import annotations

from pathlib import Path

import msgspec

from workbench.gates.askings import JudgedFrom
from workbench.model.canonical import sha256
from workbench.model.commits import same_commit
from workbench.model.errors import UsageError, WorkbenchError
from workbench.model.text import safe_text
from workbench.releases.model import Outcome
from workbench.signoff.ssh_signatures import signers_of
from workbench.usecases.bundling.checking import INDEX_LIMIT, BundleReport, Contents, check
from workbench.usecases.bundling.names import NotIntact
from workbench.usecases.bundling.reading import open_bundle, read
from workbench.usecases.bundling.recomputing import with_documents
from workbench.usecases.bundling.shapes import INDEX, Index
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.excerpts import judged_from
from workbench.usecases.project import Options, read_definitions
from workbench.usecases.reporting.judgement import GateReport, Judgement

_OUT = (Outcome.OPEN, Outcome.SHIPPED)


class Refused(WorkbenchError):
    """A bundle that is intact, and is no reason to let the commit go out."""

    exit_code = 1


def from_bundle(options: Options, path: Path, commit: str | None) -> Context:
    """A context that judges from a bundle by the definitions of the project here, now.

    ``NotIntact`` where the bundle is not as it was made; ``Refused`` where nobody whom the project lists signed it
    with a key that is valid now, or the release went back; ``UsageError`` where it is of another project or another commit.
    """
    if not commit:
        raise UsageError("a bundle is asked about one commit", hint="add --commit SHA")
    root, definitions = read_definitions(options)
    found = check(path, signers_of(definitions.project.people), known_at=options.now, current=True)
    contents = _contents(found, path)
    index = contents.index
    if index.project != definitions.project.project:
        raise UsageError(
            f"this bundle is of project {safe_text(index.project, 60)}, not {definitions.project.project}",
            where=found.path,
        )
    if options.release is not None and options.release != index.release:
        raise UsageError(
            f"this bundle is of release {safe_text(index.release, 60)}, not {options.release}",
            where=found.path,
        )
    _require_commit(index.candidate.commit if index.candidate else "", commit, found.path)
    _require_vouched(found)
    opened = open_bundle(path)
    try:
        pack = with_documents(opened, index, contents.pack)
    finally:
        opened.close()
    options = msgspec.structs.replace(options, release=index.release)
    context = judged_from(pack, root, definitions, options, found.path)
    try:
        _require_out(context)
    except BaseException:
        context.record.close()
        raise
    return msgspec.structs.replace(context, sealed=f"in a bundle signed by {found.vouched}")


def exit_code(found: Judgement, gate: GateReport) -> int:
    """As of any gate, and 1 where it is ready and not approved: a bundle is asked what was decided."""
    return found.exit_code(gate) or (0 if gate.through else 1)


def judged_from_bundle(path: Path) -> JudgedFrom:
    """What a bundle says that it was made from; it has been checked before.  Its file is its index."""
    opened = open_bundle(path)
    try:
        data = read(opened, INDEX, INDEX_LIMIT)
    finally:
        opened.close()
    index = msgspec.json.decode(data, type=Index)
    log = index.log
    return JudgedFrom(
        sort="bundle", record=index.record, desk=log.desk, digest=log.digest, size=log.size, file=sha256(data)
    )


def _contents(found: BundleReport, path: Path) -> Contents:
    if not found.intact or found.contents is None:
        raise NotIntact(
            f"this bundle is not intact: {found.problems[0] if found.problems else 'it holds nothing'}",
            where=safe_text(path),
            hint="workbench verify BUNDLE names everything that is wrong with it",
        )
    return found.contents


def _require_commit(held: str, asked: str, where: str) -> None:
    if not held or not same_commit(held, asked):
        raise UsageError(
            f"this bundle is about commit {held or 'none'}, not {safe_text(asked, 60)}",
            where=where,
            hint="ask for the bundle of that commit",
        )


def _require_vouched(found: BundleReport) -> None:
    """Entries may have been left out of a bundle that nobody signed: a rejection, a freeze."""
    if found.vouched:
        return
    signed = next((one for one in found.signatures if one.of == "the bundle"), None)
    why = signed.problem if signed is not None else "its index is not signed"
    raise Refused(
        f"nobody whom this project lists vouches for the bundle: {why}",
        where=found.path,
        hint="workbench bundle --to PATH --ssh-key FILE signs one, with a key listed under people: in workbench.yaml",
    )


def _require_out(context: Context) -> None:
    """A release that went back, or was given up, is no longer approved, whatever was signed."""
    outcome = evaluate(context).held.release.outcome
    if outcome not in _OUT:
        raise Refused(
            f"release {context.release} is {outcome.value.replace('_', ' ')}: what was approved of it no longer counts",
            hint="ask for the bundle of the release that takes its place",
        )
