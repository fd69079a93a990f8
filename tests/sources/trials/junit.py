"""Trials of JUnit reports."""

from pathlib import Path

from tests.sources.trials.frame import COMMIT, FileCase, FileTrials

RIGHT = f"""<testsuite tests="2" failures="0" timestamp="2026-09-15T09:00:00Z">
<properties><property name="commit" value="{COMMIT}"/></properties>
<testcase name="a" time="0.1"/><testcase name="b" time="0.2"/></testsuite>""".encode()
_BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><testsuite name="&b;"/>"""


def _deep(path: Path) -> None:
    path.write_bytes(b"<a>" * 200_000)


TRIALS = FileTrials(
    example="""\
sources:
  - {key: reports, kind: junit, files: "reports/*.xml"}
benchmarks:
  - key: passed
    title: Tests pass
    flow: checkout
    mode: blocking
    measure: {source: reports, read: pass_rate}
    pass: ">= 1"
""",
    file="reports/unit.xml",
    right=RIGHT,
    expects={"tests/reports": "1", "passed": "1"},
    empty=FileCase(b"<testsuites/>", "missing", ("no test",)),
    cut_off=FileCase(RIGHT[:-20], "error", ("unit.xml",)),
    another=FileCase(b"<html><body>Log in</body></html>", "error", ("unit.xml",)),
    bomb=FileCase(_BOMB, "error", ("unit.xml",)),
    hostile=FileCase(
        RIGHT.replace(b'name="a" time="0.1"/>', b'name="[red]\x7f../../x[/]"><failure/></testcase>'), "ok", ()
    ),
    more={"deep": FileCase(_deep, "error", ("unit.xml",))},
)
