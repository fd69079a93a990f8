"""The excerpt: a pack for machines that have no record, and what judges from it."""

from __future__ import annotations

import weakref
from pathlib import Path

import msgspec

from workbench.benchmarks import measurements
from workbench.criteria import Need
from workbench.definitions import Definitions
from workbench.model.errors import NotAllowed, UsageError, WorkbenchError
from workbench.model.files import open_regular
from workbench.model.times import Clock
from workbench.record import Head, Record
from workbench.record.packs import EXCERPT, About, Pack, Selection, decode_pack, encode_pack, read_log
from workbench.releases import model as releases
from workbench.releases.model import Held
from workbench.signoff.ssh_signatures import LARGEST, Namespace, check, signers_of
from workbench.usecases import nouns, soundness
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate, resolve_all
from workbench.usecases.opening import with_record
from workbench.usecases.output_files import name_part
from workbench.usecases.project import Options, read_definitions
from workbench.usecases.ssh_signing import Tell, signed_as_own

FORMAT_1 = "workbench.excerpt.1"
_MADE = "workbench excerpt --output FILE makes one"


def excerpt(context: Context) -> bytes:
    """The text that CI and a second machine judge from: the same record gives the same bytes."""
    soundness.check_record(context, everything=True)
    held = releases.find(context.record, context.release)
    aside = tuple(one for one in context.record.aside() if one.entity) or None
    about = About(held.release.version, context.definitions.digest, aside)
    pack = context.record.pack(Selection(EXCERPT), about, samples(context, held))
    log = msgspec.structs.replace(pack.log, root=context.record.checkpoint(pack.log.size).root)
    return encode_pack(msgspec.structs.replace(pack, log=log))


def samples(context: Context, held: Held) -> list[str]:
    """The samples that verdicts on the candidate rest on: those of every look at it, and of the baselines."""
    asked = {one.key for one in resolve_all(context, context.now) if Need.SAMPLES in one.needs}
    if not asked:
        return []
    found = [judged.baseline for judged in evaluate(context).judged if judged.key in asked]
    for key in sorted(asked):
        looks = measurements.history(context.record, key)
        found += [item for item, _ in looks if item.candidate == held.candidate_id]
    return [digest for item in found if item is not None and (digest := item.data or item.trend)]


def default_name(context: Context) -> str:
    """The name of an excerpt in a folder: ``VERSION.excerpt.jsonl``, which ``verify`` looks for."""
    version = releases.find(context.record, context.release).release.version
    return f"{name_part(version)}.excerpt.jsonl"


def digest_of(text: bytes) -> str:
    """The digest that the head of an excerpt names."""
    found: str = msgspec.json.decode(text.partition(b"\n")[0])["digest"]
    return found


def seal(context: Context, data: bytes, said: str, *, asks: bool = True, tell: Tell | None = None) -> bytes:
    """The signature of the key that ``--ssh-key`` names over an excerpt, for a file beside it."""
    return signed_as_own(context, data, said, Namespace.EXCERPT, asks=asks, tell=tell).armored


def seal_of(path: Path) -> Path:
    """The file with the signature over an excerpt, as ``ssh-keygen`` names it."""
    return path.with_name(path.name + ".sig")


def from_excerpt(options: Options, path: Path, *, sealed: bool = False) -> Context:
    """A context that judges from an excerpt: a record made from it for this one call.

    An excerpt with a signature beside it is judged from only where that holds: by the people of the
    project's files here, never by what it says itself.  Without one, whoever can write the file can change what
    it says, and every report says that it is unsealed; ``sealed`` refuses it then.
    """
    root, definitions = read_definitions(options)
    data = _bytes(path)
    by = _sealed_by(definitions, path, data, required=sealed)
    pack = _read(path, data)
    if pack.project != definitions.project.project:
        raise UsageError(
            f"this excerpt is of project {pack.project}, not {definitions.project.project}", where=str(path)
        )
    if options.release is None and pack.about.release is not None:
        options = msgspec.structs.replace(options, release=pack.about.release)
    context = judged_from(pack, root, definitions, options, str(path))
    return msgspec.structs.replace(context, sealed=by)


def _sealed_by(definitions: Definitions, path: Path, data: bytes, *, required: bool) -> str:
    """Who sealed an excerpt, in words; "" where nobody did.  ``NotAllowed`` where the seal does not hold."""
    beside = seal_of(path)
    if not beside.exists():
        if required:
            raise NotAllowed(
                f"{path} is not sealed: nobody has signed it",
                hint="workbench excerpt --output FILE --ssh-key FILE seals it; its .sig file has to be beside it",
            )
        return ""
    try:
        with open_regular(beside) as file:
            armored = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{beside} cannot be read: {error.strerror}") from None
    checked = check(signers_of(definitions.project.people), data, armored, Namespace.EXCERPT, Clock().now())
    if not checked.holds:
        raise NotAllowed(
            f"{path} is refused, because its seal does not hold: {checked.problem}",
            where=str(beside),
            hint="have it made and sealed again; whose keys count stands under people: in workbench.yaml",
        )
    return f"sealed with {checked.fingerprint} of {checked.person}"


def judged_from(pack: Pack, root: Path, definitions: Definitions, options: Options, where: str) -> Context:
    """A context around a record that is made from a pack for this one call; ``where`` is what errors name.

    ``UsageError`` where it holds what cannot be judged from.
    """
    import tempfile

    folder = tempfile.TemporaryDirectory(prefix="workbench-excerpt-")
    record = None
    try:
        record = Record.from_excerpt(Path(folder.name) / "record.db", nouns.NOUNS, pack)
        _read_back(record)
    except (
        WorkbenchError,
        msgspec.MsgspecError,
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        if record is not None:
            record.close()
        folder.cleanup()
        why = f": {error}" if isinstance(error, UsageError) else ""
        raise UsageError(
            f"{where} holds something that cannot be read{why}",
            hint="was it made by a newer workbench? make it again with workbench excerpt",
        ) from None
    weakref.finalize(record, folder.cleanup)
    return msgspec.structs.replace(with_record(root, definitions, record, options), excerpt=True)


def _read_back(record: Record) -> None:
    """Every value is one that a gate can be judged from."""
    for kind in record.kinds:
        for stored in record.all(kind.name):
            stored.decode(kind.shape)
        if kind.read_back is not None:
            kind.read_back(record)


def _bytes(path: Path) -> bytes:
    try:
        with open_regular(path) as file:
            return file.read()
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", hint="workbench excerpt makes one"
        ) from None


def _read(path: Path, data: bytes) -> Pack:
    if f'"schema":"{FORMAT_1}"'.encode() in data.partition(b"\n")[0][:4096]:
        raise UsageError(
            f"{path} was made by an older workbench, without a digest that shows whether it was changed",
            hint="make it again: workbench excerpt --output FILE",
        )
    pack = decode_pack(data, f"the excerpt {path}")
    if pack.selection.name != EXCERPT:
        raise UsageError(f"{path} is a pack for another desk, not an excerpt", hint=_MADE)
    return pack


def head_of(path: Path) -> tuple[str, str, Head]:
    """Of which record an excerpt is, of which desk's ledger, and the end that it names.

    The desk is empty for an excerpt of format 1.  ``ValueError`` or ``OSError`` where it cannot be read.
    """
    with open_regular(path) as file:
        first = file.readline(1_000_000).rstrip(b"\n")
    found = read_log(first)
    if found is not None:
        record, log = found
        return record, log.desk, Head(log.size, log.digest, log.chain)
    old = msgspec.json.decode(first)
    return old["record"], "", msgspec.convert(old["head"], Head)
