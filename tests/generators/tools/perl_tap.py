"""Perl's Test::More: points, subtests, skipped and known failures, and a script that bails out."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop

MIXED = r"""
use strict; use warnings; use Test::More;
ok(1, 'adds');
is(1 + 1, 3, 'pays');
SKIP: { skip 'no card', 1; ok(1, 'returns'); }
TODO: { local $TODO = 'later'; ok(0, 'known'); }
subtest 'cart' => sub { plan tests => 2; ok(1, 'is empty'); ok(0, 'is full'); };
subtest 'stock' => sub { ok(1, 'is there'); done_testing; };
done_testing;
"""
SCRIPTS = {
    "mixed": (MIXED, 2, "adds, is-empty and is-there pass; pays and is-full fail; returns is skipped; known is to do"),
    "green": ("use Test::More tests => 2; ok(1, 'adds'); ok(1, 'pays');", 0, "2 tests, both pass"),
    "bails-out": ("use Test::More tests => 3; ok(1, 'adds'); BAIL_OUT('no database');", 255, "adds passes; then it bails out"),
    "dies": ("use Test::More tests => 3; ok(1, 'adds'); die 'no database';", 22, "adds passes; then it dies, of 3 planned"),
    "skips-all": ("use Test::More skip_all => 'no card';", 0, "everything is skipped"),
}  # fmt: skip


def make(work: Workshop) -> None:
    """Each script once."""
    for name, (script, code, known) in SCRIPTS.items():
        work.write(f"{name}.t", script)
        work.keep(f"{name}.tap", known, work.run("perl", f"{name}.t", codes=(code, 255, 2, 9)))
    work.versions["Test::More"] = work.run("perl", "-MTest::More", "-e", "print $Test::More::VERSION")


TOOL = Tool(name="perl_tap", make=make, programs=["perl"])
