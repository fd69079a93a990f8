"""Any program: its exit code and performance data as Monitoring Plugins have them, or our JSON."""

from collections.abc import Iterable
from shlex import join
from typing import Annotated, Any, Literal

from msgspec import Meta, field

from workbench.model.fields import DurationText, Shape
from workbench.model.kinds import NOTHING, Approach, Asked, Doubt, Proof, SourceKind, Uses, later
from workbench.sources.load_tests import StatisticText

VariableName = Annotated[str, Meta(title="name of a variable", pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class ExecConfig(Shape, frozen=True, kw_only=True):
    """A program of the team's own, run without a shell in the project's folder."""

    command: Annotated[list[str], Meta(min_length=1)]
    """The program and its arguments, each a text of its own; ``$environment`` and other variables are filled in."""
    prints: Literal["plugin", "json"] = "plugin"
    """``plugin``: as Monitoring Plugins do, with an exit code; ``json``: a document ``workbench.measurements.1``."""
    timeout: DurationText = "30s"
    """How long it may run; then it is ended with its children."""
    secrets: list[VariableName] = field(default_factory=list)
    """Environment variables that it reads: people are asked, and their values are taken out of what it prints."""


class ExecMeasure(Shape, frozen=True, kw_only=True):
    """One number that the program prints."""

    label: str | None = None
    """The label of performance data, or the name of a measurement; without it 0 for OK, 1 for WARNING, 2 for CRITICAL."""
    statistic: StatisticText | None = None
    """The number to make of ``samples``, where the program prints them: ``p95``, ``mean``, ``count``."""

    @property
    def counted(self) -> bool:
        """Whether an answer says how many observations it rests on."""
        return self.statistic is not None


def uses(config: Any) -> Uses:
    """The command with its arguments, and the variables that it reads."""
    if not isinstance(config, ExecConfig):
        return NOTHING
    return Uses(commands=(join(config.command),), variables=tuple(config.secrets))


_DOUBTS = later("workbench.sources.exec.ask:doubts")


def question_doubts(measure: ExecMeasure, asked: Asked) -> Iterable[Doubt]:
    """What can be proved before the program is run."""
    found: Iterable[Doubt] = _DOUBTS()(measure, asked)
    return found


KIND = SourceKind(
    name="exec",
    about="Any program: a check as Monitoring Plugins have it, or one that prints our JSON",
    config=ExecConfig,
    measure=ExecMeasure,
    load=later("workbench.sources.exec.ask:Exec"),
    uses=uses,
    question_doubts=question_doubts,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
)
