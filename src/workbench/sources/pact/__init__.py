"""Results of verifying pacts: which interactions a provider still answers as its consumers expect."""

from workbench.model.fields import PathPattern
from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.checks import ChecksMeasure
from workbench.sources.files_config import FilesConfig


class PactConfig(FilesConfig, frozen=True, kw_only=True):
    """Files in which a verifier of Pact left its results in JSON."""

    pacts: PathPattern | list[PathPattern] | None = None
    """The pacts that had to be verified, also those in version control: what no result names is not known."""


class PactMeasure(ChecksMeasure, frozen=True, kw_only=True):
    """One number about interactions, which are called ``CONSUMER/PROVIDER: DESCRIPTION``."""


KIND = SourceKind(
    name="pact",
    about="Results of Pact's verifier: interactions that are verified, failed, or not known",
    config=PactConfig,
    measure=PactMeasure,
    load=later("workbench.sources.pact.read:Pact"),
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
    recognise=later("workbench.sources.pact.recognise:recognise"),
    signs=("pact",),
)
