"""Nothing of the machine that ran a tool is kept with what the tool wrote."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.generators.cleaning import Machine, cleaned
from tests.generators.tool import GENERATED, LARGEST

BEGUN = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
MACHINE = Machine({b"/own/build/tree": b"/project", b"/own": b"/home/team", b"box7": b"ci-runner"}, BEGUN)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (b"/own/build/tree/a.py", b"/project/a.py"),
        (b"/own/x", b"/home/team/x"),
        (b"on box7, not box77", b"on ci-runner, not box77"),
        (b'"2031-05-06T07:08:19.25Z"', b'"2026-03-02T09:00:10.25Z"'),
        (b"2031-05-06 07:08:09", b"2026-03-02 09:00:00"),
        (b"on 2031-05-06", b"on 2026-03-02"),
        (b"since 2019-01-01T00:00:00Z", b"since 2019-01-01T00:00:00Z"),
        (b'{"t": 1935817689.5}', b'{"t": 1772442000.5}'),
        (b"1935817690123,12", b"1772442001123,12"),
        (b'"1935817690123456789"', b'"1772442001123456789"'),
        (b"id 1234567890", b"id 1234567890"),
        (b"https://index.test/simple/flask/", b"https://packages.example.com/simple/flask/"),
    ],
)
def test_paths_hosts_and_dates_are_replaced_and_times_between_them_stay(told: bytes, kept: bytes) -> None:
    assert cleaned(told, MACHINE) == kept


FOLDERS = sorted(path for path in GENERATED.iterdir() if path.is_dir()) if GENERATED.is_dir() else []


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_what_is_kept_is_small_and_names_its_versions(folder: Path) -> None:
    about = (folder / "VERSIONS.md").read_text()
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "VERSIONS.md":
            assert path.stat().st_size <= LARGEST
            assert f"`{path.relative_to(folder).as_posix()}`" in about
            assert not any(sign in path.read_bytes() for sign in (b"/tmp/", b"/root", b".cache/generators"))
