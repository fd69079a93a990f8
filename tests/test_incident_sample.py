"""What the sample project ``incident`` reads comes out the same again when it is made again."""

from __future__ import annotations

import filecmp
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from workbench import shipped

SAMPLE = shipped.samples() / "incident"
MADE = ("results", "reports", "recordings")


def test_load_tests_and_reports_are_made_alike(tmp_path: Path) -> None:
    spec = spec_from_file_location("make", SAMPLE / "recording" / "make.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.make(tmp_path)
    for name in MADE:
        names = sorted(path.name for path in (SAMPLE / name).iterdir())
        assert sorted(path.name for path in (tmp_path / name).iterdir()) == names
        assert filecmp.cmpfiles(SAMPLE / name, tmp_path / name, names, shallow=False)[0] == names
