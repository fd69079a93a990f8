"""One pytest run, told by itself (JUnit), and by its plugins: CTRF, TAP and Allure."""

from __future__ import annotations

import json

from tests.generators.tool import Tool, Workshop

MIXED = """
import pytest

def test_adds():
    assert 1 + 1 == 2

def test_pays():
    assert 1 + 1 == 3, "the sum is wrong"

@pytest.fixture
def broken():
    raise RuntimeError("no database")

def test_ships(broken):
    pass

@pytest.mark.skip(reason="not yet")
def test_returns():
    pass

@pytest.mark.xfail(reason="known")
def test_known():
    assert False

@pytest.mark.xfail(reason="fixed meanwhile")
def test_fixed():
    assert True

tries = []

@pytest.mark.flaky(reruns=2)
def test_flickers():
    tries.append(1)
    assert len(tries) > 1

@pytest.mark.parametrize("country", ["AT", "../../etc"])
def test_country(country):
    assert country
"""
GREEN = "def test_adds():\n    assert 1 + 1 == 2\n\ndef test_pays():\n    assert True\n"
SUBTESTS = """
def test_all_pass(subtests):
    for number in range(3):
        with subtests.test(number=number):
            assert number < 3

def test_one_fails(subtests):
    for number in range(3):
        with subtests.test(number=number):
            assert number != 1
"""
BROKEN = "import nothing_of_that_name\n\ndef test_adds():\n    pass\n"
MIXED_KNOWN = (
    "9 tests: adds, two countries and fixed pass; pays fails; ships has an error; returns is skipped; "
    "known fails as expected; flickers fails once and passes"
)
RUNS = {
    "mixed": (MIXED, 1, MIXED_KNOWN),
    "green": (GREEN, 0, "2 tests, both pass"),
    "subtests": (SUBTESTS, 1, "2 tests of 3 subtests each; in the second one subtest fails"),
    "not-collected": (BROKEN, 2, "a module that cannot be imported: no test ran"),
    "empty": ("", 5, "no test at all"),
}


def make(work: Workshop) -> None:
    """Each run once, with all reporters beside one another."""
    work.write("pytest.ini", "[pytest]\n")
    for name, (text, code, known) in RUNS.items():
        work.write(f"test_{name.replace('-', '_')}.py", text)
        work.run(
            "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", f"test_{name.replace('-', '_')}.py",
            f"--junitxml={name}.xml", f"--ctrf={name}.json", "--tap-combined", f"--tap-outdir=tap-{name}",
            f"--alluredir=allure-{name}", codes=(code,),
        )  # fmt: skip
        work.keep(f"{name}.xml", known)
        work.keep(f"{name}.ctrf.json", known, work.folder / f"{name}.json")
        tap = work.folder / f"tap-{name}" / "testresults.tap"
        if tap.exists():
            work.keep(f"{name}.tap", known, tap)
        places = (work.folder / f"allure-{name}").glob("*-result.json")
        for number, place in enumerate(sorted(places, key=lambda one: json.loads(one.read_text())["start"])):
            work.keep(f"allure-{name}/{number}-result.json", f"test {number + 1} of the run of {name}", place)


TOOL = Tool(
    name="pytest_reports",
    make=make,
    python=[
        "pytest==9.0.1",
        "pytest-json-ctrf==0.6.1",
        "pytest-tap==3.5",
        "allure-pytest==2.16.2",
        "pytest-rerunfailures==16.1",
    ],
)
