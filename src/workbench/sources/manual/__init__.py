"""Values that a person types, with evidence: nothing is asked."""

from workbench.model.fields import Shape
from workbench.model.kinds import Approach, Proof, SourceKind


class ManualConfig(Shape, frozen=True, kw_only=True):
    """A person types the values; nothing is asked."""


class ManualMeasure(Shape, frozen=True, kw_only=True):
    """A value that a person finds and types."""

    how: str = ""
    """What the person should do to find the value."""


KIND = SourceKind(
    name="manual",
    about="Values that a person types, with evidence",
    config=ManualConfig,
    measure=ManualMeasure,
    load=lambda: None,
    by_hand=True,
    approach=Approach.TYPED,
    proof=Proof.REAL,
)
