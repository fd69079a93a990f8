"""What counts where two desks changed one thing at once: the stricter word, for each noun that has one."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.usecases.nouns import NOUNS

STRICTER = {noun.name: noun.stricter for noun in NOUNS}


@pytest.mark.parametrize(
    ("noun", "values", "counts"),
    [
        ("freeze", [{"lifted_at": "x"}, {"reason": "an incident"}], 1),
        ("freeze", [None, {"reason": "an incident"}], 1),
        ("freeze", [{"lifted_at": "x"}, {"lifted_at": "y"}], 0),
        ("override", [{"lifted": False}, {"lifted": True}], 1),
        ("override", [{"lifted": False}, None], 1),
        ("override", [{"until": "x"}, {"until": "y"}], None),
        ("signoff", [{"decision": "approve"}, {"decision": "approve", "revoked_at": "x"}], 1),
        ("signoff", [{"decision": "reject", "revoked_at": "x"}, {"decision": "reject"}], 1),
    ],
)
def test_the_stricter_word_counts(noun: str, values: list[dict[str, Any] | None], counts: int | None) -> None:
    stricter = STRICTER[noun]
    assert stricter is not None
    assert stricter(values) == counts


def test_fields_that_are_judged_together_are_fields_of_the_noun() -> None:
    for noun in NOUNS:
        fields = {field for group in noun.together for field in group}
        assert fields <= set(getattr(noun.shape, "__struct_fields__", ())), noun.name
