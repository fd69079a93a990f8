"""Grype's reports as JSON: vulnerabilities of packages."""

from workbench.model.kinds import Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig, same_files
from workbench.sources.findings import FindingsMeasure


class GrypeConfig(FilesConfig, frozen=True, kw_only=True):
    """Reports that ``grype -o json`` wrote."""


class GrypeMeasure(FindingsMeasure, frozen=True, kw_only=True):
    """How many vulnerabilities the reports hold."""


KIND = SourceKind(
    name="grype",
    about="Grype's reports: vulnerabilities of packages",
    config=GrypeConfig,
    measure=GrypeMeasure,
    lists={"findings": GrypeMeasure},
    load=later("workbench.sources.grype.read:Grype"),
    question_doubts=same_files,
    proof=Proof.FIXTURES,
    recognise=later("workbench.sources.grype.recognise:recognise"),
    signs=("grype",),
)
