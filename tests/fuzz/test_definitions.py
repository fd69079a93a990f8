"""The team's files: whatever stands in them, every command that reads them ends in words."""

from __future__ import annotations

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


ORIGINALS = {name: (SHOP / name).read_bytes() for name in FILES}
# One of the shop's files with something odd in it, written as JSON, which is YAML, too; or with pieces put in.
TREES = st.sampled_from(FILES).flatmap(
    lambda name: st.tuples(st.just(name), odd.trees(yaml.safe_load(ORIGINALS[name])).map(odd.as_yaml))
)
TEXTS = st.sampled_from(FILES).flatmap(
    lambda name: st.tuples(st.just(name), odd.bytes_of([ORIGINALS[name]], most=3))
)


@SOME
@given(st.one_of(TREES, TEXTS), READERS)
def test_definitions(edit: tuple[str, bytes], words: list[str]) -> None:
    name, data = edit
    place = web_shop()
    place.put_back()
    (place.root / name).write_bytes(data)
    place.survives("check")
    place.survives(*words)
