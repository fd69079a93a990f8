"""Real programs of Monitoring Plugins, run by a source of kind exec."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.real.conftest import needs
from tests.sources.test_exec import asked

FOLDER = Path("/usr/lib/nagios/plugins")
pytestmark = pytest.mark.real


def _program(name: str) -> str:
    found = shutil.which(name) or str(FOLDER / name)
    needs(Path(found).exists(), f"{name} of Debian's monitoring-plugins-basic")
    return found


@pytest.mark.parametrize(
    ("code", "state", "value"), [(0, "ok", 0), (1, "ok", 1), (2, "ok", 2), (3, "error", None)]
)
def test_each_state_of_a_real_check_is_what_it_says(
    tmp_path: Path, code: int, state: str, value: int | None
) -> None:
    (reading,) = asked(tmp_path, [_program("check_dummy"), str(code), "as it was told"], {})
    assert (reading.state, reading.value) == (state, value)
    assert "as it was told" in (reading.why or str(reading.facts["said"]))


def test_the_space_that_a_real_check_sees_is_that_of_the_disk(tmp_path: Path) -> None:
    _program("check_dummy")
    command = [_program("check_disk"), "-w", "1%", "-c", "0%", "-p", "/"]
    (reading,) = asked(tmp_path, command, {"label": "/"}, unit="GB")
    assert reading.state == "ok", reading.why
    total = shutil.disk_usage("/").total / 1e9
    assert reading.value is not None and 0 < float(reading.value) <= total
    assert str(reading.facts["its_own_limits"]).startswith("warning ")
