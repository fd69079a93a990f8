"""Writing a bundle: a folder or an archive that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from workbench.model.canonical import sha256
from workbench.model.errors import UsageError
from workbench.model.files import flush, spare_name, write_pieces, write_whole
from workbench.model.text import safe_text
from workbench.signoff.ssh_signatures import Namespace
from workbench.usecases.bundling import archives
from workbench.usecases.bundling.archives import File
from workbench.usecases.bundling.collecting import Collected, collect
from workbench.usecases.bundling.judging import as_json
from workbench.usecases.bundling.names import check_name, check_twins
from workbench.usecases.bundling.shapes import INDEX, SIGNATURE, SUMS, Index
from workbench.usecases.context import Context
from workbench.usecases.output_files import name_part
from workbench.usecases.ssh_signing import SigningKey, Tell, signed_with_own

_ARCHIVES = {".zip": archives.zip_pieces, ".tar.gz": archives.tar_gz_pieces}


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle that was written: where, its index, how many files and bytes, the index's digest, and the key that signed it."""

    path: Path
    index: Index
    files: int
    size: int
    digest: str
    key: str = ""


def make(
    context: Context,
    to: Path,
    *,
    overwrite: bool = False,
    key: SigningKey | None = None,
    tell: Tell | None = None,
    asks: bool = True,
) -> Made:
    """Write the bundle of the current release to a folder, a ``.zip`` or a ``.tar.gz``, as the name ends.

    With a ``key`` of the person who sits here, which counts today whatever moment is judged, its index is signed; ``tell`` is told what is waited for, and with ``asks`` the terminal may
    be asked for a passphrase.  ``UsageError`` where the place is taken, unless ``overwrite``, or cannot be written; then nothing is left behind.
    """
    _check_place(to, overwrite)
    collected = collect(context, with_key=key is not None)
    data = as_json(collected.index)
    signature = (
        signed_with_own(context, data, key, Namespace.BUNDLE, asks=asks, tell=tell)
        if key is not None
        else None
    )
    files = _files(context, collected, data, signature.armored if signature is not None else b"")
    _write(to, folder_of(collected.index), files)
    return Made(
        path=to,
        index=collected.index,
        files=len(files),
        size=sum(file.size for file in files),
        digest=sha256(data),
        key=signature.fingerprint if signature is not None else "",
    )


def folder_of(index: Index) -> str:
    """The folder within an archive: ``web-shop-2.14.0-bundle``."""
    return f"{name_part(index.project)}-{name_part(index.release)}-bundle"


def sums(listed: Iterator[tuple[str, str]]) -> bytes:
    """``SHA256SUMS`` of paths with their digests."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(listed)).encode()


def _files(context: Context, collected: Collected, index: bytes, signature: bytes) -> list[File]:
    items = {item.line.path: item for item in collected.items}
    digests = {path: item.line.sha256 for path, item in items.items()} | {INDEX: sha256(index)}
    own = {INDEX: index}
    if signature:
        own[SIGNATURE], digests[SIGNATURE] = signature, sha256(signature)
    own[SUMS] = sums(iter(digests.items()))
    files = [
        File(path, item.line.size, lambda item=item: item.read(context))  # type: ignore[misc]
        for path, item in items.items()
    ]
    files += [File(path, len(data), lambda data=data: data) for path, data in own.items()]  # type: ignore[misc]
    files.sort(key=lambda file: file.path)
    for file in files:
        check_name(file.path)
    check_twins(file.path for file in files)
    return files


def _ending(to: Path) -> str:
    return next((ending for ending in _ARCHIVES if to.name.lower().endswith(ending)), "")


def _check_place(to: Path, overwrite: bool) -> None:
    where = safe_text(to)
    if os.path.lexists(to):
        if not overwrite:
            raise UsageError(
                f"{where} exists already; nothing was written", hint="choose another name, or --overwrite"
            )
        if to.is_dir() and (_ending(to) or not (to / INDEX).is_file()) and any(to.iterdir()):
            raise UsageError(
                f"{where} is a folder that holds no bundle; it was left alone", hint="choose another name"
            )
    if to.suffix.lower() in (".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar") and not _ending(to):
        raise UsageError(
            f"a bundle is a folder, a .zip or a .tar.gz, not “{to.suffix}”",
            where=where,
            hint="choose another ending",
        )
    if not to.absolute().parent.is_dir():
        raise UsageError(
            f"there is no folder {safe_text(to.absolute().parent)}", hint="make it first, or choose another"
        )


def _write(to: Path, folder: str, files: list[File]) -> None:
    try:
        if ending := _ending(to):
            write_pieces(to, _ARCHIVES[ending](_within(folder, files)))
        else:
            _write_folder(Path(os.path.realpath(to)), files)
    except OSError as error:
        raise UsageError(
            f"the bundle cannot be written: {error.strerror}",
            where=safe_text(to),
            hint="choose a folder that you may write to and that has room",
        ) from None


def _within(folder: str, files: list[File]) -> list[File]:
    return [msgspec.structs.replace(file, path=f"{folder}/{file.path}") for file in files]


def _write_folder(to: Path, files: list[File]) -> None:
    """A folder under a spare name, which takes its own once all of it is on disk."""
    part = spare_name(to)
    try:
        for file in files:
            path = part / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, file.read())
        flush(part)
        old = spare_name(to)
        if os.path.lexists(to):
            to.rename(old)
        part.rename(to)
        _remove(old)
        flush(to.parent)
    finally:
        _remove(part)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
