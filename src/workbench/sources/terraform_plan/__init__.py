"""Plans of Terraform or OpenTofu as JSON: what drifted from the code, and what the code would change."""

from typing import Literal

from msgspec import field

from workbench.model.fields import Shape
from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig, same_files


class TerraformPlanConfig(FilesConfig, frozen=True, kw_only=True):
    """Plans that ``terraform show -json PLAN`` wrote."""


class TerraformPlanMeasure(Shape, frozen=True, kw_only=True):
    """A number of managed resources."""

    read: Literal["drifted", "changes", "created", "updated", "replaced", "destroyed"] = "drifted"
    """Those that somebody changed outside the code; or those that applying the plan would change, in any or in one way."""
    resources: list[str] = field(default_factory=list)
    """Only resources with these addresses count, such as ``aws_db_*`` or ``module.shop.*``; all unless set."""


KIND = SourceKind(
    name="terraform_plan",
    about="Plans of Terraform or OpenTofu: drift, and what would be changed",
    config=TerraformPlanConfig,
    measure=TerraformPlanMeasure,
    load=later("workbench.sources.terraform_plan.read:TerraformPlan"),
    question_doubts=same_files,
    approach=Approach.QUERIES,
    proof=Proof.FIXTURES,
    recognise=later("workbench.sources.terraform_plan.recognise:recognise"),
    signs=(
        "terraform",
        "opentofu",
    ),
    kept=later("workbench.sources.terraform_plan.shapes:kept"),
)
