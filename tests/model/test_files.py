"""A file appears whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbench.model.files import whole_file, write_whole

POSIX = pytest.mark.skipif(os.name == "nt", reason="permissions of another kind")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "notes.md"
    path.write_bytes(b"before")
    return path


def test_a_file_is_made_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "new.md"
    for data in (b"one", b"another"):
        write_whole(path, data)
        assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_there_stays_until_all_is_written(file: Path) -> None:
    with pytest.raises(RuntimeError), whole_file(file) as part:
        part.write_bytes(b"half of it")
        assert file.read_bytes() == b"before"
        raise RuntimeError
    assert file.read_bytes() == b"before"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("name", ["x" * 300, "nowhere/notes.md", "notes.md/within"])
def test_a_place_that_does_not_go_leaves_nothing(file: Path, name: str) -> None:
    with pytest.raises(OSError):
        write_whole(file.parent / name, b"data")
    assert list(file.parent.iterdir()) == [file]


@POSIX
def test_permissions_stay_and_a_private_file_is_private(file: Path) -> None:
    file.chmod(0o640)
    write_whole(file, b"after")
    assert file.stat().st_mode & 0o777 == 0o640
    write_whole(file.with_name("secret"), b"mine", private=True)
    assert file.with_name("secret").stat().st_mode & 0o777 == 0o600
    write_whole(file, b"mine", private=True)
    assert file.stat().st_mode & 0o777 == 0o600


@POSIX
def test_a_link_goes_on_leading_to_the_file(file: Path) -> None:
    link = file.with_name("link.md")
    link.symlink_to(file)
    write_whole(link, b"after")
    assert link.is_symlink() and file.read_bytes() == b"after"


@POSIX
def test_what_is_no_file_is_written_to() -> None:
    write_whole(Path(os.devnull), b"data")
    assert not Path(os.devnull).is_file()
