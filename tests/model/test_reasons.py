"""What counts as a reason."""

from __future__ import annotations

import pytest

from workbench.model.errors import UsageError
from workbench.model.reasons import readable_reason, says_why


@pytest.mark.parametrize(
    "text", ["", " ", "x", "asap", "ASAP!", "n/a", "TBD", " because. ", "urgent", "\n\tlater\n", "too few"]
)
def test_a_placeholder_is_no_reason(text: str) -> None:
    assert not says_why(text)
    with pytest.raises(UsageError, match="lifting a freeze needs a reason that can be read in a year"):
        readable_reason(text, "lifting a freeze")


def test_a_reason_is_kept_without_the_space_around_it() -> None:
    assert readable_reason("  incident 42 is over\n", "lifting a freeze") == "incident 42 is over"
