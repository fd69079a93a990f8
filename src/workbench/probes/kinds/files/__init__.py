"""Files that both environments hold (BM-12): their types, sizes, and how they are read."""

from typing import Any

from workbench.model.fields import Percent, Shape
from workbench.model.kinds import Doubt, ProbeKind, Uses, later
from workbench.probes.given import Origin, doubts_of, sources_in, uses_of


class FilesProbe(Shape, frozen=True, kw_only=True):
    """Folders, or lists of files, of both environments."""

    staging: Origin
    """A folder of the project, written with ``/`` at its end; lists of files; or what gives a list."""
    production: Origin
    """The same of what it is compared with."""
    apart: Percent = 10
    """By how many percentage points the share of a type, a size or of reads may differ."""
    covered: Percent | None = None
    """The share of production's files whose type and size occur in staging, in percent."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that are asked."""
        return sources_in((self.staging, self.production))


def uses(config: Any) -> Uses:
    """The commands that print lists."""
    return uses_of((config.staging, config.production))


def doubts(config: FilesProbe, project: Any) -> list[Doubt]:
    """What can be said of the lists before they are read."""
    return list(doubts_of(config, ("staging", "production")))


KIND = ProbeKind(
    name="files",
    about="files by folder or list: types, sizes, and how they are read",
    config=FilesProbe,
    load=later("workbench.probes.kinds.files.probing:FilesProber"),
    category="data",
    refers={"sources": "source"},
    uses=uses,
    doubts=doubts,
)
