"""Walking, signing and deciding line by line: numbered answers, each saved when it is given."""

from __future__ import annotations

import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from tests.golden.playing import typed
from tests.tui.driving import web_shop

from workbench.usecases.opening import open_context
from workbench.usecases.project import Options


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = web_shop(tmp_path, monkeypatch)
    monkeypatch.chdir(found)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    return found


def answer(patch: pytest.MonkeyPatch, command: str, *lines: str) -> tuple[str, str, int]:
    """Type a command, then these lines, then nothing more."""
    given = "".join(f"{line}\n" for line in lines).encode()
    patch.setattr(sys, "stdin", TextIOWrapper(BytesIO(given), encoding="utf-8"))
    return typed(command)


def entries(shop: Path, entity: str) -> int:
    context = open_context(Options(project=shop), readonly=True)
    try:
        return len(context.record.history(entity))
    finally:
        context.record.close()


def test_each_answer_of_a_walk_is_saved_when_it_is_given(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = entries(shop, "answer")
    lines = ("1", "seen at noon", "", "2", "", "the way back is missing", "4")
    printed, said, code = answer(monkeypatch, "checklist walk pre-production --plain", *lines)
    assert code == 0
    assert printed.startswith("2 saved, ")
    assert "Saved: done: Data in staging is current and masked" in said
    assert "  1  done" in said and "Number, 1 to 5: " in said
    assert "a comment is required" in said
    assert "\x1b" not in said + printed and "\r" not in said
    assert entries(shop, "answer") == before + 2


def test_where_the_input_ends_nothing_is_lost_and_it_says_what_was_saved(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed, said, code = answer(monkeypatch, "checklist walk --plain", "1", "seen", "", "1", "half an")
    assert code == 0
    assert "the input has ended; nothing that was saved is lost" in said
    assert printed.splitlines()[0].startswith("1 saved, ")
    assert printed.splitlines()[1] == "  done: Data in staging is current and masked"


def test_ctrl_c_ends_a_walk_with_130_and_says_what_was_saved(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted:
        lines = iter(["1\n", "seen\n", "\n"])

        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            try:
                return next(self.lines)
            except StopIteration:
                raise KeyboardInterrupt from None

    monkeypatch.setattr(sys, "stdin", Interrupted())
    printed, said, code = typed("checklist walk pre-production")
    assert code == 130
    assert "stopped; nothing that was saved is lost" in said
    assert printed.startswith("1 saved, ")


def test_a_walk_without_a_terminal_names_the_way(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, said, code = answer(monkeypatch, "checklist walk pre-production")
    assert code == 2 and "--plain takes answers from standard input" in said
    _, said, code = answer(monkeypatch, "checklist walk nonsense --plain")
    assert code == 2 and "there is no checklist" in said


def test_what_is_wrong_is_told_and_asked_again(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ("x", "1", "reports/nowhere.pdf", "5")
    printed, said, code = answer(monkeypatch, "checklist walk pre-production --plain", *lines)
    assert code == 0 and printed.startswith("0 saved")
    assert "x is none of them" in said
    assert "Not saved: there is no file reports/nowhere.pdf" in said


def test_undecided_differences_are_decided_one_by_one(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ("2", "the vendor's sandbox", "the stand-in is as slow", "kim", "soon", "2026-10-15")
    printed, said, code = answer(monkeypatch, "parity decide --plain", *lines)
    assert code == 0, said
    assert "Difference 1 of 1: payment gateway mocked" in said
    assert "“soon” is not a date or time" in said
    assert printed.splitlines() == ["1 decided, 0 undecided", "  mitigated: payment gateway mocked"]


def test_deciding_asks_again_for_what_a_decision_needs(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed, said, code = answer(monkeypatch, "parity decide 'load balancer' --plain", "3", "", "fine", "")
    assert code == 0
    assert "the input has ended" in said
    assert printed.startswith("0 decided")


def test_a_gate_is_signed_by_number_and_by_its_version(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ("4", "", "the retries first", "2.14.0")
    printed, said, code = answer(monkeypatch, "sign sign-off --plain --as robin", *lines)
    assert code == 0
    assert printed == "signed: robin as release-owner: rejects Sign-off; the gate is blocked\n"
    assert "a rejection needs a comment" in said
    assert "Type 2.14.0 to sign: " in said


@pytest.mark.parametrize(
    ("lines", "code"), [(("4", "no"), 0), (("4", "no", "2.13.0"), 2), (("5",), 0), (("1", ""), 2)]
)
def test_nothing_is_signed_by_half(
    shop: Path, monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...], code: int
) -> None:
    before = entries(shop, "signoff")
    _, _, ended = answer(monkeypatch, "sign sign-off --plain --as robin", *lines)
    assert ended == code
    assert entries(shop, "signoff") == before


@pytest.mark.parametrize("command", ["sign sign-off --plain --approve", "parity decide x --plain --accept"])
def test_plain_takes_no_answer_beside_it(shop: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    _, said, code = answer(monkeypatch, command)
    assert code == 2 and "--plain asks for all of it" in said
