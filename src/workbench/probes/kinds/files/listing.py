"""Lists of files: of a folder, of ``ls -l``, ``find -printf '%s %p\\n'``, ``aws s3 ls --recursive``, CSV, JSON."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.project_files import RECORD_FOLDER

MOST = 200_000  # files of one environment
_SNIFFED = 16  # bytes
_MAGIC = (
    (b"%PDF", "pdf"), (b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gz"), (b"BM", "bmp"), (b"II*\x00", "tif"), (b"MM\x00*", "tif"), (b"<svg", "svg"),
    (b"OggS", "ogg"), (b"ID3", "mp3"), (b"\xd0\xcf\x11\xe0", "doc"),
)  # fmt: skip
# Types that hold another one by design, and other names of the same.
_ALSO = {
    "zip": {"docx", "xlsx", "pptx", "odt", "ods", "jar", "epub", "apk", "whl"},
    "gz": {"tgz"}, "jpg": {"jpeg"}, "tif": {"tiff"}, "doc": {"xls", "ppt", "msg"},
}  # fmt: skip
_LS = re.compile(r"-\S{9}\S?\s+\d+\s+\S+\s+\S+\s+(?P<size>\d+)\s+\S+\s+\S+\s+\S+\s+(?P<path>.+)\Z")
_S3 = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\s+(?P<size>\d+)\s+(?P<path>.+)\Z")
_FIND = re.compile(r"(?P<size>\d+)\s+(?P<path>.+)\Z")
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,10})\Z")
_PATH, _SIZE = ("path", "name", "key", "file"), ("size", "bytes", "length")
_READS, _TYPE = ("reads", "accesses", "downloads", "hits"), ("type", "format")


class Listed(msgspec.Struct, frozen=True, gc=False):
    """One file: its type (``pdf``; ``none`` without one), bytes, and how often it was read, if the list tells."""

    type: str
    size: int
    reads: int | None = None


def list_folder(root: Path, folder: str) -> bytes:
    """The files of a folder of the project as CSV; links are not followed.  ``SourceError`` where it is none."""
    top = root.resolve()
    place = (top / folder).resolve()
    if not place.is_relative_to(top):
        raise SourceError(f"“{safe_text(folder, 200)}” leads out of the project")
    if not place.is_dir():
        raise SourceError("there is no such folder", where=folder)
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(["path", "size", "type"])
    for number, entry in enumerate(_walk(place)):
        if number >= MOST:
            raise SourceError(
                f"there are more than {MOST:,} files", where=folder, hint="let a command print a part"
            )
        table.writerow(
            [
                os.path.relpath(entry.path, place),
                entry.stat(follow_symlinks=False).st_size,
                _sniffed(entry.path),
            ]
        )
    return written.getvalue().encode("utf-8", "replace")


def _walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                if entry.name == RECORD_FOLDER:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    yield entry


def _sniffed(path: str) -> str:
    """The type that a file's first bytes tell, "" where they tell none."""
    try:
        with Path(path).open("rb") as file:
            start = file.read(_SNIFFED)
    except OSError:
        return ""
    return next((name for magic, name in _MAGIC if start.startswith(magic)), "")


def files_in(data: bytes, where: str) -> list[Listed]:
    """The files of a list; ``SourceError`` where it cannot be read."""
    found = []
    for row in _rows(data, where):
        listed = row if isinstance(row, Listed) else _listed(row)
        if listed is not None:
            found.append(listed)
        if len(found) > MOST:
            raise SourceError(f"it names more than {MOST:,} files", where=where)
    return found


def without(data: bytes, gone: Callable[[Listed], bool]) -> bytes:
    """A list without some of its files, in the form that it had."""
    if _is_json(data):
        return msgspec.json.encode(
            [row for row in _json_rows(data, "") if (one := _listed(row)) is None or not gone(one)]
        )
    lines = data.splitlines(keepends=True)
    if (columns := _columns(data)) is not None:
        head, *rows = lines
        return head + b"".join(
            row for row in rows if not any(map(gone, _of_table(row.decode("utf-8", "replace"), columns)))
        )
    return b"".join(
        line
        for line in lines
        if (one := _of_line(line.decode("utf-8", "replace").strip())) is None or not gone(one)
    )


def _rows(data: bytes, where: str) -> Iterable[Mapping[str, Any] | Listed]:
    if _is_json(data):
        return _json_rows(data, where)
    text = data.decode("utf-8-sig", "replace")
    if (columns := _columns(data)) is not None:
        return _of_table(text.partition("\n")[2], columns)
    return _of_lines(text, where)


def _is_json(data: bytes) -> bool:
    return data.lstrip()[:1] in (b"[", b"{")


def _json_rows(data: bytes, where: str) -> list[Mapping[str, Any]]:
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, ValueError) as error:
        raise SourceError(f"it is no JSON: {safe_text(error, 200)}", where=where) from None
    if isinstance(document, dict):
        document = next((value for value in document.values() if isinstance(value, list)), [])
    return [row for row in document if isinstance(row, dict)]


class _Columns(msgspec.Struct, frozen=True):
    names: list[str]
    divider: str


def _columns(data: bytes) -> _Columns | None:
    """The columns of a table, where the first line names them."""
    head = data.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace").strip().lower()
    divider = next((mark for mark in ("\t", ";", ",") if mark in head), ",")
    names = [name.strip().strip('"') for name in head.split(divider)]
    return _Columns(names, divider) if set(names) & set(_PATH) and set(names) & set(_SIZE) else None


def _of_table(text: str, columns: _Columns) -> Iterator[Listed]:
    reader = csv.DictReader(io.StringIO(text), columns.names, delimiter=columns.divider)
    for row in reader:
        listed = _listed(row)
        if listed is not None:
            yield listed


def _of_lines(text: str, where: str) -> Iterator[Listed]:
    unread, read = "", 0
    for raw in text.splitlines():
        line = raw.strip()
        listed = _of_line(line)
        if listed is not None:
            read += 1
            yield listed
        elif line and not line.endswith(":") and not line.startswith(("total ", "d", "l")):
            unread = unread or line
    if unread and not read:
        raise SourceError(
            f"no line names a file and its size, such as “{safe_text(unread, 80)}”", where=where
        )


def _of_line(line: str) -> Listed | None:
    match = _LS.match(line) or _S3.match(line) or _FIND.match(line)
    return None if match is None else _listed({"path": match["path"], "size": match["size"]})


def _listed(row: Mapping[Any, Any]) -> Listed | None:
    fields = {str(name).lower(): value for name, value in row.items()}
    path, size = _first(fields, _PATH), _whole(_first(fields, _SIZE))
    if not isinstance(path, str) or not path or size is None:
        return None
    told = _first(fields, _TYPE)
    return Listed(_type(path, told if isinstance(told, str) else ""), size, _whole(_first(fields, _READS)))


def _type(path: str, told: str) -> str:
    """The type by the name; where the content tells another, both."""
    match = _EXTENSION.search(path)
    named = match[1].lower() if match else ""
    told = safe_text(told.strip().lower(), 40)
    if not told or told == named or named in _ALSO.get(told, ()):
        return named or "none"
    return f"{named} that holds {told}" if named else told


def _first(fields: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((fields[name] for name in names if fields.get(name) is not None), None)


def _whole(value: Any) -> int | None:
    if isinstance(value, str):
        value = (
            int(value) if value.strip().isascii() and value.strip().isdecimal() and len(value) < 18 else None
        )
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
