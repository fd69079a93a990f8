"""Results of Soda's scans inside the project."""

from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.checks import ChecksMeasure
from workbench.sources.files_config import FilesConfig, same_files


class SodaConfig(FilesConfig, frozen=True, kw_only=True):
    """Results that ``soda scan --scan-results-file FILE`` wrote."""


class SodaMeasure(ChecksMeasure, frozen=True, kw_only=True):
    """One number about the checks, which are called ``TABLE.NAME``."""


KIND = SourceKind(
    name="soda",
    about="Results of Soda's scans: checks of tables",
    config=SodaConfig,
    measure=SodaMeasure,
    load=later("workbench.sources.soda.read:Soda"),
    question_doubts=same_files,
    approach=Approach.QUERIES,
    proof=Proof.REAL,
    recognise=later("workbench.sources.soda.recognise:recognise"),
    signs=("soda",),
)
