"""``workbench source`` as it is typed: what is asked on a terminal, what is printed, how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests import building as build

from workbench.cli.commands import source_new
from workbench.cli.running import root


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    with build.shop(tmp_path / "shop") as context:
        folder = context.root
    monkeypatch.chdir(folder)
    return folder


def test_three_questions_are_asked_on_a_terminal(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_new, "_is_terminal", lambda: True)
    answers = "junit\nresults/*.xml\n1\n"
    done = CliRunner().invoke(root, ["source", "new"], input=answers)
    assert done.exit_code == 0, done.output
    for question in ("What is it?", "Where is it? files", "What does it measure?"):
        assert question in done.output
    assert "files: results/*.xml" in done.output and "no file matches results/*.xml" in done.output


def test_without_a_terminal_the_kind_has_to_be_said(shop: Path) -> None:
    done = CliRunner().invoke(root, ["source", "new"], standalone_mode=False)
    assert done.exception is not None and "name a kind of source" in str(done.exception)


def test_it_is_written_and_never_over_another_file(shop: Path) -> None:
    words = ["source", "new", "junit", "--key", "units", "--measures", "nothing", "--write", "--json"]
    done = CliRunner().invoke(root, words)
    document = json.loads(done.output)
    assert (document["file"], document["included"]) == ("source-units.yaml", False)
    assert document["tried"]["answers"][0]["state"] == "missing"
    again = CliRunner().invoke(root, words, standalone_mode=False)
    assert again.exception is not None and "exists already" in str(again.exception)


def test_trying_ends_with_3_if_nothing_but_errors_came(shop: Path) -> None:
    (shop / "reports").mkdir(exist_ok=True)
    (shop / "reports" / "broken.xml").write_text("<testsuite", encoding="utf-8")
    assert CliRunner().invoke(root, ["source", "test", "reports"], standalone_mode=False).return_value == 3
    (shop / "reports" / "broken.xml").unlink()
    assert CliRunner().invoke(root, ["source", "test", "reports"], standalone_mode=False).return_value == 0


def test_an_environment_is_that_of_a_measure(shop: Path) -> None:
    done = CliRunner().invoke(
        root, ["source", "test", "metrics", "--environment", "staging"], standalone_mode=False
    )
    assert done.exception is not None and "--measure" in str(done.exception)


@pytest.mark.parametrize("kind", ["prometheus", "junit"])
def test_a_page_is_printed_without_markup(kind: str) -> None:
    printed = CliRunner().invoke(root, ["source", "show", kind]).output
    assert "```" not in printed and "](" not in printed
    assert "Pitfalls, and what the workbench does" in printed


def test_on_a_terminal_nothing_of_the_list_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_COLUMNS", "80")
    told = CliRunner().invoke(root, ["source", "list"]).output
    assert max(map(len, told.splitlines())) <= 80 and "…" not in told
    assert "\n                             measures latency, latency_p50, " in told
    assert "a recipe for kind http; measures critical_findings" in told


def test_a_page_fits_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_COLUMNS", "80")
    told = CliRunner().invoke(root, ["source", "show", "k6"]).output
    example, words = told.partition("Fields of the source")[::2]
    assert "metric: 'http_req_duration{name:checkout}', statistic: p95}" in example, "YAML is to be copied"
    assert max(map(len, words.splitlines())) <= 80
    assert "\nhandleSummary with JSON.stringify(data)\n" in words


def test_what_is_not_said_about_a_named_kind_is_asked(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_new, "_is_terminal", lambda: True)
    done = CliRunner().invoke(root, ["source", "new", "junit", "--at", "out/*.xml"], input="1\n")
    assert done.exit_code == 0, done.output
    assert "What is it?" not in done.output and "Where is it?" not in done.output
    assert "What does it measure?" in done.output and "files: out/*.xml" in done.output
