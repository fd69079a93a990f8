"""Odd surroundings: the environment, the folder one stands in, the streams, and files that are something else."""

from __future__ import annotations

import contextlib
import io
import os
import pwd
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.effort import SOME
from tests.fuzz.place import Place
from tests.fuzz.places import web_shop

COMMANDS = (
    ("gate",), ("gate", "--json"), ("gate", "--format", "markdown"), ("check",), ("trust",), ("trust", "--yes"), ("trust", "--forget"),
    ("doctor",), ("doctor", "--json"), ("doctor", "--ask"), ("fetch",), ("fetch", "--json"), ("notes",), ("notes", "--output", "n.md"),
    ("release", "list"), ("release", "show"), ("release", "candidate", "abcdef12"), ("flow", "list"), ("flow", "add", "new"),
    ("parity", "list"), ("parity", "add", "x"), ("checklist", "list"), ("checklist", "walk", "pre-production"), ("benchmark", "list"),
    ("benchmark", "show", "checkout-p95"), ("history",), ("verify",), ("backup",), ("backup", "copy.db"), ("excerpt",), ("schema",),
    ("excerpt", "--output", "x.excerpt.jsonl"), ("undo",), ("contested",), ("shown",), ("approve",), ("sign", "benchmarks", "--reject"),
    ("ask", "sam", "inventory"), ("import", "flows", "flows.csv"), ("export", "flows"), ("try", "<= 5", "--value", "4"), ("init",),
    ("export", "differences", "--output", "d.csv"), ("freeze", "--reason", "a reason to stop"), ("--version",), ("--help",), (),
    ("gate", "--excerpt", "flows.csv"), ("promise", "checkout-p95", "--owner", "kim", "--by", "2026-12-01"),
)  # fmt: skip
VARIABLES: dict[str, tuple[str | None, ...]] = {
    "HOME": (None, "", "/nowhere", "relative", "/dev/null", "~", "/proc/1/x", "a\udcff"),
    "WORKBENCH_DATA": (None, "", "relative", "~", "/dev/null", "/proc/nowhere", "workbench.yaml", "a\udcff", "x" * 300),
    "XDG_DATA_HOME": (None, "", "relative", "/dev/null"),
    "XDG_CONFIG_HOME": ("", "/dev/null"),
    "USER": (None, "", "a\udcff", "\x1b[31m"),
    "LOGNAME": (None, "", "\u202e"),
    "WORKBENCH_AS": ("", " ", "nobody", "a\udcff", "\x1b[31m", "kim\nrobin", "x" * 9000),
    "TERM": (None, "", "dumb", "unknown", "\x1b", "xterm-256color"),
    "COLUMNS": ("", "0", "-1", "abc", "1", "99999999999999999999", "١"),
    "LINES": ("0", "abc"),
    "NO_COLOR": ("", "1"),
    "COLORFGBG": (";", "a;b", "15;" + "9" * 5000, "²;²"),
    "LANG": (None, "C", "nonsense", "tr_TR.UTF-8"),
    "LC_ALL": ("C", "nonsense"),
    "TZ": ("", "nonsense", "Europe/Amsterdam", ":/dev/null", "../../etc/passwd"),
    "TMPDIR": ("/nowhere", "/dev/null"),
    "PATH": (None, "", "/nowhere"),
    "GIT_DIR": ("/nowhere", "/dev/null", ""),
    "GIT_CEILING_DIRECTORIES": ("/",),
    "EDITOR": ("", "'"),
    "SSL_CERT_FILE": ("/nowhere", "/dev/null", "workbench.yaml", "", "."),
    "SSL_CERT_DIR": ("/nowhere", ""),
    "HTTP_PROXY": ("", "ftp://x", "socks5://x", "nonsense", "http://[::1", "http://x:99999", "://"),
    "ALL_PROXY": ("socks5://127.0.0.1:9", "ftp://x", "socks4://x", "a b"),
    "NO_PROXY": ("*", "localhost,[::1]", "fe80::/10", "[", ",,,"),
    "NETRC": ("/dev/null", "."),
    "GITHUB_ACTIONS": ("true",),
    "GITHUB_RUN_ID": ("", "x", "9" * 50),
    "GITHUB_REPOSITORY": ("", "x", "a/b/c"),
    "GITHUB_STEP_SUMMARY": ("/nowhere/x", "/dev/null", "."),
    "GITHUB_OUTPUT": ("/nowhere/x", "."),
    "GITHUB_TOKEN": ("", "a\nb", "é", "x" * 70_000),
    "CI": ("true",),
    "PYTHONHASHSEED": ("0",),
}  # fmt: skip
environments = st.dictionaries(st.sampled_from(sorted(VARIABLES)), st.integers(0, 9), max_size=3).map(
    lambda chosen: {name: VARIABLES[name][number % len(VARIABLES[name])] for name, number in chosen.items()}
)


def _nothing(place: Place) -> None:
    """All as it was."""


def _gone(place: Place) -> None:
    (place.root / "elsewhere").mkdir()
    os.chdir(place.root / "elsewhere")
    (place.root / "elsewhere").rmdir()


def _odd_name(place: Place) -> None:
    folder = place.root / "shop\udcff\n\x1b[31m"
    folder.mkdir()
    shutil.copy(place.root / "workbench.yaml", folder)
    shutil.copytree(place.root / "benchmarks", folder / "benchmarks")
    shutil.copytree(place.root / ".workbench", folder / ".workbench")
    os.chdir(folder)


def _above(place: Place) -> None:
    os.chdir(place.root / "reports")


def _bare(place: Place) -> None:
    (place.root / "bare").mkdir()
    shutil.move(place.root / "workbench.yaml", place.root / "bare.yaml")
    os.chdir(place.root / "bare")


FOLDERS: tuple[Callable[[Place], None], ...] = (_nothing, _nothing, _gone, _odd_name, _above, _bare)
FILES = (
    "workbench.yaml", "benchmarks", "benchmarks/checkout.yaml", "reports", "reports/rc3.xml", "flows.csv", "recordings",
    "recordings/recording.json", ".workbench", ".workbench/record.db", ".workbench/person", ".git", "demonstration.yaml",
    "../data", "n.md", "copy.db", "d.csv", "x.excerpt.jsonl", ".workbench/record.db-wal", ".workbench/.gitignore",
)  # fmt: skip
KINDS = (
    "folder",
    "link to itself",
    "link to nothing",
    "link to a device",
    "nothing",
    "empty",
    "pipe",
    "full device",
    "no rights",
)


def _replace(path: Path, kind: str) -> None:
    """Put something else where a file or folder was."""
    if kind == "no rights":
        if path.is_symlink():
            return  # what it leads to is the machine's
        path.touch() if not path.exists() else None
        path.chmod(0)
        return
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    match kind:
        case "folder":
            path.mkdir()
        case "link to itself":
            path.symlink_to(path.name)
        case "link to nothing":
            path.symlink_to("nowhere-at-all")
        case "link to a device":
            path.symlink_to("/dev/null")
        case "full device":
            path.symlink_to("/dev/full")
        case "empty":
            path.touch()
        case "pipe":
            os.mkfifo(path)


def _full() -> io.TextIOWrapper:
    return Path("/dev/full").open("w", encoding="utf-8")


def _only(encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding)


STREAMS: dict[str, Callable[[], Any] | None] = {
    "usual": None,
    "none": lambda: None,
    "full": _full,
    "ascii": lambda: _only("ascii"),
    "latin-1": lambda: _only("latin-1"),
}


@contextmanager
def streams(names: tuple[str, str, str]) -> Iterator[None]:
    """Other standard streams than a place gives: input, output, errors."""
    before = sys.stdin, sys.stdout, sys.stderr
    made = [STREAMS[name]() if STREAMS[name] else None for name in names]  # type: ignore[misc]
    chosen = [before[n] if names[n] == "usual" else made[n] for n in range(3)]
    sys.stdin, sys.stdout, sys.stderr = chosen
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
        for stream in made:
            with contextlib.suppress(OSError, ValueError, AttributeError):
                stream.close()


def _nobody(*_: object) -> Any:
    raise KeyError("uid not found")


@SOME
@given(st.sampled_from(COMMANDS), environments, st.sampled_from(FOLDERS), st.booleans())
def test_environment(
    words: tuple[str, ...], environ: dict[str, str | None], go: Callable[[Place], None], known: bool
) -> None:
    place = web_shop()
    place.put_back()
    with patch.object(pwd, "getpwuid", pwd.getpwuid if known else _nobody):
        place.survives(*words, go=go, **environ)


@SOME
@given(
    st.sampled_from(COMMANDS),
    st.lists(st.tuples(st.sampled_from(FILES), st.sampled_from(KINDS)), min_size=1, max_size=2),
)
def test_files(words: tuple[str, ...], changes: list[tuple[str, str]]) -> None:
    place = web_shop()
    place.put_back()
    for name, kind in changes:
        with contextlib.suppress(OSError):
            _replace(place.root / name, kind)
    place.survives(*words)


INPUTS, OUTPUTS = st.sampled_from(("usual", "none")), st.sampled_from(("usual", "full", "ascii", "latin-1"))


@SOME
@given(
    st.sampled_from(COMMANDS),
    st.tuples(INPUTS, OUTPUTS, OUTPUTS),
    st.sampled_from([[], ["--json"], ["--as", "nobody"]]),
)
def test_streams(words: tuple[str, ...], names: tuple[str, str, str], more: list[str]) -> None:
    place = web_shop()
    place.put_back()
    with place.inside():
        from workbench.cli import run

        with place.streams(b""), streams(names):
            code = run([*words, *(more if words[:1] not in ((), ("--version",), ("--help",)) else [])])
    assert code in {0, 1, 2, 3, 4, 130, 141}, code
