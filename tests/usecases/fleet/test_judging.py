"""One project judged from elsewhere: as its own status says, without a byte of it changed; else why not."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests import building as build
from tests.building import NOW

from workbench.usecases import deciding
from workbench.usecases.context import Context
from workbench.usecases.fleet import judging
from workbench.usecases.fleet.judging import judge
from workbench.usecases.fleet.shapes import Ask, Project
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options
from workbench.usecases.views.readiness import Section
from workbench.usecases.views.status import read_status


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def seen(root: Path, **said: object) -> Project:
    ask = Ask(root=str(root), now=NOW, as_person="kim")
    return judge(type(ask)(**{**{name: getattr(ask, name) for name in ask.__struct_fields__}, **said}))


def test_it_says_what_the_status_of_that_project_says(shop: Context) -> None:
    build.add_difference(shop, "undecided")
    status = read_status(shop)
    found = seen(shop.root)
    assert found.trouble is None and found.key == "shop" and found.lacking == ()
    (release,) = found.releases
    counts = {s: sum(not one.folded for one in status.points[s]) for s in Section if s in status.points}
    assert (release.blocks, release.to_do, release.to_sign) == (
        counts[Section.BLOCKS], counts[Section.TO_DO], counts[Section.TO_SIGN],
    )  # fmt: skip
    assert release.state == status.found.state.value and release.mark == status.mark.name
    assert [gate.key for gate in release.gates] == [gate.key for gate in status.found.gates]
    assert not release.passed
    first = release.first
    assert first is not None and first.blocks and first.since is not None
    assert first.fix == status.next.command


def test_a_signed_release_passes(shop: Context) -> None:
    build.clear(shop)
    build.sign(shop, "benchmarks", "robin")
    build.sign(shop, "go", "robin")
    build.sign(shop, "go", "sam")
    (release,) = seen(shop.root).releases
    assert release.passed and release.first is None and release.state == "signed"


def test_incidents_freezes_and_what_falls_due_come_with_it(shop: Context) -> None:
    deciding.freeze(shop, "the vendor switches off")
    found = seen(shop.root)
    assert [(one.what, one.by, one.reason) for one in found.holds] == [
        ("freeze", "Kim", "the vendor switches off")
    ]
    assert found.delivered is not None and found.delivered.releases == ()
    assert all(one.when for one in found.due)


def test_whose_move_it_is_goes_by_who_sits_there(shop: Context) -> None:
    build.clear(shop)
    build.sign(shop, "benchmarks", "robin")
    theirs = seen(shop.root, as_person="jo").releases[0].first
    own = seen(shop.root, as_person="sam").releases[0].first
    assert theirs is not None and theirs.move == "another" and theirs.who
    assert own is not None and own.move == "yours"


def test_not_a_byte_of_the_record_is_changed(shop: Context) -> None:
    shop.record.close()
    file = shop.root / ".workbench" / "record.db"
    before = hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns
    assert seen(shop.root).trouble is None
    assert (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns) == before


def of_version(root: Path, version: int) -> bytes:
    """The record with that number in its header, as it lies there then."""
    file = root / ".workbench" / "record.db"
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return file.read_bytes()


FORMAT_1 = Path(__file__).parents[2] / "record" / "data" / "format-1"


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A project whose record an earlier workbench wrote, with what it keeps while it writes."""
    root = tmp_path / "older"
    shutil.copytree(FORMAT_1, root, ignore=shutil.ignore_patterns("*.py", "*.gz"))
    (root / ".workbench").mkdir()
    (root / ".workbench" / "record.db").write_bytes(gzip.decompress((FORMAT_1 / "record.db.gz").read_bytes()))
    return root


def test_a_record_of_an_older_version_is_judged_from_a_copy(
    older: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    before = files_of(older)
    found = seen(older, demonstrations=True)
    assert found.trouble is None and found.judged and found.older
    assert files_of(older) == before and not list(scratch.iterdir())
    with closing(
        open_context(Options(project=older, now=NOW, as_person="kim"), readonly=True).record
    ) as record:
        assert record.info.record_id == found.record_id
    again = seen(older, demonstrations=True)
    assert not again.older
    said = {field: getattr(found, field) for field in ("title", "releases", "incidents", "holds", "due")}
    assert said == {field: getattr(again, field) for field in said}


def files_of(root: Path) -> dict[str, bytes]:
    """Every file of a project, and what is in it."""
    return {str(path): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_an_older_record_that_is_too_large_to_copy_is_told_with_what_is_known_of_it(
    older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.record.older.LARGEST", 1_000)
    found = seen(older)
    assert found.trouble is not None and found.trouble.kind == "version"
    assert "too large" in found.trouble.what and "workbench status brings it up to date" in found.trouble.hint
    assert found.title == "Web shop"


def test_a_record_of_a_newer_version_is_told_and_left_as_it_is(shop: Context) -> None:
    shop.record.close()
    before = of_version(shop.root, 9_999)
    found = seen(shop.root)
    assert found.trouble is not None and "newer workbench" in found.trouble.what
    assert found.title == "shop"  # what its files say is known all the same
    assert (shop.root / ".workbench" / "record.db").read_bytes() == before


def test_a_record_that_somebody_keeps_locked_holds_nobody_up(
    shop: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "BUSY", 0.0)
    shop.record.close()
    connection = sqlite3.connect(shop.root / ".workbench" / "record.db", isolation_level=None)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    try:
        found = seen(shop.root)
    finally:
        connection.close()
    assert found.trouble is not None and "does not let go" in found.trouble.what


def test_files_with_mistakes_are_told_with_their_place(shop: Context) -> None:
    (shop.root / "workbench.yaml").write_text("project: shop\ngates: 3\n", encoding="utf-8")
    found = seen(shop.root, record_id="known")
    assert found.trouble is not None and found.trouble.kind == "files"
    assert found.trouble.where.startswith("workbench.yaml:2") and found.record_id == "known"


def test_what_is_no_yaml_is_told(shop: Context) -> None:
    (shop.root / "workbench.yaml").write_bytes(b"\x00\xff: [")
    found = seen(shop.root)
    assert found.trouble is not None and not found.releases


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    found = seen(tmp_path / "nowhere")
    assert found.trouble is not None and found.trouble.kind == "gone"


def test_a_record_whose_project_file_is_gone_takes_no_other_one(shop: Context) -> None:
    (shop.root.parent / "workbench.yaml").write_text("project: above\n", encoding="utf-8")
    (shop.root / "workbench.yaml").unlink()
    found = seen(shop.root)
    assert found.trouble is not None and "workbench.yaml is not there any more" in found.trouble.what


def test_a_project_without_a_record_is_told_how_to_begin(tmp_path: Path) -> None:
    build.write(tmp_path / "shop")
    found = seen(tmp_path / "shop")
    assert found.trouble is not None and found.trouble.kind == "no record"
    assert not (tmp_path / "shop" / ".workbench").exists()


def test_a_record_that_is_none_is_told(shop: Context) -> None:
    shop.record.close()
    for name in ("record.db-wal", "record.db-shm"):
        (shop.root / ".workbench" / name).unlink(missing_ok=True)
    (shop.root / ".workbench" / "record.db").write_bytes(b"no database at all" * 100)
    found = seen(shop.root)
    assert found.trouble is not None and found.trouble.kind == "record"


def test_a_record_that_was_cut_is_not_judged(shop: Context, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shop.record.backup(copy)
    build.add_difference(shop, "written after the copy")
    shop.record.close()
    for name in ("record.db-wal", "record.db-shm"):
        (shop.root / ".workbench" / name).unlink(missing_ok=True)
    (shop.root / ".workbench" / "record.db").write_bytes(copy.read_bytes())
    found = seen(shop.root)
    assert found.trouble is not None and "cannot be trusted" in found.trouble.what


def test_a_mistake_of_ours_is_told_of_that_project_alone(
    shop: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise LookupError("odd")

    monkeypatch.setattr(judging, "evaluate", fails)
    found = seen(shop.root)
    assert found.trouble is not None and found.trouble.kind == "mistake" and not found.releases


def test_what_is_lacking_beside_the_gates_is_told_and_hides_them_not(
    shop: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise LookupError("odd")

    monkeypatch.setattr(judging, "read_calendar", fails)
    found = seen(shop.root)
    assert found.trouble is None and found.releases and found.due == ()
    assert found.lacking == ("calendar: sorry, that is a mistake of ours: LookupError: odd",)


def test_a_project_that_was_not_trusted_is_judged_and_that_is_told(shop: Context) -> None:
    found = seen(shop.root)
    assert found.trouble is None and not found.trusted
