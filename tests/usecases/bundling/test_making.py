"""What stands in a bundle, that it is the same each time, and that it appears whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build
from tests.bundles import bundled, signed_shop, signers

from workbench.model.canonical import sha256
from workbench.model.errors import UsageError
from workbench.usecases import purging
from workbench.usecases.bundling import making
from workbench.usecases.bundling.checking import check
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate

from .conftest import Bundles


@pytest.fixture
def shop(tmp_path: Path, bundles: Bundles) -> Iterator[Context]:
    with signed_shop(tmp_path, bundles.keys) as context:
        yield context


def files(bundle: Path) -> dict[str, bytes]:
    return {
        path.relative_to(bundle).as_posix(): path.read_bytes()
        for path in sorted(bundle.rglob("*"))
        if path.is_file()
    }


def index(bundle: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((bundle / "index.json").read_text())
    return found


def test_the_same_record_gives_the_same_bytes(shop: Context, tmp_path: Path) -> None:
    for name in ("a", "b", "a.zip", "b.zip", "a.tar.gz", "b.tar.gz"):
        bundled(shop, tmp_path / name)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert (tmp_path / "a.tar.gz").read_bytes() == (tmp_path / "b.tar.gz").read_bytes()


def test_everything_that_an_auditor_asks_for_is_in_it(bundles: Bundles) -> None:
    found = files(bundles.folder)
    for gate in ("benchmarks", "ready", "go"):
        assert {f"gates/{gate}.json", f"gates/{gate}.md", f"gates/{gate}.txt"} <= found.keys()
        assert f"attestations/{gate}.verification-summary.intoto.json" in found
    assert {"README.md", "SHA256SUMS", "index.json", "index.json.sig", "record/entries.jsonl"} <= found.keys()
    assert {"definitions/resolved.json", "representative.html", "checklists.json"} <= found.keys()
    assert {"notes/release-notes.md", "notes/release-notes.html"} <= found.keys()
    listed = {line["path"]: line for line in index(bundles.folder)["files"]}  # type: ignore[attr-defined]
    assert listed.keys() == found.keys() - {"index.json", "index.json.sig", "SHA256SUMS"}
    for path, line in listed.items():
        assert (line["sha256"], line["size"]) == (sha256(found[path]), len(found[path]))
    answers = json.loads(found["checklists.json"])["checklists"][0]["items"]
    assert [item["state"] for item in answers] == ["done", "done"]


def test_no_list_of_signers_and_no_private_key_is_in_it(bundles: Bundles) -> None:
    whole = b"".join(files(bundles.folder).values())
    assert b"PRIVATE KEY" not in whole
    assert not [name for name in files(bundles.folder) if "signers" in name]


def test_a_bundle_that_is_there_is_left_alone(shop: Context, tmp_path: Path) -> None:
    for name in ("a", "a.zip"):
        bundled(shop, tmp_path / name)
        before = (tmp_path / name).stat().st_mtime_ns
        with pytest.raises(UsageError, match="exists already; nothing was written"):
            bundled(shop, tmp_path / name)
        assert (tmp_path / name).stat().st_mtime_ns == before
        making.make(shop, tmp_path / name, overwrite=True)
        assert check(tmp_path / name).problems == ()


def test_a_folder_with_something_else_in_it_is_never_replaced(shop: Context, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary").write_text("x")
    with pytest.raises(UsageError, match="holds no bundle; it was left alone"):
        making.make(shop, tmp_path / "mine", overwrite=True)
    assert (tmp_path / "mine" / "diary").read_text() == "x"
    with pytest.raises(UsageError, match="there is no folder"):
        bundled(shop, tmp_path / "no" / "such")
    with pytest.raises(UsageError, match=r"a bundle is a folder, a \.zip or a \.tar\.gz"):
        bundled(shop, tmp_path / "a.rar")


@pytest.mark.parametrize("name", ["a", "a.zip"])
def test_what_fails_half_way_leaves_nothing(
    shop: Context, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    real = making._files

    def broken(*given: object) -> list[making.File]:
        found = real(*given)  # type: ignore[arg-type]

        def fails() -> bytes:
            raise OSError(28, "No space left on device")

        return [*found[:-1], making.File(found[-1].path, 1, fails)]

    monkeypatch.setattr(making, "_files", broken)
    with pytest.raises(UsageError, match="No space left on device"):
        bundled(shop, place / name)
    assert list(place.iterdir()) == []


def test_evidence_that_was_purged_is_said_to_be_absent(shop: Context, tmp_path: Path) -> None:
    note = shop.record.query("SELECT digest FROM blobs WHERE media LIKE 'text/%' ORDER BY digest LIMIT 1")[0][
        0
    ]
    data = shop.record.blob(note).data  # type: ignore[union-attr]
    for person in ("kim", "robin"):
        here = build.who(shop, person)
        purging.purge(here, evaluate(here), note, "it named a customer who asked us to forget them")
    bundled(shop, tmp_path / "b")
    (absent,) = index(tmp_path / "b")["absent"]  # type: ignore[misc]
    assert absent["digest"] == note
    assert absent["why"].startswith("purged by robin: it named a customer")
    assert not [name for name in files(tmp_path / "b") if note in name]
    assert data not in files(tmp_path / "b").values()
    found = check(tmp_path / "b")
    assert found.problems == ()
    assert "purged by robin" in found.notes[0]


def test_a_bundle_says_who_holds_a_head_that_its_ledger_continues(
    shop: Context, tmp_path: Path, bundles: Bundles
) -> None:
    from workbench.signoff.ssh_signatures import Namespace
    from workbench.usecases.checkpoints import add, head_note
    from workbench.usecases.ssh_signing import sign_bytes

    note = head_note(shop)
    made = sign_bytes(note.text, bundles.keys.of("sam"), Namespace.CHECKPOINT)
    add(build.who(shop, "kim"), note.signed("sam", made.armored))
    bundled(shop, tmp_path / "b")
    assert check(tmp_path / "b", signers(shop)).held_by == ("sam",)


def test_a_secret_in_a_comment_of_the_projects_files_goes_nowhere(shop: Context, tmp_path: Path) -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8"
    file = shop.root / "workbench.yaml"
    file.write_text(file.read_text() + f"\n# the old token was {token}\n")
    with pytest.raises(UsageError, match="holds what looks like a secret") as caught:
        bundled(shop, tmp_path / "b")
    assert token not in str(caught.value)
    assert not (tmp_path / "b").exists()


def test_what_the_record_hides_a_bundle_hides(shop: Context, tmp_path: Path) -> None:
    """A token in a comment is taken out as it is handed in, and nothing of a bundle has it."""
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8"
    build.answer(shop, "notes", note=f"log: Authorization: Bearer {token}")
    bundled(shop, tmp_path / "b")
    assert token.encode() not in b"".join(files(tmp_path / "b").values())
