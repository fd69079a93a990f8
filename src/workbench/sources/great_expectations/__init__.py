"""Results of Great Expectations inside the project: of validations and of checkpoints."""

from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.checks import ChecksMeasure
from workbench.sources.files_config import FilesConfig


class GreatExpectationsConfig(FilesConfig, frozen=True, kw_only=True):
    """Results as JSON, of validations or of checkpoints."""


class GreatExpectationsMeasure(ChecksMeasure, frozen=True, kw_only=True):
    """One number about the expectations, which are called ``TABLE.COLUMN EXPECTATION``."""


KIND = SourceKind(
    name="great_expectations",
    about="Results of Great Expectations: what data has to fulfil",
    config=GreatExpectationsConfig,
    measure=GreatExpectationsMeasure,
    load=later("workbench.sources.great_expectations.read:GreatExpectations"),
    approach=Approach.QUERIES,
    proof=Proof.REAL,
    recognise=later("workbench.sources.great_expectations.recognise:recognise"),
    kept=later("workbench.sources.great_expectations.keeping:kept"),
    signs=("great_expectations", "gx"),
)
