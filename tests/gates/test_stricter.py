"""Where order cannot be told the stricter holds: frozen, lifted, rejected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from workbench.gates import approvals, overrides
from workbench.gates import model as gates

KINDS = {kind.name: kind for kind in (*gates.ENTITIES, *overrides.ENTITIES, *approvals.ENTITIES)}


@pytest.mark.parametrize(
    ("noun", "values", "place"),
    [
        ("freeze", [{"lifted_at": "now"}, {"reason": "incident"}], 1),
        ("freeze", [{"reason": "incident"}, None], 0),
        ("override", [{"lifted": False}, {"lifted": True}], 1),
        ("override", [{"lifted": False}, None], 1),
        ("approval", [{"decision": "approve"}, {"decision": "reject"}], 1),
        ("approval", [{"decision": "approve"}, None], 1),
        ("approval", [None, {"decision": "reject"}], 1),
    ],
)
def test_what_counts(noun: str, values: Sequence[Mapping[str, Any] | None], place: int) -> None:
    stricter = KINDS[noun].stricter
    assert stricter is not None and stricter(values) == place
