"""A schema's name is a promise: what is printed as JSON under it always has the same fields."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.golden.story import STORY

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
SOURCE = Path(__file__).parents[2] / "src" / "workbench"
FILES = (
    "workbench.excerpt.1",
    "workbench.snapshot.1",
    "workbench.pack.1",
    "workbench.proof.1",
    "workbench.request.2",
    "workbench.reply.2",
    "workbench.basis.1",
    "workbench.basis.2",
    "workbench.shown.1",
    "workbench.report.1",
    "workbench.statement.1",
    "workbench.hook.1",
    "workbench.measurements.1",
    "workbench.results.1",
    "workbench.asking.1",
    "workbench.bundle.1",
    "workbench.cover.1",
    "workbench.mailbox.1",
    "workbench.mail.1",
)
"""Names of files and kept documents that the workbench writes and reads itself, and of what it sends to hooks."""
TEAM = (
    "workbench.shared.1",
    "workbench.sharing.1",
    "workbench.share-check.1",
    "workbench.share-sql.1",
    "workbench.share-upgrade.1",
    "workbench.moved.1",
    "workbench.left.1",
    "workbench.reconnected.1",
    "workbench.joined.1",
    "workbench.sync.1",
    "workbench.members.1",
    "workbench.member.1",
    "workbench.member-removed.1",
    "workbench.evidence.1",
    "workbench.evidence-absent.1",
    "workbench.evidence-fetched.1",
    "workbench.purge-server.1",
)
"""Names that need a server: ``tests/sharing/test_documents.py`` prints each of them."""
ROWS = {
    name: re.findall(r"`([^`]+)`", fields)
    for name, fields in re.findall(r"^\| `(workbench\.[\w.-]+)` \|[^|]*\| (.*) \|$", PAGE, re.MULTILINE)
}
pytestmark = pytest.mark.xdist_group("golden")

Shapes = dict[str, dict[str, tuple[str, ...]]]


@pytest.fixture(scope="session")
def shapes(played: dict[str, str]) -> Shapes:
    """The fields that were printed under each schema's name, by step of the story."""
    found: Shapes = {}
    for step in STORY:
        a_schema = step.command.startswith("schema ") and "--write" not in step.command
        if "json" in step.command and step.name.endswith(".json") and not a_schema:
            document = json.loads(played[step.name])
            fields = tuple(key for key in document if key not in ("schema", "done"))
            found.setdefault(document["schema"], {})[step.name] = fields
    return found


@pytest.mark.parametrize("schema", [name for name in ROWS if name not in TEAM])
def test_one_name_is_one_shape_and_its_fields_are_documented(shapes: Shapes, schema: str) -> None:
    assert len(set(shapes[schema].values())) == 1, shapes[schema]
    (fields,) = set(shapes[schema].values())
    assert ROWS[schema] in ([], list(fields)), "all of them in order, or “see” the page that describes them"


def test_every_name_in_the_program_is_in_the_story_and_on_the_page(shapes: Shapes) -> None:
    named = {
        name
        for path in SOURCE.rglob("*.py")
        for name in re.findall(r'"(workbench\.[a-z-]+\.\d+)"', path.read_text(encoding="utf-8"))
    } - set(FILES)
    assert sorted(named) == sorted({*shapes, *TEAM}) == sorted(ROWS)
