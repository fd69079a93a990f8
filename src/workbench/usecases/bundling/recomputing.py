"""Working out again what a bundle says: the definitions from their files, the gates and reports from the entries."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

import msgspec

import workbench
from workbench.definitions import Definitions, load
from workbench.model.errors import WorkbenchError
from workbench.model.files import write_whole
from workbench.model.text import safe_text
from workbench.record import Blob
from workbench.record.incoming import MISTAKES
from workbench.record.packs import Pack
from workbench.usecases.bundling import judging, reading
from workbench.usecases.bundling.entries import Entry, signatures_of, statements_of
from workbench.usecases.bundling.names import NotIntact
from workbench.usecases.bundling.reading import Opened
from workbench.usecases.bundling.shapes import FileLine, Index, What
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import kinds

NOTES = "notes/release-notes.json"
_DEFINITION_LIMIT = 1_000_000
_DOCUMENT_LIMIT = 50_000_000


def recompute(
    opened: Opened, index: Index, pack: Pack, entries: Sequence[Entry], release: str, notes: list[str]
) -> list[str]:
    """What the bundle says that does not follow from its entries; what cannot be worked out is noted."""
    same = index.made_by.workbench == workbench.__version__
    with tempfile.TemporaryDirectory(prefix="workbench-bundle-") as folder:
        root = Path(folder).resolve()
        _write_definitions(opened, index, root)
        try:
            definitions = load(root, kinds(), strict=False)
        except WorkbenchError as error:
            if same:
                return [f"the definitions cannot be read: {error.what}"]
            notes.append(
                f"the definitions cannot be read by this workbench, so nothing was judged again: {error.what}"
            )
            return []
        if definitions.digest != index.definitions:
            what = "the definitions as written do not resolve to those in the index"
            if same:
                return [what]
            notes.append(
                f"{what}: workbench {index.made_by.workbench} made it, this is {workbench.__version__}"
            )
            return []
        whole = with_documents(opened, index, pack)
        try:
            return list(_judged(opened, index, whole, entries, release, definitions, notes, same=same))
        except (WorkbenchError, *MISTAKES) as error:
            return [f"its entries cannot be judged from: {safe_text(str(error), 300)}"]


def with_documents(opened: Opened, index: Index, pack: Pack) -> Pack:
    """The pack with the documents and samples that stand beside it as files."""
    wanted = [line for line in index.files if judging.is_judged_from(line)]
    if sum(line.size for line in wanted) > 8 * _DOCUMENT_LIMIT:
        raise NotIntact("not intact: it has more documents than can be judged from")
    blobs = tuple(_blob(opened, line) for line in wanted)
    return msgspec.structs.replace(pack, blobs=blobs)


def _blob(opened: Opened, line: FileLine) -> Blob:
    return Blob.of(reading.read(opened, line.path, _DOCUMENT_LIMIT), line.media)


def _write_definitions(opened: Opened, index: Index, folder: Path) -> None:
    """The files of the definitions, each at its place; nothing of them is run."""
    for line in index.files:
        if line.what is not What.DEFINITION_FILE:
            continue
        path = PurePosixPath(line.written)
        if (
            not line.written
            or path.is_absolute()
            or {"..", "."} & set(line.written.split("/"))
            or "\\" in line.written
        ):
            raise NotIntact(f"not intact: “{safe_text(line.written, 120)}” leads out of the project's folder")
        target = folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, reading.read(opened, line.path, _DEFINITION_LIMIT))
        except (OSError, ValueError):
            raise NotIntact(
                f"not intact: “{safe_text(line.written, 120)}” is no path of a definition"
            ) from None


def _judged(
    opened: Opened,
    index: Index,
    pack: Pack,
    entries: Sequence[Entry],
    release: str,
    definitions: Definitions,
    notes: list[str],
    *,
    same: bool,
) -> Iterator[str]:
    context = judging.context_from(pack, definitions.root, definitions, index.judged_at, "the bundle")
    try:
        evaluation = evaluate(context)
        build = evaluation.held.candidate
        if (build.commit if build else "") != (index.candidate.commit if index.candidate else ""):
            yield "the index names another candidate than the entries do"
        gates, told = judging.gate_lines(evaluation), {one.key: one for one in index.gates}
        for gate in gates:
            if told.get(gate.key) != gate:
                state = told[gate.key].state if gate.key in told else "nothing"
                yield f"the index says of {gate.title}: {state}; from the entries it is {gate.state}"
        said = statements_of(entries, release)
        lines = judging.signoff_lines(evaluation, said, signatures_of(entries, said))
        if gates == index.gates and lines != index.signoffs:
            yield "the index lists other answers to the gates than the entries do"
        reports = judging.reports(context, evaluation, pack)
        wrong = [
            path
            for path, data in reports.items()
            if path not in opened.sizes or reading.read(opened, path, _DOCUMENT_LIMIT) != data
        ]
    finally:
        context.record.close()
    yield from _notes(opened, index, reports)
    if wrong and same:
        yield from (f"“{path}” says something else than the entries do" for path in wrong)
    elif wrong:
        notes.append(
            f"{len(wrong)} of its reports are worded otherwise by this workbench ({workbench.__version__}); "
            f"{index.made_by.workbench} made them"
        )


class _Gate(msgspec.Struct, frozen=True):
    key: str
    state: str


class _Build(msgspec.Struct, frozen=True):
    commit: str


class _Notes(msgspec.Struct, frozen=True):
    """As much of the release notes as follows from the entries alone; changes from git, for one, do not."""

    version: str
    gates: tuple[_Gate, ...] = ()
    candidate: _Build | None = None


def _notes(opened: Opened, index: Index, reports: Mapping[str, bytes]) -> Iterator[str]:
    """What the release notes say otherwise of the release, its build and its gates."""
    notes = msgspec.json.decode(reading.read(opened, NOTES, _DOCUMENT_LIMIT), type=_Notes)
    build = index.candidate.commit if index.candidate else ""
    if (notes.version, notes.candidate.commit if notes.candidate else "") != (index.release, build):
        yield f"“{NOTES}” is about another release or build"
    told = {gate.key: gate.state for gate in notes.gates}
    for path, data in reports.items():
        if path.startswith("gates/") and path.endswith(".json"):
            gate = msgspec.json.decode(data, type=_Judged)
            if gate.gate in told and told[gate.gate] != gate.state:
                yield f"“{NOTES}” says of the gate {gate.gate}: {told[gate.gate]}; from the entries it is {gate.state}"


class _Judged(msgspec.Struct, frozen=True):
    gate: str
    state: str
