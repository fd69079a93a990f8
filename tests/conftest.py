"""What every test needs: nothing is ever written to the real user's data folder."""

from __future__ import annotations

import os
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


@pytest.fixture(autouse=True)
def data_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own; who sits here does not depend on the machine."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("WORKBENCH_DATA", str(folder))
    monkeypatch.delenv("WORKBENCH_AS", raising=False)
    monkeypatch.delenv("WORKBENCH_DEBUG", raising=False)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):  # of this machine, perhaps of files that are not there
        monkeypatch.delenv(name, raising=False)
    return folder
