"""Trials of files of numbers."""

from tests.sources.trials.frame import FileCase, FileTrials

TRIALS = FileTrials(
    example="""\
sources:
  - {key: numbers, kind: samples}
benchmarks:
  - key: p50
    title: Half of the orders are taken in time
    flow: checkout
    mode: blocking
    measure: {source: numbers, file: "numbers/*.csv", column: ms, statistic: p50, unit: ms}
    pass: <= 500 ms
""",
    file="numbers/run.csv",
    right=b"ms,order\n100,a\n200,b\n300,c\n",
    expects={"p50": "200"},
    empty=FileCase(b"ms,order\n", "missing", ()),
    cut_off=FileCase(b"ms,order\n100,a\n20", "error", ("run.csv:3",)),
    another=FileCase(b"seconds,order\n0.1,a\n", "error", ("ms",)),
    bomb=FileCase(lambda path: path.write_bytes(b"ms\n" + b"9" * 3_000_000), "error", ()),
    hostile=FileCase(b"ms,order\n100,\x1b[31m[red]../../x\n=1+1,b\n", "error", ()),
)
