"""CycloneDX as JSON: https://cyclonedx.org/docs/1.6/json/, and the versions before it from 1.2 on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from workbench.model.text import safe_text
from workbench.sources.findings import SEVERITIES, Finding, Severity, severity_of_word
from workbench.sources.moments import moment_of_text
from workbench.sources.report_files import Told
from workbench.sources.sbom.components import Component, Components, component

_NO_COMPONENT = frozenset({"file", "data", "cryptographic-asset"})  # what is no package and has no version
# States of an analysis in which nothing is left to do, by the standard's impactAnalysisState.
_SET_ASIDE = frozenset({"resolved", "resolved_with_pedigree", "false_positive", "not_affected"})


class _Part(msgspec.Struct, frozen=True, rename="camel"):
    """The base of what is read: absent and null are the same."""


class _Item(msgspec.Struct, frozen=True, rename={"ref": "bom-ref"}):
    type: str | None = None
    name: str | None = None
    group: str | None = None
    version: str | None = None
    purl: str | None = None
    ref: str | None = None
    components: list[_Item] | None = None


class _Metadata(_Part, frozen=True):
    timestamp: str | None = None
    tools: Any = None
    component: _Item | None = None


class _Composition(_Part, frozen=True):
    aggregate: str | None = None


class _Rating(_Part, frozen=True):
    severity: str | None = None


class _Affected(_Part, frozen=True):
    ref: str | None = None


class _Analysis(_Part, frozen=True):
    state: str | None = None
    justification: str | None = None


class _Vulnerability(_Part, frozen=True):
    id: str | None = None
    description: str | None = None
    ratings: list[_Rating] | None = None
    affects: list[_Affected] | None = None
    analysis: _Analysis | None = None


class Bom(_Part, frozen=True):
    """A list of components."""

    metadata: _Metadata | None = None
    components: list[_Item] | None = None
    compositions: list[_Composition] | None = None
    vulnerabilities: list[_Vulnerability] | None = None


def read(bom: Bom) -> Components:
    """What the list holds."""
    whole = bom.metadata.component if bom.metadata else None  # what it is a list of may hold components, too
    items = [*_all((whole.components if whole else None) or []), *_all(bom.components or [])]
    known = {item.ref: _component(item) for item in items if item.ref}
    found = None if bom.vulnerabilities is None else [*_findings(bom.vulnerabilities, known)]
    return Components(
        components=[_component(item) for item in items if item.type not in _NO_COMPONENT],
        flaws=[*_flaws(bom)],
        findings=found,
        told=_told(bom.metadata or _Metadata()),
    )


def _all(items: list[_Item]) -> Iterator[_Item]:
    for item in items:
        yield item
        yield from _all(item.components or [])


def _component(item: _Item) -> Component:
    return component(item.purl, item.name, item.version, item.group)


def _flaws(bom: Bom) -> Iterator[str]:
    for one in bom.compositions or ():
        aggregate = one.aggregate or ""
        if aggregate == "unknown" or aggregate.startswith("incomplete"):
            yield (
                "the list says that it is not complete"
                if aggregate != "unknown"
                else ("the list says that nobody knows whether it is complete")
            )


def _findings(vulnerabilities: list[_Vulnerability], known: Mapping[str, Component]) -> Iterator[Finding]:
    for one in vulnerabilities:
        severity = _worst([severity_of_word(rating.severity) for rating in one.ratings or ()])
        state = one.analysis.state if one.analysis else None
        for affected in one.affects or [_Affected()]:
            place = known.get(affected.ref or "")
            words = f"{place.name} {place.version}".strip() if place else affected.ref or ""
            yield Finding(
                severity=severity,
                rule=safe_text(one.id or "", 100),
                title=safe_text(one.description or "", 300),
                place=safe_text(words, 200),
                suppressed=state.replace("_", " ") if state in _SET_ASIDE else "",
            )


def _worst(severities: list[Severity]) -> Severity:
    """The most severe of several ratings; unknown only where none of them says more."""
    known = [severity for severity in severities if severity != "unknown"]
    return min(known, key=SEVERITIES.index, default="unknown")


def _told(metadata: _Metadata) -> Told:
    at = moment_of_text(metadata.timestamp, "metadata.timestamp")[0] if metadata.timestamp else None
    tools = metadata.tools
    if isinstance(tools, dict):  # since 1.5 they are components
        tools = tools.get("components")
    named = tools[0] if isinstance(tools, list) and tools and isinstance(tools[0], dict) else {}
    words = f"{named.get('name') or ''} {named.get('version') or ''}".strip()
    return Told(measured_at=at, tool=safe_text(words, 60))
