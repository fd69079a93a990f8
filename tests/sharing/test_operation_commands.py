"""``evidence``, ``purge --server`` and ``share --check`` as they are typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests import building as build
from tests.building import who
from tests.sharing.team import Team
from tests.sharing.test_evidence import attach, data_of

from workbench.cli.running import run
from workbench.record.large import LARGE
from workbench.usecases import purging
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.sharing.syncing import sync

Said = pytest.CaptureFixture[str]


def typed(context: Context, *words: str) -> int:
    return run([*words, "--project", str(context.root)])


def said(capsys: Said) -> Any:
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def kim(team: Team) -> Context:
    context = team.first_desk()
    with team.connect("kim") as server:
        server.add_member(context.record.info.record_id, team.role("kim"), "jo", "signer")
    build.add_difference(context, "cache size", staging="1", production="2", flows=("checkout",))
    sync(context)
    return context


def test_evidence_is_listed_shown_written_and_fetched(
    team: Team, kim: Context, tmp_path: Path, capsys: Said
) -> None:
    first, second = (attach(kim, tmp_path, data_of(LARGE + 1, seed)) for seed in (1, 2))
    sync(kim)
    sam = team.join("sam")
    assert typed(sam, "evidence") == 0
    listed = capsys.readouterr()
    assert "2 pieces of evidence are not here" in listed.out and "262.1 kB at the server" in listed.out
    assert "workbench evidence --fetch" in listed.err
    assert typed(sam, "evidence", first[:10], "--to", str(tmp_path / "fetched.har")) == 0
    assert (tmp_path / "fetched.har").read_bytes() == data_of(LARGE + 1)
    capsys.readouterr()
    assert typed(sam, "evidence", "--fetch", "--json") == 0
    assert said(capsys) == {"schema": "workbench.evidence-fetched.1", "came": [second], "missing": {}}
    assert typed(sam, "evidence", "--json") == 0
    assert said(capsys) == {"schema": "workbench.evidence-absent.1", "evidence": []}


def test_a_file_that_is_there_is_left_alone(kim: Context, tmp_path: Path, capsys: Said) -> None:
    digest = attach(kim, tmp_path, data_of(10))
    there = tmp_path / "there"
    there.write_text("mine")
    assert typed(kim, "evidence", digest, "--to", str(there)) == 2
    assert there.read_text() == "mine" and "exists already" in capsys.readouterr().err
    assert typed(kim, "evidence", digest, "--to", str(there), "--overwrite") == 0
    assert there.read_bytes() == data_of(10)


@pytest.mark.parametrize(
    "words",
    (
        ("evidence", "--to", "x"),
        ("evidence", "abcdef0", "--fetch"),
        ("evidence", "nothex"),
        ("evidence", "0" * 64),
    ),
)
def test_what_is_typed_wrongly_is_said(kim: Context, words: tuple[str, ...], capsys: Said) -> None:
    assert typed(kim, *words) == 2
    assert "try: " in capsys.readouterr().err


def test_off_line_evidence_is_said_to_stay_at_the_server(
    team: Team, kim: Context, tmp_path: Path, capsys: Said
) -> None:
    digest = attach(kim, tmp_path, data_of(LARGE + 1))
    sync(kim)
    sam = team.join("sam")
    team.execute(f"ALTER ROLE {team.role('sam')} CONNECTION LIMIT 0")
    assert typed(sam, "evidence", digest) == 1
    assert "it stays at the server; this desk is off-line" in capsys.readouterr().out
    assert typed(sam, "evidence", "--fetch") == 1


def propose(context: Context) -> str:
    """Kim proposes to purge an attached note; its digest."""
    build.answer(context, "notes", note="hunter2 is what we log in with")
    (piece,) = evaluate(context).checklists["ready"][0].evidence
    assert piece.digest is not None
    here = who(context, "kim")
    purging.purge(here, evaluate(here), piece.digest, "the word we log in with stands in it")
    return piece.digest


@pytest.mark.parametrize("words", [("purge",), ("approve",)])
def test_at_a_keepers_desk_a_purge_reaches_the_server_at_once(
    kim: Context, words: tuple[str, ...], capsys: Said
) -> None:
    digest = propose(kim)
    sync(kim)
    assert typed(kim, *words, digest, "--reason", "seen it, too", "--as", "jo") == 0
    assert "blanked at the server: 1 pack" in capsys.readouterr().err
    assert typed(kim, "purge", "--server", "--json") == 0
    done = said(capsys)
    assert (done["packs"], done["evidence"]) == ([], [])


@pytest.mark.parametrize("words", [("purge",), ("approve",)])
def test_off_line_a_purge_says_that_the_server_may_still_hold_it(
    team: Team, kim: Context, words: tuple[str, ...], capsys: Said
) -> None:
    digest = propose(kim)
    sync(kim)
    team.execute(f"ALTER ROLE {team.role('kim')} NOLOGIN")
    assert typed(kim, *words, digest, "--reason", "seen it, too", "--as", "jo") == 0
    assert "the server may still hold it" in capsys.readouterr().err
    team.execute(f"ALTER ROLE {team.role('kim')} LOGIN")
    assert typed(kim, "purge", "--server") == 0
    told = capsys.readouterr()
    assert told.out.startswith("blanked at the server: 1 pack") and "write-ahead log" in told.err


def test_a_rejected_purge_leaves_the_server_as_it_is(kim: Context, capsys: Said) -> None:
    digest = propose(kim)
    sync(kim)
    assert typed(kim, "approve", digest, "--reject", "--reason", "it is needed", "--as", "jo") == 0
    assert "server" not in capsys.readouterr().err


@pytest.mark.parametrize("words", (("purge",), ("purge", "abcdef0"), ("purge", "--server", "abcdef0")))
def test_a_purge_that_is_not_said_whole_is_refused(
    kim: Context, words: tuple[str, ...], capsys: Said
) -> None:
    assert typed(kim, *words) == 2
    assert "try: workbench purge" in capsys.readouterr().err
