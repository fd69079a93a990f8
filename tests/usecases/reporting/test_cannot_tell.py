"""What staging cannot tell us: which differences put which benchmarks in doubt, wherever these are shown."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.building import NOW, SHOP, add_difference, decide, figures, later, shop, who

from workbench.parity.model import Difference
from workbench.parity.touching import MOST_TOLD
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.noting import written
from workbench.usecases.reporting.as_json import gate_document
from workbench.usecases.reporting.as_markdown import markdown_report
from workbench.usecases.reporting.as_text import text_report
from workbench.usecases.reporting.making import judgement_of_gate
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.matrix import flow_lines
from workbench.usecases.views.signing_session import lines_of, session_of
from workbench.usecases.views.standing import benchmarks_in_doubt, cannot_tell_words, verdict_facts


def told(context: Context, benchmark: str = "p95") -> str:
    found = evaluate(context)
    return cannot_tell_words(found, verdict_of(found, benchmark), context.zone)


def test_undecided_and_accepted_differences_of_its_flow_are_told(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        add_difference(context, "payment gateway mocked", flows=("checkout",))
        balancer = add_difference(context, "load balancer", severity="low", flows=("checkout", "login"))
        decide(context, balancer, "accept", reason="One region first", until=NOW + timedelta(days=77))
        throttled = add_difference(context, "rate limit", flows=("checkout",))
        decide(context, throttled, "mitigate", mitigation="A throttle")
        add_difference(context, "another flow", flows=("login",))
        add_difference(context, "no flow at all")
        assert told(context) == (
            "payment gateway mocked (high, undecided); load balancer (low, accepted until 1 Dec)"
        )


def test_a_decision_that_ended_or_waits_for_a_second_person_is_none(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        throttled = add_difference(context, "rate limit", severity="medium", flows=("checkout",))
        decide(context, throttled, "mitigate", mitigation="A throttle", until=NOW + timedelta(days=1))
        alone = add_difference(context, "old engine", flows=("checkout",))
        decide(context, alone, "no_matter", reason="Nothing here depends on it", alone=True)
        assert told(context) == "old engine (high, undecided)"
        assert told(later(context, days=2)) == "old engine (high, undecided); rate limit (medium, undecided)"


def test_what_is_measured_in_production_is_in_no_doubt(tmp_path: Path) -> None:
    text = SHOP.replace("  - key: errors\n", "  - key: errors\n    environment: production\n").replace(
        "    flow: checkout\n    title: Checkout errors", "    title: Checkout errors"
    )
    with shop(tmp_path, text, stated=False) as context:
        add_difference(context, "payment gateway mocked", flows=("checkout",))
        assert told(context)
        assert told(context, "errors") == ""


def test_the_report_of_a_gate_names_them(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        figures(context)
        ident = add_difference(context, "payment gateway mocked", flows=("checkout",))
        found = judgement_of_gate(evaluate(context), "benchmarks")
        line = "payment gateway mocked (high, undecided): Checkout p95, Checkout errors"
        assert line in text_report(found, found.gate("benchmarks"))
        assert "### What staging cannot tell us" in markdown_report(found, found.gate("benchmarks"))
        for verdict in gate_document(found, found.gate("benchmarks"))["verdicts"]:
            assert [item["id"] for item in verdict["cannot_tell"]] == [ident]
            assert verdict["cannot_tell"][0]["decision"] == "undecided"


def test_the_sheet_to_sign_and_the_notes_name_them(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        figures(context)
        add_difference(context, "payment gateway mocked", flows=("checkout",))
        robin = who(context, "robin")
        found = evaluate(robin)
        lines = lines_of(session_of(found, found.gate("benchmarks"), "robin", robin.zone))
        said = {line.label: line.text for line in lines}
        assert said["In doubt"] == "payment gateway mocked (high, undecided): Checkout p95, Checkout errors"
        assert "Staging cannot tell: payment gateway mocked (high, undecided)" in written(
            context, found, "txt"
        )


def test_the_matrix_and_the_page_of_a_benchmark_count_them(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        add_difference(context, "payment gateway mocked", flows=("checkout",))
        found = evaluate(context)
        marked = [(item, Mark.DONE) for item in found.judged]
        assert [line.in_doubt for line in flow_lines(marked, found.flows, found.cannot_tell)] == [1]
        facts = {fact.label: fact for fact in verdict_facts(verdict_of(found, "p95"), found, context.zone)}
        assert facts["In doubt"].mark is Mark.WARNS


def test_a_difference_may_touch_a_benchmark_itself(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        add_difference(context, "slow clock", benchmarks=("errors",))
        assert told(context) == ""
        assert told(context, "errors") == "slow clock (high, undecided)"


def test_a_difference_of_another_environment_says_nothing_of_staging(tmp_path: Path) -> None:
    text = SHOP.replace(
        "  - {key: staging, kind: staging}",
        "  - {key: staging, kind: staging}\n  - {key: preview, kind: ephemeral}",
    )
    with shop(tmp_path, text, stated=False) as context:
        add_difference(context, "no queue", flows=("checkout",), environment="preview")
        assert told(context) == ""
        add_difference(context, "old queue", flows=("checkout",), environment="staging")
        assert told(context) == "old queue (high, undecided)"


def test_a_difference_says_which_benchmarks_it_puts_in_doubt(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        ident = add_difference(context, "payment gateway mocked", flows=("checkout",))
        found = evaluate(context)
        assert benchmarks_in_doubt(found, _value(context, ident)) == ["Checkout p95", "Checkout errors"]
        decide(context, ident, "mitigate", mitigation="A throttle")
        assert benchmarks_in_doubt(evaluate(context), _value(context, ident)) == []


def _value(context: Context, ident: str) -> Difference:
    stored = context.record.get("difference", ident)
    assert stored is not None
    return stored.decode(Difference)


def test_many_are_counted_after_the_first_dozen(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        for number in range(MOST_TOLD + 3):
            add_difference(context, f"gap {number:02}", flows=("checkout",))
        judged = evaluate(context)
        assert judged.cannot_tell(verdict_of(judged, "p95")).count == MOST_TOLD + 3
        found = judgement_of_gate(evaluate(context), "benchmarks")
        assert len(found.verdicts[0].cannot_tell) == MOST_TOLD
        assert found.verdicts[0].cannot_tell_more == 3
        assert told(context).endswith("and 3 more")
