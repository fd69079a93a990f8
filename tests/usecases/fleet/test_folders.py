"""The folders that a person gave to Fleet: kept from then on, wherever one is, until they are removed."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from workbench.model import turns
from workbench.model.errors import UsageError
from workbench.usecases.fleet import folders, searching
from workbench.usecases.fleet.finding import Wanted, find
from workbench.usecases.fleet.folders import add, read_folders, remove
from workbench.usecases.fleet.looking import Looking

from tests.usecases.fleet.test_finding import make  # isort: skip


def test_a_folder_is_kept_with_the_projects_that_come_into_it_later(tmp_path: Path) -> None:
    make(tmp_path / "team" / "one")
    path, found = add(tmp_path / "team")
    assert path == str(tmp_path / "team") and list(found) == [tmp_path / "team" / "one"]
    make(tmp_path / "team" / "two")
    asks = find(Wanted()).asks
    assert [(ask.root, ask.why) for ask in asks] == [
        (str(tmp_path / "team" / name), "kept") for name in ("one", "two")
    ]
    assert remove(tmp_path / "team") == path
    assert find(Wanted()).asks == () and read_folders() == ((), "")


def test_a_project_of_a_kept_folder_that_is_named_or_that_one_is_in_is_asked_for_once(tmp_path: Path) -> None:
    make(tmp_path / "one")
    add(tmp_path)
    assert [ask.why for ask in find(Wanted(here=tmp_path / "one")).asks] == ["here"]
    assert [ask.why for ask in find(Wanted(folders=(tmp_path,))).asks] == ["named"]


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_folder_without_a_project_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"is no folder|no project in"):
        add(tmp_path / name)
    assert read_folders() == ((), "")


def test_a_folder_is_kept_once_and_only_a_kept_one_is_removed(tmp_path: Path) -> None:
    make(tmp_path / "team" / "one")
    add(tmp_path / "team")
    (tmp_path / "link").symlink_to(tmp_path / "team")
    for again in ("team", "link", "team/../team"):
        with pytest.raises(UsageError, match="already"):
            add(tmp_path / again)
    with pytest.raises(UsageError) as caught:
        remove(tmp_path / "teem")
    assert caught.value.hint == f"did you mean {tmp_path / 'team'}?"


def test_a_kept_folder_that_is_gone_is_told_hides_nothing_and_can_be_removed(tmp_path: Path) -> None:
    make(tmp_path / "team" / "one")
    make(tmp_path / "disk" / "two")
    add(tmp_path / "team")
    add(tmp_path / "disk")
    (tmp_path / "disk").rename(tmp_path / "away")
    found = find(Wanted())
    assert [ask.root for ask in found.asks] == [str(tmp_path / "team" / "one")]
    assert [(one.path, one.trouble) for one in found.folders] == [
        (str(tmp_path / "team"), ""), (str(tmp_path / "disk"), "it is not there"),
    ]  # fmt: skip
    remove(tmp_path / "disk")
    assert [one.path for one in find(Wanted()).folders] == [str(tmp_path / "team")]


def test_a_folder_whose_disk_does_not_answer_holds_up_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("good", "hangs"):
        make(tmp_path / name / "one")
        add(tmp_path / name)
    really, answers = searching.projects_in, threading.Event()

    def hangs(folder: Path) -> list[Path]:
        if folder.name == "hangs":
            answers.wait()
        return list(really(folder))

    monkeypatch.setattr(searching, "projects_in", hangs)
    try:
        found = searching.search([str(tmp_path / "good"), str(tmp_path / "hangs")], seconds=0.5)
    finally:
        answers.set()
    assert found == {str(tmp_path / "good"): (tmp_path / "good" / "one",), str(tmp_path / "hangs"): None}


@pytest.mark.parametrize("text", ["", "[]", '{"folders": 3}', '{"schema": "other"}', "\x00"])
def test_a_list_that_cannot_be_read_is_told_and_not_written_over(
    tmp_path: Path, data_folder: Path, text: str
) -> None:
    make(tmp_path / "one")
    data_folder.mkdir(exist_ok=True)
    (data_folder / folders.FILE).write_text(text, encoding="utf-8")
    fleet = Looking(Wanted(here=tmp_path / "one")).fleet
    assert fleet.asked == 1 and "cannot be read" in fleet.remark
    with pytest.raises(UsageError, match="cannot be read"):
        add(tmp_path / "one")
    assert (data_folder / folders.FILE).read_text(encoding="utf-8") == text


def test_what_could_steer_a_terminal_is_no_folder(data_folder: Path) -> None:
    data_folder.mkdir(exist_ok=True)
    (data_folder / folders.FILE).write_text(
        '{"folders": ["/srv\\u001b[31m", ""], "schema": "fleet-folders.1"}', encoding="utf-8"
    )
    assert read_folders() == ((), "")


def test_no_more_than_so_many_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST", 1)
    for name in ("one", "two"):
        make(tmp_path / name)
    add(tmp_path / "one")
    with pytest.raises(UsageError, match="no more than 1"):
        add(tmp_path / "two")


def test_what_several_programs_add_in_the_same_instant_is_all_kept(tmp_path: Path) -> None:
    paths = [make(tmp_path / f"team{number}" / "one").parent for number in range(6)]
    begin = threading.Barrier(len(paths))

    def program(path: Path) -> None:
        begin.wait()
        add(path)

    running = [threading.Thread(target=program, args=(path,)) for path in paths]
    for one in running:
        one.start()
    for one in running:
        one.join()
    assert sorted(read_folders()[0]) == sorted(map(str, paths))


def test_a_folder_is_neither_added_nor_removed_while_another_program_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "team" / "one")
    make(tmp_path / "other" / "one")
    add(tmp_path / "team")
    monkeypatch.setattr(turns, "_TURN", 0.0)
    with turns.in_turn(folders.data_folder() / folders.FILE):
        for change, folder in ((add, "other"), (remove, "team")):
            with pytest.raises(UsageError, match="were not kept"):
                change(tmp_path / folder)
    assert read_folders() == ((str(tmp_path / "team"),), "")


def test_a_folder_whose_name_could_steer_a_terminal_is_refused_rather_than_not_looked_in(
    tmp_path: Path,
) -> None:
    make(tmp_path / "a\nb" / "one")
    with pytest.raises(UsageError, match="is no plain text"):
        add(tmp_path / "a\nb")
    assert read_folders() == ((), "")
    make(tmp_path / "a  b" / "one")
    path, _ = add(tmp_path / "a  b")
    assert read_folders() == ((path,), "")
