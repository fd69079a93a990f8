"""Scanners that look for secrets found none in this commit."""

from __future__ import annotations

from workbench.benchmarks.measurements import Measurement
from workbench.gates.facts import Facts
from workbench.gates.kinds.no_secrets import KIND as ASKED
from workbench.gates.kinds.no_secrets import NoSecretsConfig
from workbench.gates.listed import Counted, ListedKind, named
from workbench.model.text import number_of
from workbench.sources.findings import listed_in


class NoSecrets(ListedKind[NoSecretsConfig]):
    """It reads the same answers as ``findings``; a secret that lies open counts whatever its severity."""

    asked = ASKED
    role = "findings"
    noun = "secret"

    def title(self, asks: NoSecretsConfig, facts: Facts) -> str:
        return "No secret lies open"

    def unusable(self, reading: Measurement) -> str | None:
        if reading.facts.get("looks_for_secrets") == "yes":
            return None
        return f"nothing shows that {reading.subject.removeprefix('findings/')} looks for secrets"

    def counted(self, asks: NoSecretsConfig, reading: Measurement) -> Counted:
        found = [one for one in listed_in(reading.facts) if one.secret]
        told = reading.facts.get("secrets")
        count = max(len(found), told if isinstance(told, int) else 0)
        beyond = f"{number_of(count, 'secret')} found: {named(found, count)}" if count else ""
        return Counted(count=count, things=found, beyond=beyond)

    def kept(self, asks: NoSecretsConfig, reading: Measurement) -> tuple[str, str]:
        return "no secret found", ""


KIND = NoSecrets()
