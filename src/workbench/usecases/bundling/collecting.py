"""Everything that goes into the bundle of a release."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain

import msgspec

import workbench
from workbench.definitions.files import Unusable, inside
from workbench.definitions.shapes import BUILT_IN
from workbench.model.canonical import sha256
from workbench.model.errors import UsageError
from workbench.model.files import read_regular
from workbench.model.text import safe_text
from workbench.model.times import Clock
from workbench.notes import FORMATS
from workbench.record import Blob
from workbench.record.packs import EXCERPT, About, Pack, Selection, encode_pack
from workbench.releases import model as releases
from workbench.releases.model import Held
from workbench.signoff.statement import Statement, read_statement
from workbench.sources.redact import without_secrets
from workbench.usecases import noting, soundness
from workbench.usecases.bundling import judging
from workbench.usecases.bundling.entries import (
    SAID,
    Entry,
    evidence_named,
    read_entries,
    signature_paths,
    signatures_of,
    statements_of,
)
from workbench.usecases.bundling.proving import proof_files
from workbench.usecases.bundling.readme import readme
from workbench.usecases.bundling.shapes import (
    CHECKPOINT,
    DEFINITIONS,
    PACK,
    README,
    Absent,
    Candidate,
    FileLine,
    Index,
    MadeBy,
    What,
)
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.excerpts import samples
from workbench.usecases.output_files import name_part
from workbench.usecases.sharing.evidence import ELSEWHERE, bring

_JSON, _TEXT = "application/json", "text/plain; charset=utf-8"
# What a file that anybody may have attached is called: nothing that a browser would run.
_ENDINGS = {
    "application/json": "json",
    "text/plain": "txt",
    "text/csv": "csv",
    "application/x-float64": "f64",
}
_MEDIA = {
    "json": _JSON,
    "md": "text/markdown",
    "txt": _TEXT,
    "html": "text/html",
    "csv": "text/csv",
    "jsonl": "application/jsonl",
}


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a bundle; without ``data`` it is the evidence of that digest, and the record has the bytes."""

    line: FileLine
    data: bytes | None = None

    def read(self, context: Context) -> bytes:
        """Its bytes."""
        if self.data is not None:
            return self.data
        blob = context.record.blob(self.line.sha256)
        return blob.data if blob is not None else b""


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle before it is written: its index, and every file that the index lists."""

    index: Index
    items: tuple[Item, ...]


def collect(context: Context, *, with_key: bool = False) -> Collected:
    """The bundle of the release in hand: the same record, definitions and moment give the same bytes.

    ``with_key`` says whether a key will sign its index, which its README then says how to check.
    """
    soundness.check_record(context, everything=True)
    context = msgspec.structs.replace(context, clock=Clock(fixed=context.now))
    at = context.now
    held = releases.find(context.record, context.release)
    pack = _pack(context, held)
    entries = read_entries(pack.entries)
    said = statements_of(entries, held.id)
    signed = signatures_of(entries, said)
    pack = msgspec.structs.replace(pack, blobs=tuple(_needed(pack, entries, held)))
    evidence, missing = _evidence(context, held, entries, pack, {*said, *chain(*signed.values())})
    documents = list(_documents(evidence, said, signed))
    pack = msgspec.structs.replace(pack, blobs=tuple(_judged_from(context, documents)))
    items = [*_definitions(context), *_notes(context), *documents]
    items.append(_item(PACK, encode_pack(msgspec.structs.replace(pack, blobs=())), What.ENTRIES))
    stated = [item.read(context) for item in documents if item.line.what is What.STATEMENT]
    for path, data in proof_files(context, pack, entries, held.id, stated):
        kind = What.CHECKPOINT if path == CHECKPOINT else What.PROOF
        items.append(_item(path, data, kind))
    judged = judging.context_from(pack, context.root, context.definitions, at, "the record")
    try:
        evaluation = evaluate(judged)
        files = judging.reports(judged, evaluation, pack)
        lines = judging.signoff_lines(evaluation, said, signed)
        gates = judging.gate_lines(evaluation)
    finally:
        judged.record.close()
    items += [_item(path, data, _report_kind(path)) for path, data in files.items()]
    index = Index(
        record=context.record.info.record_id,
        project=context.definitions.project.project,
        release=held.release.version,
        candidate=_candidate(held),
        judged_at=at,
        demonstration=context.demonstration is not None,
        made_by=_made_by(context),
        definitions=context.definitions.digest,
        log=pack.log,
        checkpoint=context.record.checkpoint(pack.log.size),
        gates=gates,
        signoffs=lines,
        absent=tuple(_absent(context, evidence, missing)),
    )
    items.append(_item(README, readme(index, signed=with_key).encode(), What.README))
    items.sort(key=lambda item: item.line.path)
    index = msgspec.structs.replace(index, files=tuple(item.line for item in items))
    return Collected(index=index, items=tuple(items))


def _pack(context: Context, held: Held) -> Pack:
    """What gates are judged from, with every entry of what was said of this release."""
    marks = ", ".join("?" for _ in SAID)
    whole = context.record.query(
        f"SELECT DISTINCT entity, id FROM ledger WHERE entity IN ({marks}) AND instr(body, ?) > 0",
        (*SAID, held.id.encode()),
    )
    about = About(held.release.version, context.definitions.digest)
    known = {kind.name for kind in context.record.kinds if kind.excerpt}
    return context.record.pack(
        Selection(EXCERPT), about, samples(context, held), {(e, i) for e, i in whole if e in known}
    )


def _needed(pack: Pack, entries: Iterable[Entry], held: Held) -> Iterator[Blob]:
    """The evidence of the pack without the documents of what was said of other releases."""
    other: set[str] = set()
    own: set[str] = set()
    for entry in entries:
        if entry.entity in SAID:
            (own if entry.release in ("", held.id) else other).update(evidence_named(entry))
    return (blob for blob in pack.blobs if blob.digest not in other - own)


def _evidence(
    context: Context, held: Held, entries: Iterable[Entry], pack: Pack, said: Collection[str]
) -> tuple[dict[str, Blob | None], Mapping[str, str]]:
    """All evidence of the release by its digest, ``None`` where the record has none of it, and why what is absent is so.

    What stays at the server of a shared record is fetched.
    """
    digests = {blob.digest for blob in pack.blobs} | set(said)
    for entry in entries:
        if entry.release == held.id:
            digests.update(evidence_named(entry))
    ids = [held.id, *(candidate[0].id for candidate in held.candidates)]
    changes = " OR ".join("instr(body, ?) > 0" for _ in ids)
    rows = context.record.query(
        f"SELECT body FROM ledger WHERE change_id IN (SELECT change_id FROM ledger WHERE {changes})",
        tuple(ident.encode() for ident in ids),
    )
    for (body,) in rows:
        if body:
            digests.update(msgspec.json.decode(body, type=_Blobs).blobs)
    missing = bring(context, digests).missing
    return {digest: context.record.blob(digest) for digest in sorted(digests)}, missing


class _Blobs(msgspec.Struct, frozen=True):
    blobs: tuple[str, ...] = ()


def _documents(
    evidence: Mapping[str, Blob | None], said: Mapping[str, Entry], signed: Mapping[str, Sequence[str]]
) -> Iterator[Item]:
    signatures = {
        digest: path
        for statement, digests in signed.items()
        for path, digest in signature_paths(statement, digests).items()
    }
    for digest, blob in evidence.items():
        if blob is None or blob.purged or blob.absent:
            continue
        if digest in said:
            title = _statement_title(blob.data)
            yield _item(judging.statement_path(digest), blob.data, What.STATEMENT, title=title)
        elif digest in signatures:
            yield _item(signatures[digest], blob.data, What.SIGNATURE, media=_TEXT)
        elif schema := _schema(blob):
            yield _item(f"documents/{digest}.json", blob.data, What.DOCUMENT, title=schema)
        else:
            ending = _ENDINGS.get(blob.media.partition(";")[0].strip(), "bin")
            line = FileLine(
                path=f"evidence/{digest}.{ending}", sha256=digest, size=len(blob.data), media=blob.media,
                what=What.EVIDENCE,
            )  # fmt: skip
            yield Item(line=line)


def _judged_from(context: Context, documents: Iterable[Item]) -> Iterator[Blob]:
    """The documents that whoever checks the bundle judges its gates from, and no others."""
    for item in documents:
        if judging.is_judged_from(item.line):
            yield Blob.of(item.read(context), item.line.media)


class _Head(msgspec.Struct, frozen=True):
    schema: str = ""


def _schema(blob: Blob) -> str:
    """The schema of a document of ours; "" for anything else."""
    if blob.media != _JSON:
        return ""
    with suppress(msgspec.MsgspecError, ValueError):
        found = msgspec.json.decode(blob.data, type=_Head).schema
        return found if found.startswith("workbench.") else ""
    return ""


def _statement_title(data: bytes) -> str:
    with suppress(msgspec.MsgspecError, ValueError):
        return title_of(read_statement(data))
    return ""


def title_of(statement: Statement) -> str:
    """What a statement says in a line: ``sign: approve, gate go, by robin as release-owner``."""
    said = [f"{statement.act.value}: {statement.decision}" if statement.decision else statement.act.value]
    said += [f"gate {statement.gate}"] if statement.gate else []
    said.append(f"by {statement.person}" + (f" as {statement.role}" if statement.role else ""))
    return ", ".join(said)


def _absent(
    context: Context, evidence: Mapping[str, Blob | None], missing: Mapping[str, str]
) -> Iterator[Absent]:
    for digest, blob in evidence.items():
        if blob is not None and not blob.purged and not blob.absent:
            continue
        why = missing.get(digest, ELSEWHERE)
        if blob is not None and blob.purged:
            why = "purged"
            for entry in context.record.history("purge", digest, limit=1):
                why = (
                    f"purged by {entry.actor}: {entry.reason}" if entry.reason else f"purged by {entry.actor}"
                )
        yield Absent(digest=digest, why=why)


def _definitions(context: Context) -> Iterator[Item]:
    yield _item(DEFINITIONS, context.definitions.document, What.DEFINITIONS)
    for number, file in enumerate(context.definitions.files):
        if file.startswith(BUILT_IN):
            continue
        try:
            data = read_regular(inside(context.root, file))
        except (OSError, Unusable):
            continue
        if removed := without_secrets(data)[1]:
            raise UsageError(
                f"{safe_text(file)} holds what looks like a secret ({removed[0]}); no bundle was written",
                hint="take it out of the file: a source names an environment variable",
            )
        path = f"definitions/{number:03}-{name_part(file)}"
        yield _item(path, data, What.DEFINITION_FILE, media="application/yaml", written=file)


def _notes(context: Context) -> Iterator[Item]:
    evaluation = evaluate(context)
    for form in FORMATS:
        ending = form if form in _MEDIA else f"{form}.md"  # the body of a release there
        yield _item(
            f"notes/release-notes.{ending}", noting.written(context, evaluation, form).encode(), What.NOTES
        )


def _report_kind(path: str) -> What:
    folder = path.partition("/")[0]
    kinds = {
        "attestations": What.ATTESTATION,
        "gates": What.GATE,
        "map": What.MAP,
        "checklists.json": What.CHECKLISTS,
    }
    return kinds.get(folder, What.REPRESENTATIVE)


def _item(path: str, data: bytes, what: What, *, media: str = "", title: str = "", written: str = "") -> Item:
    media = media or _MEDIA.get(path.rpartition(".")[2], "application/octet-stream")
    line = FileLine(
        path=path, sha256=sha256(data), size=len(data), media=media, what=what, title=title, written=written
    )
    return Item(line=line, data=data)


def _candidate(held: Held) -> Candidate | None:
    build = held.candidate
    return (
        None if build is None else Candidate(name=build.name, commit=build.commit, artifacts=build.artifacts)
    )


def _made_by(context: Context) -> MadeBy:
    author = context.author()
    return MadeBy(person=author.actor, identity=author.identity, workbench=workbench.__version__)
