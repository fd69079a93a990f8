"""Errors that people read: what happened, where, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from workbench.model.text import safe_text


class WorkbenchError(Exception):
    """Anything that goes wrong for a reason a person can act on.

    ``what`` says what happened, ``where`` names the file and line or the source
    and request, ``hint`` says what to do.  ``exit_code`` is the command line's.
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return "\n".join(part for part in (self.what, self.where, self.hint) if part)


class OurMistake(WorkbenchError):
    """Something that the program did not foresee: told like any other error, and never the end of the app."""

    exit_code = 70

    @classmethod
    def of(cls, error: BaseException) -> OurMistake:
        """What is said about an error that nobody foresaw."""
        return cls(
            f"sorry, that is a mistake of ours: {type(error).__name__}: {safe_text(error, 300)}",
            hint="nothing was half-written: a change is recorded whole or not at all; please report it, with what "
            "you did",
        )


class UsageError(WorkbenchError):
    """The command or the form was filled in wrongly."""


class NotTrusted(WorkbenchError):
    """The project's files may not run, read or reach anything yet."""


class NotAllowed(WorkbenchError):
    """A rule of the release process forbids this act (a policy, a freeze, a role)."""


class Problem(msgspec.Struct, frozen=True):
    """One mistake in a definition file.

    ``line`` and ``column`` count from 1; 0 means that the file as a whole is meant.
    ``severity`` is ``error`` or ``warning``.
    """

    file: str
    line: int
    column: int
    what: str
    hint: str | None = None
    severity: str = "error"

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class DefinitionError(WorkbenchError):
    """The team's files have mistakes: all of them, in reading order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        count = len(self.problems)
        what = first.what if count == 1 else f"{first.what} (and {count - 1} more)"
        super().__init__(what, where=first.where, hint=first.hint)


class SourceError(WorkbenchError):
    """A source could not be asked, or answered with something unusable."""

    exit_code = 3


class RecordError(WorkbenchError):
    """The record cannot be trusted or cannot be read as a record."""

    exit_code = 4


class RecordUnavailable(WorkbenchError):
    """The record is sound as far as we know, but cannot be opened or written now."""


class RecordMoved(WorkbenchError):
    """Somebody wrote to the record after what an act rests on was judged; nothing was written."""


class StaleChange(WorkbenchError):
    """Somebody else changed the same fields since the screen was read.

    ``mine`` and ``theirs`` hold the whole values, ``fields`` the names that collide.
    """

    def __init__(
        self,
        what: str,
        *,
        mine: Mapping[str, Any] | None,
        theirs: Mapping[str, Any] | None,
        fields: Sequence[str] = (),
        hint: str | None = None,
    ) -> None:
        super().__init__(what, hint=hint)
        self.mine = mine
        self.theirs = theirs
        self.fields = tuple(fields)
