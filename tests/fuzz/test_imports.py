"""Result files of every format: whatever stands in them, each is taken or left out in words."""

from __future__ import annotations

import json
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz import odd
from tests.fuzz.effort import SOME
from tests.fuzz.place import Place
from tests.fuzz.places import COMMIT

from workbench.cli import run
from workbench.sources.guides import guide_of
from workbench.sources.kinds import KINDS, NAMES


def _tree(data: bytes) -> Any:
    """The JSON document that a file is; nothing for lines and other formats."""
    try:
        return json.loads(data)
    except ValueError:
        return None


def _is_document(data: bytes) -> bool:
    """Whether a file is one document of JSON or XML, whose end is missed where it is cut off."""
    return data.lstrip().startswith(b"<") or _tree(data) is not None


GENERATED = Path(__file__).parents[1] / "data" / "generated"
FILES = [path for path in sorted(GENERATED.rglob("*")) if path.is_file() and path.name != "VERSIONS.md"]
SAMPLES = [path.read_bytes() for path in FILES]
TREES = [tree for tree in map(_tree, SAMPLES) if tree is not None]
READERS = [name for name in NAMES if KINDS[name].recognise is not None]


def project() -> dict[str, Any]:
    """A project with a source of each kind that reads files, and the benchmarks of its guide."""
    found: dict[str, Any] = {
        "project": "shop",
        "environments": [{"key": "staging", "kind": "staging"}, {"key": "production", "kind": "production"}],
        "people": [{"key": "kim", "name": "Kim", "roles": ["release-owner"]}],
        "sources": [],
        "benchmarks": [],
        "gates": [{"key": "go", "title": "Go", "requires": [{"benchmarks": {}}]}],
    }
    for name in READERS:
        example = yaml.safe_load(guide_of(name).example)
        for source in example["sources"]:
            found["sources"].append(
                {**source, "key": f"{name}-{source['key']}".replace("_", "-"), "files": "*$environment"}
            )
        for one in example.get("benchmarks", []):
            asked = {**one["measure"], "source": f"{name}-{one['measure']['source']}".replace("_", "-")}
            found["benchmarks"].append(
                {**one, "key": f"{name}-{one['key']}".replace("_", "-"), "measure": asked}
            )
    return found


@cache
def place() -> Place:
    """The project of all guides, with a release."""
    return Place(_make)


def _make(root: Path) -> None:
    root.mkdir()
    (root / "workbench.yaml").write_text(yaml.safe_dump(project(), sort_keys=False), encoding="utf-8")
    flow = ["flow", "add", "checkout", "--name", "Checkout", "--tier", "critical"]
    release = ["release", "new", "1.0", "--commit", COMMIT, "--author", "kim"]
    for words in (release, flow):
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as said:
            assert run([*words, "--as", "kim", "--project", str(root)]) == 0, said.getvalue()


@SOME
@given(st.one_of(odd.bytes_of(SAMPLES), st.sampled_from(TREES).flatmap(odd.trees).map(odd.as_json)))
def test_imports(data: bytes) -> None:
    here = place()
    here.put_back()
    (here.root / "staging").write_bytes(data)
    here.survives("import", "staging", "--as", "kim", "--json")


def _cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)].rstrip()[:-1]


DOCUMENTS = [data for data in SAMPLES if _is_document(data)]


@SOME
@given(st.sampled_from(DOCUMENTS), st.floats(0.01, 1))
def test_a_file_that_was_cut_off_measures_nothing(data: bytes, share: float) -> None:
    here = place()
    here.put_back()
    (here.root / "staging").write_bytes(_cut(data, share))
    said = here.type_in("import", "staging", "--as", "kim", "--json")
    for one in msgspec.json.decode(said.out)["files"]:
        green = [each for each in one["taken"] if each["facts"].get("green") != "no"]
        assert not green, one
