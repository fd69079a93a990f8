"""The key of this project's fingerprints: it lies in the user's data folder, outside record and bundle."""

from __future__ import annotations

import secrets
from pathlib import Path

from workbench.model.errors import RecordUnavailable
from workbench.model.files import make_private_folder, read_regular, write_whole
from workbench.probes.hiding import Hide
from workbench.usecases.context import Context

FOLDER = "fingerprint-keys"
_BYTES = 32


def hide_for(context: Context) -> Hide:
    """What hides secrets of this project on this machine; the key is made when it is first needed.

    ``RecordUnavailable`` where the data folder cannot be read or written: without a key there are
    no fingerprints, and a secret is never shown instead.
    """
    return Hide(_key(context.data_folder / FOLDER, context.record.info.record_id))


def _key(folder: Path, name: str) -> bytes:
    path = folder / name
    try:
        if not path.exists():
            make_private_folder(folder)
            write_whole(path, secrets.token_bytes(_BYTES), private=True)
        key = read_regular(path)
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from None
    if len(key) != _BYTES:
        raise _unusable(path, "it is not a key of this workbench")
    return key


def _unusable(path: Path, why: str) -> RecordUnavailable:
    return RecordUnavailable(
        f"the key for fingerprints of secrets cannot be used: {why}",
        where=str(path),
        hint="make the folder writable, or name another one in WORKBENCH_DATA; a removed key is made anew, "
        "and earlier fingerprints cannot be compared with its own",
    )
