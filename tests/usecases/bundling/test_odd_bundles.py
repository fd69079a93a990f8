"""Whatever stands in a bundle is told in words; nothing in it is believed, run or shown raw."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.model.canonical import sha256
from workbench.usecases.bundling.checking import check
from workbench.usecases.views import bundles as views

from .conftest import Bundles

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.text(max_size=20),
    st.just("\x1b[2J\u202e"),
    st.just("../../../etc/passwd"),
    st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def resummed(bundle: Path, index: Any) -> None:
    """What somebody makes who knows the format: index and sums fit again."""
    (bundle / "index.json.sig").unlink(missing_ok=True)
    (bundle / "index.json").write_text(json.dumps(index))
    found = sorted(one for one in bundle.rglob("*") if one.is_file() and one.name != "SHA256SUMS")
    lines = (f"{sha256(path.read_bytes())}  {path.relative_to(bundle).as_posix()}\n" for path in found)
    (bundle / "SHA256SUMS").write_text("".join(lines))


def paths_in(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every value of a document stands."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, item in below for path in paths_in(item, (*here, key)))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    found = value.copy()
    found[path[0]] = put(value[path[0]], path[1:], new)
    return found


@pytest.fixture(scope="module")
def copied(bundles: Bundles, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd") / "bundle"
    shutil.copytree(bundles.folder, folder)
    return folder


@settings(max_examples=60)
@given(data=st.data(), new=VALUES)
def test_any_value_in_the_index_is_told_in_words(copied: Path, data: st.DataObject, new: Any) -> None:
    text = (copied / "index.json").read_text()
    signature = (copied / "index.json.sig").read_bytes()
    sums = (copied / "SHA256SUMS").read_bytes()
    index = json.loads(text)
    path = data.draw(st.sampled_from(paths_in(index)))
    try:
        resummed(copied, put(index, path, new))
        found = check(copied)
        assert found.exit_code in (1, 4)
        said = [views.headline(found), *views.lines(found, "nobody")]
        assert said[0]
        json.dumps(views.document(found, "nobody"))
    finally:
        (copied / "index.json").write_text(text)
        (copied / "index.json.sig").write_bytes(signature)
        (copied / "SHA256SUMS").write_bytes(sums)


@settings(max_examples=40)
@given(data=st.data(), new=VALUES)
def test_any_value_in_an_entry_is_told_in_words(copied: Path, data: st.DataObject, new: Any) -> None:
    """The pack is made to fit again, too: its lines are canonical, its head has the right digest."""
    from workbench.model.canonical import encode

    place = copied / "record" / "entries.jsonl"
    kept = {name: (copied / name).read_bytes() for name in ("index.json", "index.json.sig", "SHA256SUMS")}
    before = place.read_bytes()
    head, *lines = before.decode().splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    entry = json.loads(lines[number])
    path = data.draw(st.sampled_from(paths_in(entry)))
    try:
        lines[number] = encode(put(entry, path, new)).decode()
    except (ValueError, TypeError):
        return
    try:
        said = json.loads(head)
        del said["digest"]
        content = "".join(f"{line}\n" for line in lines).encode()
        said["digest"] = sha256(encode(said) + b"\n" + content)
        place.write_bytes(encode(said) + b"\n" + content)
        index = json.loads(kept["index.json"])
        for line in index["files"]:
            if line["path"] == "record/entries.jsonl":
                line["sha256"], line["size"] = sha256(place.read_bytes()), place.stat().st_size
        resummed(copied, index)
        found = check(copied)
        changed = place.read_bytes() != before
        assert found.exit_code == (4 if changed else 1), found
        assert [views.headline(found), *views.lines(found, "nobody")]
    finally:
        place.write_bytes(before)
        for name, content in kept.items():
            (copied / name).write_bytes(content)


@pytest.mark.parametrize(
    "written", ["../../outside.yaml", "/tmp/outside.yaml", "a\\b.yaml", "", "./x", "a/../../b"]
)
def test_definitions_that_lead_out_of_the_project_are_refused(
    bundles: Bundles, tmp_path: Path, written: str
) -> None:
    bundle = tmp_path / "b"
    shutil.copytree(bundles.folder, bundle)
    index = json.loads((bundle / "index.json").read_text())
    for line in index["files"]:
        if line["what"] == "definitions, as written":
            line["written"] = written
    resummed(bundle, index)
    (problem,) = check(bundle).problems
    assert "leads out of the project's folder" in problem
    assert not (tmp_path / "outside.yaml").exists()


def test_definitions_that_the_same_workbench_cannot_read_are_not_intact(
    bundles: Bundles, tmp_path: Path
) -> None:
    bundle = tmp_path / "b"
    shutil.copytree(bundles.folder, bundle)
    index = json.loads((bundle / "index.json").read_text())
    for line in index["files"]:
        if line["what"] == "definitions, as written":
            (bundle / line["path"]).write_bytes(b"{")
            line["sha256"], line["size"] = sha256(b"{"), 1
    resummed(bundle, index)
    found = check(bundle)
    assert found.exit_code == 4
    assert "the definitions cannot be read" in found.problems[0]


def test_a_deep_document_is_refused(bundles: Bundles, tmp_path: Path) -> None:
    bundle = tmp_path / "b"
    shutil.copytree(bundles.folder, bundle)
    (bundle / "index.json").write_text("[" * 100_000)
    (problem,) = check(bundle).problems
    assert "“index.json” cannot be read" in problem
