"""Lists of components (SBOM) as CycloneDX or SPDX: what differs from production's, down to dependencies."""

from collections.abc import Iterable
from typing import Literal

from msgspec import field

from workbench.model.fields import Shape
from workbench.model.kinds import Asked, Doubt, Proof, SourceKind, later
from workbench.sources.files_config import ComparedFiles, same_files
from workbench.sources.findings import Severity


class SbomConfig(ComparedFiles, frozen=True, kw_only=True):
    """Lists of components as JSON, of CycloneDX or SPDX."""


class SbomMeasure(Shape, frozen=True, kw_only=True):
    """One number about components, or about how they differ from the other environment's."""

    read: Literal[
        "differing",
        "changed",
        "added",
        "removed",
        "version_distance",
        "components",
        "without_version",
        "open_findings",
    ] = "differing"
    """How many components differ, and in what way; how far the farthest version is; or how many vulnerabilities the list names."""
    components: list[str] = field(default_factory=list)
    """Only components with these names count, such as ``pypi/*`` or ``*/openssl``; all unless set."""
    severity: list[Severity] = field(default_factory=list)
    """Of ``open_findings``: only those of these severities; one whose severity is unknown counts as high."""
    incomplete: Literal["refuse", "show"] = "refuse"
    """What to do with a list that says that it is not complete: nothing is measured, or it counts and is marked as partial."""


# What compares two environments; the others are about one side.
COMPARING = ("differing", "changed", "added", "removed", "version_distance")


def question_doubts(measure: SbomMeasure, asked: Asked) -> Iterable[Doubt]:
    """What can be said before a file is read: lists that would be compared with themselves."""
    config = asked.config
    if measure.read not in COMPARING:
        yield from same_files(measure, asked)
    elif isinstance(config, SbomConfig) and config.baseline_files is None:
        patterns = [config.files] if isinstance(config.files, str) else config.files
        if not any("$" in pattern for pattern in patterns):
            yield Doubt(
                "source",
                "its source reads the same lists for every environment, so they would be compared with themselves",
                "write $environment in its “files”, or name production's under “baseline_files”",
                error=True,
            )


KIND = SourceKind(
    name="sbom",
    about="Lists of components (SBOM) as CycloneDX or SPDX, and what differs from production's",
    config=SbomConfig,
    measure=SbomMeasure,
    load=later("workbench.sources.sbom.read:Sbom"),
    question_doubts=question_doubts,
    proof=Proof.REAL,
    recognise=later("workbench.sources.sbom.recognise:recognise"),
)
