"""How serious a result of SARIF is: by its score, else by its level, its rule's, or what SARIF says of none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.model.errors import SourceError
from workbench.sources.findings import Severity, severity_of_score
from workbench.sources.numbers import number_of
from workbench.sources.sarif.shapes import Component, Result, Rule, RuleReference, Run

_DEFAULT = "warning"  # section 3.27.10: neither the result nor its rule has a level
_LEVELS: Mapping[str, Severity] = {"error": "high", "warning": "medium", "note": "low", "none": "low"}
_SCORE = "security-severity"  # a CVSS score, as code hosts read it


class Rules:
    """The rules of one run, by place and by name."""

    def __init__(self, run: Run) -> None:
        tool = run.tool
        self._driver = (tool.driver if tool else None) or Component()
        self._extensions: Sequence[Component] = (tool.extensions if tool else None) or ()
        parts = (self._driver, *self._extensions)
        self._named: Mapping[str, Rule] = {
            rule.id: rule for part in reversed(parts) for rule in part.rules or () if rule.id
        }
        self._levels = self._overridden(run)

    def of(self, result: Result) -> Rule | None:
        """The rule of a result; it may be told by a place in the driver's or an extension's list, or by its name."""
        told = result.rule or RuleReference()
        index = result.rule_index if result.rule_index is not None else told.index
        component = told.tool_component.index if told.tool_component else None
        place = self._at(index, component)
        name = result.rule_id or told.id
        if place is not None and (not name or not place.id or _same(name, place.id)):
            return place
        return self._called(name)

    def severity(self, result: Result, rule: Rule | None) -> tuple[Severity, bool]:
        """The severity of a result, and whether its words tell critical from high."""
        for properties in (result.properties, rule.properties if rule else None):
            severity = _scored(properties)
            if severity is not None:
                return severity, True
        if result.kind in ("review", "open") and not result.level:
            return "unknown", False
        level = result.level or self._level(rule) or _DEFAULT
        severity = _LEVELS.get(level.lower(), "unknown")
        return severity, severity not in ("high", "unknown")

    def _level(self, rule: Rule | None) -> str | None:
        if rule is None:
            return None
        default = rule.default_configuration
        return self._levels.get(rule.id or "") or (default.level if default else None)

    def _at(self, index: int | None, component: int | None) -> Rule | None:
        part: Component | None = self._driver
        if component is not None and component >= 0:
            part = self._extensions[component] if component < len(self._extensions) else None
        rules = (part.rules if part else None) or []
        return rules[index] if index is not None and 0 <= index < len(rules) else None

    def _called(self, name: str | None) -> Rule | None:
        """A rule by its name; ``CA1000/1`` is a part of the rule ``CA1000``."""
        while name:
            if rule := self._named.get(name):
                return rule
            name = name.rpartition("/")[0]
        return None

    def _overridden(self, run: Run) -> Mapping[str, str]:
        """Levels that an invocation set for rules."""
        levels = {}
        for invocation in run.invocations or ():
            for override in invocation.rule_configuration_overrides or ():
                told = override.descriptor or RuleReference()
                rule = self._at(told.index, told.tool_component.index if told.tool_component else None)
                name = told.id or (rule.id if rule else None)
                if name and override.configuration and override.configuration.level:
                    levels[name] = override.configuration.level
        return levels


def _same(name: str, rule: str) -> bool:
    return name == rule or name.startswith(f"{rule}/")


def _scored(properties: Mapping[str, Any] | None) -> Severity | None:
    if not properties or _SCORE not in properties:
        return None
    try:
        score = number_of(properties[_SCORE], "the score")
    except SourceError:
        return "unknown"
    return None if score is None else severity_of_score(score)
