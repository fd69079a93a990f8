"""Results of ``conftest test -o json``: https://www.conftest.dev/options/#json"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workbench.model.text import safe_text
from workbench.sources.findings import Finding, Severity
from workbench.sources.numbers import count_of
from workbench.sources.policy_results.violations import violation
from workbench.sources.report_files import File, Told
from workbench.sources.scans import Scan

# By list: how severe what stands in it is, and why it is set aside.
_LISTS: Mapping[str, tuple[Severity, str]] = {
    "failures": ("high", ""),
    "warnings": ("medium", ""),
    "exceptions": ("high", "an exception of the policy"),
}


def results(file: File, whole: list[Any]) -> Scan:
    """The failures and warnings of all files; nothing where no rule looked at any of them."""
    findings, flaws, looked = [], [], 0
    for one in whole:
        if not isinstance(one, dict):
            raise file.wrong("has a result that is no object")
        found = list(_findings(file, one))
        if one.get("skipped"):
            flaws.append(f"rules were skipped for {safe_text(one.get('filename') or 'a file', 100)}")
        findings += found
        looked += len(found) + count_of(one.get("successes"), "successes")
    if not looked:
        flaws.append(
            "no rule of the policies looked at any file; do they stand in the namespace that is tested?"
        )
    return Scan(findings=findings, flaws=flaws, told=Told(tool="Conftest"))


def _findings(file: File, one: Mapping[str, Any]) -> Iterator[Finding]:
    place = safe_text(one.get("filename") or "", 200)
    for name, (severity, suppressed) in _LISTS.items():
        listed = one.get(name)
        if listed is None:  # an empty list is not written
            continue
        if not isinstance(listed, list):
            raise file.wrong(f"has {name} that are no list")
        for said in listed:
            yield violation(file, said, severity, place=place, suppressed=suppressed)
