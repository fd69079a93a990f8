"""A project's definitions after loading: objects that know their file and line."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from workbench.definitions import shapes
from workbench.definitions.persons import folded
from workbench.definitions.runbooks import Playbook, Runbook
from workbench.definitions.shapes import Mark
from workbench.definitions.structs import lists_of
from workbench.definitions.unproven import unproven
from workbench.model import canonical
from workbench.model.errors import Problem
from workbench.model.kinds import Kinds
from workbench.model.quantity import from_float

RECORD = shapes.Source(key="record", kind="record", title="the record")


def first_environment(project: shapes.Project, *which: shapes.EnvironmentKind) -> shapes.Environment | None:
    """The first environment of one of these kinds, in their order."""
    for kind in which:
        for item in project.environments:
            if item.kind is kind:
                return item
    return None


def staging_in(project: shapes.Project) -> shapes.Environment | None:
    """The environment whose word is to be trusted or not."""
    kinds = shapes.EnvironmentKind
    return first_environment(project, kinds.STAGING, kinds.PRE_PRODUCTION, kinds.CANARY, kinds.EPHEMERAL)


def environment_measured(benchmark: shapes.Benchmark, project: shapes.Project) -> shapes.Environment | None:
    """The environment in which a benchmark is measured: its own, that of its measure, or staging."""
    measure = benchmark.measure
    named = benchmark.environment or (measure.environment if measure else None)
    if named is None:
        return staging_in(project)
    return next((one for one in project.environments if one.key == named), None)


class Definitions(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Everything a team's files say.

    ``marks`` maps a path such as ``("benchmarks", "checkout-p95", "pass")`` to its place;
    entries of lists go by their key, or by their number from 0 where they have none.
    ``kinds`` are those that the files could name.
    """

    root: Path
    project: shapes.Project
    kinds: Kinds
    checklists: tuple[shapes.Checklist, ...]
    marks: Mapping[tuple[str | int, ...], Mark]
    warnings: tuple[Problem, ...]
    files: tuple[str, ...]

    @cached_property
    def digest(self) -> str:
        """That of the resolved definitions: which file holds what makes no difference."""
        return canonical.sha256(self.document)

    @cached_property
    def document(self) -> bytes:
        """The resolved definitions as canonical JSON: what a signature can keep of them."""
        return document_of(self.project, self.checklists)

    @property
    def _lists(self) -> Mapping[str, str]:
        return lists_of(type(self.project))

    @cached_property
    def _index(self) -> dict[str, dict[str | None, Any]]:
        index: dict[str, dict[str | None, Any]] = {
            kind: {thing.key: thing for thing in getattr(self.project, name)}
            for kind, name in self._lists.items()
            if kind != "checklist"
        }
        index["checklist"] = {checklist.checklist: checklist for checklist in self.checklists}
        return index

    @cached_property
    def _people_by_email(self) -> dict[str, shapes.Person]:
        return {
            folded(address): person
            for person in self.project.people
            for address in (person.email, *person.also)
            if address
        }

    def environment(self, key: str | None) -> shapes.Environment | None:
        """The environment of that key, or ``None``."""
        return self._index["environment"].get(key)

    @property
    def staging(self) -> shapes.Environment | None:
        """The environment whose word is to be trusted or not."""
        return staging_in(self.project)

    @property
    def production(self) -> shapes.Environment | None:
        """The environment that staging is compared with."""
        return first_environment(self.project, shapes.EnvironmentKind.PRODUCTION)

    def source(self, key: str | None) -> shapes.Source | None:
        """The source of that key, or ``None``; the record itself needs no declaration."""
        return self._index["source"].get(key) or (RECORD if key == RECORD.key else None)

    def unproven(self, key: str | None) -> str:
        """Why what the source of that key answers is advisory, in words; "" where it is not."""
        source = self.source(key)
        return "" if source is None else unproven(source, self.kinds)

    def probe(self, key: str | None) -> shapes.Probe | None:
        """The probe of that key, or ``None``."""
        return self._index["probe"].get(key)

    def benchmark(self, key: str | None) -> shapes.Benchmark | None:
        """The benchmark of that key, or ``None``."""
        return self._index["benchmark"].get(key)

    def runbook(self, key: str | None) -> Runbook | None:
        """The runbook of that key, or ``None``."""
        return self._index["runbook"].get(key)

    def playbook(self, key: str | None) -> Playbook | None:
        """The playbook of that key, or ``None``."""
        return self._index["playbook"].get(key)

    def gate(self, key: str | None) -> shapes.Gate | None:
        """The gate of that key, or ``None``."""
        return self._index["gate"].get(key)

    def person(self, key: str | None) -> shapes.Person | None:
        """The person of that key, or ``None``."""
        return self._index["person"].get(key)

    def person_of_email(self, email: str | None) -> shapes.Person | None:
        """The person with that e-mail address, in any case, or ``None``."""
        return self._people_by_email.get(folded(email)) if email else None

    def checklist(self, key: str | None) -> shapes.Checklist | None:
        """The checklist of that key, or ``None``."""
        return self._index["checklist"].get(key)

    def mark(self, kind: str, key: str, field: str | None = None) -> Mark | None:
        """Where a thing, or one of its fields, stands.  ``field`` may lead deeper: ``items.masked.check``.

        Where a field is left out, the place of the thing.
        """
        path: tuple[str | int, ...] = (self._lists[kind], key)
        below: tuple[str | int, ...] = (*path, *field.split(".")) if field else path
        return self.marks.get(below) or self.marks.get(path)


def no_definitions(root: Path) -> Definitions:
    """What is known of a project whose files cannot be read: nothing."""
    project = shapes.Project(project="unknown")
    return Definitions(root=root, project=project, kinds={}, checklists=(), marks={}, warnings=(), files=())


def document_of(project: shapes.Project, checklists: tuple[shapes.Checklist, ...]) -> bytes:
    """The resolved definitions, whatever files they come from, as canonical JSON."""
    resolved = resolve(project)
    for where in ("include", "checklists"):
        resolved.pop(where, None)
    return canonical.encode({"project": resolved, "checklists": resolve(checklists)})


def stated(value: Any) -> Any:
    """``value`` as :func:`resolve` gives it, but only what differs from a default.

    A field that a later version adds changes nothing that was said before it.
    """
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.fields(value)
        return {
            field.encode_name: stated(getattr(value, field.name))
            for field in fields
            if getattr(value, field.name) != _default(field)
        }
    if isinstance(value, list | tuple):
        return [stated(item) for item in value]
    if isinstance(value, dict):
        return {name: stated(item) for name, item in value.items()}
    return resolve(value)


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def resolve(value: Any) -> Any:
    """``value`` as plain mappings, lists and texts, fit for canonical JSON."""
    if isinstance(value, msgspec.Struct):
        names = zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True)
        return {name: resolve(getattr(value, attribute)) for name, attribute in names}
    if isinstance(value, list | tuple):
        return [resolve(item) for item in value]
    if isinstance(value, dict):
        return {name: resolve(item) for name, item in value.items()}
    if isinstance(value, float):
        return canonical.decimal_text(from_float(value))
    return value
