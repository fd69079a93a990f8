"""The release record: ledger, projected tables, evidence, verification, copies.

Knows no rule of the domain: rooms describe their entities with :class:`EntityKind` and
hand in :class:`Change`.
"""

from workbench.record.packs import About, Pack, Selection, decode_pack, encode_pack
from workbench.record.schema import OtherVersion
from workbench.record.shapes import (
    Aside,
    Author,
    Blob,
    Change,
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
    imported_rows,
    strictest,
    title_from,
)
from workbench.record.store import Record

__all__ = [
    "About",
    "Aside",
    "Author",
    "Blob",
    "Change",
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
    "Pack",
    "Record",
    "Report",
    "Selection",
    "Stored",
    "Taken",
    "Titles",
    "Version",
    "decode_pack",
    "encode_pack",
    "imported_rows",
    "strictest",
    "title_from",
]
