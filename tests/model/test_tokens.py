"""What looks like a token is told in definitions and taken out of what sources answer."""

from __future__ import annotations

import pytest

from workbench.model.tokens import holds_token, variables_in
from workbench.sources.redact import Redactor

TOKENS = (
    "ghp_" + "a1" * 18,
    "github_pat_" + "a1_" * 10,
    "glpat-" + "a1-_" * 5,
    "xoxe-" + "1a" * 8,
    "AKIA" + "A1" * 8,
    "ASIA" + "A1" * 8,
    "sk_live_" + "a1" * 8,
    "npm_" + "a1" * 18,
    "squ_" + "a1" * 20,
    "eyJhbGciOiJI.eyJzdWIiOiIx.abc",
)


@pytest.mark.parametrize("token", TOKENS)
def test_both_know_the_same_tokens(token):
    assert holds_token(f"Bearer {token}")
    assert Redactor(()).text(f"x={token} y") == "x=[redacted] y"


def test_what_may_be_a_name_is_taken_out_of_answers_only():
    text = "sk-bratislava-eu-central-1"
    assert not holds_token(text)
    assert Redactor(()).text(text) == "[redacted]"


@pytest.mark.parametrize(
    "text", ["risk-assessment-of-the-whole-shop", "http_eyJmetric", "npm_packages_total"]
)
def test_names_of_metrics_are_no_tokens(text):
    assert not holds_token(text)


def test_variables():
    assert variables_in("${B}/x", None, "Bearer ${A} ${B}", "$C") == ("A", "B")
