"""Making and finding the record: interrupted beginnings, links, and files with two names."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests import building as build
from tests.usecases.projects import SMALL, opened

from workbench.model.errors import DefinitionError, NotAllowed, RecordUnavailable
from workbench.usecases import doctoring, importing
from workbench.usecases.opening import has_record, open_context
from workbench.usecases.project import Options

POSIX = pytest.mark.skipif(os.name == "nt", reason="links of another kind")
BEGINS = SMALL + "start_from: {parity: differences.csv}\n"
TABLE = "title,staging,production,impact,severity\ncache,off,on,slower,high\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "workbench.yaml").write_text(BEGINS, encoding="utf-8")
    (root / "differences.csv").write_text(TABLE, encoding="utf-8")
    return root


def begin(root: Path) -> None:
    open_context(Options(project=root, as_person="kim"), create=True).record.close()


def left(root: Path) -> list[str]:
    return sorted(path.name for path in (root / ".workbench").iterdir())


def test_a_record_comes_with_what_it_starts_from(root: Path) -> None:
    with opened(root) as context:
        assert context.record.count("difference") == 1
        assert left(root) == [".gitignore", "record.db", "record.db-shm", "record.db-wal"]
        assert len(list(context.data_folder.glob("*.json"))) == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, OSError(28, "No space left on device")])
def test_an_interrupted_first_command_leaves_nothing_and_the_next_one_begins(
    root: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException | type[BaseException]
) -> None:
    def interrupt(context: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(importing, "start_record", interrupt)
        with pytest.raises(BaseException) as caught:
            begin(root)
        assert isinstance(caught.value, type(error) if isinstance(error, BaseException) else error)
    assert left(root) == [".gitignore"] and not list(data_folder.iterdir())
    assert not has_record(root, Options())
    begin(root)
    assert has_record(root, Options())


def test_a_mistake_in_what_it_starts_from_leaves_nothing(root: Path) -> None:
    (root / "differences.csv").write_text("title,severity\ncache,terrible\n", encoding="utf-8")
    with pytest.raises(DefinitionError):
        begin(root)
    assert left(root) == [".gitignore"]


def test_an_empty_file_where_the_record_should_be_is_no_record(root: Path) -> None:
    (root / ".workbench").mkdir()
    (root / ".workbench" / "record.db").touch()
    with pytest.raises(RecordUnavailable, match="has no release record yet"):
        open_context(Options(project=root))
    checks = {check.what: check for check in doctoring.examine(Options(project=root))}
    assert checks["record"].why == "there is none yet"
    begin(root)
    with opened(root) as context:
        assert context.record.verify().ok


def folder_outside(root: Path, outside: Path) -> None:
    (root / ".workbench").symlink_to(outside)


def file_outside(root: Path, outside: Path) -> None:
    (root / ".workbench").mkdir()
    (root / ".workbench" / "record.db").symlink_to(outside / "record.db")


@POSIX
@pytest.mark.parametrize("link", [folder_outside, file_outside])
def test_nothing_is_made_or_written_through_a_link_out_of_the_project(
    root: Path, tmp_path: Path, link: Callable[[Path, Path], None]
) -> None:
    outside = tmp_path / "victim"
    outside.mkdir()
    link(root, outside)
    with pytest.raises(NotAllowed, match="leads out of the project") as caught:
        begin(root)
    assert caught.value.exit_code == 2 and list(outside.iterdir()) == []
    named = Options(project=root, record=outside / "record.db", as_person="kim")
    open_context(named, create=True).record.close()
    before = (outside / "record.db").read_bytes()
    with pytest.raises(NotAllowed, match="--record FILE uses a record somewhere else"):
        open_context(Options(project=root, as_person="kim"))
    with open_context(Options(project=root), readonly=True).record as record:
        assert record.path == outside / "record.db"
    assert (outside / "record.db").read_bytes() == before


@POSIX
def test_a_link_within_the_project_is_followed(root: Path) -> None:
    (root / "kept").mkdir()
    (root / ".workbench").symlink_to("kept")
    with opened(root) as context:
        assert context.record.path == root / "kept" / "record.db"


@POSIX
def test_a_record_with_two_names_is_told(root: Path, tmp_path: Path) -> None:
    begin(root)
    os.link(root / ".workbench" / "record.db", tmp_path / "other.db")
    with opened(root) as context:
        (remark,) = context.remarks
        assert "another name (a hard link)" in remark
    (tmp_path / "other.db").unlink()
    with build.opened(root, "kim") as context:
        assert context.remarks == []
