"""Probes in a project's files: what is compared must be there, and two things."""

from __future__ import annotations

import pytest
from tests.definitions.shop import SHOP, loaded, place_of, problems

PROBE = """
probes:
  - key: settings
    kind: lines
    staging: staging.env
    production: production.env
"""


def test_a_probe_is_read(tmp_path):
    probe = loaded(tmp_path, SHOP + PROBE).probe("settings")
    assert (probe.kind, probe.config.staging, probe.timeout) == ("lines", "staging.env", "60s")


@pytest.mark.parametrize(
    ("more", "at", "what", "hint"),
    [
        ("    against: prodution\n", "prodution", "there is no environment “prodution”", "did you mean production?"),
        ("    against: staging\n", "staging\n$", "this probe would compare staging with itself", "name two environments"),
        ("    ignore: ['*']\n", "ignore", "“*” ignores everything, so the probe can never fail", "name the paths that are noise"),
        ("    severty: low\n", "severty", None, "did you mean severity?"),
        ("    timeout: soon\n", "soon", None, None),
    ],
)  # fmt: skip
def test_each_mistake_is_told(tmp_path, more, at, what, hint):
    text = SHOP + PROBE + more
    (problem,) = problems(tmp_path, text)
    if what is not None:
        assert problem.what == what
    if hint is not None:
        assert problem.hint == hint
    if not at.endswith("$"):
        assert (problem.line, problem.column) == place_of(text, at)


def test_an_unknown_kind_is_told(tmp_path):
    (problem,) = problems(tmp_path, SHOP + PROBE.replace("kind: lines", "kind: line"))
    assert problem.what == "there is no probe kind “line”"


@pytest.mark.parametrize(
    ("production", "told"), [("a.env", 1), ("b.env", 0), ("'$place/a.env'", 0), ("'a.*'", 0)]
)
def test_a_probe_whose_sides_come_from_the_same_place_is_told(tmp_path, production, told):
    staging = production if "$" in production else "a.env"
    text = (
        SHOP
        + f"probes:\n  - {{key: k, kind: lines, title: t, staging: {staging}, production: {production}}}\n"
    )
    found = [each for each in loaded(tmp_path, text).warnings if "the same place" in each.what]
    assert len(found) == told
