"""What the files may say of runbooks and playbooks, and what of it nobody could walk or decide."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.definitions.shop import loaded, problems

from workbench.definitions.runbooks import Purpose

FULL = """\
project: shop
runbooks:
  - key: fallback
    title: Take payments without the gateway
    for: incident
    about: When the gateway fails
    owner: robin
    changed: 2026-06-01
    stale_after: 60d
    detect_within: 5min
    mitigate_within: 15min
    services: [payment-gateway]
    flows: [checkout]
    playbook: payments-fail
    steps: [{do: Look, expect: errors, target: 2min}, {do: Switch the flag}]
playbooks:
  - key: payments-fail
    title: Payments fail
    decisions:
      - question: How many fail?
        options: [{choose: wait, when: few}, {choose: switch, when: many, runbook: fallback}]
"""
STEPS = "steps: [{do: Look, target: 10min}, {do: Switch}]"


def test_everything_about_a_runbook_is_read(tmp_path: Path) -> None:
    definitions = loaded(tmp_path, FULL)
    found, playbook = definitions.runbook("fallback"), definitions.playbook("payments-fail")
    assert found is not None and playbook is not None
    assert (found.for_, found.stale_after, found.steps[0].target) == (Purpose.INCIDENT, "60d", "2min")
    assert playbook.decisions[0].options[1].runbook == "fallback"
    assert definitions.mark("runbook", "fallback", "steps.1") is not None
    assert definitions.runbook("other") is None


@pytest.mark.parametrize(
    ("said", "line", "words"),
    [
        ("{key: a, title: A}", 3, "nobody can walk the runbook a: it has no steps"),
        ("{key: a, title: A, link: wiki/rollback}", 3, "this is no link that a reader can open"),
        (f"{{key: a, title: A, for: backwards, {STEPS}}}", 3, "for must be forward"),
        (f"{{key: a, title: A, playbook: b, {STEPS}}}", 3, "there is no playbook “b”"),
        (f"{{key: a, title: A, mitigate_within: soon, {STEPS}}}", 3, "is not a duration"),
        (f"{{key: a, title: A, detect_within: 9min, mitigate_within: 5min, {STEPS}}}", 3, "noticed later than"),
        ("{key: a, title: A, steps: [{do: use ghp_" + "a1B2" * 9 + "}]}", 3, "seems to hold a token"),
        (f"{{key: a, title: A, {STEPS}}}\n  - {{key: a, title: B, {STEPS}}}", 4, "stands here a second time"),
    ],
)  # fmt: skip
def test_what_nobody_could_walk_is_a_mistake(tmp_path: Path, said: str, line: int, words: str) -> None:
    found = problems(tmp_path, f"project: shop\nrunbooks:\n  - {said}\n")
    assert [(one.line, one.severity) for one in found if words in one.what] == [(line, "error")], found


def test_steps_that_take_longer_than_all_of_it_may_are_told(tmp_path: Path) -> None:
    text = f"project: shop\nrunbooks:\n  - {{key: a, title: A, mitigate_within: 5min, {STEPS}}}\n"
    assert any("longer than mitigate_within" in one.what for one in loaded(tmp_path, text).warnings)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("[{choose: wait}]", "one option alone is no decision"),
        ("[{choose: wait}, {choose: act, runbook: rollback}]", "there is no runbook “rollback”"),
    ],
)
def test_what_decides_nothing_is_a_mistake(tmp_path: Path, options: str, words: str) -> None:
    text = f"project: shop\nplaybooks:\n  - {{key: a, title: A, decisions: [{{question: How many?, options: {options}}}]}}\n"
    assert any(words in one.what and one.severity == "error" for one in problems(tmp_path, text))
