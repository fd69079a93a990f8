"""Every text of a document made safe, once, before it is written in any format."""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeVar

import msgspec

from workbench.model.ci_log import break_anywhere
from workbench.model.text import safe_text

T = TypeVar("T")


def made_safe(value: T) -> T:
    """``value`` with each text in it as one harmless line of at most 2,000 characters, no command of a CI log."""
    safe: Any = value
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        safe = break_anywhere(safe_text(value))
    elif isinstance(value, tuple):
        safe = tuple(made_safe(item) for item in value)
    elif isinstance(value, msgspec.Struct):
        fields = {name: made_safe(getattr(value, name)) for name in value.__struct_fields__}
        safe = msgspec.structs.replace(value, **fields)
    found: T = safe
    return found
