"""Trials of Robot Framework's output."""

from pathlib import Path

from tests.sources.trials.frame import COMMIT, FileCase, FileTrials


def output(*tests: tuple[str, str], teardown: str = "PASS", totals: str = "", commit: str = COMMIT) -> bytes:
    """An output.xml of these names and states; ``totals`` are its own unless given."""
    counted = {word: sum(status == word for _, status in tests) for word in ("PASS", "FAIL", "SKIP")}
    told = totals or 'pass="{PASS}" fail="{FAIL}" skip="{SKIP}"'.format_map(counted)
    cases = "".join(
        f'<test name="{name}"><kw name="Log"><status status="PASS"/></kw>'
        f'<status status="{status}" start="2026-09-15T09:00:00" elapsed="0.5"/></test>'
        for name, status in tests
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<robot generator="Robot 7.3.2 (Python)" schemaversion="5">'
        f'<suite name="Shop">{cases}<kw name="Empty" type="TEARDOWN"><status status="{teardown}"/></kw>'
        f'<meta name="commit">{commit}</meta><status status="PASS" start="2026-09-15T09:00:00" elapsed="1"/></suite>'
        f"<statistics><total><stat {told}>All Tests</stat></total></statistics><errors/></robot>"
    ).encode()


ADDS, PAYS, RETURNS = ("Adds", "PASS"), ("Pays", "FAIL"), ("Returns", "SKIP")
RIGHT = output(ADDS, RETURNS)
_BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><robot>&b;</robot>'


def _deep(path: Path) -> None:
    path.write_bytes(b"<robot>" + b"<suite>" * 200_000)


TRIALS = FileTrials(
    file="results/output.xml",
    right=RIGHT,
    expects={"tests/acceptance": "1", "hardly-skipped": "1", "works-after-a-deployment": "0"},
    empty=FileCase(output(), "missing", ("the report holds no tests",)),
    cut_off=FileCase(RIGHT[:-100], "error", ("output.xml is no valid XML",)),
    another=FileCase(b"<testsuite/>", "error", ("no output.xml of Robot Framework",)),
    bomb=FileCase(_BOMB, "error", ("output.xml is refused",)),
    hostile=FileCase(output(ADDS, ("[red]../../etc/passwd\x7f[/]", "FAIL")), "ok", ("green no", "passwd")),
    more={
        "deep": FileCase(_deep, "error", ("nested more than 1,000 deep",)),
        "the teardown fails": FileCase(
            output(ADDS, teardown="FAIL", totals='pass="0" fail="1" skip="0"'), "ok", ("green no", "Shop.Adds")
        ),
        "the teardown skips": FileCase(
            output(ADDS, teardown="SKIP", totals='pass="0" fail="0" skip="1"'), "missing", ("every test was skipped",)
        ),
        "a time without end": FileCase(RIGHT.replace(b'elapsed="0.5"', b'elapsed="inf"'), "ok", ("1 passed",)),
        "a suite that failed without a test": FileCase(
            RIGHT.replace(b'</meta><status status="PASS"', b'</meta><status status="FAIL"'),
            "ok",
            ("suite “Shop” failed, and none of its tests did",),
        ),
        "a state that is not known": FileCase(output(ADDS, ("Pays", "NOT RUN")), "ok", ("green no", "NOT RUN")),
        "fewer than counted": FileCase(
            output(ADDS, totals='pass="2" fail="0" skip="0"'), "ok", ("announces 2 tests and lists 1",)
        ),
        "red by its totals": FileCase(
            output(ADDS, totals='pass="0" fail="1" skip="0"'), "ok", ("green no", "counts 1 failure and marks none")
        ),
        "totals that are no numbers": FileCase(
            output(ADDS, totals='pass="many" fail="0"'), "error", ("the total “pass”",)
        ),
        "of another commit": FileCase(output(ADDS, commit="a1b2c3d"), "missing", ("for commit a1b2c3d",)),
        "no statistics": FileCase(
            b'<robot><suite name="s"><test name="a"><status status="PASS"/></test></suite></robot>',
            "ok",
            ("has no statistics: was the run cut short?",),
        ),
    },
)  # fmt: skip
