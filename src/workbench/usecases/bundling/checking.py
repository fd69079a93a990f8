"""Is a bundle intact?  Everything in it is worked out again, and nothing in it is believed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path

import msgspec

from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.model.times import Clock
from workbench.record.incoming import MISTAKES
from workbench.record.packs import EXCERPT, Pack, decode_pack
from workbench.signoff.ssh_signatures import Signer
from workbench.signoff.statement import Statement, read_statement
from workbench.usecases.bundling import reading, said
from workbench.usecases.bundling.entries import (
    Entry,
    entries_naming,
    evidence_named,
    read_entries,
    signature_paths,
    signatures_of,
    statements_of,
)
from workbench.usecases.bundling.making import folder_of, sums
from workbench.usecases.bundling.names import NotIntact
from workbench.usecases.bundling.proving import check_proofs
from workbench.usecases.bundling.reading import Opened
from workbench.usecases.bundling.recomputing import recompute
from workbench.usecases.bundling.shapes import (
    BESIDE,
    DEFINITIONS,
    INDEX,
    PACK,
    SCHEMA,
    SIGNATURE,
    SUMS,
    Index,
)
from workbench.usecases.bundling.signatures import Signed, signed_index, signed_statement

INDEX_LIMIT = 32_000_000
PACK_LIMIT = 400_000_000
STATEMENT_LIMIT = 1_000_000
_SIGNATURE_LIMIT = 100_000
_BY_DIGEST = ("statements/", "documents/", "evidence/")
_MOST_PROBLEMS = 50


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """An intact bundle, read: what is judged from, and the ids of its release."""

    index: Index
    pack: Pack
    entries: tuple[Entry, ...]
    release: str


class BundleReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of checking a bundle.

    ``problems`` is empty where it is intact; ``vouched`` is who signed it, of the verifier's own list.  ``notes`` are
    worth knowing and no fault: evidence that was purged, or what this version of the workbench cannot work out again.
    ``held_by`` are those of the list who signed a head that its ledger continues.
    """

    path: str
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    contents: Contents | None = None
    files: int = 0
    size: int = 0
    statements: int = 0
    signatures: tuple[Signed, ...] = ()
    vouched: str = ""
    held_by: tuple[str, ...] = ()

    @property
    def intact(self) -> bool:
        return not self.problems

    @property
    def exit_code(self) -> int:
        """4 where it is not intact, 1 where nobody on the verifier's list vouches for it, else 0."""
        if not self.intact:
            return 4
        return 0 if self.vouched else 1


def check(
    path: Path, signers: Sequence[Signer] = (), *, known_at: datetime | None = None, current: bool = False
) -> BundleReport:
    """Check a bundle in a folder or an archive against one's own list of signers.

    Nothing is unpacked, and no more is read than a bundle can hold.  ``known_at`` is since when the verifier knows
    it, else now: a key that was revoked by then vouches for nothing, nor, where it has to be ``current``, one that has
    ended.  ``UsageError`` where there is none.
    """
    name = safe_text(path)
    try:
        opened = reading.open_bundle(path)
    except NotIntact as error:
        return BundleReport(path=name, problems=(error.what.removeprefix("not intact: "),))
    try:
        return _Checking(name, opened, signers, known_at or Clock().now(), current=current).report()
    finally:
        opened.close()


class _Checking:
    def __init__(
        self, path: str, opened: Opened, signers: Sequence[Signer], known_at: datetime, *, current: bool
    ) -> None:
        self.path = path
        self.opened = opened
        self.signers = signers
        self.known_at = known_at
        self.current = current
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.signatures: list[Signed] = []
        self.statements: dict[str, Statement] = {}
        self.digests: dict[str, str] = {}
        self.held: frozenset[str] = frozenset()
        self.held_by: tuple[str, ...] = ()
        self.contents: Contents | None = None

    def report(self) -> BundleReport:
        try:
            self._look()
        except NotIntact as error:
            self._wrong(error.what.removeprefix("not intact: "))
        problems = tuple(dict.fromkeys(self.problems))
        vouching = next((one for one in self.signatures if one.path == SIGNATURE and one.holds), None)
        return BundleReport(
            path=self.path,
            problems=problems[:_MOST_PROBLEMS],
            notes=tuple(self.notes),
            contents=self.contents,
            files=len(self.opened.sizes),
            size=sum(self.opened.sizes.values()),
            statements=len(self.statements),
            signatures=tuple(self.signatures),
            held_by=self.held_by,
            vouched=vouching.person if vouching is not None and not problems else "",
        )

    def _wrong(self, what: str) -> None:
        self.problems.append(what)

    def _look(self) -> None:
        data = reading.read(self.opened, INDEX, INDEX_LIMIT)
        index = _index(data)
        if self.opened.folder not in ("", folder_of(index)):
            self._wrong(
                f"its files are in the folder “{safe_text(self.opened.folder, 100)}”, not {folder_of(index)}"
            )
        self._files(index)
        if self.problems:
            return  # what was changed is named; what follows from it would only repeat that
        pack = self._pack(index)
        entries = read_entries(pack.entries)
        self._sign_of_index(index, data, entries)
        release = self._release(index, entries)
        self.held = frozenset(self.digests.values())
        self._said(index, entries, release)
        self.notes += [
            f"evidence {one.digest[:12]}… is not in it: {safe_text(one.why, 200)}" for one in index.absent
        ]
        proofs = check_proofs(
            self.opened, index, entries, release, self.statements, self.signers, self.known_at
        )
        self.problems += proofs.problems
        self.held_by = proofs.held_by
        if not self.problems:
            self.problems += recompute(self.opened, index, pack, entries, release, self.notes)
        self.contents = Contents(index=index, pack=pack, entries=entries, release=release)

    # --- files ------------------------------------------------------------------------------

    def _files(self, index: Index) -> None:
        listed = {line.path: line for line in index.files}
        here = self.opened.sizes.keys() - BESIDE
        if len(listed) != len(index.files):
            self._wrong("the index lists a file twice")
        for path in sorted(listed.keys() - here):
            self._wrong(f"“{safe_text(path, 120)}” is missing")
        for path in sorted(here - listed.keys()):
            self._wrong(f"“{safe_text(path, 120)}” was added: the index does not list it")
        for path in sorted(self.opened.sizes.keys() - {SUMS}):
            self.digests[path] = reading.digest(self.opened, path)
            line = listed.get(path)
            if line is not None and (line.sha256, line.size) != (self.digests[path], self.opened.sizes[path]):
                self._wrong(f"“{path}” was changed: its digest is not the one in the index")
            named = path.startswith(_BY_DIGEST) and not path.endswith(".sig")
            if named and path.rpartition("/")[2].partition(".")[0] != self.digests[path]:
                self._wrong(f"“{path}” was changed: its digest is not its name")
        if reading.read(self.opened, SUMS, INDEX_LIMIT) != sums(iter(self.digests.items())):
            self._wrong(f"“{SUMS}” does not say what is in the bundle")

    # --- signatures --------------------------------------------------------------------------

    def _sign_of_index(self, index: Index, data: bytes, entries: Sequence[Entry]) -> None:
        if SIGNATURE not in self.opened.sizes:
            return
        armored = reading.read(self.opened, SIGNATURE, _SIGNATURE_LIMIT)
        self._signed(
            signed_index(
                self.signers,
                index,
                data,
                armored,
                SIGNATURE,
                held_at=_recorded(index, entries),
                known_at=self.known_at,
                current=self.current,
            )
        )

    def _signed(self, found: Signed) -> None:
        self.signatures.append(found)
        if found.wrong:
            self._wrong(f"the signature of {found.of}: {found.problem}")

    # --- entries and statements --------------------------------------------------------------

    def _pack(self, index: Index) -> Pack:
        data = reading.read(self.opened, PACK, PACK_LIMIT)
        try:
            pack = decode_pack(data, f"“{PACK}”")
        except UsageError as error:
            raise NotIntact(f"not intact: {error.what}") from None
        if pack.selection.name != EXCERPT or pack.blobs:
            self._wrong(f"“{PACK}” is a pack of another kind")
        compared = (
            ("record", index.record, pack.record),
            ("project", index.project, pack.project),
            ("release", index.release, pack.about.release),
            ("definitions", index.definitions, pack.about.definitions),
            ("definitions", index.definitions, self.digests.get(DEFINITIONS)),
            ("end of the ledger", index.log, pack.log),
        )
        for what, said_, is_ in compared:
            if said_ != is_:
                self._wrong(f"the index and the entries are of another {what}")
        point = index.checkpoint
        if point is not None and (point.size, point.origin) != (
            pack.log.size,
            f"workbench/{pack.record}/{pack.log.desk}",
        ):
            self._wrong("the index names the end of another ledger than the entries do")
        return pack

    def _release(self, index: Index, entries: Sequence[Entry]) -> str:
        found = {
            one.id for one in entries if one.entity == "release" and one.text("version") == index.release
        }
        if len(found) != 1:
            raise NotIntact(f"not intact: its entries know no release {safe_text(index.release, 60)}")
        return found.pop()

    def _said(self, index: Index, entries: Sequence[Entry], release: str) -> None:
        """Every statement stands in an entry and says what the entry says; and there is no other one."""
        named = entries_naming(entries, release)
        absent = {one.digest for one in index.absent}
        by_digest = {entry.digest: entry for entry in entries}
        signed = {
            path: signature
            for statement, each in signatures_of(entries, statements_of(entries, release)).items()
            for path, signature in signature_paths(statement, each).items()
        }
        for digest, naming in named.items():
            path = f"statements/{digest}.json"
            if path not in self.opened.sizes:
                if digest not in absent:
                    self._wrong(f"“{path}” is missing: an entry names it")
                continue
            self._statement(path, index, naming, by_digest)
            for document in dict.fromkeys(chain.from_iterable(map(evidence_named, naming))):
                if document not in self.held and document not in absent:
                    self._wrong(f"the document {document[:12]}… is missing: an entry names it")
        for path in self.opened.sizes:
            if (
                path.startswith("statements/")
                and path not in signed
                and path[11:].removesuffix(".json") not in named
            ):
                self._wrong(f"“{path}” belongs to no entry about this release")
        for path, digest in signed.items():
            by = [entry for entry in entries if entry.text("signature") == digest]
            held_at = _recorded(index, by, first=True)
            self._statement_signature(path, digest, path.partition(".json")[0] + ".json", absent, held_at)

    def _statement(
        self, path: str, index: Index, naming: Sequence[Entry], entries: Mapping[str, Entry]
    ) -> None:
        data = reading.read(self.opened, path, STATEMENT_LIMIT)
        try:
            statement = read_statement(data)
        except MISTAKES:
            self._wrong(f"“{path}” cannot be read as a statement")
            return
        self.statements[path] = statement
        for entry in naming:
            for problem in said.differences(statement, entry, index, entries):
                self._wrong(f"“{path}” {problem}")
        if len({entry.id for entry in naming if entry.entity == "signoff"}) > 1:
            self._wrong(f"“{path}” belongs to two answers: one of them was copied")

    def _statement_signature(
        self, path: str, digest: str, of: str, absent: Collection[str], held_at: datetime | None
    ) -> None:
        if path not in self.opened.sizes:
            if digest not in absent:
                self._wrong(f"“{path}” is missing: an entry names it")
        elif self.digests[path] != digest:
            self._wrong(f"“{path}” is another signature than the one that its entry names")
        elif of in self.statements:
            data, armored = (
                reading.read(self.opened, name, most)
                for name, most in ((of, STATEMENT_LIMIT), (path, _SIGNATURE_LIMIT))
            )
            self._signed(signed_statement(self.signers, self.statements[of], data, armored, path, held_at))


def _recorded(index: Index, entries: Sequence[Entry], *, first: bool = False) -> datetime | None:
    """When the last of some entries was recorded, or the ``first``; a demonstration has a time of its own."""
    moments = [] if index.demonstration else [entry.recorded_at for entry in entries]
    return (min if first else max)(moments, default=None)


def _index(data: bytes) -> Index:
    try:
        index = msgspec.json.decode(data, type=Index)
    except MISTAKES as error:
        raise NotIntact(f"not intact: “{INDEX}” cannot be read: {safe_text(str(error), 200)}") from None
    if index.schema != SCHEMA:
        raise NotIntact(f"not intact: “{INDEX}” is no {SCHEMA}; was the bundle made by a newer workbench?")
    return index
