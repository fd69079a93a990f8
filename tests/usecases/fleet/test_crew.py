"""Judging at the same time: one answer for each project, whatever becomes of the process that judges it."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from tests import building as build
from tests.building import NOW

from workbench.model.errors import UsageError
from workbench.usecases.fleet.crew import judged
from workbench.usecases.fleet.finding import Wanted
from workbench.usecases.fleet.looking import look, require_quarter
from workbench.usecases.fleet.shapes import Ask, Project
from workbench.usecases.fleet.together import Fleet

ENDS = (sys.executable, "-c", "import sys; print(flush=True); sys.stdin.readline()")
BEGINS_NOT = (sys.executable, "-c", "")
NEVER = (sys.executable, "-c", "import sys; sys.stdin.read()")
SILENT = (sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()")
CHATTERS = (
    sys.executable,
    "-c",
    "import sys\nprint(flush=True)\nfor _ in sys.stdin: print('{}', flush=True)",
)
ASKS = tuple(Ask(root=f"/srv/p{n}", project=f"p{n}") for n in range(5))


@pytest.mark.parametrize(
    "command",
    [ENDS, BEGINS_NOT, CHATTERS, ("/nowhere/at/all",)],
    ids=["ends", "begins not", "chatters", "is missing"],
)
def test_a_process_that_gives_no_answer_is_told_and_the_next_project_is_judged(
    command: tuple[str, ...],
) -> None:
    found = list(judged(ASKS, command=command, at_once=2))
    assert Counter(one.root for one in found) == Counter(ask.root for ask in ASKS)
    assert all(one.trouble is not None and one.trouble.kind == "mistake" for one in found)
    assert {one.key for one in found} == {ask.project for ask in ASKS}


@pytest.mark.parametrize("command", [NEVER, SILENT], ids=["never begins", "never answers"])
def test_a_project_that_takes_too_long_is_given_up_and_the_others_are_judged(
    command: tuple[str, ...],
) -> None:
    found = list(judged(ASKS, command=command, seconds=0.01, at_once=2))
    assert Counter(one.root for one in found) == Counter(ask.root for ask in ASKS)
    assert all(one.trouble is not None and one.trouble.kind == "time" for one in found)


def test_what_a_process_copied_goes_with_it_also_where_it_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    copies = (
        sys.executable,
        "-c",
        "import sys, tempfile\n"
        "tempfile.mkstemp()\n"
        f"assert tempfile.gettempdir().startswith({str(tmp_path)!r})\n"
        "print(flush=True)\n"
        "sys.stdin.read()",
    )
    assert all(one.trouble for one in judged(ASKS[:2], command=copies, seconds=0.3, at_once=2))
    assert not list(tmp_path.iterdir())


def test_nothing_to_judge_starts_nothing() -> None:
    assert list(judged((), command=("/nowhere/at/all",))) == []


def test_who_stops_it_waits_for_nothing() -> None:
    assert list(judged(ASKS, command=NEVER, stopped=lambda: True)) == []


def test_real_projects_are_judged_in_processes_of_their_own(tmp_path: Path) -> None:
    for name in ("one", "two"):
        with build.shop(tmp_path / name, build.SHOP.replace("project: shop", f"project: {name}")):
            pass
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "workbench.yaml").write_text("project: [", encoding="utf-8")
    told: list[Fleet] = []
    fleet = look(Wanted(folders=(tmp_path,), now=NOW), progress=told.append)
    assert [(one.told, one.asked) for one in told] == [(1, 3), (2, 3), (3, 3)]
    assert [(one.key, one.trouble.kind if one.trouble else "") for one in fleet.projects] == [
        ("", "files"), ("one", ""), ("two", ""),
    ]  # fmt: skip
    assert not fleet.all_ready and len(fleet.rows) == 3


def test_progress_is_told_of_what_is_known_so_far() -> None:
    def judges(asks: tuple[Ask, ...], stopped: object) -> list[Project]:
        return [Project(root=ask.root) for ask in asks]

    fleet = look(Wanted(), judges=judges)  # type: ignore[arg-type]
    assert fleet.asked == fleet.told == 0


def test_a_quarter_that_is_none_is_refused_before_anything_is_judged() -> None:
    require_quarter("last")
    require_quarter("2026-Q3")
    with pytest.raises(UsageError, match="is not a quarter"):
        require_quarter("the fifth")
