"""Trials of LCOV tracefiles."""

from tests.sources.trials.frame import FileCase, FileTrials

RIGHT = b"""TN:
SF:src/payment/pay.js
DA:1,3
DA:2,3
DA:3,1,checksum
DA:4,1
DA:5,0
LF:5
LH:4
end_of_record
SF:src/cart.js
DA:1,0
DA:2,0
LF:2
LH:0
end_of_record
"""
ONE = b"SF:src/payment/pay.js\nDA:1,%b\nend_of_record\n"

TRIALS = FileTrials(
    file="coverage/lcov.info",
    right=RIGHT,
    expects={"payment-covered": "80", "code-without-tests": "3"},
    empty=FileCase(b"TN:\n", "missing", ("no file of the report matches src/payment/**",)),
    cut_off=FileCase(RIGHT[:40], "error", ("ends in the middle of a record",)),
    another=FileCase(b"<coverage/>\n", "error", ("line 1", "outside of a record")),
    bomb=FileCase(b"SF:" + b"x" * 1_000_000, "error", ("a line of more than 64 KiB",)),
    hostile=FileCase(
        b"SF:src/payment/\x1b[31m[red]../../etc/passwd\nDA:1,1\nDA:2,0\nend_of_record\n", "ok", ("passwd: 1 of 2",)
    ),
    more={
        "negative": FileCase(ONE % b"-1", "error", ("line 2", "no count")),
        "a comma": FileCase(ONE % b"1.5", "error", ("line 2", "no count")),
        "not a number": FileCase(ONE % b"NaN", "error", ("line 2",)),
        "better than its totals": FileCase(
            RIGHT.replace(b"LH:4", b"LH:0"), "missing", ("contradicts itself", "lists 4 of 7")
        ),
        "half a line": FileCase(b"SF:src/payment/pay.js\nDA:1\n", "error", ("line 2",)),
    },
)  # fmt: skip
