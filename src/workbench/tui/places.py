"""Where in the app the thing stands that a line speaks of."""

from __future__ import annotations

import msgspec

from workbench.gates.model import Part

# The mode that shows a noun; what is not here is dealt with where one is.
MODE_OF = {"benchmark": "benchmarks", "item": "checklists", "difference": "parity", "flow": "flows"}


class Destination(msgspec.Struct, frozen=True):
    """A noun, the mode that shows it ("" if none does), and the row to stand on."""

    noun: str
    mode: str
    row: str | None


def destination(part: Part) -> Destination:
    """Where one goes to clear a part."""
    noun, _, row = part.about.partition("/")
    return Destination(noun, MODE_OF.get(noun, ""), row or None)
