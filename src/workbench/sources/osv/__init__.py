"""Reports of the OSV scanner as JSON: vulnerabilities of packages."""

from workbench.model.kinds import Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig, same_files
from workbench.sources.findings import FindingsMeasure


class OsvConfig(FilesConfig, frozen=True, kw_only=True):
    """Reports that ``osv-scanner --format json --all-packages`` wrote."""


class OsvMeasure(FindingsMeasure, frozen=True, kw_only=True):
    """How many vulnerabilities the reports hold."""


KIND = SourceKind(
    name="osv",
    about="Reports of the OSV scanner: vulnerabilities of packages",
    config=OsvConfig,
    measure=OsvMeasure,
    lists={"findings": OsvMeasure},
    load=later("workbench.sources.osv.read:Osv"),
    question_doubts=same_files,
    proof=Proof.FIXTURES,
    recognise=later("workbench.sources.osv.recognise:recognise"),
    signs=("osv",),
)
