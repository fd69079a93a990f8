"""Names that try to be markup, escape sequences, or very long: data, whatever they look like.

``type_in`` itself refuses any control character or reordering mark in what is printed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cli.conftest import CONTROL, Type

from workbench.cli import output

HOSTILE = {
    "markup": "[/x] [@click=app.quit]quit[/]",
    "escape": "\x1b[2J\x1b]0;owned\x07 red \x1b[31m",
    "c1": "\x9b31m csi \x85 nel",
    "reordered": "\u202egnp.exe\u202c \u2066x\u2069",
    "lines": "one\r\ntwo\nthree\ttabbed",
    "long": "a" * 100_000,
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 ⚠️ 1️⃣ 👍🏽",
    "combining": "Z̸a̸l̸g̸o" + "\u0301" * 200,
    "html": "<script>alert(1)</script> & \"'",
    "markdown": "](http://evil) `x` | @everyone ::error::x",
    "formula": "=HYPERLINK(1)",
    "ci log": "::error::x ##vso[task.setvariable variable=approved]true ##teamcity[x] ##[error]x",
    "null": "a\x00b \x00\x00",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_everywhere(shop: Path, type_in: Type, name: str) -> None:
    text = HOSTILE[name]
    type_in("flow", "add", "hostile", "--name", text, "--owner", text, "--mocked", text, "--core")
    ident = type_in(
        "parity",
        "add",
        text,
        "--staging",
        text,
        "--severity",
        "high",
        "--flow",
        text,
        "--impact",
        text,
        "--json",
    ).json["id"]
    type_in("parity", "decide", ident, "--accept", "--reason", f"said: {text}", "--until", "2026-12-01")
    type_in("checklist", "tick", "data-masked", "--failed", "--comment", text, "--note", text)
    type_in("promise", "checkout-p95", "--owner", text, "--note", text)
    type_in("release", "edit", "--summary", text, "--notes", text, "--watch", text)
    type_in("freeze", "--reason", f"said: {text}")
    for words in (
        ["flow", "list"], ["flow", "show", "hostile"], ["parity", "list"], ["parity", "show", ident],
        ["checklist", "show", "pre-production"], ["checklist", "show", "data-masked"], ["release", "list"],
        ["release", "show"], ["history", "--limit", "20"], ["gate", "--advisory"],
        ["gate", "production-readiness", "--advisory"],
        ["gate", "production-readiness", "--advisory", "--format", "markdown"], ["notes"],
    ):  # fmt: skip
        said = type_in(*words)
        assert all(len(line) <= 12_000 for line in said.out.splitlines())
    for words in (["parity", "list"], ["history"], ["gate"], ["flow", "list"]):
        type_in(*words, "--json", code=None)
    for form in ("html", "txt", "json"):
        type_in("notes", "--format", form)


def test_json_gives_the_text_back_exactly(shop: Path, type_in: Type) -> None:
    for text in (HOSTILE["escape"], HOSTILE["reordered"], HOSTILE["emoji"], HOSTILE["c1"]):
        ident = type_in("parity", "add", text, "--json").json["id"]
        assert type_in("parity", "show", ident, "--json").json["title"] == text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_any_text_survives_printing(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    output.table(("what", "why"), [(text, text)])
    output.pairs([("name", text)])
    printed = capsys.readouterr().out
    assert not [c for c in printed if ord(c) in CONTROL]
    assert len(printed.split("\n")) <= 4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=60))
def test_any_text_survives_json(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    import msgspec

    capsys.readouterr()
    output.emit({"text": text})
    printed = capsys.readouterr().out
    assert not [c for c in printed if ord(c) in CONTROL]
    assert msgspec.json.decode(printed) == {"text": text}


@pytest.mark.parametrize("name", ["[/x]", "\x1b[31m", "💥", "a" * 5000, "../../x", "--", ""])
def test_hostile_arguments_are_told_safely(shop: Path, type_in: Type, name: str) -> None:
    for words in (
        ["gate", "--", name], ["parity", "show", "--", name], ["flow", "show", "--", name],
        ["benchmark", "show", "--", name], ["checklist", "tick", "--", name], ["import", "--", name],
        ["check", f"--explain={name or '?'}"], ["gate", f"--release={name or '?'}"], ["gate", f"--as={name or '?'}"],
    ):  # fmt: skip
        said = type_in(*words, code=None)
        assert said.code in (0, 1, 2)
        assert said.code != 2 or said.err


def test_an_export_cannot_steer_a_terminal_and_keeps_every_byte_elsewhere(
    shop: Path, type_in: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = "a\x1b[31mred\x1b]0;title\x07\u202e"
    type_in("parity", "add", hostile)
    type_in("export", "differences", "--output", "out.csv")
    assert hostile in Path("out.csv").read_text(encoding="utf-8")
    monkeypatch.setattr(output, "_is_terminal", lambda: True)
    shown = type_in("export", "differences").out
    assert "a·[31mred·]0;title·" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_a_word_that_is_no_text_is_refused_in_words(shop: Path, type_in: Type) -> None:
    for words in (
        ["release", "show", "\udcff"],
        ["gate", "--release", "a\udcff"],
        ["export", "flows", "--output=\udcff.csv"],
    ):
        said = type_in(*words, code=2)
        assert "is not UTF-8 text" in said.err
    assert "\\\\udcff" in type_in("release", "show", "\udcff", "--json", code=2).out


def test_a_project_whose_folder_is_no_text_is_told_or_judged(shop: Path, type_in: Type) -> None:
    shop.rename(shop.with_name("shop\udcff"))
    for words in (
        ["gate"],
        ["gate", "--json"],
        ["check"],
        ["doctor", "--json"],
        ["parity", "list"],
        ["verify"],
    ):
        said = type_in(*words, "--project", str(shop.with_name("shop\udcff")), code=None)
        assert said.code in (0, 1, 2), said.err


@pytest.mark.parametrize(
    "words", [("release", "show"), ("release", "show", "--json"), ("status",), ("notes", "--format", "txt")]
)
def test_no_line_that_is_printed_is_a_command_of_a_ci_log(
    shop: Path, type_in: Type, words: tuple[str, ...]
) -> None:
    said = "::set-output name=approved::true"
    type_in("release", "edit", "--summary", said, "--watch", said, "--watch", "##vso[task.setvariable]true")
    printed = type_in(*words, code=None)
    for line in (printed.out + printed.err).splitlines():
        assert not line.lstrip().startswith("::") and "##vso[" not in line
    if "--json" in words:
        assert "##vso[task.setvariable]true" in str(printed.json)


def test_a_name_that_is_no_text_is_escaped_in_json(
    shop: Path, type_in: Type, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output.emit({"home": "/home/\udcff"})
    assert capsys.readouterr().out == '{\n  "home": "/home/\\udcff"\n}\n'
    monkeypatch.setenv("WORKBENCH_DATA", "a\udcff")
    type_in("doctor", "--json", code=None)
