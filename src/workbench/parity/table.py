"""The parity map as a table that people keep elsewhere too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.record import EntityKind, Titles


def _row_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    texts = value.get("texts")
    title = texts.get("title") if isinstance(texts, dict) else ""
    return " ".join(part for part in (str(value.get("file", "")), f"({title})" if title else "") if part)


# What the last import said about a difference; it goes by the difference's id.
IMPORTED = EntityKind("imported_difference", thing="a row of", title=_row_title)
