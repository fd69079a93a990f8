"""``workbench status --all``: every project that was opened here, and those in folders that were named."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import building as build
from tests.cli.conftest import Type

NOW = ("--now", "2026-09-15T10:00")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two projects that were opened here and one with a mistake, in one folder; we are in none of them."""
    for name in ("one", "two"):
        with build.shop(
            tmp_path / "work" / name, build.SHOP.replace("project: shop", f"project: {name}")
        ) as context:
            if name == "two":
                build.clear(context)
    broken = tmp_path / "work" / "broken"
    broken.mkdir()
    (broken / "workbench.yaml").write_text("project: [", encoding="utf-8")
    (tmp_path / "outside").mkdir()
    monkeypatch.chdir(tmp_path / "outside")
    return tmp_path / "work"


def test_what_was_opened_here_is_shown_from_anywhere(work: Path, type_in: Type) -> None:
    out = type_in("status", "--all", *NOW, code=1).out
    assert out.startswith("2 projects, 1 blocked, 1 waiting\n")
    assert f"cd {work / 'one'} && workbench " in out
    assert "Deployment frequency" in out and "Falls due next" in out


def test_a_named_folder_adds_its_projects_and_one_with_a_mistake_is_one_line(
    work: Path, type_in: Type
) -> None:
    said = type_in("status", "--all", "--in", work, "--short", *NOW, code=1).out.splitlines()
    assert len(said) == 3 and said[0].startswith(f"▲ {work / 'broken'}: not judged; ")
    assert "(workbench.yaml:2:1)" in said[0]


def test_its_json_has_each_of_them(work: Path, type_in: Type) -> None:
    found = type_in("status", "--all", "--in", work, "--json", *NOW, code=1).json
    assert found["schema"] == "workbench.fleet.1" and found["all_ready"] is False
    assert [(one["project"], one["judged"]) for one in found["projects"]] == [
        (None, False), ("one", True), ("two", True),
    ]  # fmt: skip
    own = type_in("status", "--project", work / "one", "--json", *NOW, code=1).json
    (release,) = found["projects"][1]["releases"]
    assert release["blockers"] == len(own["blockers"]) and release["state"] == own["state"]
    assert [gate["state"] for gate in release["gates"]] == [gate["state"] for gate in own["gates"]]


def test_where_all_is_ready_it_says_so_with_its_code(work: Path, type_in: Type) -> None:
    with build.opened(work / "two") as context:
        build.sign(context, "benchmarks", "robin")
        build.sign(context, "go", "robin")
        build.sign(context, "go", "sam")
    (work / "one" / ".workbench").rename(work / "kept")
    out = type_in("status", "--all", *NOW, code=0).out
    assert "two 2.0.0 rc1: signed" in out and "one: no release is planned" in out


def test_one_part_alone(work: Path, type_in: Type) -> None:
    out = type_in("status", "--all", "--section", "delivery", *NOW, code=1).out
    assert "      one: " in out and "Releases" not in out


def test_a_folder_is_added_listed_looked_in_and_removed(work: Path, type_in: Type) -> None:
    assert "no folders" in type_in("fleet", "list").err
    assert f"Fleet looks in {work}, too: 3 projects" in type_in("fleet", "add", work).out
    assert "3 projects" in type_in("fleet", "list").out
    out = type_in("status", "--all", *NOW, code=1).out
    assert f"▲ {work / 'broken'}: not judged" in out and f"Folders\n    {work}: 3 projects" in out
    (listed,) = type_in("fleet", "list", "--json").json["folders"]
    assert listed["folder"] == str(work) and len(listed["projects"]) == 3
    assert type_in("status", "--all", "--json", *NOW, code=1).json["folders"] == [listed]
    assert f"looks in {work} no longer" in type_in("fleet", "remove", work).out
    assert "broken" not in type_in("status", "--all", *NOW, code=1).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "nowhere"), "nowhere is no folder"),
        (("add", "."), "there is no project in ."),
        (("remove", "nowhere"), "Fleet does not look in"),
        (("lst",), "Did you mean “workbench fleet list”"),
    ],
)
def test_a_folder_that_cannot_be_is_refused(
    words: tuple[str, ...], said: str, empty: Path, type_in: Type
) -> None:
    assert said in type_in("fleet", *words, code=2).err


def test_where_nothing_was_opened_nothing_is_ready(empty: Path, type_in: Type) -> None:
    said = type_in("status", "--all", code=1)
    assert said.out.startswith("no project was opened on this machine yet")
    assert "workbench fleet add FOLDER" in said.err


def test_a_sample_that_is_named_is_judged(shop: Path, empty: Path, type_in: Type) -> None:
    assert "Web shop 2.14.0 rc2: blocked, 3 blockers" in type_in("status", "--all", "--in", shop, code=1).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--all", "--in", "nowhere"), "nowhere is no folder"),
        (("--all", "--quarter", "the fifth"), "is not a quarter"),
        (("--all", "--short", "--json"), "contradict each other"),
        (("--all", "--section", "left", "--json"), "contradict each other"),
        (("--all", "--release", "2.0.0"), "--release is about one project"),
        (("--all", "--record", "x.db"), "--record is about one project"),
        (("--in", "."), "are about several projects"),
        (("--demonstrations",), "are about several projects"),
    ],
)
def test_what_cannot_be_is_refused(words: tuple[str, ...], said: str, empty: Path, type_in: Type) -> None:
    assert said in type_in("status", *words, code=2).err
