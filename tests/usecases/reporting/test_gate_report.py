"""The gate report: the contract's fields, the exit codes, and text that does nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build

from workbench.model.canonical import encode, plain
from workbench.model.markdown import JOINER, markdown_text
from workbench.usecases import deciding
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.reporting.as_json import gate_document
from workbench.usecases.reporting.as_markdown import markdown_report
from workbench.usecases.reporting.as_text import text_report
from workbench.usecases.reporting.judgement import GateReport, Judgement
from workbench.usecases.reporting.making import judgement_of_gate
from workbench.usecases.reporting.signed import shown_document
from workbench.usecases.reporting.words import shown_parts
from workbench.usecases.views.gates import gate_line
from workbench.usecases.views.readiness import step


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def document(context: Context, gate: str = "benchmarks") -> dict[str, Any]:
    return gate_document(*judged(context, gate))


def judged(context: Context, gate: str | None) -> tuple[Judgement, GateReport]:
    """The judgement that the report of a gate shows, and the gate."""
    found = judgement_of_gate(evaluate(context), gate)
    return found, found.gate(gate)


def code(context: Context, gate: str | None = "benchmarks") -> int:
    found, chosen = judged(context, gate)
    return found.exit_code(chosen)


NUMBER = (int, float, type(None))
FIELDS: dict[str, Any] = {
    "schema": str, "project": str, "release": str, "candidate": dict, "gate": str, "state": str,
    "ledger_head": str, "evaluated_at": str, "requirements": list, "verdicts": list,
}  # fmt: skip
REQUIREMENT = {"key": str, "kind": str, "state": str, "why": str, "fix": str}
VERDICT: dict[str, Any] = {
    "benchmark": str, "flow": (str, type(None)), "dimension": (str, type(None)), "mode": str, "verdict": str,
    "value": NUMBER, "unit": str, "baseline": NUMBER, "limit": NUMBER, "margin": NUMBER,
    "margin_percent": NUMBER, "samples": (int, type(None)), "window": (str, type(None)), "rule": str,
    "measured_at": (str, type(None)), "evidence": list,
}  # fmt: skip


@pytest.mark.parametrize("measured", [False, True])
def test_the_contracts_fields_and_their_types(shop: Context, measured: bool) -> None:
    if measured:
        build.figures(shop, p95="0.58")
    found = msgspec.json.decode(msgspec.json.encode(document(shop)))
    for kinds, part in (
        [(FIELDS, found)]
        + [(REQUIREMENT, r) for r in found["requirements"]]
        + [(VERDICT, v) for v in found["verdicts"]]
    ):
        for name, kind in kinds.items():
            assert isinstance(part[name], kind), name
    assert found["state"] in ("blocked", "ready", "signed")
    assert {r["state"] for r in found["requirements"]} <= {"met", "not_met", "not_applicable", "overridden"}
    assert found["candidate"] == {"name": "rc1", "commit": build.SHA}
    assert found["evaluated_at"] == "2026-09-15T10:00:00.000000Z"


def test_a_verdict_carries_its_arithmetic(shop: Context) -> None:
    build.figures(shop, p95="0.56")
    found = next(v for v in document(shop)["verdicts"] if v["benchmark"] == "p95")
    assert (found["verdict"], found["value"], found["baseline"], found["unit"]) == ("warn", 0.56, 0.45, "s")
    assert (found["limit"], found["margin"], found["margin_percent"]) == (0.54, -0.02, -3.7)
    assert found["rule"] == "within 20% of baseline" and found["mode"] == "blocking"


def test_the_document_that_is_signed_holds_no_floats_and_no_ledger_head(shop: Context) -> None:
    build.figures(shop)
    evaluation = evaluate(shop)
    shown = shown_document(evaluation, evaluation.gate("benchmarks"))
    assert encode(plain(shown)) and "ledger_head" not in shown and "signoffs" not in shown
    assert shown["verdicts"][0]["value"] == "0.46"


def test_the_document_that_is_signed_names_no_command_and_no_screen(shop: Context) -> None:
    build.figures(shop, errors="1.5")
    build.add_difference(shop)
    evaluation = evaluate(shop)
    for item in evaluation.gates:
        text = encode(plain(shown_document(evaluation, item))).decode()
        assert "workbench " not in text and '"fix"' not in text and "--" not in text
        assert (
            item.gate.key == "go"
            or '"fix":"workbench ' in encode(plain(gate_words(evaluation, item.key))).decode()
        )


def gate_words(evaluation: Evaluation, key: str) -> dict[str, Any]:
    """What ``gate --json`` prints, numbers left out."""
    found = judgement_of_gate(evaluation, key)
    return {"requirements": gate_document(found, found.gate(key))["requirements"]}


def test_exit_codes(shop: Context) -> None:
    assert code(shop) == 1  # not measured
    build.figures(shop)
    assert code(shop) == 0  # ready: waits for a signature only
    build.sign(shop, "benchmarks", "robin")
    assert code(shop) == 0 and code(shop, "ready") == 1


@pytest.mark.parametrize(("other", "expected"), [(None, 3), ("0.4", 3), ("1.5", 1)])
def test_three_only_when_nothing_but_errors_blocks(shop: Context, other: str | None, expected: int) -> None:
    build.figures(shop)
    build.measured(shop, "p95", None, state="error", why="no answer")
    if other is None:
        build.measured(shop, "errors", None, state="error", why="no answer")
    else:
        build.measured(shop, "errors", other)
    assert code(shop) == expected


def test_a_rejection_beside_an_error_is_one(shop: Context) -> None:
    build.figures(shop)
    build.measured(shop, "p95", None, state="error", why="no answer")
    assert code(shop) == 3
    build.sign(shop, "benchmarks", "robin", "reject", "not like this")
    assert code(shop) == 1


def test_an_error_in_an_earlier_gate_is_three_for_the_later_one_too(tmp_path: Path) -> None:
    unsigned = build.SHOP.replace("    sign: {roles: [{role: staging-owner}]}\n", "")
    with build.shop(tmp_path / "p", unsigned) as context:
        build.clear(context)
        build.measured(context, "p95", None, state="error", why="no answer")
        assert [code(context, key) for key in ("benchmarks", "ready", "go")] == [3, 3, 3]
        build.measured(context, "tests/reports", "0", role="tests", why="1 failed")
        assert [code(context, key) for key in ("benchmarks", "ready", "go")] == [3, 1, 1]
        build.measured(context, "tests/reports", None, role="tests", state="error", why="no answer")
        assert [code(context, key) for key in ("benchmarks", "ready", "go")] == [3, 3, 3]


def test_a_later_gate_that_waits_for_an_earlier_signature_is_one(shop: Context) -> None:
    build.clear(shop)
    assert code(shop, "benchmarks") == 0
    build.measured(shop, "tests/reports", None, role="tests", state="error", why="no answer")
    assert code(shop, "ready") == 1
    build.sign(shop, "benchmarks", "robin")
    assert code(shop, "ready") == 3


HOSTILE = "[/x] [@click=app.quit] \x1b[31mred\x1b[0m \u202egnp.exe `|` <b>@team #7 ::set-output::"


def test_hostile_names_do_nothing(shop: Context) -> None:
    build.figures(shop, errors="1.5")
    build.measured(shop, "p95", None, state="error", why=HOSTILE)
    build.override(
        shop, evaluate(shop), "errors", reason=HOSTILE, approver="robin", until=shop.now + timedelta(days=1)
    )
    deciding.freeze(shop, HOSTILE)
    for gate in ("benchmarks", "go"):
        found, chosen = judged(shop, gate)
        for text in (text_report(found, chosen), markdown_report(found, chosen)):
            assert (
                not any(c in text for c in "\x1b\u202e")
                and text.translate({ord("\n"): None, ord(JOINER): None}).isprintable()
            )
        markdown = markdown_report(found, chosen)
        for raw in ("<b>", "@team", "::set-output::", " #7"):
            assert raw not in markdown
        rows = [line for line in markdown.splitlines() if line.startswith(("| ✗", "| ⊘"))]
        assert rows and all(line.replace("\\|", "").count("|") == 4 for line in rows)


def test_markdown_and_text_show_every_open_line_of_a_requirement(shop: Context) -> None:
    for key in ("benchmarks", "go"):
        found, chosen = judged(shop, key)
        text, markdown = text_report(found, chosen), markdown_report(found, chosen)
        for requirement in chosen.requirements:
            for part in shown_parts(requirement):
                assert f"{part.title}: " in text
                assert f"| – {markdown_text(part.title)} | {markdown_text(part.why)} |" in markdown


def test_an_approval_is_told_as_another_persons_in_text_and_in_json(shop: Context) -> None:
    build.figures(shop, errors="1.5")
    until = shop.now + timedelta(days=1)
    build.propose_override(
        shop, evaluate(shop), "errors", reason="known to everybody", approver="robin", until=until
    )
    fix = "workbench approve benchmark/errors --as robin"
    requirement = next(r for r in document(shop)["requirements"] if r["key"] == "benchmarks")
    assert requirement["fix"] == fix and [part["fix"] for part in requirement["parts"]] == [fix]
    assert text_report(*judged(shop, "benchmarks")).splitlines()[-1] == f"next: {fix}"


def test_the_next_step_is_the_last_line(shop: Context) -> None:
    assert text_report(*judged(shop, "benchmarks")).splitlines()[-1] == "next: workbench fetch"


def test_a_gate_that_is_not_set_up_is_neither_passed_nor_blocking(tmp_path: Path) -> None:
    text = build.SHOP.replace("gates:\n", "gates:\n  - {key: later, title: Later}\n")
    with build.shop(tmp_path / "p", text) as context:
        found, gate = judged(context, "later")
        assert gate_document(found, gate)["set_up"] is False
        assert "not set up" in text_report(found, gate) and found.exit_code(gate) == 0
        assert found.gate(None).key == "benchmarks"
        build.clear(context)
        assert build.gate(context, "benchmarks").state == "ready"


def test_a_gate_that_waits_for_nothing_but_signatures_says_so(shop: Context) -> None:
    build.clear(shop)
    text = text_report(*judged(shop, "benchmarks"))
    assert "Benchmarks met: ◐ ready, 1 to sign" in text and "  ○ Signed: " in text
    build.sign(shop, "benchmarks", "robin")
    assert "Benchmarks met: ✓ signed" in text_report(*judged(shop, "benchmarks"))


def test_a_gate_has_one_mark_for_each_state(shop: Context) -> None:
    def seen() -> list[str]:
        return [gate_line(gate) for gate in judged(shop, "go")[0].gates]

    assert seen() == [
        "✗ blocked, 2 blockers, 1 to sign",
        "✗ blocked, 1 blocker, 2 to do",
        "○ blocked by earlier gates, 2 to sign",
    ]
    build.clear(shop)
    assert seen() == [
        "◐ ready, 1 to sign",
        "○ blocked by earlier gates",
        "○ blocked by earlier gates, 2 to sign",
    ]
    build.sign(shop, "benchmarks", "robin")
    assert seen() == ["✓ signed", "✓ ready", "◐ ready, 2 to sign"]
    found, _ = judged(shop, "go")
    assert [step(gate).mark.symbol for gate in found.gates] == [text[0] for text in seen()]


def test_what_only_has_to_be_done_has_no_mark_of_a_blocker(shop: Context) -> None:
    text = text_report(*judged(shop, "ready"))
    assert "  ○ Ready complete: " in text and "      ○ Notes are written: " in text
    assert "  ○ Earlier gates passed: " in text
