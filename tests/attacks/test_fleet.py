"""What somebody could try with a project that only lies on this machine, and is looked at with all others."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import building as build
from tests.building import NOW

from workbench.usecases.fleet.finding import Wanted
from workbench.usecases.fleet.judging import judge
from workbench.usecases.fleet.looking import look
from workbench.usecases.fleet.shapes import Ask
from workbench.usecases.fleet.together import assemble
from workbench.usecases.views.fleet.printing import lines

RUNS = """\
  - {key: program, kind: exec, command: [touch, ran]}
"""


def test_a_project_that_was_cloned_runs_a_program_when_all_are_looked_at(tmp_path: Path) -> None:
    """Put a project into a folder that somebody looks at as a whole, whose files name a program to run.

    Judging a fleet reads records and files alone: nothing of any project is run, asked or sent, trusted or not.
    """
    text = build.SHOP.replace("  - {key: hand, kind: manual}\n", "  - {key: hand, kind: manual}\n" + RUNS)
    with build.shop(tmp_path / "shop", text):
        pass
    (tmp_path / "shop" / "workbench").mkdir()
    (tmp_path / "shop" / "workbench" / "__init__.py").write_text("open('ran', 'w')", encoding="utf-8")
    fleet = look(Wanted(here=tmp_path / "shop", folders=(tmp_path,), now=NOW))
    assert [one.judged for one in fleet.projects] == [True]
    assert not fleet.projects[0].trusted
    assert not list(tmp_path.rglob("ran"))


def test_a_module_in_the_folder_that_one_is_in_takes_the_place_of_the_workbench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put a module of the workbench's own name into the folder that a person stands in when they look at all projects.

    The processes that judge do not look for modules in the folder that one is in.
    """
    with build.shop(tmp_path / "shop"):
        pass
    for name in ("workbench", "msgspec"):
        (tmp_path / "shop" / f"{name}.py").write_text("open('ran', 'w')", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "shop")
    fleet = look(Wanted(here=tmp_path / "shop", now=NOW))
    assert [one.judged for one in fleet.projects] == [True]
    assert not list(tmp_path.rglob("ran"))


def test_a_record_that_cannot_be_judged_passes_among_many(tmp_path: Path) -> None:
    """Break one project of many, so that its blockers are not counted and all look ready.

    What was not judged has a line of its own, stands first, and the whole is not ready.
    """
    with build.shop(tmp_path / "shop") as context:
        build.clear(context)
        build.sign(context, "benchmarks", "robin")
        build.sign(context, "go", "robin")
        build.sign(context, "go", "sam")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "workbench.yaml").write_text("{", encoding="utf-8")
    asks = [Ask(root=str(tmp_path / name), now=NOW, why="named") for name in ("shop", "bad")]
    fleet = assemble([judge(ask) for ask in asks])
    assert assemble([judge(asks[0])]).all_ready and not fleet.all_ready
    assert fleet.rows[0].project.root.endswith("bad") and "not judged" in "\n".join(lines(fleet))
