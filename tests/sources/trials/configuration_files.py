"""Trials of files of configuration."""

from tests.sources.trials.frame import FileCase, FileTrials

TRIALS = FileTrials(
    file="deploy/staging/shop.env",
    beside={"deploy/production/shop.env": b"POOL_SIZE=20\nREAD_TIMEOUT=30s\nPASSWORD=hunter2hunter2\n"},
    right=b"POOL_SIZE=12\nREAD_TIMEOUT=30s\nCONNECT_TIMEOUT=5s\nPASSWORD=other-other-other\n",
    expects={"pool-size": "12", "timeouts": "1"},
    empty=FileCase(b"# nothing is set here\n", "error", ("nothing is set there",)),
    cut_off=FileCase(b"POOL_SI", "error", ("shop.env",)),
    another=FileCase(b"DB_POOL_SIZE=12\n", "error", ("no file has the parameter shop.env/POOL_SIZE",)),
    bomb=FileCase(lambda path: path.write_bytes(b"A=1\n" * 2_500_000), "error", ("larger than 8 MB",)),
    hostile=FileCase(b"POOL_SIZE=\x1b[31m../../etc/passwd[red]\n", "error", ("is no number",)),
    more={
        "a number with a comma": FileCase(b"POOL_SIZE=1,5\n", "error", ("1,5",)),
        "a secret": FileCase(b"POOL_SIZE=ghp_16C7e42F292c6912E7710c838347Ae178B4a\n", "error", ("is a secret",)),
        "no timeout at all": FileCase(b"POOL_SIZE=12\n", "ok", ("READ_TIMEOUT",), of="timeouts"),
    },
)  # fmt: skip
