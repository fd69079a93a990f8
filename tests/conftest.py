"""What every test needs: nothing is ever written to the real user's data folder."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own; who sits here does not depend on the machine."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("WORKBENCH_DATA", str(folder))
    monkeypatch.delenv("WORKBENCH_AS", raising=False)
    monkeypatch.delenv("WORKBENCH_DEBUG", raising=False)
    return folder
