"""``workbench poll``: line by line, by options, and what it prints for people and programs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.tui.driving import web_shop


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def run(root: Path, *words: str, typed: str = "") -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "workbench", *words],
        cwd=root,
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_it_asks_role_by_role_and_goes_on_where_it_was_left(shop: Path) -> None:
    code, out, err = run(shop, "poll", "--plain", typed="1\n2\n\nthe queue was not drained\n7\n")
    assert code == 0 and "a no-go needs words" in err
    assert "✓ release owner, Robin: go (entered in person)" in out
    assert "✗ staging owner, Kim: no-go: the queue was not drained (entered by robin)" in out
    code, out, err = run(shop, "poll", "--plain", typed="4\n1\nagain on Thursday\n")
    assert code == 0 and "Going on with the poll that is running." in err
    assert "the poll ended: no-go (2 of 3 roles said go); concerns of Kim are kept" in out
    code, out, _ = run(shop, "poll", "--json")
    found = json.loads(out)
    assert (found["schema"], found["result"], found["absent"]) == ("workbench.poll.1", "no_go", ["mika"])
    assert found["words"] == "again on Thursday" and not found["running"]


def test_where_the_input_ends_what_was_entered_is_kept(shop: Path) -> None:
    code, _, err = run(shop, "poll", "--plain", typed="1\n")
    assert code == 0 and "what was entered is kept, and the poll goes on later" in err
    assert json.loads(run(shop, "poll", "--json")[1])["votes"][0]["vote"] == "go"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--for", "kim"), "say whose vote it is, and what it is"),
        (("--go",), "say whose vote it is, and what it is"),
        (("--for", "kim", "--go", "--absent"), "contradict each other"),
        (("--for", "kim", "--absent", "--comment", "x"), "--comment belongs to --go"),
        (("--note", "x"), "--note belongs to --end"),
        (("--plain", "--end"), "--plain asks for all of it"),
        (("--end",), "nobody has begun a poll yet"),
        (("--poll", "abc", "--end"), "there is no poll “abc”"),
    ],
)
def test_what_does_not_fit_together_is_said(shop: Path, words: tuple[str, ...], said: str) -> None:
    code, _, err = run(shop, "poll", "sign-off", *words)
    assert code == 2 and said in err


def test_minutes_are_written_by_the_ending_of_the_file(shop: Path) -> None:
    assert run(shop, "poll", "sign-off", "--begin")[0] == 0
    for name, has in (("m.html", "<!doctype html>"), ("m.md", "# Web shop 2.14.0"), ("m.txt", "======")):
        assert run(shop, "poll", "--output", name)[0] == 0
        assert has in (shop / name).read_text("utf-8")
    code, _, err = run(shop, "poll", "--output", "m.pdf")
    assert code == 2 and "not a format" in err
