"""The probes have run lately, and nothing that they found is undecided."""

from collections.abc import Iterable

from msgspec import field

from workbench.definitions.shapes import Probe, Project
from workbench.model.fields import DurationText, Key, Shape
from workbench.model.kinds import Doubt, RequirementKind


class ProbesRunConfig(Shape, frozen=True, kw_only=True):
    """The probes have run lately, and nothing that they found is undecided."""

    within: DurationText | None = None
    """How long ago each may have run; as often as it is to be run (`every`) unless said, or else `24h`."""
    proven: bool = False
    """Only a probe that is proven counts: planted differences were found by it, or it was seen to fail."""
    probes: list[Key] = field(default_factory=list)
    """Only these; all unless said."""
    flow: Key | None = None
    """Only probes whose differences put this flow in doubt."""


def fits(asks: ProbesRunConfig, probe: Probe) -> bool:
    """Whether a requirement speaks of a probe."""
    return (not asks.probes or probe.key in asks.probes) and asks.flow in (None, *probe.flows)


def doubts(asks: ProbesRunConfig, project: Project) -> Iterable[Doubt]:
    """A requirement that no probe fits is never met."""
    if not asks.probes and not any(fits(asks, probe) for probe in project.probes):
        named = asks.flow and project.probes
        what = f"no probe names the flow “{asks.flow}”" if named else "there are no probes"
        hint = "list some under probes:"
        yield Doubt("flow" if named else "", f"{what}, so the gate can never pass", hint)


KIND = RequirementKind(
    name="probes_run",
    about="the probes have run, and nothing that they found is undecided",
    config=ProbesRunConfig,
    shorthand="within",
    refers={"probes": "probe"},
    doubts=doubts,
)
