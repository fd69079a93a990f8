"""Which projects there are: those opened on this machine, those in folders that were named, each once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import building as build

from workbench.model.errors import UsageError
from workbench.usecases.fleet.finding import Wanted, find, projects_in
from workbench.usecases.fleet.judging import judge


def make(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "workbench.yaml").write_text("project: x\n", encoding="utf-8")
    return folder


def roots(wanted: Wanted) -> list[str]:
    return [one.root for one in find(wanted).asks]


def test_a_project_in_which_something_was_recorded_is_known(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as context:
        record_id = context.record.info.record_id
    (ask,) = find(Wanted()).asks
    assert (ask.root, ask.project, ask.record_id) == (str(tmp_path / "shop"), "shop", record_id)


def test_the_folder_that_one_is_in_counts_and_is_asked_for_once(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop"):
        pass
    (ask,) = find(Wanted(here=tmp_path / "shop", folders=(tmp_path,))).asks
    assert ask.why == "here" and ask.demonstrations and ask.record_id


def test_outside_of_any_project_there_is_none_here(tmp_path: Path) -> None:
    assert roots(Wanted(here=tmp_path)) == []


def test_a_folder_that_is_named_gives_the_projects_in_it(tmp_path: Path) -> None:
    for name in ("b", "a", "deep/er/one", "node_modules/theirs", ".hidden/one", "a/inside", "x/y/z/far"):
        make(tmp_path / name)
    assert [path.relative_to(tmp_path).as_posix() for path in projects_in(tmp_path)] == [
        "a",
        "b",
        "deep/er/one",
    ]
    assert roots(Wanted(folders=(tmp_path / "b", tmp_path / "b"))) == [str(tmp_path / "b")]


def test_a_sample_project_is_asked_for_by_its_own_folder_and_not_by_one_above(tmp_path: Path) -> None:
    make(tmp_path / "one")
    (own,) = find(Wanted(folders=(tmp_path / "one",))).asks
    (below,) = find(Wanted(folders=(tmp_path,))).asks
    assert own.demonstrations and not below.demonstrations


def test_links_are_not_followed_so_that_a_search_ends(tmp_path: Path) -> None:
    make(tmp_path / "real" / "one")
    (tmp_path / "real" / "loop").symlink_to(tmp_path / "real")
    assert len(list(projects_in(tmp_path / "real"))) == 1
    (tmp_path / "link").symlink_to(tmp_path / "real" / "one")
    assert roots(Wanted(folders=(tmp_path / "link",))) == [str(tmp_path / "real" / "one")]


def test_a_named_folder_without_a_project_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no project in"):
        find(Wanted(folders=(tmp_path,)))
    with pytest.raises(UsageError, match="is no folder"):
        find(Wanted(folders=(tmp_path / "nowhere",)))


def test_notes_that_cannot_be_read_hide_no_other_project(tmp_path: Path, data_folder: Path) -> None:
    with build.shop(tmp_path / "shop"):
        pass
    (data_folder / f"{'a' * 36}.json").write_text("{", encoding="utf-8")
    (data_folder / f"{'b' * 36}.json").write_bytes(b"\xff")
    (data_folder / f"{'c' * 36}.json").mkdir()
    assert roots(Wanted()) == [str(tmp_path / "shop")]


def test_a_record_outside_of_a_projects_folder_is_told_and_not_judged(tmp_path: Path) -> None:
    build.write(tmp_path / "shop")
    with build.opened(tmp_path / "shop", record=tmp_path / "elsewhere.db") as context:
        build.add_flow(context)
    found = find(Wanted())
    assert found.asks == () and found.elsewhere == (str(tmp_path / "elsewhere.db"),)


def test_the_record_that_the_project_was_opened_with_is_the_one_that_is_judged(tmp_path: Path) -> None:
    root, record = build.write(tmp_path / "shop"), tmp_path / "elsewhere.db"
    with build.opened(root, record=record) as context:
        build.add_flow(context)
    found = find(Wanted(here=root, record=record))
    assert [(ask.root, ask.record) for ask in found.asks] == [
        (str(root), str(record))
    ] and not found.elsewhere
    assert judge(found.asks[0]).judged


def test_without_a_place_for_notes_nothing_was_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", "not/a/full/path")
    assert roots(Wanted()) == []
