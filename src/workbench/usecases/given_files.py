"""Files of results as people give them: as they are, compressed, or several in a ZIP archive."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TypeAlias

import msgspec

from workbench.model.errors import UsageError
from workbench.model.files import open_regular
from workbench.model.text import safe_text
from workbench.sources.keeping import LARGEST_BODY
from workbench.sources.recognising import HEAD

LARGEST_ARCHIVE = 4 * LARGEST_BODY  # bytes of all files of an archive together, unpacked
MOST_FILES = 2_000
_PARTS = 3  # of a path from elsewhere: enough to tell environments apart
_Parts: TypeAlias = tuple[str, ...]
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"


class GivenFile(msgspec.Struct, frozen=True):
    """One file with its content; ``name`` leads out of no folder, ``why_not`` says why it cannot be read.

    ``packed`` is the digest of the archive or the compressed file that it came in.
    """

    name: str
    data: bytes
    written: datetime
    why_not: str = ""
    packed: str = ""

    @property
    def digests(self) -> frozenset[str]:
        """What a list may name it by: its own contents, or those of what it came in."""
        return frozenset({hashlib.sha256(self.data).hexdigest(), self.packed} - {""})


def given_files(paths: Sequence[Path], root: Path, name: str = "") -> list[GivenFile]:
    """The files that were named, archives unpacked; ``UsageError`` for a path that names none.

    ``name`` is what the only one is called.
    """
    read = [(one, _parts_of(one, path, root)) for path in paths for one in _of_path(path, root)]
    found = _told_apart(read)
    if name:
        if len(found) != 1:
            raise UsageError("--name is for one file", hint="import the others in a call of their own")
        return [msgspec.structs.replace(found[0], name=_safe(name))]
    if len(found) > MOST_FILES:
        raise UsageError(f"these are more than {MOST_FILES:,} files", hint="import them in several calls")
    return found


def _told_apart(read: Sequence[tuple[GivenFile, _Parts]]) -> list[GivenFile]:
    """Each file once, and no two by one name: such names get as many folders more as it takes."""
    given = list({(one.name, one.data): (one, parts) for one, parts in read}.values())
    same: dict[str, list[_Parts]] = {}
    for one, parts in given:
        same.setdefault(one.name, []).append(parts)
    return [
        one
        if len(same[one.name]) == 1
        else msgspec.structs.replace(one, name=_apart(one, parts, number, same))
        for number, (one, parts) in enumerate(given, 1)
    ]


def _apart(one: GivenFile, parts: _Parts, number: int, same: Mapping[str, Sequence[_Parts]]) -> str:
    for length in range(one.name.count("/") + 2, len(parts) + 1):
        end = parts[-length:]
        if sum(other[-length:] == end for other in same[one.name]) == 1:
            return _safe("/".join(end))
    return f"{number}/{one.name}"  # an archive may hold two of one name


def _parts_of(one: GivenFile, path: Path, root: Path) -> _Parts:
    """The whole path of a file, on into the archive that it came in."""
    inside = one.name.removeprefix(_name(path, root)) if one.name.startswith(f"{_name(path, root)}/") else ""
    return (*path.resolve().parts[1:], *PurePosixPath(inside.lstrip("/")).parts)


def _of_path(path: Path, root: Path) -> Iterator[GivenFile]:
    if path.is_dir():
        raise UsageError(f"{path} is a folder", hint=f"name the files in it: {path}/*")
    try:
        with open_regular(path) as file:
            data = file.read(LARGEST_BODY + 1)
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(
            f"{path} cannot be read: {safe_text(reason or error, 200)}", hint="check the path"
        ) from None
    name = _name(path, root)
    if len(data) > LARGEST_BODY:
        yield GivenFile(name, data[:HEAD], written, _TOO_LARGE)
    elif data.startswith((_ZIP, _GZIP)):
        packed = hashlib.sha256(data).hexdigest()
        unpacked = (
            _of_archive(name, data, written) if data.startswith(_ZIP) else [_of_gzip(name, data, written)]
        )
        yield from (msgspec.structs.replace(one, packed=packed) for one in unpacked)
    else:
        yield GivenFile(name, data, written)


_TOO_LARGE = (
    f"it is larger than {LARGEST_BODY // 2**20} MiB, the most that is kept as evidence; put it below the project, and name "
    "it under “files” of a source: there it is read in pieces"
)


def _name(path: Path, root: Path) -> str:
    """A path of the project as it is there; of another one the last parts."""
    real = path.resolve()
    if real.is_relative_to(root.resolve()):
        return real.relative_to(root.resolve()).as_posix()
    named = path.parts if not path.is_absolute() and ".." not in path.parts else real.parts[1:]
    return _safe(PurePosixPath(*named[-_PARTS:]).as_posix())


def _safe(name: str) -> str:
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", "..", ".")]
    return safe_text("/".join(parts), 300) or "a file without a name"


def _of_gzip(name: str, data: bytes, written: datetime) -> GivenFile:
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = inflater.decompress(data, LARGEST_BODY + 1)
    except zlib.error as error:
        return GivenFile(name, b"", written, f"it cannot be unpacked: {error}")
    if len(plain) > LARGEST_BODY:
        return GivenFile(name, b"", written, _TOO_LARGE)
    if not inflater.eof:
        return GivenFile(name, b"", written, "it cannot be unpacked: it is cut off")
    if inflater.unused_data:
        return GivenFile(name, b"", written, "it holds several compressed parts; unpack it first")
    return GivenFile(name.removesuffix(".gz"), plain, written)


def _of_archive(name: str, data: bytes, written: datetime) -> Iterator[GivenFile]:
    import io
    import zipfile  # for archives alone

    room = LARGEST_ARCHIVE
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) > MOST_FILES:
                raise UsageError(f"{name} holds more than {MOST_FILES:,} files", hint="unpack it first")
            for member in members:
                inner = f"{name}/{_safe(member.filename)}"
                if member.flag_bits & 1:
                    yield GivenFile(inner, b"", written, "it is encrypted")
                    continue
                with archive.open(member) as file:  # what its header says of its size is not believed
                    plain = file.read(LARGEST_BODY + 1)
                room -= len(plain)
                if room < 0:
                    raise UsageError(
                        f"{name} holds more than {LARGEST_ARCHIVE // 2**20} MiB", hint="unpack it first"
                    )
                yield (
                    GivenFile(inner, plain, _moment(member.date_time, written))
                    if len(plain) <= LARGEST_BODY
                    else GivenFile(inner, plain[:HEAD], written, _TOO_LARGE)
                )
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
        raise UsageError(f"{name} cannot be unpacked: {safe_text(error, 200)}") from None


def not_plain(data: bytes) -> tuple[str, str] | None:
    """Why nobody can say what a file is that is packed or written in another way, and what helps."""
    if data[257:262] == b"ustar" or data.startswith((_ZIP, _GZIP)):
        return "it is an archive", "unpack it, and import what is in it"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "it is text in UTF-16", "write it in UTF-8; in PowerShell: | Out-File -Encoding utf8 FILE"
    return None


def _moment(said: tuple[int, int, int, int, int, int], written: datetime) -> datetime:
    """When a file of an archive was written, as the archive says, whose clock had no zone: never later than itself."""
    year, month, day, hour, minute, second = said
    try:
        return min(datetime(year, month, day, hour, minute, second, tzinfo=UTC), written)
    except ValueError:
        return written
