"""``workbench gate``: the contract's object, the formats and the exit codes."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tests.cli.conftest import Type

from workbench.cli.running import root

FIELDS = {
    "schema", "project", "release", "candidate", "gate", "state", "ledger_head", "evaluated_at",
    "requirements", "verdicts",
}  # fmt: skip
REQUIREMENT = {"key", "kind", "state", "why", "fix"}
VERDICT = {
    "benchmark", "flow", "dimension", "mode", "verdict", "value", "unit", "baseline", "limit", "margin",
    "margin_percent", "samples", "window", "rule", "measured_at", "evidence",
}  # fmt: skip


def test_json_has_every_field_of_the_contract(shop: Path, type_in: Type) -> None:
    found = type_in("gate", "benchmarks", "--json", code=1).json
    assert found.keys() >= FIELDS
    assert (found["schema"], found["project"], found["release"]) == ("workbench.gate.1", "Web shop", "2.14.0")
    assert found["project_key"] == "web-shop"
    assert (found["gate"], found["state"]) == ("benchmarks", "blocked")
    assert found["candidate"]["name"] == "rc2"
    assert len(found["ledger_head"]) == 64
    for requirement in found["requirements"]:
        assert requirement.keys() >= REQUIREMENT
        assert requirement["state"] in ("met", "not_met", "not_applicable", "overridden")
        assert requirement["fix"] or requirement["state"] != "not_met"
    assert found["verdicts"]
    for verdict in found["verdicts"]:
        assert verdict.keys() >= VERDICT
        assert verdict["mode"] in ("blocking", "advisory")


def test_numbers_are_numbers_in_the_benchmarks_unit(shop: Path, type_in: Type) -> None:
    verdicts = type_in("gate", "benchmarks", "--json", code=1).json["verdicts"]
    checkout = next(item for item in verdicts if item["benchmark"] == "checkout-p95")
    assert (checkout["unit"], checkout["baseline"], checkout["limit"]) == ("s", 0.45, 0.54)
    assert round(checkout["value"], 2) == 0.69
    assert checkout["margin"] == pytest.approx(0.54 - checkout["value"])
    assert checkout["verdict"] == "fail"
    assert all(len(digest) == 64 for digest in checkout["evidence"])
    assert checkout["evidence"]


def test_without_a_gate_the_first_that_is_not_through(shop: Path, type_in: Type) -> None:
    assert type_in("gate", "--json", code=1).json["gate"] == "pre-production"
    assert type_in("gate", "inventory", "--json").json["state"] == "ready"


GATES = ("inventory", "pre-production", "benchmarks", "parity", "production-readiness", "sign-off")
# Of the demonstration: the record answers these items.
BY_ITSELF = (
    "parity-reviewed", "gaps-decided", "way-back-planned", "watch-planned",
)  # fmt: skip


def typed(command: str) -> tuple[str, list[str]]:
    """A command's name and the words after it, which are read as they would be when typed."""
    program, *words = shlex.split(command)
    assert program == "workbench"
    known: click.Command = root
    name: list[str] = []
    while isinstance(known, click.Group) and words[:1] and not words[0].startswith("-"):
        found = known.get_command(click.Context(known), words[0])
        assert found is not None, command
        known, name, words = found, [*name, words[0]], words[1:]
    known.make_context(" ".join(name), list(words))
    return " ".join(name), words


def fixes(type_in: Type, *more: str) -> Iterator[tuple[str, str]]:
    """Every part that is open in any gate, and what clears it."""
    for gate in GATES:
        found = type_in("gate", gate, "--json", *more, code=None).json
        for requirement in found["requirements"]:
            assert {part["fix"] != "" for part in requirement["parts"] if part["state"] == "not_met"} <= {
                True
            }
            assert {part["fix"] for part in requirement["parts"] if part["state"] != "not_met"} <= {""}
            yield from ((part["key"], part["fix"]) for part in requirement["parts"] if part["fix"])
            if requirement["fix"]:
                yield requirement["key"], requirement["fix"]


@pytest.mark.parametrize(
    "clock", [(), ("--now", "2020-01-01"), ("--now", "2026-11-25"), ("--now", "2027-06-01")]
)
def test_every_fix_is_a_command_that_can_be_typed(shop: Path, type_in: Type, clock: tuple[str, ...]) -> None:
    found = list(fixes(type_in, *clock))
    assert len(found) > 10
    for part, fix in found:
        name, words = typed(fix)
        if name == "checklist tick":
            assert words[0].rpartition("/")[2] not in BY_ITSELF, part
        filled = [word.replace("URL", "https://wiki.example/seen") for word in words]
        if name in ("checklist tick", "checklist attach", "parity reviewed", "benchmark show"):
            type_in(*name.split(), *filled)


def test_an_item_takes_the_fix_of_the_fact_it_stands_on(shop: Path, type_in: Type) -> None:
    found = dict(fixes(type_in))
    assert found["item/pre-production/parity-reviewed"] == "workbench parity reviewed"
    assert found["item/pre-production/gaps-decided"].startswith("workbench parity decide ")
    assert found["item/production-readiness/objectives-held"] == "workbench release candidate COMMIT"


def test_what_comes_next_is_never_what_was_just_done(shop: Path, type_in: Type) -> None:
    ref = "pre-production/data-masked"
    said = type_in("checklist", "tick", ref)
    assert "still open" in said.out
    assert f"next: workbench checklist attach {ref} --link URL" in said.err
    assert dict(fixes(type_in))[f"item/{ref}"] == f"workbench checklist attach {ref} --link URL"
    type_in("checklist", "attach", ref, "--link", "https://wiki.example/masked")
    assert f"item/{ref}" not in dict(fixes(type_in))
    said = type_in("checklist", "tick", "signals-visible", "--failed", "--comment", "no dashboard")
    assert "next: workbench checklist tick pre-production/runbooks-rehearsed --link URL" in said.err


def test_text_says_what_blocks_and_what_to_do(shop: Path, type_in: Type) -> None:
    said = type_in("gate", code=1)
    assert "✗ blocked" in said.out
    assert "clock set to Tue 15 Sep 2026 12:00 CEST" in said.out
    assert "next: workbench checklist tick pre-production/" in said.out


def test_markdown_is_a_table(shop: Path, type_in: Type) -> None:
    out = type_in("gate", "benchmarks", "--format", "markdown", code=1).out
    assert out.startswith("## Benchmarks: ✗ blocked, 2 blockers\n")
    assert "| Benchmark | Mode | Verdict | Why |" in out


def test_format_json_is_the_same_as_json(shop: Path, type_in: Type) -> None:
    assert type_in("gate", "--format", "json", code=1).out == type_in("gate", "--json", code=1).out


def test_advisory_reports_and_lets_through(shop: Path, type_in: Type) -> None:
    assert type_in("gate", "--advisory", "--json").json["state"] == "blocked"


def test_an_unknown_gate_names_the_known_ones(shop: Path, type_in: Type) -> None:
    said = type_in("gate", "benchmark", code=2)
    assert "there is no gate “benchmark”" in said.err
    assert "pre-production" in said.err


def test_an_excerpt_gives_the_same_verdicts_without_a_record(
    shop: Path, type_in: Type, tmp_path: Path
) -> None:
    here = type_in("gate", "benchmarks", "--json", code=1).json
    type_in("excerpt", "--output", tmp_path / "shop.excerpt.jsonl")
    (shop / ".workbench" / "record.db").unlink()
    there = type_in("gate", "benchmarks", "--excerpt", tmp_path / "shop.excerpt.jsonl", "--json", code=1).json
    for found in (here, there):
        found.pop("ledger_head")
    assert (here["unsealed"], there["unsealed"]) == (False, True)
    excerpt = ("gate", "benchmarks", "--excerpt", tmp_path / "shop.excerpt.jsonl")
    for form in ("text", "markdown"):
        assert "unsealed: judged from an excerpt" in type_in(*excerpt, "--format", form, code=1).out
    assert there["verdicts"] == here["verdicts"]
    assert there["state"] == here["state"]


@pytest.mark.parametrize("broken", ["", "nonsense\n", '{"schema": "workbench.excerpt.9"}\n'])
def test_a_file_that_is_no_excerpt_is_told(shop: Path, type_in: Type, broken: str) -> None:
    (shop / "x.txt").write_text(broken, encoding="utf-8")
    assert "excerpt" in type_in("gate", "--excerpt", "x.txt", code=2).err


def test_only_errors_exit_with_3(shop: Path, type_in: Type) -> None:
    (shop / "workbench.yaml").write_text(ONLY_ERRORS, encoding="utf-8")
    assert "1 could not be asked" in type_in("fetch", code=3).out
    found = type_in("gate", "benchmarks", "--json", code=3).json
    assert [item["verdict"] for item in found["verdicts"]] == ["error"]
    assert found["state"] == "blocked"


ONLY_ERRORS = """\
project: web-shop
environments:
  - {key: staging, kind: staging}
sources:
  - {key: metrics, kind: prometheus, url: "http://127.0.0.1:9"}
people:
  - {key: robin, name: Robin}
benchmarks:
  - key: p95
    title: p95
    environment: staging
    measure: {source: metrics, query: up, unit: s}
    pass: <= 5 s
    better: lower
    mode: blocking
gates:
  - key: benchmarks
    title: Benchmarks
    requires: [benchmarks]
"""


def test_one_judgement_many_reports(shop: Path, type_in: Type) -> None:
    forms = ("text", "json", "markdown", "junit", "sarif", "ctrf", "github", "gitlab")
    words = [word for form in forms for word in ("--report", f"{form}=gate.{form}")]
    out = type_in("gate", "benchmarks", *words, code=1).out
    assert Path("gate.text").read_text(encoding="utf-8") == out
    assert (
        Path("gate.json").read_text(encoding="utf-8") == type_in("gate", "benchmarks", "--json", code=1).out
    )
    assert Path("gate.markdown").read_text(encoding="utf-8").startswith("## Benchmarks: ✗ blocked")
    assert all(Path(f"gate.{form}").stat().st_size for form in forms)


@pytest.mark.parametrize("word", ["junit", "junit=", "junit=-", "html=x", "=x", "junit:x"])
def test_a_report_that_names_no_format_and_file_is_refused(shop: Path, type_in: Type, word: str) -> None:
    said = type_in("gate", "--report", word, code=2)
    assert "names no format and file" in said.err and not said.out


def test_two_reports_never_share_a_file_and_one_that_cannot_be_written_is_an_error(
    shop: Path, type_in: Type
) -> None:
    type_in("gate", "--report", "junit=x", "--report", "sarif=x", code=2)
    type_in("gate", "inventory", "--report", "junit=none/x", code=2)


def test_another_build_than_the_one_that_is_named_is_never_passed(shop: Path, type_in: Type) -> None:
    commit = type_in("gate", "inventory", "--json").json["candidate"]["commit"]
    for named in (commit, commit[:7], commit.upper()):
        type_in("gate", "inventory", "--commit", named)
    for named in ("deadbeef" * 5, commit[:6], "main", commit[:39] + "0" if commit[39] != "0" else "1"):
        said = type_in("gate", "inventory", "--commit", named, "--advisory", code=2)
        assert not said.out


def test_every_format_says_that_it_was_advisory_and_what_it_would_have_been(
    shop: Path, type_in: Type
) -> None:
    found = type_in("gate", "benchmarks", "--json", "--advisory").json
    assert (found["advisory"], found["exit_code"], found["state"]) == (True, 1, "blocked")
    found = type_in("gate", "benchmarks", "--json", code=1).json
    assert (found["advisory"], found["exit_code"]) == (False, 1)
    for form in ("text", "markdown", "junit", "sarif", "ctrf", "github", "gitlab"):
        assert "advisory" in type_in("gate", "benchmarks", "--format", form, "--advisory").out


def test_on_github_the_summary_is_added_to_the_file_that_the_runner_names(
    shop: Path, type_in: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("summary.md").write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    type_in("gate", "benchmarks", code=1)
    assert Path("summary.md").read_text(encoding="utf-8") == "before\n"
    out = type_in("gate", "benchmarks", "--format", "github", code=1).out
    assert out.startswith("::group::") and "\n::error file=workbench.yaml,line=" in out
    assert Path("summary.md").read_text(encoding="utf-8").startswith("before\n## Benchmarks")
