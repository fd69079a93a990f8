"""Trials of Cobertura XML."""

from pathlib import Path

from tests.sources.trials.frame import FileCase, FileTrials

LINES = "".join(f'<line number="{n}" hits="{1 if n < 5 else 0}"/>' for n in range(1, 6))


def report(
    lines: str = LINES, *, file: str = "src/payment/pay.py", rate: str = "0.5714", more: str = ""
) -> bytes:
    """A report of one file of payment, and of one of two lines that did not run."""
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">'
        f'<coverage line-rate="{rate}" timestamp="1789462800" {more}><packages><package><classes>'
        f'<class filename="{file}"><lines>{lines}</lines></class>'
        '<class filename="src\\cart.py"><lines><line number="1" hits="0"/><line number="2" hits="0"/></lines></class>'
        "</classes></package></packages></coverage>"
    ).encode()  # fmt: skip


def _deep(path: Path) -> None:
    path.write_bytes(b"<coverage>" + b"<a>" * 200_000)


RIGHT = report()
_BOMB = RIGHT.replace(b'04.dtd">', b'04.dtd" [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>')

TRIALS = FileTrials(
    file="coverage/coverage.xml",
    right=RIGHT,
    expects={"payment-covered": "80", "code-without-tests": "3"},
    empty=FileCase(
        b'<coverage line-rate="1"><packages/></coverage>', "missing", ("no file of the report matches",)
    ),
    cut_off=FileCase(RIGHT[:-40], "error", ("coverage.xml is no valid XML",)),
    another=FileCase(b'<coverage generated="1"><project/></coverage>', "error", ("no Cobertura report",)),
    bomb=FileCase(_BOMB, "error", ("coverage.xml is refused: it declares a document type",)),
    hostile=FileCase(report(file="src/payment/[red]../../etc/passwd\x7f[/]"), "ok", ("passwd", "4 of 5")),
    more={
        "deep": FileCase(_deep, "error", ("nested more than 100 deep",)),
        "better than its totals": FileCase(report(rate="0.1"), "missing", ("contradicts itself", "10.0%")),
        "negative": FileCase(report('<line number="1" hits="-1"/>'), "error", ("no count",)),
        "not a number": FileCase(report(rate="NaN"), "error", ("line-rate",)),
        "a decimal comma": FileCase(report(rate="0,57"), "error", ("“0,57” is not a number",)),
        "another root": FileCase(b"<testsuite/>", "error", ("begins with <testsuite>",)),
        "nanoseconds": FileCase(RIGHT.replace(b"1789462800", b"1789462800000000000"), "ok", ("lines 5",)),
        "a time that is none": FileCase(RIGHT.replace(b"1789462800", b"12"), "error", ("its timestamp",)),
    },
)
