"""The release record: ledger, projected tables, evidence, verification, copies.

Knows no rule of the domain: rooms describe their entities with :class:`EntityKind` and
hand in :class:`Change`.
"""

from workbench.record.schema import OtherVersion
from workbench.record.shapes import (
    ActPart,
    ActView,
    Aside,
    Author,
    Blob,
    Change,
    Checkpoint,
    Column,
    Commit,
    Condition,
    Contested,
    Desk,
    EntityKind,
    EntryView,
    FanOut,
    Head,
    Info,
    Known,
    Report,
    Stored,
    Taken,
    Titles,
    Version,
    first_that,
    imported_rows,
    strictest,
    title_from,
)
from workbench.record.store import Record

__all__ = [
    "ActPart",
    "ActView",
    "Aside",
    "Author",
    "Blob",
    "Change",
    "Checkpoint",
    "Column",
    "Commit",
    "Condition",
    "Contested",
    "Desk",
    "EntityKind",
    "EntryView",
    "FanOut",
    "Head",
    "Info",
    "Known",
    "OtherVersion",
    "Record",
    "Report",
    "Stored",
    "Taken",
    "Titles",
    "Version",
    "first_that",
    "imported_rows",
    "strictest",
    "title_from",
]
