"""Results of Pact's verifier, as pact-python wrote them of a provider that is known."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.sources.generated import GENERATED, read, taken_for, tool_output


@pytest.mark.parametrize(
    ("file", "asked", "value"),
    [
        ("kept.json", {}, 1),
        ("kept.json", {"read": "total"}, 3),
        ("broken.json", {"read": "failed"}, 1),
        ("broken.json", {"read": "failed", "checks": ["mobile/*"]}, 0),
        ("mobile.json", {}, 1),
    ],
)
def test_what_the_verifier_found(file, asked, value):
    found = tool_output("pact", file, **asked)
    assert (found.state, found.value) == ("ok", Decimal(value)), found.why


@pytest.mark.parametrize("file", ["kept.json", "broken.json", "mobile.json"])
def test_results_are_recognised_and_pacts_are_not_taken_for_them(file):
    assert taken_for("pact", file) == ["pact"]
    assert taken_for("pact", "pacts/web-payments.json") == []


def found(folder, *, pacts, **measure):
    return read("pact", "results.json", root=folder, config={"pacts": pacts}, **measure)


def test_a_pact_that_no_result_names_is_not_known(tmp_path):
    (tmp_path / "results.json").write_bytes((GENERATED / "pact" / "mobile.json").read_bytes())
    for name in ("web-payments.json", "mobile-payments.json"):
        (tmp_path / name).write_bytes((GENERATED / "pact" / "pacts" / name).read_bytes())
    reading = found(tmp_path, pacts="*-payments.json")
    assert reading.state == "missing"
    assert (
        "2 checks could not be evaluated: web/payments: a payment given an open order (no result names it)"
        in reading.why
    )
    assert found(tmp_path, pacts="*-payments.json", read="not_evaluated").value == 2
    assert found(tmp_path, pacts="mobile-*.json").value == 1


@pytest.mark.parametrize(
    ("pacts", "text", "why"),
    [
        ("none/*.json", "", "no pact matches"),
        ("other.json", "{}", "is no pact"),
        ("other.json", "[" * 5000, "is no pact"),
        ("../other.json", "", "leads out of the project"),
    ],
)
def test_what_is_no_pact_is_an_error(tmp_path, pacts, text, why):
    (tmp_path / "results.json").write_bytes((GENERATED / "pact" / "kept.json").read_bytes())
    (tmp_path / "other.json").write_text(text)
    reading = found(tmp_path, pacts=pacts)
    assert reading.state == "error" and why in reading.why
