"""The flow inventory as a table that people keep elsewhere too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.record import EntityKind, Titles


def _row_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    texts = value.get("texts")
    name = texts.get("name") if isinstance(texts, dict) else ""
    return " ".join(part for part in (str(value.get("file", "")), f"({name})" if name else "") if part)


# What the last import said about a flow; it goes by the flow's id.
IMPORTED = EntityKind("imported_flow", thing="a row of", title=_row_title)
