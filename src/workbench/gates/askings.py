"""An asking: a gate that was asked outside, in CI, what it said, and whether somebody went on anyway."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.record import Change, Column, EntityKind, Record, Titles

SCHEMA = "workbench.asking.1"


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """Where a gate was asked from: a CI system's job, or nothing where it was asked by hand.

    ``who`` started the job, ``url`` is where its run is shown, ``commit`` what it had checked out.
    """

    system: str = ""
    who: str = ""
    what: str = ""
    url: str = ""
    commit: str = ""
    repository: str = ""


class JudgedFrom(msgspec.Struct, frozen=True, kw_only=True):
    """What was judged from: ``record``, ``excerpt`` or ``bundle``, and the ledger's last entry that it held.

    ``digest`` is the last entry's, ``size`` how many there were, ``file`` the digest of an excerpt or bundle.
    """

    sort: str
    record: str
    desk: str = ""
    digest: str
    size: int
    file: str = ""


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """One asking of a gate, as the note of it says.

    ``exit_code`` is what the gate deserved; with ``advisory`` the job went on all the same.  ``stops`` counts the
    lines that kept it from passing.  ``note`` is the digest of the note, ``brought_by`` who brought it home.
    """

    project: str
    release: str
    candidate: str = ""
    gate: str
    state: str
    exit_code: int
    advisory: bool = False
    stops: int = 0
    asked_at: datetime
    judged_from: JudgedFrom
    ask: Ask = Ask()
    tool: str = ""
    note: str = ""
    brought_by: str = ""
    brought_at: datetime | None = None

    @property
    def passed(self) -> bool:
        return self.exit_code == 0

    @property
    def went_on(self) -> bool:
        """Whether the gate was blocked and the job was told to go on."""
        return self.advisory and not self.passed


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    gate = str(value.get("gate", ""))
    said = "passed" if value.get("exit_code") == 0 else "not passed"
    anyway = ", went on anyway" if value.get("advisory") and value.get("exit_code") != 0 else ""
    return f"{titles('gate', gate) or gate} of {value.get('release', '')}: {said}{anyway}"


ENTITIES = (
    EntityKind(
        "asking",
        Asking,
        columns=(Column("release"), Column("gate"), Column("asked_at")),
        thing="an asking of",
        many="askings of gates",
        title=_title,
        stays=lambda value: True,  # it was said, whether or not somebody would rather not have asked
    ),
)


def askings(record: Record, release: str | None = None) -> list[Asking]:
    """The askings of a release, or of all, the earliest first."""
    where, args = ("release = ?", (release,)) if release is not None else ("", ())
    found = [row.decode(Asking) for row in record.all("asking", where, args)]
    return sorted(found, key=lambda one: (one.asked_at, one.note))


def brought_change(value: Asking) -> Change:
    """The change that keeps one; it goes by its note, so that the same note is the same asking at every desk."""
    return Change("asking", value.note, "brought", plain(value))
