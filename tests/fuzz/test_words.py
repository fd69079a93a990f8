"""Typed words and options: every command, with words that fit, words that do not, and anything on standard input."""

from __future__ import annotations

from collections.abc import Iterator

import click
from hypothesis import example, given
from hypothesis import strategies as st
from tests.fuzz import odd
from tests.fuzz.effort import SOME
from tests.fuzz.places import web_shop

from workbench.cli.running import root

# What names something in the shop, so that an odd word meets a good one.
NAMES = (
    "checkout", "checkout-p95", "payment-faults", "pre-production", "production-readiness", "benchmarks", "sign-off",
    "parity", "2.14.0", "2.13.2", "kim", "robin", "sam", "release-owner", "load balancer", "HTTP_TIMEOUT", "flows",
    "differences", "difference", "measurement", "metrics", "reports", "ci", "<= baseline + 20%", "within 20% of baseline",
    "0.46", "300 ms", "4 %", "nothing to judge", "2026-12-01", "30d", "title=title", "severity=severity", "image=sha256:12ab",
    "staging", "production", "staging@2 weeks ago", "staging@2026-09-14", "staging@", "settings", "cart is slower",
)  # fmt: skip
# Places below the project's folder, good and odd: nothing is ever written elsewhere.
PATHS = (
    "flows.csv", "parity.csv", "workbench.yaml", "reports", "reports/rc3.xml", "README.md", "recordings", ".workbench/record.db",
    "nowhere", "new/folder/file.csv", ".", "..", "", "n" * 300, "é.csv", "a\nb.json", "\x1b[31m.csv", "/dev/null", "/dev/full",
    "a\udcff.csv", "-",
)  # fmt: skip
LONG = frozenset({"demo", "init"})


def _commands(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _commands(inner, (*path, name))
    if path and (not isinstance(command, click.Group) or command.invoke_without_command):
        yield path, command


COMMANDS = {path: command for path, command in _commands(root) if path[0] not in LONG}
GLOBAL = (
    ["--as", "kim"], ["--as", "robin"], ["--as", "sam"], ["--json"], ["--release", "2.14.0"], ["--now", "2026-10-02T10:00:00Z"],
)  # fmt: skip
words = st.one_of(st.sampled_from(NAMES), st.sampled_from(NAMES), odd.typed)


def _word(draw: st.DrawFn, param: click.Parameter) -> str:
    match param.type:
        case click.Path():
            return draw(st.sampled_from(PATHS))
        case click.Choice() as choice if draw(st.integers(0, 5)):
            return str(draw(st.sampled_from(sorted(map(str, choice.choices)))))
        case click.Choice():
            return draw(words)
    if param.name in ("until", "due", "by", "at", "planned", "review_by", "now") and draw(st.booleans()):
        return draw(st.sampled_from(odd.DATES))
    if param.name in ("value", "baseline", "samples", "limit", "unit") and draw(st.booleans()):
        return draw(st.sampled_from(odd.NUMBERS))
    return draw(words)


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """A command with some of its arguments and options, most of them good, some odd."""
    path = draw(st.sampled_from(sorted(COMMANDS)))
    command = COMMANDS[path]
    typed, last = [*path], list[str]()
    for param in command.params:
        if isinstance(param, click.Argument):
            if draw(st.integers(0, 9)):
                last.append(_word(draw, param))
        elif isinstance(param, click.Option) and draw(st.integers(0, 2)) == 0:
            typed.append(draw(st.sampled_from(param.opts)))
            if not param.is_flag:
                typed.append(_word(draw, param))
    if draw(st.integers(0, 3)) == 0:
        typed += draw(st.sampled_from(GLOBAL))
    return typed + draw(st.sampled_from(([], ["--"]))) + last


stdin = st.sampled_from(
    (b"", b"y\n" * 20, b"n\n" * 20, b"\n" * 30, b"\xff\xfe\x00\n", b"2.14.0\n", b"d\nx\nn\nq\n", b"a" * 9000)
)


@SOME
@given(lines(), stdin)
@example(["release", "show", "\udcff"], b"")
@example(["release", "abandon", "--reason", "x", "--release", "a\udcff", "--json"], b"")
@example(["export", "differences", "--output", "a\udcff.csv"], b"")
def test_words(typed: list[str], said: bytes) -> None:
    place = web_shop()
    place.put_back()
    place.survives(*typed, stdin=said)
