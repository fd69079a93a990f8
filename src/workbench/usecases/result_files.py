"""Importing what tools wrote elsewhere: recognised by its contents, read by the sources that fit, kept with its file.

Which benchmark a file feeds is said by the benchmark.  A file is of the candidate where it names the
candidate's commit, or where a manifest or a person says so; otherwise what it holds is asserted, and meets nothing
that blocks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

import msgspec

from workbench.benchmarks import measurements
from workbench.definitions.shapes import Source
from workbench.evidence.results import (
    Bound,
    ResultFile,
    handed,
    handed_of,
    imported_change,
    invalidated,
    result_files,
)
from workbench.model.commits import same_commit
from workbench.model.errors import SourceError, UsageError
from workbench.model.keys import nearest
from workbench.model.reasons import readable_reason
from workbench.model.text import number_of, safe_text
from workbench.record import Blob, Change, Commit
from workbench.releases import model as releases
from workbench.releases.model import Held, require_open
from workbench.sources.handed import Handed
from workbench.sources.kinds import KINDS
from workbench.sources.reading import Batch, Reading
from workbench.sources.recognising import Recognised, Sample, recognised
from workbench.sources.report_files import SHORTEST_COMMIT
from workbench.usecases.context import Context, commit, require_own_time
from workbench.usecases.fetching import Wanted, after_asking, ask_files, questions
from workbench.usecases.given_files import GivenFile, not_plain
from workbench.usecases.handed_in import HandedIn
from workbench.usecases.manifests import Manifest, is_manifest, read_manifest
from workbench.usecases.views.answers import Answered, answered

_MEDIA = "application/octet-stream"
_BESIDE = ("note", "left_out_files")  # facts that say what of several files did not count


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says of files: the commit that they are of and why, their environment, which sources read them, what they are."""

    commit: str = ""
    reason: str = ""
    sources: tuple[str, ...] = ()
    kind: str = ""
    environment: str = ""


class LeftOut(msgspec.Struct, frozen=True):
    """What was not taken of a file, and why; ``hint`` says what helps."""

    what: str
    why: str
    hint: str = ""


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file: the format it was taken for, who reads it, what was taken and what was left out.

    ``bound`` says how its commit is known (``told``, ``given``), "" where it is only asserted.
    """

    file: str
    format: str = ""
    words: str = ""
    sources: tuple[str, ...] = ()
    bound: Bound = ""
    taken: tuple[Answered, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


_EARLIER = LeftOut(
    "what was imported before under this name",
    "this file takes its place",
    "if both are to count, import them in one call, or call one of them otherwise: --name NAME",
)


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was recognised, and that sources of the project read."""

    given: GivenFile
    file: ResultFile
    handed: Handed
    blob: Blob
    change: Change


def import_results(
    context: Context, given: Sequence[GivenFile], said: Said, *, keeping: bool = True
) -> list[Imported]:
    """Take files in for the candidate of the release in hand; what is not taken is said, and nothing of it is kept.

    Raises ``UsageError`` for a commit that is not the candidate's, or that nobody gives a reason for.
    """
    require_own_time(context)
    held = releases.find(context.record, context.release)
    require_open(held)
    if held.candidate is None or held.candidate_id is None:
        raise UsageError(
            f"{held.release.version} has no candidate yet, so nothing can be of it",
            hint="workbench release candidate COMMIT",
        )
    _check(context, said, held.candidate.commit)
    manifests, told = _manifests(given, held.candidate.commit)
    listed = _listed(manifests, held.candidate.commit)
    known, refused = _recognise(context, held, given, said, listed)
    batches = _ask(context, held, known) if known else []
    kept = _kept(known, batches)
    replaced = _replaced(context, held, kept)
    if keeping and kept:
        _commit(context, held, kept, batches)
    return [
        *told,
        *(
            refused.get(one.name) or _told(one, known, batches, replaced)
            for one in given
            if not _is_list(one)
        ),
    ]


def _is_list(one: GivenFile) -> bool:
    return not one.why_not and is_manifest(one.data)


def _check(context: Context, said: Said, candidate: str) -> None:
    if said.commit:
        if len(said.commit) < SHORTEST_COMMIT or not same_commit(said.commit, candidate):
            raise UsageError(
                f"the candidate is {candidate[:12]}, not {safe_text(said.commit, 60)}",
                hint="results of another build say nothing of this one; workbench release candidate COMMIT begins a new one",
            )
        readable_reason(said.reason, "saying which commit results are of")
    elif said.reason:
        raise UsageError("--reason says why files are of a commit", hint="add --commit SHA")
    project = context.definitions.project
    for what, keys, known in (
        ("source", said.sources, [one.key for one in project.sources]),
        ("environment", (said.environment,), ["", *(one.key for one in project.environments)]),
    ):
        for key in keys:
            if key not in known:
                meant = nearest(key, known)
                hint = (
                    f"did you mean {meant}?"
                    if meant
                    else f"known: {', '.join(filter(None, known)) or 'none'}"
                )
                raise UsageError(f"there is no {what} “{safe_text(key, 60)}” in this project", hint=hint)


# --- manifests --------------------------------------------------------------------------------


def _manifests(given: Sequence[GivenFile], candidate: str) -> tuple[list[Manifest], list[Imported]]:
    """The manifests among the files, and what is told of each."""
    digests = {digest for one in given if not one.why_not for digest in one.digests}
    found, told = [], []
    for one in given:
        if not _is_list(one):
            continue
        try:
            manifest = read_manifest(one.data, one.name)
        except SourceError as error:
            told.append(Imported(file=one.name, left_out=(LeftOut(one.name, error.what),)))
            continue
        found.append(manifest)
        told.append(
            Imported(
                file=one.name,
                format="manifest",
                words=f"list of {number_of(len(manifest.files), 'result file')} of commit {manifest.commit[:7]}",
                left_out=tuple(_of_manifest(manifest, digests, candidate)),
            )
        )
    return found, told


def _of_manifest(manifest: Manifest, digests: Collection[str], candidate: str) -> Iterable[LeftOut]:
    if not same_commit(manifest.commit, candidate):
        yield LeftOut("the list", f"it is of commit {manifest.commit[:7]}, the candidate is {candidate[:7]}")
    for one in manifest.files:
        if one.sha256 not in digests:
            yield LeftOut(
                safe_text(one.name, 200),
                "no file that was given has the contents that the list names",
                "import it together with the list",
            )


def _listed(manifests: Sequence[Manifest], candidate: str) -> Mapping[str, Manifest]:
    """By the digest of each file: the manifest that says that it is of the candidate."""
    return {
        one.sha256: manifest
        for manifest in manifests
        if same_commit(manifest.commit, candidate)
        for one in manifest.files
    }


# --- what a file is, and who reads it -------------------------------------------------------------


def _recognise(
    context: Context, held: Held, given: Sequence[GivenFile], said: Said, listed: Mapping[str, Manifest]
) -> tuple[list[_Known], dict[str, Imported]]:
    known: list[_Known] = []
    refused: dict[str, Imported] = {}
    for one in given:
        if _is_list(one):
            continue
        found = _format_of(one, said)
        if isinstance(found, LeftOut):
            refused[one.name] = Imported(file=one.name, left_out=(found,))
            continue
        readers = _readers(context, one.name, found, said)
        if isinstance(readers, LeftOut):
            refused[one.name] = Imported(
                file=one.name, format=found.kind, words=found.words, left_out=(readers,)
            )
            continue
        known.append(_known(context, held, one, found, readers, said, listed))
    return known, refused


def _format_of(one: GivenFile, said: Said) -> Recognised | LeftOut:
    if one.why_not:
        return LeftOut(one.name, one.why_not)
    if not one.data.strip():
        return LeftOut(one.name, "it is empty", "did what writes it run to its end?")
    found = recognised(Sample(one.name, one.data), KINDS)
    if said.kind:
        found = [each for each in found if each.kind == said.kind]
    if len(found) == 1:
        return found[0]
    if found:
        names = " or ".join(each.kind for each in found)
        return LeftOut(one.name, f"it may be {names}", "say which: --kind KIND")
    if why := not_plain(one.data):
        return LeftOut(one.name, *why)
    hint = "workbench source list names the formats"
    what = f"it is not what the kind {said.kind} reads" if said.kind else "its format is not known"
    return LeftOut(one.name, what, hint)


def _readers(context: Context, name: str, found: Recognised, said: Said) -> tuple[Source, ...] | LeftOut:
    """The sources of the project that read a file of this kind: those whose patterns fit, or the only one."""
    of_kind = [source for source in context.definitions.project.sources if source.kind == found.kind]
    if said.sources:
        chosen = tuple(source for source in of_kind if source.key in said.sources)
        return chosen or LeftOut(name, f"{', '.join(said.sources)} reads no {found.kind} files")
    if not of_kind:
        hint = f"workbench source new {found.kind}"
        return LeftOut(name, f"the project has no source of kind {found.kind}", hint)
    for part in (name, PurePosixPath(name).name):
        if fit := tuple(source for source in of_kind if _fits(source, part)):
            return fit
    if len(of_kind) == 1:
        return (of_kind[0],)
    keys = ", ".join(source.key for source in of_kind)
    return LeftOut(name, f"it fits the “files” of none of these sources: {keys}", "say which: --source KEY")


def _fits(source: Source, name: str) -> bool:
    """Whether a path ends as one of the source's patterns says, or a file is called so; what fills them may be anything."""
    named = [getattr(source.config, field, None) or [] for field in ("files", "baseline_files")]
    patterns = [_any(each) for one in named for each in ([one] if isinstance(one, str) else one)]
    if "/" not in name:
        patterns = [PurePosixPath(pattern).name for pattern in patterns]
    return any(PurePosixPath(name).match(pattern) for pattern in patterns)


def _any(pattern: str) -> str:
    """A pattern in which what is filled in may be anything."""
    parts = ["*" if "$" in part else part for part in PurePosixPath(pattern).parts]
    return "/".join(parts) or "*"


def _known(
    context: Context,
    held: Held,
    one: GivenFile,
    found: Recognised,
    readers: Sequence[Source],
    said: Said,
    listed: Mapping[str, Manifest],
) -> _Known:
    handed_in = HandedIn()
    kept = KINDS[found.kind].kept
    blob = Blob.of(handed_in.file(kept()(one.data) if kept else one.data), _MEDIA)
    handed_in.tell(context)
    manifest = next((listed[digest] for digest in one.digests if digest in listed), None)
    commit_given = manifest.commit if manifest else said.commit
    reason = f"the list of {manifest.run or 'a CI run'} names it" if manifest else said.reason
    assert held.candidate_id is not None
    file = ResultFile(
        name=one.name,
        kind=found.kind,
        words=found.words,
        sources=tuple(source.key for source in readers),
        digest=blob.digest,
        size=len(blob.data),
        written=one.written,
        candidate=held.candidate_id,
        by=context.author().actor,
        at=context.record.moment(context.clock),
        bound="given" if commit_given else "",
        commit=commit_given,
        reason=safe_text(reason, 500) if commit_given else "",
        environment=said.environment,
    )
    again = next(
        (
            ident
            for ident, earlier in result_files(context.record, held.candidate_id).items()
            if _same(earlier, file)
        ),
        None,
    )
    change = imported_change(file)
    ident = again or change.id
    return _Known(
        given=one,
        file=file,
        handed=handed(file, blob, ident, file.sources),
        blob=blob,
        change=change,
    )


def _same(earlier: ResultFile, file: ResultFile) -> bool:
    """Whether the same was imported before, and as much was said of it."""
    fields = ("name", "kind", "sources", "digest", "commit", "environment")
    return all(getattr(earlier, name) == getattr(file, name) for name in fields)


# --- what they answer -----------------------------------------------------------------------------


def _ask(context: Context, held: Held, known: Sequence[_Known]) -> list[Batch]:
    """What the sources answer with the new files beside those that were imported before."""
    assert held.candidate_id is not None
    keys = tuple(dict.fromkeys(key for one in known for key in one.file.sources))
    asked = questions(context, held, Wanted(sources=keys))
    fresh = {one.handed.id: one.handed for one in known}
    replaced = {one.file.name for one in known}
    earlier = {
        ident: file
        for ident, file in result_files(context.record, held.candidate_id).items()
        if file.name not in replaced
    }
    return ask_files(context, asked, (*handed_of(context.record, earlier, keys), *fresh.values()))


def _of(reading: Reading) -> frozenset[str]:
    """The imported files that a reading was made from."""
    return frozenset(str(reading.facts.get("handed", "")).split(","))


def _taken(one: _Known, batches: Sequence[Batch]) -> tuple[Reading, ...]:
    return tuple(
        reading
        for batch in batches
        for reading in batch.readings
        if reading.state == "ok" and one.handed.id in _of(reading)
    )


def _kept(known: Sequence[_Known], batches: Sequence[Batch]) -> list[_Known]:
    """The files of which something was taken."""
    return [one for one in known if _taken(one, batches)]


def _replaced(context: Context, held: Held, kept: Sequence[_Known]) -> frozenset[str]:
    """The names under which something else was imported before."""
    earlier = {
        file.name: file.digest for file in result_files(context.record, held.candidate_id or "").values()
    }
    return frozenset(
        one.file.name for one in kept if earlier.get(one.file.name, one.file.digest) != one.file.digest
    )


def _commit(context: Context, held: Held, kept: Sequence[_Known], batches: Sequence[Batch]) -> None:
    """Files and what they answered, in one act: an answer that nothing new is in stays as it was."""
    new = {one.handed.id for one in kept}
    changes, blobs = [], []
    for one in kept:
        if one.change.id == one.handed.id:
            changes.append(one.change)
            blobs.append(one.blob)
    for batch in batches:
        readings = tuple(one for one in batch.readings if one.state == "ok" and new & _of(one))
        if readings:
            wanted = {digest for one in readings for digest in one.evidence}
            part = msgspec.structs.replace(
                batch, readings=readings, blobs=tuple(one for one in batch.blobs if one.digest in wanted)
            )
            change, more = measurements.batch_change(
                part,
                release=held.id,
                candidate=held.candidate_id,
                now=context.record.moment(context.clock),
            )
            changes.append(change)
            blobs += more
    commit(context, changes, blobs=blobs)
    after_asking(context, held)


def _told(
    given: GivenFile, known: Sequence[_Known], batches: Sequence[Batch], replaced: Collection[str]
) -> Imported:
    one = next(each for each in known if each.given is given)
    taken = _taken(one, batches)
    bound: Bound = ""
    if taken and all(reading.mark != "asserted" for reading in taken):
        bound = one.file.bound or "told"
    return Imported(
        file=one.file.name,
        format=one.file.kind,
        words=one.file.words,
        sources=one.file.sources,
        bound=bound,
        taken=tuple(map(answered, taken)),
        left_out=(*_not_taken(one, batches, taken), *([_EARLIER] if one.file.name in replaced else [])),
    )


def _not_taken(one: _Known, batches: Sequence[Batch], taken: Sequence[Reading]) -> Iterable[LeftOut]:
    answers = [reading for batch in batches for reading in batch.readings if batch.source in one.file.sources]
    if not answers:
        keys = ", ".join(one.file.sources)
        yield LeftOut(
            "everything in it",
            f"no benchmark and no gate asks {keys} for anything",
            f"write a benchmark with measure: {{source: {one.file.sources[0]}, …}}",
        )
    for reading in answers:
        if reading not in taken:
            about = f"{reading.subject}{' in ' + reading.environment if reading.environment else ''}"
            beside = "; ".join(str(reading.facts[name]) for name in _BESIDE if name in reading.facts)
            why = reading.why if reading.state != "ok" else beside
            unplaced = not taken and not one.file.environment and why.startswith("no file matches")
            hint = "say of which environment it is: --environment KEY" if unplaced else ""
            yield LeftOut(about, why or "another file answers it", hint)
    for said in dict.fromkeys(
        str(reading.facts[name])
        for reading in taken
        for name in ("note", "left_out_files")
        if name in reading.facts
    ):
        yield LeftOut("other files", said)


# --- files that count no more ----------------------------------------------------------------------


def invalidate(context: Context, name: str, reason: str) -> Commit:
    """Say that an imported file does not count; what was measured from it counts no more, either.

    Raises ``UsageError`` where no such file was imported for the candidate in hand.
    """
    held = releases.find(context.record, context.release)
    require_open(held)
    words = readable_reason(reason, "an imported file that counts no more")
    files = result_files(context.record, held.candidate_id or "")
    ident = next((one for one in reversed(files) if files[one].name == name), None)
    if ident is None:
        meant = nearest(name, [file.name for file in files.values()])
        known = ", ".join(dict.fromkeys(file.name for file in files.values())) or "none"
        raise UsageError(
            f"no file “{safe_text(name, 100)}” was imported for this candidate",
            hint=f"did you mean {meant}?" if meant else f"imported: {known}",
        )
    author, now = context.author().actor, context.now
    changes = [invalidated(context.record, ident, words)]
    for row in measurements.made_from(context.record, held.candidate_id or "", ident):
        changes.append(measurements.invalidate(row, by=author, at=now, reason=words))
    return commit(context, changes)
