"""Trivy's reports as JSON: vulnerabilities, wrong settings, secrets and licences."""

from workbench.model.kinds import Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig, same_files
from workbench.sources.findings import FindingsMeasure


class TrivyConfig(FilesConfig, frozen=True, kw_only=True):
    """Reports that ``trivy --format json`` wrote."""


class TrivyMeasure(FindingsMeasure, frozen=True, kw_only=True):
    """How many findings the reports hold."""


KIND = SourceKind(
    name="trivy",
    about="Trivy's reports: vulnerabilities, wrong settings, secrets and licences",
    config=TrivyConfig,
    measure=TrivyMeasure,
    lists={"findings": TrivyMeasure, "secrets": TrivyMeasure},
    load=later("workbench.sources.trivy.read:Trivy"),
    question_doubts=same_files,
    proof=Proof.FIXTURES,
    recognise=later("workbench.sources.trivy.recognise:recognise"),
    kept=later("workbench.sources.trivy.keeping:kept"),
    signs=("trivy",),
)
