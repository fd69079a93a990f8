"""What the release's kinds of change ask for has been measured on the candidate."""

from typing import Literal

from workbench.model.fields import Key, Shape
from workbench.model.kinds import RequirementKind


class ChangesMeasuredConfig(Shape, frozen=True, kw_only=True):
    """What the release's kinds of change ask for has been measured on the candidate."""

    enough: Literal["all", "one"] = "all"
    """Whether all that a kind of change asks for has to be measured, or one of it."""
    integration_tests: Key | None = None
    """The source whose test run is the integration tests; any that a gate asks for unless said."""
    contract_tests: Key | None = None
    """The source whose test run is the contract tests."""


KIND = RequirementKind(
    name="changes_measured",
    about="what the release's kinds of change ask for was measured",
    config=ChangesMeasuredConfig,
    shorthand="enough",
    refers={"integration_tests": "tests", "contract_tests": "tests"},
)
