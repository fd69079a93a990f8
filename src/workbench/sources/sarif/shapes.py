"""What of SARIF 2.1.0 is read: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

Anything may be null, for some tools write it so; what is not named here is passed over.
"""

from __future__ import annotations

from typing import Any

import msgspec


class Part(msgspec.Struct, frozen=True, rename="camel"):
    """The base of what is read: fields that are absent and fields that are null are the same."""


class Message(Part, frozen=True):
    text: str | None = None
    markdown: str | None = None
    id: str | None = None
    arguments: list[str] | None = None


class Artifact(Part, frozen=True):
    uri: str | None = None
    index: int | None = None


class ArtifactOfRun(Part, frozen=True):
    location: Artifact | None = None


class Region(Part, frozen=True):
    start_line: int | None = None


class Physical(Part, frozen=True):
    artifact_location: Artifact | None = None
    region: Region | None = None


class Logical(Part, frozen=True):
    fully_qualified_name: str | None = None
    name: str | None = None


class Location(Part, frozen=True):
    physical_location: Physical | None = None
    logical_locations: list[Logical] | None = None


class Configuration(Part, frozen=True):
    level: str | None = None
    enabled: bool | None = None


class Rule(Part, frozen=True):
    id: str | None = None
    short_description: Message | None = None
    default_configuration: Configuration | None = None
    properties: dict[str, Any] | None = None


class Component(Part, frozen=True):
    name: str | None = None
    version: str | None = None
    semantic_version: str | None = None
    rules: list[Rule] | None = None


class Tool(Part, frozen=True):
    driver: Component | None = None
    extensions: list[Component] | None = None


class ComponentReference(Part, frozen=True):
    index: int | None = None


class RuleReference(Part, frozen=True):
    id: str | None = None
    index: int | None = None
    tool_component: ComponentReference | None = None


class Override(Part, frozen=True):
    descriptor: RuleReference | None = None
    configuration: Configuration | None = None


class Notification(Part, frozen=True):
    level: str | None = None
    message: Message | None = None
    locations: list[Location] | None = None


class Invocation(Part, frozen=True):
    execution_successful: bool | None = None
    start_time_utc: str | None = None
    end_time_utc: str | None = None
    rule_configuration_overrides: list[Override] | None = None
    tool_execution_notifications: list[Notification] | None = None
    tool_configuration_notifications: list[Notification] | None = None


class Suppression(Part, frozen=True):
    kind: str | None = None
    status: str | None = None
    state: str | None = None
    justification: str | None = None


class Result(Part, frozen=True):
    rule_id: str | None = None
    rule_index: int | None = None
    rule: RuleReference | None = None
    kind: str | None = None
    level: str | None = None
    message: Message | None = None
    locations: list[Location] | None = None
    suppressions: list[Suppression] | None = None
    baseline_state: str | None = None
    properties: dict[str, Any] | None = None


class Revision(Part, frozen=True):
    revision_id: str | None = None


class Run(Part, frozen=True):
    tool: Tool | None = None
    invocations: list[Invocation] | None = None
    results: list[Result] | None = None
    artifacts: list[ArtifactOfRun] | None = None
    version_control_provenance: list[Revision] | None = None
    external_property_file_references: dict[str, Any] | None = None
    properties: dict[str, Any] | None = None


class Log(Part, frozen=True):
    version: str
    runs: list[Run] | None = None
