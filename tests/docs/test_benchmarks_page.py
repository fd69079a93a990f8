"""docs/benchmarks.md has every built-in kind of benchmark as the program has it."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_tables_are_those_of_the_program() -> None:
    spec = spec_from_file_location("make_kinds", DOCS / "make_kinds.py")
    assert spec is not None and spec.loader is not None
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    page = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
    assert page == script.written(page), "run: make kinds"
