"""What policies said: of Conftest, of OPA, and of Gatekeeper's audit or its test."""

from workbench.model.kinds import Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig, same_files
from workbench.sources.findings import FindingsMeasure


class PolicyResultsConfig(FilesConfig, frozen=True, kw_only=True):
    """Results as JSON: ``conftest -o json``, ``opa eval``, ``gator test -o json``, ``kubectl get constraints -o json``."""


class PolicyResultsMeasure(FindingsMeasure, frozen=True, kw_only=True):
    """How many violations there are: open ones block, those set aside would have blocked were they enforced."""


KIND = SourceKind(
    name="policy_results",
    about="Results of policies: Conftest, OPA and Gatekeeper",
    config=PolicyResultsConfig,
    measure=PolicyResultsMeasure,
    lists={"findings": PolicyResultsMeasure},
    load=later("workbench.sources.policy_results.read:PolicyResults"),
    question_doubts=same_files,
    proof=Proof.FIXTURES,
    recognise=later("workbench.sources.policy_results.recognise:recognise"),
)
