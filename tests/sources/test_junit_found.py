"""Which test reports ``init`` finds in a folder, and how it writes them down."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.sources.junit.found import covering, is_report, matches, propose
from workbench.sources.project_files import find
from workbench.sources.proposing import Folder, Proposal

REPORT = "<?xml version='1.0'?>\n<!-- made by a tool -->\n<testsuites><testsuite/></testsuites>"

# Where test tools put their reports unless they are told otherwise.
PLACES = [
    "junit.xml", "test-results.xml", "report.xml", "results.xml", "pytest.xml", "xunit.xml", "nosetests.xml",
    "rspec.xml", "test-reports/unittest.xml", "TestResults/shop.xml", "cypress/results/checkout.xml",
    "playwright-report/results.xml", "bazel-testlogs/app/unit/test.xml", "test_results/out.xml", "results/all.xml",
    "target/surefire-reports/TEST-a.xml", "target/failsafe-reports/TEST-b.xml", "build/test-results/test/TEST-c.xml",
    "reports/junit.xml", "test-results/jest/results.xml", "coverage/junit.xml", "build/reports/tests.xml",
    "target/nextest/ci/junit.xml", "_build/test/logs/junit_report.xml", ".pytest-results/out.xml",
]  # fmt: skip


def look(folder: Path, *names: str, tracked: frozenset[str] = frozenset()) -> Proposal | None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if not (folder / name).exists():
            (folder / name).write_text(REPORT)
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return propose(Folder(folder=folder, top=folder, files=tuple(found), tracked=tracked))


@pytest.mark.parametrize("place", PLACES)
def test_a_report_is_found_wherever_a_tool_puts_it(tmp_path: Path, place: str) -> None:
    proposal = look(tmp_path, place)
    assert proposal is not None
    assert proposal.seen == (("test reports", place),)


@pytest.mark.parametrize(
    "text",
    [
        b"<testsuite/>", b"<testsuites>", b"\xef\xbb\xbf<testsuites name='x'>", b"  \n<?xml version='1.0'?><testsuite >",
        "<?xml version='1.0' encoding='UTF-16'?><testsuites/>".encode("utf-16"), b"<!DOCTYPE x><testsuite\n>",
    ],
)  # fmt: skip
def test_a_report_is_told_by_its_first_element(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "a.xml").write_bytes(text)
    assert is_report(tmp_path / "a.xml")


@pytest.mark.parametrize(
    "text",
    [
        b"", b"<coverage/>", b"<test-run><test-suite/></test-run>", b"<project><testsuite/></project>", b"<!-- ",
        b"<assemblies/>", b"<testng-results/>", b"<?xml " * 500, b"<testsuitesX/>",
    ],
)  # fmt: skip
def test_other_xml_is_no_report(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "a.xml").write_bytes(text)
    assert not is_report(tmp_path / "a.xml")


def test_what_is_in_version_control_is_no_test_run(tmp_path: Path) -> None:
    proposal = look(tmp_path, "tests/fixtures/junit.xml", tracked=frozenset({"tests/fixtures/junit.xml"}))
    assert proposal is not None
    assert (proposal.entry, proposal.tests) == ((), ())
    ((_, words),) = proposal.seen
    assert words == "tests/fixtures/junit.xml: left out, what is in version control is no test run"


def test_a_fixture_beside_a_report_does_not_come_in_by_its_pattern(tmp_path: Path) -> None:
    names = ["out/a.xml", "out/b.xml", "out/fixture.xml"]
    proposal = look(tmp_path, *names, tracked=frozenset({"out/fixture.xml"}))
    assert proposal is not None
    assert proposal.entry[-1] == '    files: ["out/a.xml", "out/b.xml"]'


def test_a_link_out_of_the_folder_is_not_followed_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "bazel-testlogs").symlink_to(tmp_path / "outside")
    proposal = look(inside)
    assert proposal is not None
    assert "leads out of this folder" in proposal.seen[0][1]


@pytest.mark.parametrize(
    ("reports", "others", "patterns"),
    [
        (["r/TEST-a.xml", "r/TEST-b.xml"], [], ["r/TEST-*.xml"]),
        (["r/a.xml", "r/b.xml"], ["pom.xml"], ["r/*.xml"]),
        (["r/a.xml", "r/b.xml"], ["r/coverage.xml"], ["r/a.xml", "r/b.xml"]),
        (["r/TEST-a.xml", "r/TEST-b.xml"], ["r/coverage.xml"], ["r/TEST-*.xml"]),
        (
            [f"m{n}/target/surefire-reports/TEST-{n}.xml" for n in range(20)], ["pom.xml", "m1/pom.xml"],
            ["**/surefire-reports/TEST-*.xml"],
        ),
        ([f"bazel-testlogs/p{n}/t/test.xml" for n in range(20)], [], ["bazel-testlogs/**/test.xml"]),
        ([f"bazel-testlogs/p/t{n}/test.xml" for n in range(20)], ["p/test.xml"], ["bazel-testlogs/p/**/test.xml"]),
        ([], ["pom.xml"], []),
    ],
)  # fmt: skip
def test_reports_are_put_into_few_patterns(
    reports: list[str], others: list[str], patterns: list[str]
) -> None:
    assert list(covering(reports, [*reports, *others])) == patterns


@pytest.mark.parametrize("pattern", ["**/a/*.xml", "x/**/t.xml", "*.xml", "x/a/b.xml", "x/*.xml"])
def test_patterns_mean_here_what_they_mean_to_the_source(tmp_path: Path, pattern: str) -> None:
    names = ["a/1.xml", "x/a/b.xml", "x/t.xml", "x/y/z/t.xml", "t.xml", "x/y/a/t.xml"]
    look(tmp_path, *names)
    taken = {path.relative_to(tmp_path.resolve()).as_posix() for path in find(tmp_path, pattern)}
    assert taken == {name for name in names if matches(pattern, name)}
