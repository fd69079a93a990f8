"""hyperfine: its JSON for two commands, and for one that fails."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop


def make(work: Workshop) -> None:
    """Two commands ten times each, then one that fails every time."""
    quick = ("--shell=none", "--warmup", "1")
    work.run("hyperfine", *quick, "--runs", "10", "--export-json", "two.json", "sleep 0.02", "true")
    work.keep("two.json", "`sleep 0.02` and `true`, 10 runs each, all with exit code 0")
    work.run("hyperfine", *quick, "--runs", "4", "--ignore-failure", "--export-json", "failing.json", "false")
    work.keep("failing.json", "`false`, 4 runs, all with exit code 1, which was to be ignored")
    work.versions["hyperfine"] = work.run("hyperfine", "--version").split()[-1]


TOOL = Tool(name="hyperfine", make=make, debian=["hyperfine"])
