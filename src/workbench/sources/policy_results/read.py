"""Results of policies: which rules were broken, whoever wrote it down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workbench.sources.policy_results import conftest, gatekeeper, opa
from workbench.sources.policy_results.recognise import AUDIT, CONFTEST, GATOR, OPA, format_of
from workbench.sources.report_files import File
from workbench.sources.scans import Scan, ScanReports

_READ: Mapping[str, Callable[[File, Any], Scan]] = {
    AUDIT: gatekeeper.audit,
    CONFTEST: conftest.results,
    GATOR: gatekeeper.test,
    OPA: opa.decision,
}


class PolicyResults(ScanReports):
    """Reads the results of one source."""

    def read(self, file: File) -> Scan:
        """The violations in a file; ``SourceError`` for anything else."""
        whole: Any = file.json(Any, self.largest)
        if whole == {} or (isinstance(whole, dict) and whole.get("errors")):
            return opa.decision(file, whole)
        if (words := format_of(whole)) in _READ:
            return _READ[words](file, whole)
        hint = "results of Conftest, OPA's eval, Gatekeeper's test or its audit are read, as JSON"
        raise file.wrong("holds no results of policies", hint=hint)
