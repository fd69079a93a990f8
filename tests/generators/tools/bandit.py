"""bandit: SARIF of a program with known faults, of one without, and of one that it cannot read."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop

FAULTY = """
import hashlib
import subprocess


def list_files(folder):
    return subprocess.call("ls " + folder, shell=True)


def digest(data):
    return hashlib.md5(data).hexdigest()


def find(cursor, name):
    assert name
    return cursor.execute("SELECT * FROM customer WHERE name = '" + name + "'")


def legacy(folder):
    return subprocess.call("ls " + folder, shell=True)  # nosec B602
"""
CLEAN = """
def add(one, other):
    return one + other
"""
BROKEN = """
def add(one, other:
    return one
"""


def make(work: Workshop) -> None:
    """Three programs; bandit ends with 1 where it finds anything."""
    work.write("shop/files.py", FAULTY)
    work.write("clean/sums.py", CLEAN)
    work.write("broken/sums.py", BROKEN)
    for name, folder, code, known in (
        (
            "found.sarif",
            "shop",
            1,
            "2 high (B602, B324), 1 medium (B608), 2 low (B404, B101); one more is left out because of nosec",
        ),
        ("clean.sarif", "clean", 0, "no finding"),
        ("unreadable.sarif", "broken", 0, "its only file has a syntax error, so nothing was looked at"),
    ):
        work.run("bandit", "-q", "-r", folder, "-f", "sarif", "-o", name, codes=(code,))
        work.keep(name, known)


TOOL = Tool(name="bandit", make=make, python=["bandit[sarif]==1.9.4"])
