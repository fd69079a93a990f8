"""The small shop in states that differ in what its report says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests import building as build

from workbench.usecases import approving, deciding, shipping
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate


def untouched(shop: Context) -> None:
    """Nothing was measured, answered or signed."""


def blocked(shop: Context) -> None:
    """A figure fails, a source gave no answer, a high-severity difference is open, promotion is frozen."""
    build.figures(shop, p95="0.9", errors="1.5")
    build.measured(shop, "errors", None, state="error", why="no answer [/b] \x1b[31m")
    build.add_difference(shop, flows=["checkout", "gone"], staging="10 GB", production="2 TB")
    build.add_difference(shop, "one region", severity="low", owner="jo")
    deciding.promise(shop, evaluate(shop), "benchmark/p95", "kim", shop.now + timedelta(hours=4), "asked")
    deciding.freeze(shop, "incident 42")


def overridden(shop: Context) -> None:
    """A failing figure is let past, a difference is accepted, an item does not apply."""
    build.figures(shop, errors="1.5")
    ident = build.add_difference(shop, severity="high")
    build.decide(
        shop, ident, "accept", reason="it is the same in all that counts", until=shop.now + timedelta(days=30)
    )
    build.answer(shop, "notes", "not_applicable", note="", reason="a hotfix has none to speak of")
    build.answer(shop, "rehearsed", "failed", comment="the copy took too long")
    until = shop.now + timedelta(days=2)
    build.override(shop, evaluate(shop), "errors", reason="known to everybody", approver="robin", until=until)


def proposed(shop: Context) -> None:
    """An override is waiting for a second person, and another one was rejected."""
    build.figures(shop, p95="0.9", errors="1.5")
    until = shop.now + timedelta(days=2)
    for ref in ("errors", "p95"):
        build.propose_override(shop, evaluate(shop), ref, reason="known to everybody", until=until)
    robin = build.who(shop, "robin")
    approving.approve(robin, evaluate(robin), "p95", reject=True, words="not without a way back")


def rejected(shop: Context) -> None:
    """One gate is signed, another one rejected, and a word was taken back."""
    build.clear(shop)
    build.sign(shop, "benchmarks", "robin")
    build.sign(shop, "go", "sam", "reject", "not in this week")
    build.sign(
        shop,
        "go",
        "kim",
        "approve_with_conditions",
        conditions="Sam agrees first",
        conditions_due=shop.now + timedelta(days=5),
    )


def signed(shop: Context) -> None:
    """Every gate is through."""
    build.clear(shop)
    for gate, person in (("benchmarks", "robin"), ("go", "kim"), ("go", "sam")):
        build.sign(shop, gate, person)


def shipped(shop: Context) -> None:
    """It was shipped."""
    signed(shop)
    shipping.ship(shop, run="run 7")


STATES: tuple[Callable[[Context], None], ...] = (
    untouched,
    blocked,
    overridden,
    proposed,
    rejected,
    signed,
    shipped,
)
