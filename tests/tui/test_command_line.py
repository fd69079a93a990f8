"""``:`` runs commands of the command line in the app; a sitting is shown as commands and as minutes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.driving import driven, press, settle, shown, web_shop

from workbench.cli import _complete as complete
from workbench.model.errors import UsageError
from workbench.tui.app import WorkbenchApp
from workbench.tui.command_line import Typed, completed, told_of, words_of
from workbench.tui.screens.commanding import CommandPanel
from workbench.usecases.project import Options


@pytest.mark.parametrize("line", ["status", "workbench status", "  status  "])
def test_the_first_word_may_be_left_out(line: str) -> None:
    assert words_of(line) == ["status"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("", "open the app"),
        ("workbench", "open the app"),
        ("--project", "open the app"),
        ("demo", "open the app"),
        ("parity show 'x", "quotation"),
    ],
)
def test_what_cannot_be_run_here_says_why(line: str, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        words_of(line)


def test_commands_hear_what_was_said_when_the_app_was_opened(tmp_path: Path) -> None:
    options = Options(project=tmp_path, as_person="kim", release="2.14.0")
    assert told_of(options) == ["--project", str(tmp_path), "--as", "kim", "--release", "2.14.0"]
    assert told_of(Options()) == []


def test_the_arrows_go_through_what_was_typed_and_back_to_what_was_not_sent() -> None:
    typed = Typed()
    for line in ("status", "gate", "gate"):
        typed.add(line)
    assert typed.earlier("par") == "gate"
    assert typed.earlier("gate") == "status"
    assert typed.earlier("status") == "status"
    assert (typed.later(), typed.later(), typed.later()) == ("gate", "par", "par")


@pytest.mark.parametrize(
    ("line", "found", "after"),
    [
        ("par", ["parity"], "parity "),
        ("parity show ", ["load balancer"], "parity show 'load balancer' "),
        ("parity show 'load b", ["load balancer"], "parity show 'load balancer' "),
        ("parity decide --", ["--accept", "--close"], "parity decide --"),
        ("benchmark show ch", ["checkout-p95", "checkout-rate"], "benchmark show checkout-"),
        ("benchmark show x", [], "benchmark show x"),
    ],
)
def test_a_word_is_finished_as_far_as_all_agree(line: str, found: list[str], after: str) -> None:
    assert completed(line, found) == after


def test_commands_options_and_names_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = Options(project=web_shop(tmp_path, monkeypatch))
    assert complete(options, "par") == ["parity"]
    assert complete(options, "parity decide --acc") == ["--accept"]
    assert "load balancer" in complete(options, "parity show l")
    assert complete(options, "fetch --source m") == ["metrics"]
    assert complete(options, "promise x --owner ro") == ["robin"]
    assert complete(options, "checklist tick pre-production/data") == ["pre-production/data-masked"]
    assert complete(options, "benchmark show checkout-p") == ["checkout-p95"]
    assert complete(options, "release show ") == ["2.14.0"]
    assert complete(options, "parity add --severity h") == ["high"]
    assert complete(options, "flow add ch") == []


def test_damage_and_missing_projects_complete_nothing_and_say_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert complete(Options(project=tmp_path), "parity show ") == []
    shop = web_shop(tmp_path, monkeypatch)
    (shop / ".workbench" / "record.db").write_bytes(b"no record")
    assert complete(Options(project=shop), "parity show ") == []
    assert complete(Options(project=shop), "parity --") != ["--"]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


async def test_a_command_runs_and_the_screens_show_what_it_did(shop: Path) -> None:
    async with driven(shop, (120, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, WorkbenchApp)
        app.complete = complete
        await press(pilot, "colon", *"parity a", "tab")
        assert "add  apply" in shown(pilot)
        for _ in "a":
            await press(pilot, "backspace")
        await press(pilot, *"add", "space", *"clocks", "enter")
        assert "added clocks" in shown(pilot)
        await press(pilot, *"nonsense", "enter")
        assert "There is no command" in shown(pilot) and "ended with 2" in shown(pilot)
        await press(pilot, *"demo", "enter")
        assert "this would open the app" in shown(pilot)
        await press(pilot, "up", "up")
        assert isinstance(app.screen, CommandPanel) and app.screen._line.value == "nonsense"
        await press(pilot, "escape", "2")
        assert "clocks" in shown(pilot)
        screen = app.screen
        await screen.action_do("so_far")  # type: ignore[attr-defined]
        await settle(pilot)
        assert "workbench parity add clocks" in shown(pilot)
        await press(pilot, "tab")
        assert "Found difference clocks" in shown(pilot)
        await press(pilot, "escape")
        assert app.screen is screen
