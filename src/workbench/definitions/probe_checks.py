"""What can be said of a probe before it runs: whether there are two environments that it compares."""

from __future__ import annotations

from workbench.definitions.project import first_environment, staging_in
from workbench.definitions.shapes import EnvironmentKind, Probe, Project
from workbench.definitions.telling import Tell


def check_probe(probe: Probe, project: Project, tell: Tell) -> None:
    """Note a probe that has nothing to compare, or compares a thing with itself; names are looked at elsewhere."""
    production = first_environment(project, EnvironmentKind.PRODUCTION)
    one = probe.environment or getattr(staging_in(project), "key", None)
    other = probe.against or getattr(production, "key", None)
    if one is None:
        tell("", "there is no staging environment for this probe to look at", "list one under environments:")
    elif other is None:
        tell(
            "",
            "there is no production environment to compare with",
            "list one under environments:, or name another in against:",
        )
    elif one == other:
        field = "against" if probe.against else "environment"
        tell(field, f"this probe would compare {one} with itself", "name two environments")
    if _from_one_place(probe):
        tell(
            "",
            "staging and production come from the same place, so the probe can never fail",
            "name what belongs to each",
            warning=True,
        )
    for pattern in probe.ignore or ():
        if isinstance(pattern, str) and not pattern.strip("*/ "):
            tell(
                "ignore",
                f"“{pattern}” ignores everything, so the probe can never fail",
                "name the paths that are noise",
            )


def _from_one_place(probe: Probe) -> bool:
    """Whether both sides are read from the same; the variables of an environment may still make a difference."""
    one, other = (getattr(probe.config, side, None) for side in ("staging", "production"))
    return bool(one) and one == other and "$" not in repr(probe.config)
