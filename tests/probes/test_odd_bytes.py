"""Whatever bytes come, a kind reads them or says what is wrong: nothing else is raised, and nothing steers a terminal."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.probes.asking import HIDE, probe

from workbench.model.errors import SourceError
from workbench.probes.captured import Capture, Fact, Piece
from workbench.probes.kinds import KINDS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
WORDS = st.sampled_from(
    ["path", "size", "route", "requests", "request", "response", "GET /", "status", "image", "consumer", "1.2", "a:1", "\x1b[2J", "\n", ",", "{", "- "]
)  # fmt: skip
BYTES = (
    st.binary(max_size=200)
    | JSON.map(lambda value: json.dumps(value).encode())
    | st.lists(WORDS | st.text(max_size=6), max_size=20).map(
        lambda words: " ".join(words).encode("utf-8", "replace")
    )
)
FACTS: dict[str, Fact] = {
    "request": "x",
    "status": 200,
    "seconds": Decimal("0.1"),
    "redirects": 0,
    "endpoint": "GET /x",
}
CONFIGS: dict[str, dict[str, Any]] = {
    "http": {"staging": "a", "production": "b", "requests": ["/x"]},
    "versions": {"staging": "a.txt", "production": "b.txt"},
    "compatible": {"staging": "a.txt", "production": "b.txt", "verified": "c.yaml"},
    "simulation": {"staging": "a", "production": "b.json"},
    "traffic": {"staging": "a.log", "production": "b.log"},
    "files": {"staging": "a.csv", "production": "b.csv"},
    "configuration": {"staging": "a.yaml", "production": "b.yaml"},
    "flags": {"staging": "a.json", "production": "b.json"},
    "infrastructure": {"staging": "a.json", "production": "b.json"},
    "isolation": {
        "staging": "a.env",
        "production": "b.env",
        "endpoints": ["api.shop"],
        "own": ["api.staging"],
    },
}


@pytest.mark.parametrize("kind", CONFIGS)
@settings(max_examples=150, deadline=None)
@given(ours=BYTES, theirs=BYTES, media=st.sampled_from(["application/json", "text/plain", ""]))
def test_odd_bytes(kind: str, ours: bytes, theirs: bytes, media: str) -> None:
    wanted = probe(kind, CONFIGS[kind])
    prober = KINDS[kind].load()(wanted.config, wanted)
    facts = FACTS if kind in ("http", "simulation") else {}
    captures = [Capture((Piece("x", media, data, facts),)) for data in (ours, theirs)]
    try:
        staging, production = (prober.read(capture, HIDE) for capture in captures)
        changes = prober.compare(staging, production)
        list(prober.scores(staging, production, changes))
        for plant in prober.plants(captures[1]):
            assert plant.title
    except SourceError as error:
        assert error.what
        return
    for path, parameter in production.parameters.items():
        assert "\x1b" not in path + parameter.text


@pytest.mark.parametrize("kind", ["http", "versions", "files", "configuration", "flags"])
@settings(max_examples=100, deadline=None)
@given(data=BYTES)
def test_an_answer_does_not_differ_from_itself(kind: str, data: bytes) -> None:
    wanted = probe(kind, CONFIGS[kind])
    prober = KINDS[kind].load()(wanted.config, wanted)
    capture = Capture((Piece("x", "application/json", data, FACTS if kind == "http" else {}),))
    try:
        once, again = prober.read(capture, HIDE), prober.read(capture, HIDE)
        assert prober.compare(once, again) == ()
    except SourceError:
        pass
