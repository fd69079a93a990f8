"""The team's files: whatever stands in them, every command that reads them ends in words."""

from __future__ import annotations

import re
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz import odd
from tests.fuzz.effort import SOME
from tests.fuzz.places import SHOP, web_shop

FILES = ("workbench.yaml", "benchmarks/checkout.yaml", "benchmarks/shop.yaml", "demonstration.yaml")
READERS = st.sampled_from(
    (
        ["gate", "--json"],
        ["gate"],
        ["notes"],
        ["trust"],
        ["doctor"],
        ["fetch"],
        ["benchmark", "list"],
        ["checklist", "list"],
        ["flow", "list"],
        ["parity", "list"],
        ["release", "list"],
        ["history"],
        ["export", "table", "measurement"],
        ["excerpt"],
        ["verify"],
        ["check", "--explain", "checkout-p95"],
        ["benchmark", "show", "checkout-p95"],
        ["try", "<= baseline"],
        ["schema"],
    )
)


# What else the guide shows that definitions may hold, added to the shop's.
PIECES = [
    piece
    for page in sorted((SHOP.parents[1] / "docs").glob("*.md"))
    for text in re.findall(r"^```yaml\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    if isinstance(piece := yaml.safe_load(text), dict) and "project" not in piece
]
RULES = (
    "<= 5", "within 20% of baseline", "<= 2 x baseline or <= 0.1 %", "mean +- 3 sigma", "mean +- 3 sigma of last 20",
    "western electric", "nelson rules 1-4", "not significantly worse than baseline by 10%", "between 1 and 2", "= 0", "<= last",
    "p95 <= 300 ms", "xmr", "ewma", "no worse than last good release", "<= baseline + 20%", "steady for 3", ">= 95 % of samples",
)  # fmt: skip


def _with(pieces: list[dict[str, Any]], rules: list[str]) -> Any:
    """The shop's project file with these pieces in it, and a benchmark for each rule."""
    tree = yaml.safe_load(ORIGINALS["workbench.yaml"])
    made = [
        {
            "key": f"r{n}",
            "environment": "staging",
            "measure": {"source": "hand", "unit": "s"},
            "pass": rule,
            "mode": "blocking",
        }
        for n, rule in enumerate(rules)
    ]
    for piece in [*pieces, {"benchmarks": made}]:
        for name, value in piece.items():
            held = tree.get(name)
            tree[name] = [*held, *value] if isinstance(held, list) and isinstance(value, list) else value
    return tree


ORIGINALS = {name: (SHOP / name).read_bytes() for name in FILES}
# One of the shop's files with something odd in it, written as JSON, which is YAML, too; or with pieces put in.
TREES = st.sampled_from(FILES).flatmap(
    lambda name: st.tuples(st.just(name), odd.trees(yaml.safe_load(ORIGINALS[name])).map(odd.as_yaml))
)
TEXTS = st.sampled_from(FILES).flatmap(
    lambda name: st.tuples(st.just(name), odd.bytes_of([ORIGINALS[name]], most=3))
)

# The same with what the guide shows.
MORE = st.tuples(
    st.just("workbench.yaml"),
    st.builds(
        _with, st.lists(st.sampled_from(PIECES), max_size=2), st.lists(st.sampled_from(RULES), max_size=3)
    )
    .flatmap(lambda tree: st.one_of(st.just(tree), odd.trees(tree)))
    .map(odd.as_yaml),
)


@SOME
@given(st.one_of(TREES, TEXTS, MORE), READERS)
def test_definitions(edit: tuple[str, bytes], words: list[str]) -> None:
    name, data = edit
    place = web_shop()
    place.put_back()
    (place.root / name).write_bytes(data)
    place.survives("check")
    place.survives(*words)
