"""The release says what it is for and how it is rolled back."""

from typing import Literal

from msgspec import field

from workbench.model.fields import Shape
from workbench.model.kinds import RequirementKind


class ReleaseDescribedConfig(Shape, frozen=True, kw_only=True):
    """The release says what it is for and how it is rolled back."""

    says: list[Literal["summary", "rollback", "watch"]] = field(
        default_factory=lambda: ["summary", "rollback"]
    )
    """What has to be written down: ``summary``, ``rollback``, ``watch``; the first two unless said."""


KIND = RequirementKind(
    name="release_described",
    about="the release says what it is for and how it is rolled back",
    config=ReleaseDescribedConfig,
    shorthand=None,
)
