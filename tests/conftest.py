"""What every test needs: nothing is ever written to the real user's data folder."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

# At a desk properties look for new examples each time; continuous integration tries the same ones,
# so that a commit is not refused by chance.  No deadlines: nothing here is timed.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "desk")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden files again (tests/golden/kept, tests/notes/golden)",
    )


def pytest_collection_finish() -> None:
    """Garbage is looked for less often, and not among the thousands of tests that were collected: a fifth of
    the time of a test that drives the app.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


class Folders:
    """Numbered folders below one.  ``tmp_path_factory.mktemp`` lists all that are there before it makes one,
    which for thousands of tests takes minutes.
    """

    def __init__(self, base: Path) -> None:
        self._base = base
        self._numbers: dict[str, Iterator[int]] = {}

    def make(self, name: str) -> Path:
        """A new folder, of this name and the next number."""
        for number in self._numbers.setdefault(name, count()):
            folder = self._base / f"{name}{number}"
            try:
                folder.mkdir(mode=0o700)
            except FileExistsError:  # of tmp_path_factory
                continue
            return folder
        raise AssertionError("numbers do not end")


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Where tests get their folders from."""
    return Folders(tmp_path_factory.getbasetemp())


@pytest.fixture
def tmp_path(folders: Folders, request: pytest.FixtureRequest) -> Path:
    """A folder of the test's own, named after it, as pytest names it."""
    return folders.make(re.sub(r"\W", "_", request.node.name)[:30])


@pytest.fixture(scope="session", autouse=True)
def machine(folders: Folders) -> Iterator[None]:
    """Who sits here, and what is kept here, does not depend on the machine; fixtures of a module or of the whole run
    have a data folder, too.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_DATA", str(folders.make("data-of-all")))
        for name in (
            "WORKBENCH_AS",
            "WORKBENCH_DEBUG",
            "SSL_CERT_FILE",  # of this machine, perhaps of files that are not there
            "SSL_CERT_DIR",
        ):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(autouse=True)
def data_folder(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    folder = folders.make("data")
    monkeypatch.setenv("WORKBENCH_DATA", str(folder))
    return folder
