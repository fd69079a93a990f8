"""Probes in words: how each stands, what is to be done about what it found, and whether it is proven."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workbench.definitions.shapes import Probe
from workbench.probes.runs import Planted, ProbeProof, ProbeRun, SideSeen, Trust
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.probe_changes import ignore_rule
from workbench.usecases.views.probe_list import Last, Line, Probes, Said, overdue, proof_said, said, summary
from workbench.usecases.views.probe_map import Tally
from workbench.usecases.views.probe_page import compared_words

NOW = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)


def last(state: str, **fields: object) -> Last:
    return Last(**{"state": state, "at": NOW, "environment": "staging", "against": "production", **fields})


@pytest.mark.parametrize(
    ("run", "tally", "proven", "mark", "words"),
    [
        (None, Tally(), False, Mark.OPEN, "never run"),
        (last("pass"), Tally(), True, Mark.DONE, "passes"),
        (last("pass"), Tally(), False, Mark.LEARNING, "passes, unproven"),
        (last("pass"), Tally(gone=1), True, Mark.OPEN, "passes: 1 row to close"),
        (last("error", why="refused"), Tally(), True, Mark.WARNS, "could not look: refused"),
        (last("fail", differing=1), Tally(new=1), True, Mark.WARNS, "1 new difference"),
        (last("fail", differing=4), Tally(new=4), True, Mark.WARNS, "4 new differences"),
        (last("fail", differing=4), Tally(2, 1), True, Mark.WARNS, "4 differences, 2 new, 1 wider"),
        (last("fail", differing=4), Tally(undecided=3), True, Mark.WARNS, "4 differences, 3 undecided"),
        (last("fail", differing=4), Tally(), True, Mark.EXCEPTED, "4 differences, decided"),
    ],
)
def test_how_a_probe_stands(run: Last | None, tally: Tally, proven: bool, mark: Mark, words: str) -> None:
    found = said(run, tally, proven, late=False, blocks=False)
    assert (found.mark, found.text) == (mark, words)
    assert said(run, tally, proven, late=False, blocks=True).mark is Mark.BLOCKS


def test_a_pass_of_long_ago_is_none() -> None:
    probe = Probe(key="a", kind="lines", every="24h")
    assert not overdue(last("pass", at=NOW - timedelta(hours=24)), probe, NOW)
    assert overdue(last("pass", at=NOW - timedelta(hours=25)), probe, NOW)
    assert not overdue(last("pass", at=NOW - timedelta(days=300)), Probe(key="a", kind="lines"), NOW)
    found = said(last("pass"), Tally(), True, late=True, blocks=False)
    assert (found.mark, found.text) == (Mark.OPEN, "passed, but too long ago")


def test_what_a_person_has_to_do_something_about_comes_first() -> None:
    runs = [
        said(last("fail", differing=1), Tally(new=1), True, False, True),
        said(last("fail", differing=1), Tally(new=1), True, False, False),
        said(last("error"), Tally(), True, False, False),
        said(None, Tally(), True, False, False),
        said(last("pass"), Tally(gone=1), True, False, False),
        said(last("fail", differing=1), Tally(), True, False, False),
        said(last("pass"), Tally(), False, False, False),
        said(last("pass"), Tally(), True, False, False),
    ]
    assert [one.place for one in runs] == [-9, *range(1, 8)]


def proof(found: int, planted: int) -> ProbeProof:
    rows = tuple(Planted(key="k", title=f"{n}", found=n < found) for n in range(planted))
    return ProbeProof(probe="a", kind="lines", at=NOW, definition="d", planted=rows)


@pytest.mark.parametrize(
    ("trust", "mark", "words"),
    [
        (Trust(proven=False), Mark.WARNS, "unproven"),
        (Trust(proven=True, failed_at=NOW), Mark.DONE, "proven"),
        (Trust(proven=True, proof=proof(20, 20)), Mark.DONE, "20 of 20"),
        (Trust(proven=False, proof=proof(18, 20)), Mark.WARNS, "18 of 20"),
        (Trust(proven=False, proof=proof(0, 0)), Mark.WARNS, "unproven"),
    ],
)
def test_whether_a_probe_is_proven(trust: Trust, mark: Mark, words: str) -> None:
    found = proof_said(trust)
    assert (found.mark, found.text) == (mark, words)


def line(state: str, proven: bool = True, new: int = 0) -> Line:
    return Line(
        key=state,
        title=state,
        kind="lines",
        where="staging",
        said=Said(Mark.DONE, state, 0),
        proof=Said(Mark.DONE if proven else Mark.WARNS, "", 0),
        beats=(),
        trend="",
        at=None,
        ran="",
        state=state,
        tally=Tally(new),
    )


def test_the_summary_says_what_is_open_first_and_what_passes_last() -> None:
    lines = (
        line("fail", new=2),
        line("error"),
        line(""),
        line("pass"),
        line("pass", proven=False),
    )
    assert [phrase.text for phrase in summary(Probes(now=NOW, lines=lines))] == [
        "5 probes",
        "▲ 1 fails",
        "▲ 1 could not look",
        "▲ 1 unproven",
        "○ 2 proposals",
        "1 never run",
        "2 pass",
    ]
    assert [phrase.text for phrase in summary(Probes(now=NOW, lines=(line("pass"),)))] == [
        "1 probe",
        "1 passes",
    ]


def test_a_run_says_when_it_looked_and_how_much_it_compared() -> None:
    run = ProbeRun(
        probe="a",
        kind="lines",
        state="fail",
        at=NOW - timedelta(hours=2),
        environment="staging",
        against="production",
        compared=1204,
        differing=4,
        ignored=2,
        noise=("x",),
        staging=SideSeen(),
    )
    said = "2 h ago, staging against production: 1,204 compared, 4 differ, 1 path noise, 2 ignored"
    assert compared_words(run, NOW) == said


def test_a_rule_that_ignores_a_path_is_yaml_and_matches_only_it() -> None:
    assert ignore_rule(["app.env/BUILD_ID", 'odd "*"']) == (
        'ignore:\n  - "app.env/BUILD_ID"\n  - "odd \\"[*]\\""'
    )
