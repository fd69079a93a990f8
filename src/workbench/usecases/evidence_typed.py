"""Evidence as a person types it in one line: a link, the path of a file, or a note.

What looks like a path has to be there: a mistyped one would be kept as a note, and the item would
be done without its evidence.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from workbench.model.errors import UsageError
from workbench.model.text import safe_text

AS_NOTE = "note:"
LONGEST_PATH = 1000
_BEGINNINGS = ("/", "./", "../", "~/", "~", ".\\", "..\\")
_ENDING = re.compile(
    r"\S\.(7z|avi|bmp|bz2|csv|diff|docx?|eml|gif|gz|har|html?|jpe?g|jsonl?|log|md|mov|mp4|od[pst]|patch|pcap|pdf|png"
    r"|pptx?|rar|rst|rtf|sql|svg|tar|tgz|tiff?|tsv|txt|webm|webp|xlsx?|xml|ya?ml|zip)(?=[\s.,;:!?)]*(\s|$))",
    re.IGNORECASE,
)


class Given(msgspec.Struct, frozen=True):
    """What was handed in; one of the three is set."""

    link: str = ""
    file: Path | None = None
    note: str = ""


def read_evidence(text: str, folder: Path | None = None) -> Given:
    """What a person means by a line of text; paths are looked for in ``folder``, or where one stands.

    ``UsageError`` for what looks like a path and is none: ``note:`` before it says that it is a note.
    """
    text = text.strip()
    if text.casefold().startswith(AS_NOTE):
        return Given(note=text[len(AS_NOTE) :].strip())
    if text.casefold().startswith(("http://", "https://")):
        return Given(link=text)
    path = _file(text, folder)
    if path is not None:
        return Given(file=path)
    if looks_like_a_path(text):
        raise UsageError(
            f"there is no file {safe_text(text, 200)}",
            hint=f"check the path; a link begins with https://, and “{AS_NOTE} …” keeps the words as a note",
        )
    return Given(note=text)


def looks_like_a_path(text: str) -> bool:
    """Whether somebody who types this means a file: it begins or ends like one, or is one word with a ``/``."""
    words = text.split()
    if text.startswith(_BEGINNINGS) or (len(words) == 1 and ("/" in text or "\\" in text)):
        return True
    return _ENDING.search(text) is not None


def _file(text: str, folder: Path | None) -> Path | None:
    if not text or len(text) > LONGEST_PATH or "\0" in text:
        return None
    try:
        path = Path(text).expanduser()
        path = path if folder is None else folder / path
        return path if path.is_file() else None
    except (OSError, RuntimeError, ValueError):  # no home, a name that no file can have
        return None
