"""SARIF 2.1.0 files, as bandit, semgrep, CodeQL, Trivy and most other scanners write them."""

from collections.abc import Iterable

from workbench.model.kinds import Asked, Doubt, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig
from workbench.sources.findings import FindingsMeasure


class SarifConfig(FilesConfig, frozen=True, kw_only=True):
    """SARIF files inside the project."""


class SarifMeasure(FindingsMeasure, frozen=True, kw_only=True):
    """How many findings the files hold."""


def question_doubts(measure: SarifMeasure, asked: Asked) -> Iterable[Doubt]:
    """What can be said before a file is read: SARIF's own levels end at ``error``."""
    if measure.severity == ["critical"]:
        yield Doubt(
            "severity",
            "SARIF has no level above “error”, which counts as high; only scanners that write a score tell what is critical",
            "write severity: [critical, high]",
        )


KIND = SourceKind(
    name="sarif",
    about="SARIF files of scanners: bandit, semgrep, CodeQL and most others",
    config=SarifConfig,
    measure=SarifMeasure,
    lists={"findings": SarifMeasure, "secrets": SarifMeasure},
    load=later("workbench.sources.sarif.read:Sarif"),
    question_doubts=question_doubts,
    proof=Proof.REAL,
    recognise=later("workbench.sources.sarif.recognise:recognise"),
    signs=(
        "semgrep",
        "bandit",
        "codeql",
    ),
    kept=later("workbench.sources.sarif.keeping:kept"),
)
