"""A file appears whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.model.files import (
    make_private_folder,
    new_file,
    read_regular,
    remove_leftovers,
    whole_file,
    write_whole,
)

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


def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    path = tmp_path / "copy.db"
    with new_file(path) as part:
        part.write_bytes(b"one")
        assert not path.exists()
    assert path.read_bytes() == b"one"
    with pytest.raises(FileExistsError), new_file(path) as part:
        part.write_bytes(b"another")
    assert path.read_bytes() == b"one" and list(tmp_path.iterdir()) == [path]


def test_a_new_file_goes_where_names_cannot_be_linked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "not here")

    monkeypatch.setattr(os, "link", refuse)
    test_a_new_file_never_takes_the_place_of_another(tmp_path)


LEAVES_ITS_PART = """
import os, sys
from pathlib import Path
from workbench.model.files import whole_file
with whole_file(Path(sys.argv[1])) as part:
    for end in ("", "-wal"):
        part.with_name(part.name + end).write_bytes(b"half")
    os._exit(9)
"""


@POSIX
def test_what_an_ended_process_left_goes_with_the_next_write_of_that_file(file: Path) -> None:
    subprocess.run([sys.executable, "-c", LEAVES_ITS_PART, str(file)], check=False)
    left = [path.name for path in file.parent.iterdir() if path != file]
    assert len(left) == 2
    write_whole(file.with_name("other.md"), b"of another file")
    assert len(list(file.parent.iterdir())) == 4
    with whole_file(file) as part:  # that of a process that runs stays
        part.write_bytes(b"after")
        write_whole(file, b"between")
        assert part.exists()
    assert sorted(path.name for path in file.parent.iterdir()) == ["notes.md", "other.md"]


def test_what_nobody_touched_for_a_day_goes_too(file: Path) -> None:
    old = file.with_name(".notes.md.0123abcd.part")
    elsewhere = file.with_name(".notes.md.ffffffff-1-0123abcd.part")
    for part in (old, elsewhere):
        part.write_bytes(b"half")
        remove_leftovers(file)
        assert part.exists()
        os.utime(part, (1, 1))
        remove_leftovers(file)
        assert not part.exists()
    assert list(file.parent.iterdir()) == [file]


@POSIX
def test_a_private_folder_is_private_and_one_that_is_there_stays(tmp_path: Path) -> None:
    made = tmp_path / "share" / "workbench"
    make_private_folder(made)
    assert {path.stat().st_mode & 0o777 for path in (made, made.parent)} == {0o700}
    made.chmod(0o755)
    make_private_folder(made)
    assert made.stat().st_mode & 0o777 == 0o755
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotADirectoryError):
        make_private_folder(tmp_path / "file")


@pytest.mark.parametrize("kind", ["pipe", "folder", "nothing"])
def test_what_is_no_file_of_its_own_is_never_waited_for(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "workbench.yaml"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(OSError):
        read_regular(path)
    path = tmp_path / "file"
    path.write_bytes(b"as it is\r\n")
    assert read_regular(path) == b"as it is\r\n"
