"""Values of configuration as parameters: secrets are fingerprints from here on, and lists are one text."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import PurePosixPath

import msgspec

from workbench.model.errors import SourceError
from workbench.probes.captured import Capture, Change, Parameter, Piece, Snapshot, path_of
from workbench.probes.hiding import Hide, holds_fingerprint, is_fingerprint
from workbench.sources.configuration.flatten import Value, written_list
from workbench.sources.configuration.naming import WORD
from workbench.sources.configuration.reading import Reading, read
from workbench.sources.configuration.tree import THEN, Unreadable

LONGEST = 400  # characters of a value that is kept as it is
FILE = "file"  # the fact of a piece that says which file it is
_LONGEST_LIST = 20_000
_BEGINNING = 60
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_TELLING = (
    "host",
    "hostname",
    "path",
    "url",
    "from",
    "to",
    "type",
    "source",
    "target",
    "port",
)  # tried first


class Placed(msgspec.Struct, frozen=True, gc=False):
    """A value and the file that it stands in."""

    value: Value
    file: str


class Tree(msgspec.Struct, frozen=True):
    """All values of some files by path, the lists among them whose members have names, and what to know of them."""

    values: dict[str, Placed]
    lists: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def tree_of(pieces: Iterable[Piece], read_one: Callable[[Piece], Reading] | None = None) -> Tree:
    """All values of some files, each under its file's name; a manifest under its own, whichever file it stands in.

    ``SourceError`` for a file that cannot be read: what stands in it would be missing, and not seen to be.
    """
    values: dict[str, Placed] = {}
    notes: list[str] = []
    lists: set[str] = set()
    read_ones = [(piece, (read_one or reading_of)(piece)) for piece in pieces]
    often = Counter(name for _, reading in read_ones for name in _manifests(reading))
    for piece, reading in read_ones:
        start = f"{piece.name}/" if piece.name else ""
        file = file_of(piece)
        own = {name for name in _manifests(reading) if often[name] == 1 and not name.endswith("/-")}

        def at(path: str, own: set[str] = own, start: str = start, name: str = piece.name) -> str:
            if own and _manifest(path) in own:
                return path
            return start + path if path else name or "value"

        values |= {visible(at(path)): Placed(value, file) for path, value in reading.values.items()}
        lists |= {visible(at(path)) for path in reading.lists}
        notes += [_told(file, note.line, note.what) for note in reading.notes]
    return Tree(values, frozenset(lists), tuple(notes))


def _manifests(reading: Reading) -> set[str]:
    return {_manifest(path) for path in reading.values} if reading.manifests else set()


def _manifest(path: str) -> str:
    """Kind and name of the manifest that a path begins with."""
    return "/".join(path.split("/", 2)[:2])


def snapshot_of(capture: Capture, hide: Hide) -> Snapshot:
    """All parameters of the files of a capture; see :func:`tree_of`."""
    tree = tree_of(capture.pieces)
    own = own_folders(file_of(piece) for piece in capture.pieces)
    return Snapshot(
        {path: parameter(placed.value, hide, own) for path, placed in tree.values.items()}, tree.notes
    )


def reading_of(piece: Piece) -> Reading:
    """What a file of a capture holds; ``SourceError`` where it cannot be read."""
    try:
        return read(file_of(piece), piece.data)
    except Unreadable as error:
        name = file_of(piece)
        raise SourceError(error.what, where=f"{name}:{error.line}" if error.line else name) from None


def file_of(piece: Piece) -> str:
    """Where a piece really comes from: what it is called is the same in both environments."""
    return str(piece.facts.get(FILE, piece.name))


def _told(name: str, line: int, what: str) -> str:
    return f"{name}:{line}: {what}" if line else f"{name}: {what}" if name else what


def parameter(value: Value, hide: Hide, own: Collection[str] = ()) -> Parameter:
    """A value as it may be shown and kept.

    ``own`` are folders of this environment: a path that leads there has ``*`` in the place of its word, since
    each environment naming its own folder is no difference.
    """
    if value.members:
        return _list(value, hide, own)
    if value.secret and value.text:
        return Parameter(_hidden(value.text, hide), secret=True)
    if len(value.text) > LONGEST:
        return Parameter(visible(_shortened(value.text)))
    text = _without_own(value.text, own) if own and "/" in value.text else value.text
    return Parameter(visible(text), secret=holds_fingerprint(text))


def visible(text: str) -> str:
    """A text in which what cannot be seen is written as its number: it steers nothing, and is compared all the same."""
    return text if text.isprintable() else _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def own_folders(files: Iterable[str]) -> frozenset[str]:
    """The folders among those of these files whose own name is the word of an environment."""
    folders = {folder.as_posix() for file in files for folder in PurePosixPath(file).parents}
    return frozenset(folder for folder in folders if WORD.fullmatch(folder.rpartition("/")[2]))


def _without_own(text: str, own: Collection[str]) -> str:
    """``./staging`` or ``@repository/apps/staging/**`` with ``*`` for the word, where such a folder is there."""
    if "://" in text or text.startswith("/"):
        return text
    parts = text.split("/")
    for at, part in enumerate(parts):
        if WORD.fullmatch(part):
            above = "/".join(one for one in parts[: at + 1] if one not in ("", ".", "..") and one[0] != "@")
            if any(folder == above or folder.endswith("/" + above) for folder in own):
                parts[at] = "*"
    return "/".join(parts)


def _hidden(text: str, hide: Hide) -> str:
    """The fingerprint of a secret; of each of two that stand under one name."""
    return THEN.join(hide(part) if part else "" for part in text.split(THEN))


def _list(value: Value, hide: Hide, own: Collection[str]) -> Parameter:
    if value.secret:
        texts = [hide(member[""].text) for member in value.members]
        return Parameter(written_list(texts, ordered=value.ordered), secret=True)
    members = [
        {path: parameter(held, hide, own).text for path, held in member.items()} for member in value.members
    ]
    written = sorted(json.dumps(member, ensure_ascii=False, sort_keys=True) for member in members)
    text = f"[{', '.join(written)}]"
    return Parameter(text if len(text) <= _LONGEST_LIST else _shortened(text), secret=holds_fingerprint(text))


def _shortened(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{text[:_BEGINNING]}… ({len(text):,} characters, SHA-256 {digest})"


# --- what differs within a list ---------------------------------------------------------------


def refined(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The same changes; of a list that differs only the members, and of these only the values, that differ."""
    return tuple(part for change in changes for part in _within(change))


def _within(change: Change) -> Iterator[Change]:
    ours, theirs = _members(change.staging), _members(change.production)
    if not ours or not theirs:
        yield change
        return
    field = _telling(ours, theirs)
    for member in [one for one in ours if one in theirs]:
        if member in theirs:
            ours.remove(member)
            theirs.remove(member)
    for name, one, other in _paired(ours, theirs, field):
        path = f"{change.path}/{path_of(name)}"
        if one is None or other is None:
            yield _changed(path, None if one is None else _line(one), None if other is None else _line(other))
            continue
        for at in sorted(one.keys() | other.keys()):
            if one.get(at) != other.get(at):
                yield _changed(f"{path}/{at}" if at else path, one.get(at), other.get(at))


def _changed(path: str, staging: str | None, production: str | None) -> Change:
    secret = holds_fingerprint(staging or "") or holds_fingerprint(production or "")
    return Change(path=path, staging=staging, production=production, secret=secret)


def _members(text: str | None) -> list[dict[str, str]]:
    """The members of a list as :func:`parameter` wrote it; none where it is no such list."""
    if text is None or not text.startswith("[{"):
        return []
    try:
        found = json.loads(text)
    except ValueError:
        return []
    whole = all(isinstance(member, dict) for member in found)
    return [{str(path): str(value) for path, value in member.items()} for member in found] if whole else []


_Pair = tuple[str, dict[str, str] | None, dict[str, str] | None]


def _paired(ours: list[dict[str, str]], theirs: list[dict[str, str]], field: str) -> Iterator[_Pair]:
    """Which member is compared with which: by what tells them apart, or else one after the other."""
    if field:
        names = {member[field]: member for member in ours}, {member[field]: member for member in theirs}
        for name in dict.fromkeys((*names[0], *names[1])):
            yield name, names[0].get(name), names[1].get(name)
        return
    most = max(len(ours), len(theirs))
    for number in range(most):
        one = ours[number] if number < len(ours) else None
        other = theirs[number] if number < len(theirs) else None
        yield str(number + 1), one, other


def _telling(ours: list[dict[str, str]], theirs: list[dict[str, str]]) -> str:
    """A value that every member has, no two the same, and that some of both lists share; "" where there is none."""
    if not ours or not theirs or len(ours) == len(theirs) == 1:
        return ""
    shared = set.intersection(*(set(member) for member in (*ours, *theirs)))
    for field in (*_TELLING, *sorted(shared.difference(_TELLING))):
        if field not in shared:
            continue
        one, other = {member[field] for member in ours}, {member[field] for member in theirs}
        alone = len(one) == len(ours) and len(other) == len(theirs)
        if alone and one & other and not any(is_fingerprint(name) for name in one | other):
            return field
    return ""


def _line(member: dict[str, str]) -> str:
    return ", ".join(f"{path}: {value}" if path else value for path, value in member.items())
