"""Robot Framework 7: tests that pass, fail and are skipped, and suites whose setup or teardown fails."""

from __future__ import annotations

from collections.abc import Sequence

from tests.generators.tool import Tool, Workshop

MIXED = """*** Settings ***
Metadata    commit    7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72

*** Test Cases ***
Adds
    [Tags]    cart
    Should Be Equal As Integers    ${1 + 1}    2

Pays
    [Tags]    cart    card
    Should Be Equal As Integers    ${1 + 1}    3    the sum is wrong

Returns
    Skip    not yet

Country [red]../../etc[/]
    Log    quiet
"""
TEARDOWN = """*** Settings ***
Suite Teardown    Fail    the database was not emptied

*** Test Cases ***
Adds
    Log    fine

Returns
    Skip    not yet
"""
SETUP = """*** Settings ***
Suite Setup    Fail    no database

*** Test Cases ***
Adds
    Log    fine

Pays
    Log    fine
"""
GREEN = "*** Test Cases ***\nAdds\n    Log    fine\n\nPays\n    Log    fine\n"
RUNS = {
    "mixed": (MIXED, 1, "4 tests: two pass, Pays fails, Returns is skipped; the suite names its commit"),
    "teardown-fails": (TEARDOWN, 1, "Adds passes by itself, and fails with the teardown of its suite; Returns is skipped"),
    "setup-fails": (SETUP, 2, "both tests fail with the setup of their suite"),
    "green": (GREEN, 0, "2 tests, both pass"),
}  # fmt: skip


def run(work: Workshop, names: Sequence[str]) -> None:
    """These runs once each."""
    for name in names:
        text, code, known = RUNS[name]
        work.write(f"{name}.robot", text)
        quiet = ("--log", "NONE", "--report", "NONE", "--console", "none", "--output", f"{name}.xml")
        work.run("robot", *quiet, f"{name}.robot", codes=(code,))
        work.keep(f"{name}.xml", known)


def make(work: Workshop) -> None:
    """All runs, and all of them once more in one suite of suites."""
    run(work, list(RUNS))
    quiet = ("--log", "NONE", "--report", "NONE", "--console", "none", "--output", "all.xml")
    work.run("robot", *quiet, ".", codes=(4,))
    work.keep("all.xml", "the four above together: 10 tests: four pass, four fail, two are skipped")


TOOL = Tool(name="robot_framework", make=make, python=["robotframework==7.3.2"])
