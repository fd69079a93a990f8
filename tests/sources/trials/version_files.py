"""Trials of files that tell versions."""

from tests.sources.trials.frame import FileCase, FileTrials

TRIALS = FileTrials(
    file="deploy/staging/versions.txt",
    beside={"deploy/production/versions.txt": b"postgres 15.4 (Debian 15.4-1)\nshop/cart v2.3.1\n"},
    right=b"postgres 15.2\nshop/cart v2.1.9\nmailhog 1.0.1\n",
    expects={"services-parity": "2000", "database-version": "2000"},
    empty=FileCase(b"# nothing runs here\n", "error", ("names no version",)),
    cut_off=FileCase(b"postgres 15.4\nshop/ca", "missing", ("shop/cart is only in the other environment",)),
    another=FileCase(b"db 15.4\n", "missing", ("is only in the other environment",)),
    bomb=FileCase(lambda path: path.write_bytes(b"a 1.0\n" * 1_500_000), "error", ("larger than 8 MB",)),
    hostile=FileCase(b"postgres \x1b[31m../../[red]\nshop/cart latest\n", "missing", ("postgres",)),
    more={
        "a tag that moves": FileCase(b"postgres 15.4\nshop/cart latest\n", "missing", ("shop/cart",)),
        "less exact": FileCase(b"postgres 15\nshop/cart v2.3.1\n", "missing", ("does not say which",)),
        "a digest": FileCase(b"postgres 15.4\nshop/cart sha256:4bd1\n", "missing", ("cannot be told",)),
    },
)  # fmt: skip
