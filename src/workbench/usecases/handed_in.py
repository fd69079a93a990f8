"""What people hand in, freed of what must not be kept: secrets, and codes that steer a terminal."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from enum import Enum
from typing import Any, TypeVar

import msgspec

from workbench.model.cells import clean
from workbench.model.errors import UsageError
from workbench.sources.redact import without_secrets
from workbench.usecases.context import Context

StructT = TypeVar("StructT", bound=msgspec.Struct)
LONGEST = 20_000  # characters of one text: more is a file
# What stands in no text, in whatever encoding its letters are.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# ECMA-48: control sequences, strings such as a window's title, and escapes of two characters; then what is left alone.
_STEERING = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)


class HandedIn:
    """What somebody hands in, without secrets; ``removed`` says in words what was taken out."""

    def __init__(self) -> None:
        self.removed: dict[str, None] = {}

    def data(self, data: bytes) -> bytes:
        clean_, found = without_secrets(data)
        self.removed |= dict.fromkeys(found)
        return clean_

    def text(self, text: str) -> str:
        """A text without secrets."""
        data = text.encode("utf-8", "surrogatepass")
        without = self.data(data)
        return text if without is data else without.decode("utf-8", "replace")

    def words(self, text: str, what: str = "this", most: int | None = LONGEST) -> str:
        """Pasted text as it is kept: without codes that steer a terminal, then without secrets.

        Codes go first: one in the middle of a token would hide it.  ``UsageError`` for more than ``most`` characters.
        """
        plain = clean(text.encode("utf-8", "replace").decode("utf-8"))
        without = _STEERING.sub("", plain)
        if without != plain:
            self.removed["codes that steer a terminal"] = None
        if most is not None and len(without) > most:
            raise UsageError(
                f"{what} is longer than {most:,} characters",
                hint="put it into a file, and attach that; say here what it shows",
            )
        return self.text(without.strip())

    def line(self, text: str, what: str = "this") -> str:
        """The same in one line."""
        return " ".join(self.words(text, what).split())

    def file(self, data: bytes) -> bytes:
        """A text, whatever it is encoded in; anything else stays as it is."""
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            with suppress(UnicodeDecodeError):
                text = data.decode("utf-16")
                without = self.text(text)
                return data if without == text else without.encode("utf-16")
        return data if _CONTROLS.search(data) else self.data(data)

    def tell(self, context: Context) -> None:
        """Say what was taken out, if anything was."""
        if self.removed:
            context.remarks.append(f"removed before saving: {', '.join(self.removed)}")


def typed(context: Context, value: StructT, *but: str) -> StructT:
    """A value as it is kept: without secrets in any text that somebody typed into it; fields in ``but`` stay as they are."""
    handed = HandedIn()
    changed: dict[str, Any] = {}
    for name in value.__struct_fields__:
        said = getattr(value, name)
        if name in but:
            continue
        if isinstance(said, str) and not isinstance(said, Enum):
            changed[name] = handed.text(said)
        elif isinstance(said, tuple) and all(isinstance(one, str) for one in said):
            changed[name] = tuple(map(handed.text, said))
    handed.tell(context)
    return msgspec.structs.replace(value, **changed)


def without_secrets_in(context: Context, text: str) -> str:
    """What somebody typed, however long, without secrets and codes that steer a terminal; they are told what was removed."""
    handed = HandedIn()
    clean_ = handed.words(text, most=None)
    handed.tell(context)
    return clean_
