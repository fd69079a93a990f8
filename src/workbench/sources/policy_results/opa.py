"""Decisions of ``opa eval --format json``: https://www.openpolicyagent.org/docs/cli#eval

A rule that is undefined has decided nothing: OPA answers ``{}``, and nothing was judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.model.text import safe_text
from workbench.sources.findings import Finding, Severity
from workbench.sources.policy_results.violations import violation
from workbench.sources.report_files import File, Told
from workbench.sources.scans import Scan

_TOLD = Told(tool="OPA")


def decision(file: File, whole: dict[str, Any]) -> Scan:
    """The violations that the expressions list."""
    if errors := whole.get("errors"):
        first = errors[0] if isinstance(errors, list) else errors
        words = first.get("message") if isinstance(first, dict) else first
        return Scan(findings=[], flaws=[f"OPA: {safe_text(words, 150)}"], told=_TOLD)
    expressions = [
        one
        for result in whole.get("result") or ()
        for one in (result.get("expressions") if isinstance(result, dict) else None) or ()
        if isinstance(one, dict)
    ]
    undefined = "OPA decided nothing: the rule that was asked for is undefined"
    return Scan(
        findings=[finding for one in expressions for finding in _findings(file, one)],
        flaws=[] if expressions else [undefined],
        told=_TOLD,
    )


def _findings(file: File, expression: dict[str, Any]) -> Iterator[Finding]:
    rule = str(expression.get("text") or "the decision")
    value = expression.get("value")
    if isinstance(value, dict) and any(
        isinstance(one, list) and _severity(name) for name, one in value.items()
    ):
        for name, listed in value.items():  # a whole package: its rules by name
            if isinstance(listed, list) and (severity := _severity(name)):
                yield from (violation(file, said, severity, rule=f"{rule}.{name}") for said in listed)
        return
    if isinstance(value, list):
        yield from (violation(file, said, _severity(rule) or "high", rule=rule) for said in value)
    elif isinstance(value, bool):
        allows = rule.rpartition(".")[2].startswith(("allow", "valid", "compliant"))
        if value is not allows:
            yield violation(file, f"{rule} is {str(value).lower()}", "high", rule=rule)
    else:
        raise file.wrong(
            f"has a decision that is neither a list of violations nor true or false: {safe_text(rule, 100)}"
        )


def _severity(rule: str) -> Severity | None:
    """How severe what a rule of this name lists is; ``None`` for a rule that lists no violations."""
    name = rule.rpartition(".")[2]
    if name.startswith("warn"):
        return "medium"
    return "high" if name.startswith(("deny", "violation")) else None
