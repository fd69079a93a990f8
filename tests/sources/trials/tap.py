"""Trials of TAP."""

from pathlib import Path

from tests.sources.trials.frame import COMMIT, FileCase, FileTrials

RIGHT = f"TAP version 14\n# commit: {COMMIT}\nok 1 - adds\nok 2 - pays # SKIP no card\n1..2\n".encode()


def _line(path: Path) -> None:
    path.write_bytes(b"ok 1 " + b"x" * 3_000_000)


def _deep(path: Path) -> None:
    path.write_bytes(b"".join(b" " * 4 * depth + b"ok 1\n" for depth in range(3_000)))


TRIALS = FileTrials(
    file="tap/all.tap",
    right=RIGHT,
    expects={"tests/scripts": "1", "nothing-skipped": "1", "works-after-a-deployment": "0"},
    empty=FileCase(b"1..0\n", "missing", ("the report holds no tests",)),
    cut_off=FileCase(RIGHT[:-5], "ok", ("has no plan: was the run cut short?",)),
    another=FileCase(b"test result: ok. 2 passed\n", "error", ("all.tap is no TAP",)),
    bomb=FileCase(_line, "error", ("all.tap has a line of more than 1 MiB",)),
    hostile=FileCase(
        b"1..1\nnot ok 1 \x1b[31m[red]../../etc/passwd[/] \xe2\x80\xae\n", "ok", ("green no", "passwd")
    ),
    more={
        "all skipped": FileCase(b"1..0 # SKIP no database\n", "missing", ("every test was skipped",)),
        "deep": FileCase(_deep, "ok", ("has no plan",)),
        "fewer than planned": FileCase(b"1..3\nok 1\n", "ok", ("announces 3 tests and lists 1",)),
        "more than planned": FileCase(b"1..1\nok 1\nok 2\n", "ok", ("announces 1 test and lists 2",)),
        "twice": FileCase(b"1..2\nok 1\nok 1\n", "ok", ("lists test 1 twice",)),
        "bailed out": FileCase(b"1..2\nok 1\nBail out! no disk\n", "ok", ("green no", "Bail out! no disk")),
        "red inside of green": FileCase(b"    not ok 1 - a\n    1..1\nok 1 - b\n1..1\n", "ok", ("green no", "b > a")),
        "a measure of half a run": FileCase(
            b"ok 1\n", "missing", ("the report is incomplete: the report has no plan",), "nothing-skipped"
        ),
    },
)  # fmt: skip
