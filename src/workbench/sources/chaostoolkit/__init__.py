"""Chaos Toolkit: the journals that ``chaos run`` leaves, one for each experiment."""

from typing import Literal

from msgspec import field

from workbench.model.fields import Shape
from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig


class ChaosToolkitConfig(FilesConfig, frozen=True, kw_only=True):
    """What ``chaos run --journal-path`` wrote, a file for each experiment."""


class ChaosToolkitMeasure(Shape, frozen=True, kw_only=True):
    """How many experiments were tried, passed or not."""

    read: Literal["not_passed", "passed", "tried", "pass_rate"]
    """``tried`` are those that put something under a fault; ``not_passed`` is every other one than ``passed``."""
    tag: str | None = None
    """Only experiments with this tag, such as ``flow:checkout``."""
    experiments: list[str] = field(default_factory=list)
    """Titles that have to be there: one without a journal, as a crash leaves none, is not passed."""

    @property
    def counted(self) -> bool:
        """Experiments are no samples: each is one that was meant."""
        return False


KIND = SourceKind(
    name="chaostoolkit",
    about="Experiments of Chaos Toolkit: which faults the system stood",
    config=ChaosToolkitConfig,
    measure=ChaosToolkitMeasure,
    load=later("workbench.sources.chaostoolkit.read:ChaosToolkit"),
    one_place=True,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
    recognise=later("workbench.sources.chaostoolkit.read:recognise"),
    signs=("chaostoolkit",),
)
