"""What rests on a source that nobody has tried against the real thing is a risk, also where it is met."""

from __future__ import annotations

import msgspec

from workbench.gates.model import Part, State, Weight


def as_risk(part: Part, unproven: str) -> Part:
    """The part as a risk that says why, if it is met and its source is ``unproven`` (in words, or "")."""
    if not unproven or part.state is not State.MET:
        return part
    return msgspec.structs.replace(part, weight=Weight.RISK, why=f"{part.why}; {unproven}")
