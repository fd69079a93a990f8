"""Heads that others hold: showing, signing, adding and comparing them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from workbench.mailbox.heads import mailbox_of
from workbench.mailbox.heard import How
from workbench.model.errors import NotAllowed, RecordError, UsageError
from workbench.model.files import make_private_folder, read_regular, write_whole
from workbench.model.ssh_keys import KeyProblem, PublicKey
from workbench.model.text import number_of, safe_text
from workbench.record import Checkpoint, merkle
from workbench.signoff.checkpoints import Note, NotReadable, checked, holders, read_note
from workbench.signoff.cosigned import Cosigned, added, cosigned_heads, cosigned_id, kept_note, note_blob
from workbench.signoff.ssh_signatures import LARGEST, Namespace, Signer, read, signers_of
from workbench.usecases.context import Context, commit, require_person
from workbench.usecases.git import ask_git_for_all
from workbench.usecases.project import NoDataFolder
from workbench.usecases.sharing import noted
from workbench.usecases.signed_statements import SignedStatement, signed_statements, told
from workbench.usecases.ssh_signing import SigningKey, Tell, sign_bytes

FOLDER = "cosigned"
TAG = "tag:"
_SIGNED = "-----BEGIN "


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A head that somebody else holds: by whom, as far as their signatures hold; ``of_this`` desk's ledger or another's.

    ``of_server``: it is over the packs of the server of a shared record.
    """

    checkpoint: Checkpoint
    by: tuple[str, ...]
    of_this: bool
    where: str = ""

    @property
    def of_server(self) -> bool:
        return mailbox_of(self.checkpoint.origin) is not None


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger beside the heads that others hold: how many were compared, whose, and what contradicts."""

    heads: int
    by: tuple[str, ...]
    problem: str = ""
    notes: tuple[str, ...] = ()


# --- this record's head ------------------------------------------------------------------------------


def head_note(context: Context, size: int | None = None) -> Note:
    """The end of the ledger as a note, with the signatures that it has already."""
    return with_held(context, Note(context.record.checkpoint(size)))


def with_held(context: Context, note: Note) -> Note:
    """A head with the signatures under it that the record holds."""
    for kept in _kept_notes(context):
        if kept.checkpoint == note.checkpoint:
            note = note.joined(kept)
    return note


def latest_cosigned(context: Context, size: int) -> Note | None:
    """The latest head of this desk's ledger that somebody signed and that has at least so many entries."""
    found = [
        note
        for note in _kept_notes(context)
        if note.checkpoint.size >= size and of_this_ledger(context, note.checkpoint)
    ]
    return max(found, key=lambda note: note.checkpoint.size, default=None)


def _kept_notes(context: Context) -> list[Note]:
    found = (kept_note(context.record, value) for _, value in cosigned_heads(context.record))
    return [note for note in found if note is not None]


# --- signing one ----------------------------------------------------------------------------------------


def read_head(path: Path) -> Note:
    """The note in a file, with the signature that ``ssh-keygen`` has put beside it as ``FILE.sig``."""
    note = _read(path)
    beside = path.with_name(path.name + ".sig")
    if not beside.is_file():
        return note
    try:
        armored = read_regular(beside)[: LARGEST + 1]
        return note.signed(name_of(read(armored).key, ()), armored)
    except (OSError, KeyProblem) as error:
        raise UsageError(
            f"the signature beside the head cannot be read: {safe_text(str(error), 200)}", where=str(beside)
        ) from None


def _read(path: Path) -> Note:
    try:
        return read_note(read_regular(path))
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", hint="workbench head --to FILE writes one"
        ) from None
    except NotReadable as error:
        raise UsageError(f"{path} is no head: {error}", hint="workbench head --to FILE writes one") from None


def cosign(
    note: Note,
    key: SigningKey,
    signers: Sequence[Signer] = (),
    *,
    name: str = "",
    asks: bool = True,
    tell: Tell | None = None,
) -> Note:
    """The note with one's own signature under it; no record is needed.

    The line names the person among ``signers`` whose key it is, unless a ``name`` is given.
    """
    made = sign_bytes(note.text, key, Namespace.CHECKPOINT, asks=asks, tell=tell)
    try:
        return note.signed(name or name_of(made.read.key, signers), made.armored)
    except NotReadable as error:
        raise UsageError(str(error), hint="--name NAME") from None


def name_of(key: PublicKey, signers: Iterable[Signer]) -> str:
    """The name under which a key signs: its person's, or one made of its fingerprint."""
    person = next((each.person for each in signers if each.key.blob == key.blob), "")
    return person or "key-" + key.fingerprint.removeprefix("SHA256:").replace("+", "-").replace("/", "_")[:16]


# --- adding what others signed ----------------------------------------------------------------------------


def note_named(context: Context, ref: str) -> Note:
    """The note that a file holds, or the message of a tag of git: ``tag:NAME``."""
    if not ref.startswith(TAG):
        return read_head(Path(ref))
    name = ref.removeprefix(TAG)
    text = "\0".join(ask_git_for_all(context.root, "cat-file", "tag", f"refs/tags/{name}", between="\0"))
    message = text.partition("\n\n")[2].partition(_SIGNED)[0]
    if not message:
        raise UsageError(
            f"git has no annotated tag {safe_text(name, 80)} here", hint="git tag -l lists the tags"
        )
    try:
        return read_note((message.rstrip("\n") + "\n").encode())
    except NotReadable as error:
        raise UsageError(
            f"the message of the tag {safe_text(name, 80)} is no head: {error}",
            hint="git tag -a NAME --cleanup=verbatim -F FILE",
        ) from None


def add(context: Context, note: Note) -> Held:
    """Keep a head that others signed, in the record and outside of it; ``RecordError`` where the ledger contradicts it.

    At least one signature has to be of a person whom the project lists.
    """
    record_id = context.record.info.record_id
    if note.checkpoint.origin.split("/")[1] != record_id:
        raise UsageError("this head is of another record", where=f"this record is {record_id}")
    signers = signers_of(context.definitions.project.people)
    found = checked(note, signers, context.now)
    by = holders(found)
    if not by:
        why = found[0][1].problem if found else "nobody signed it"
        raise NotAllowed(
            f"this head was not kept: {why}",
            hint="workbench head cosign FILE --ssh-key FILE signs it; keys stand under people: in workbench.yaml",
        )
    require_person(context)
    keep_outside(context, note)  # first: a contradiction must not get lost
    held = Held(checkpoint=note.checkpoint, by=by, of_this=of_this_ledger(context, note.checkpoint))
    if (heard := noted.heard_in_note(context, note, How.RECORD)) is not None:
        noted.hear_aloud(context, [heard])
    if wrong := next(_contradictions(context, [held]), ""):
        raise RecordError(
            f"the record cannot be trusted: {wrong}",
            where=str(context.record.path),
            hint="workbench verify; keep this file as it is, and compare it with a backup",
        )
    existing = context.record.get("cosigned", cosigned_id(note))
    if existing is not None and (kept := kept_note(context.record, existing.decode(Cosigned))) is not None:
        note = kept.joined(note)
        by = holders(checked(note, signers, context.now))
    change = added(existing, note, signers=by, by=context.author().actor, at=context.now)
    commit(context, [change], blobs=[note_blob(note)])
    return msgspec.structs.replace(held, by=by)


def keep_outside(context: Context, note: Note) -> None:
    """The note as a file in the user's data folder, where whoever changes the record does not change it, too."""
    try:
        folder = _folder(context)
        make_private_folder(folder)
        write_whole(folder / f"{cosigned_id(note).replace('/', '-')}.note", note.written, private=True)
    except (OSError, NoDataFolder) as error:
        context.remarks.append(f"the head could not be kept outside the record: {safe_text(str(error), 200)}")


def _folder(context: Context) -> Path:
    return context.data_folder / FOLDER / context.record.info.record_id


# --- comparing ----------------------------------------------------------------------------------------------


def held_heads(context: Context, statements: Sequence[SignedStatement] | None = None) -> list[Held]:
    """Every head that others hold: added ones, those kept outside, and those that signed ``statements`` name."""
    signers = signers_of(context.definitions.project.people)
    found: dict[tuple[str, int, str], Held] = {}
    for note, where in _notes(context):
        if note is not None:
            _add(found, context, note.checkpoint, holders(checked(note, signers, context.now)), where)
    for said in statements if statements is not None else signed_statements(context):
        if said.checkpoint is not None and not said.problem:
            _add(found, context, said.checkpoint, (said.person,), "a signed statement")
    return list(found.values())


def _add(
    found: dict[tuple[str, int, str], Held],
    context: Context,
    end: Checkpoint,
    by: tuple[str, ...],
    where: str,
) -> None:
    key = (end.origin, end.size, end.root)
    before = found[key].by if key in found else ()
    people = tuple(dict.fromkeys((*before, *by)))
    found[key] = Held(checkpoint=end, by=people, of_this=of_this_ledger(context, end), where=where)


def _notes(context: Context) -> Iterator[tuple[Note | None, str]]:
    """Every note that is kept, in the record and outside of it, and where; ``None`` for one that cannot be read."""
    for _, value in cosigned_heads(context.record):
        note = kept_note(context.record, value)
        yield note, "a cosigned head" if note else f"the head at entry {value.size}, kept in the record"
    with suppress(NoDataFolder, OSError):
        for path in sorted(_folder(context).glob("*.note")):
            yield _outside(path), str(path)


def _outside(path: Path) -> Note | None:
    try:
        return read_note(read_regular(path))
    except (OSError, NotReadable):
        return None


def of_this_ledger(context: Context, end: Checkpoint) -> bool:
    """Whether this file's ledger was the one of that head when it had so many entries."""
    _, _, log = end.origin.partition("/")
    record_id, _, desk = log.partition("/")
    return record_id == context.record.info.record_id and context.record.has_log(desk, end.size)


def compare(context: Context) -> Compared:
    """The ledger compared with every head that others hold."""
    statements = signed_statements(context)
    held = [one for one in held_heads(context, statements) if mailbox_of(one.checkpoint.origin) is None]
    mine = [each for each in held if each.of_this]
    others = number_of(len(held) - len(mine), "signed head")
    notes = [*told(statements)]
    notes += [
        f"not compared with {safe_text(where)}: it cannot be read"
        for note, where in _notes(context)
        if note is None
    ]
    if len(held) > len(mine):
        notes.append(f"not compared with {others} of what other desks wrote: each has its own order")
    people = dict.fromkeys(person for each in mine for person in each.by)
    return Compared(
        heads=len(mine),
        by=tuple(people),
        problem=next(_contradictions(context, held), ""),
        notes=tuple(notes),
    )


def _contradictions(context: Context, held: Sequence[Held]) -> Iterator[str]:
    """What of heads does not fit the ledger, or one another."""
    seen: dict[tuple[str, int], Held] = {}
    for each in held:
        other = seen.setdefault((each.checkpoint.origin, each.checkpoint.size), each)
        if other.checkpoint.root != each.checkpoint.root:
            yield (
                f"two heads of one ledger have {each.checkpoint.size} entries and different roots "
                f"({_who(other)}; {_who(each)}): it went on in two ways"
            )
    mine = [each for each in held if each.of_this]
    leaves = context.record.leaves() if mine else []
    roots = merkle.roots(leaves, {each.checkpoint.size for each in mine})
    for each in mine:
        end = each.checkpoint
        if end.size > len(leaves):
            yield (
                f"it ends at entry {len(leaves)}, but {_who(each)} holds a head with {end.size} entries: "
                "its end was cut, or this is an older copy"
            )
        elif roots[end.size].hex() != end.root:
            yield (
                f"its first {end.size} entries are not those whose head {_who(each)} holds: "
                "the ledger was rewritten, or this copy went on separately"
            )


def _who(held: Held) -> str:
    return ", ".join(held.by) or "somebody who is not in the list of people"
