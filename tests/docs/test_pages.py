"""The guide keeps up with the program: fields, kinds, links and pictures."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from workbench.definitions import shapes
from workbench.definitions.defaults import default_rule
from workbench.definitions.schemas import schema
from workbench.definitions.structs import structs_in
from workbench.definitions.words import words_of
from workbench.gates.kinds import ASKED
from workbench.gates.kinds import KINDS as REQUIREMENTS
from workbench.probes.kinds import KINDS as PROBES
from workbench.sources.kinds import KINDS as SOURCES
from workbench.sources.server import Command
from workbench.usecases.project import kinds

TOP = Path(__file__).parents[2]
PAGES = sorted(
    [
        *TOP.glob("docs/*.md"),
        *TOP.glob("docs/guide/*.md"),
        *TOP.glob("docs/sources/*.md"),
        TOP / "README.md",
        TOP / "CHANGELOG.md",
    ]
)
DEFINITIONS = (TOP / "docs" / "definitions.md").read_text(encoding="utf-8")
GATES = (TOP / "docs" / "gates.md").read_text(encoding="utf-8")
# ``config`` and ``ask`` are filled from the fields of a kind, which stand in YAML beside the others.
INLINE = {"config", "ask"}
SHAPES = (
    shapes.Project, shapes.Environment, shapes.BuildQuestion, shapes.Person, shapes.Source, shapes.Probe, shapes.Measure,
    shapes.Benchmark, shapes.Objective, shapes.ObservedService, shapes.FaultScenario, shapes.RoleCount, shapes.SignPolicy, shapes.Escalation, shapes.Gate, shapes.Requirement, shapes.Item,
    shapes.Checklist, shapes.StartFrom, shapes.FreezeWindow, shapes.FailureCosts, shapes.Agreed,
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_field_is_described(shape: type[msgspec.Struct]) -> None:
    names = [field.encode_name for field in msgspec.structs.fields(shape)]
    missing = [name for name in names if name not in INLINE and f"`{name}`" not in DEFINITIONS]
    assert not missing


OF_KINDS = [
    shape
    for kind in [*SOURCES.values(), *PROBES.values(), *ASKED.values()]
    for shape in (kind.config, getattr(kind, "measure", None), getattr(kind, "tests", None))
    if shape is not None
]


@pytest.mark.parametrize(
    "shape", [*SHAPES, shapes.Part, Command, *OF_KINDS], ids=lambda shape: shape.__name__
)
def test_every_field_has_a_line_of_words_for_editors(shape: type[msgspec.Struct]) -> None:
    words = words_of(shape)
    for field in msgspec.structs.fields(shape):
        if field.encode_name not in INLINE:
            said = words.get(field.encode_name, "")
            assert said.endswith(".") and len(said) < 150, f"{shape.__name__}.{field.name}: {said}"


def test_editors_show_the_words_of_a_field() -> None:
    made = schema(kinds())["$defs"]
    assert made["Benchmark"]["properties"]["max_age"]["description"] == words_of(shapes.Benchmark)[
        "max_age"
    ].replace("``", "")
    server = next(option for option in made["Source"]["oneOf"] if option["title"] == "prometheus")
    assert "sent as X-Scope-OrgID (Mimir)" in server["properties"]["tenant"]["description"]
    assert server["properties"]["timeout"]["description"] == "How long one request may take."


@pytest.mark.parametrize(
    "closed",
    (
        shapes.EnvironmentKind,
        shapes.StagingKind,
        shapes.Dimension,
        shapes.Better,
        shapes.Mode,
        shapes.AutomaticFact,
    ),
)
def test_every_word_of_a_closed_set_is_described(closed: type) -> None:
    assert not [member.value for member in closed if f"`{member.value}`" not in DEFINITIONS]


def test_the_defaults_are_those_of_the_program() -> None:
    for dimension in shapes.Dimension:
        row = next(line for line in DEFINITIONS.splitlines() if line.startswith(f"| `{dimension.value}` |"))
        rules = [default_rule(dimension, tier) for tier in shapes.Tier]
        assert [cell.strip(" `") for cell in row.split("|")[2:5]] == rules


def test_every_kind_of_requirement_is_described_with_its_fields() -> None:
    for name, kind in REQUIREMENTS.items():
        row = next(line for line in GATES.splitlines() if line.startswith(f"| `{name}"))
        for field in msgspec.structs.fields(kind.config):
            assert field.encode_name in row, f"{name}: {field.encode_name}"


def test_every_kind_of_probe_is_described_with_its_fields() -> None:
    pages = ("probes.md", "databases.md")
    page = "".join((TOP / "docs" / name).read_text(encoding="utf-8") for name in pages)
    for name, kind in PROBES.items():
        assert f"`{name}`" in page
        for shape in structs_below(kind.config):
            for field in msgspec.structs.fields(shape):
                assert f"`{field.encode_name}`" in page, f"{name}: {field.name}"


def structs_below(shape: type[msgspec.Struct]) -> set[type[msgspec.Struct]]:
    """A shape, and those that its fields hold."""
    found = {shape}
    for field in msgspec.structs.fields(shape):
        for below in structs_in(msgspec.inspect.type_info(field.type)):
            found |= structs_below(below)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.is_file(), f"{page.name}: {target}"
        if anchor:
            assert anchor in _anchors(file), f"{page.name}: {target}"


def _anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
