"""Signing with an SSH key on screen: prefilled from git, waited for beside the app, given up, and on the receipt."""

from __future__ import annotations

import subprocess
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.ssh import make_key, public_line
from tests.tui.driving import driven, in_panel, press, second_writer, settle, web_shop
from tests.tui.stories import clear_everything

from workbench.signoff.model import signoffs
from workbench.tui.screens.signing import SigningForm
from workbench.usecases import ssh_signing
from workbench.usecases.evaluate import evaluate


@pytest.fixture
def keyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """The demonstration, cleared, with a key of robin's in its file, and that key."""
    root = web_shop(tmp_path, monkeypatch)
    clear_everything(root)
    key = make_key(tmp_path)
    file = root / "workbench.yaml"
    text = file.read_text("utf-8")
    assert "key: robin, name: Robin," in text
    line = f'key: robin, name: Robin, keys: [{{key: "{public_line(key)}"}}],'
    file.write_text(text.replace("key: robin, name: Robin,", line), "utf-8")
    return root, key


async def test_a_key_signs_and_stands_on_the_receipt(keyed: tuple[Path, Path]) -> None:
    root, key = keyed
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "s")
        assert "SSH key" in in_panel(pilot)
        await press(pilot, "up", *str(key), "down", *"2.14.0", "enter")
        await settle(pilot)
        text = in_panel(pilot)
        assert "Key SHA256:" in text
    with second_writer(root) as context:
        ((_, value),) = signoffs(context.record, evaluate(context).held.id)
        assert value.key.startswith("SHA256:") and value.signature
        view = evaluate(context).gate("sign-off").signoffs[0]
    assert view.checked is not None and view.checked.holds


async def test_a_key_that_is_not_ones_own_is_refused_and_nothing_typed_is_lost(
    keyed: tuple[Path, Path], tmp_path: Path
) -> None:
    root, _ = keyed
    (tmp_path / "other").mkdir()
    other = make_key(tmp_path / "other")
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "s", "up", *str(other), "up", *"looks good", "down", "down", *"2.14.0", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, SigningForm)
        text = in_panel(pilot)
        assert "is not among the keys of robin" in text and "looks good" in text and str(other)[-20:] in text
    with second_writer(root) as context:
        assert not context.record.count("signoff")


async def test_waiting_for_a_key_says_so_and_can_be_given_up(
    keyed: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, key = keyed
    waits, answers = threading.Event(), threading.Event()

    really = ssh_signing.sign_bytes

    def slow(*said: Any, **more: Any) -> Any:
        waits.set()
        answers.wait(30)
        return really(*said, **more)

    monkeypatch.setattr(ssh_signing, "sign_bytes", slow)
    async with driven(root, (120, 40)) as pilot:
        await press(pilot, "s", "up", *str(key), "down", *"2.14.0")
        await pilot.press("enter")
        while not waits.is_set():
            await pilot.pause()
        assert "touch your key now" in in_panel(pilot)
        await pilot.press("up", "up", "x")  # typing goes on
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        answers.set()  # too late
        await settle(pilot)
        await pilot.app.desk.beside(lambda context: None)  # type: ignore[attr-defined]
        assert isinstance(pilot.app.screen, SigningForm)
        assert "touch your key now" not in in_panel(pilot)
    with second_writer(root) as context:
        assert not context.record.count("signoff")


async def test_the_key_that_git_signs_with_is_filled_in_if_it_is_ones_own(
    keyed: tuple[Path, Path], tmp_path: Path
) -> None:
    root, key = keyed
    (tmp_path / "other").mkdir()
    other = make_key(tmp_path / "other")
    run = partial(subprocess.run, cwd=root, check=True, capture_output=True)
    run(["git", "init", "-q"])
    run(["git", "config", "gpg.format", "ssh"])
    for mine, filled in ((key, "SSH key git"), (other, "SSH key Type")):
        run(["git", "config", "user.signingkey", f"{mine}.pub"])
        async with driven(root, (120, 40)) as pilot:
            await press(pilot, "s")
            text = in_panel(pilot).replace(
                "a file, or git for the key that git signs with; empty: no key ", ""
            )
            assert filled in text
