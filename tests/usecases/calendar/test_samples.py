"""The calendar of the sample projects: whatever gates ask for, it can be looked ahead.

That of the incident is typed in as commands, and has its own tests.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.usecases import demonstration
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options
from workbench.usecases.views.calendar import read_calendar


@pytest.mark.parametrize("name", [each for each in demonstration.names() if each != "incident"])
def test_a_sample_has_a_calendar(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    demonstration.prepare(name, tmp_path / name)
    context = open_context(Options(project=tmp_path / name), readonly=True)
    try:
        assert read_calendar(context).events
    finally:
        context.record.close()
