"""The lines that say a flow's steps: what they mean, how they are written, what older ones keep."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.flows.coverage import Gap, by_gap, gaps, uncovered
from workbench.flows.model import Flow
from workbench.flows.steps import (
    Instrument,
    Reality,
    Step,
    read_step,
    read_steps,
    step_of,
    steps_of,
    untimed,
    write_step,
)
from workbench.model.cells import CellError

WHOLE = Step(
    operation="reserve the money",
    service="payments",
    runs={"staging": Reality.MOCKED, "qa": Reality.SANDBOXED},
    instruments=(Instrument.METRICS, Instrument.TRACES),
)


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("pay", Step(operation="pay")),
        ("payments: pay", Step(operation="pay", service="payments")),
        ("pay [mocked]", Step(operation="pay", runs={"staging": Reality.MOCKED})),
        ("pay [stubbed in QA]", Step(operation="pay", runs={"qa": Reality.MOCKED})),
        ("pay [traced and logged]", Step(operation="pay", instruments=(Instrument.TRACES, Instrument.LOGS))),
        ("pay [not instrumented]", Step(operation="pay", instruments=())),
        ("payments: reserve the money [metrics; mocked in staging, traces, sandboxed in qa]", WHOLE),
        ("at 9:30 read the file", Step(operation="at 9:30 read the file")),
    ],
)
def test_a_line_says_a_step(line: str, step: Step) -> None:
    assert read_step(line) == step
    assert read_step(write_step(step)) == step


def test_a_step_is_written_in_one_way() -> None:
    written = "payments: reserve the money [sandboxed in qa, mocked in staging, metrics, traces]"
    assert write_step(WHOLE) == written


def test_a_word_that_means_nothing_is_refused_with_the_word_that_was_meant() -> None:
    with pytest.raises(CellError, match="“moked in staging” says nothing") as refused:
        read_step("pay [moked in staging]")
    assert "did you mean mocked?" in refused.value.hint
    with pytest.raises(CellError, match="in two ways in staging"):
        read_step("pay [real, mocked]")


def test_brackets_hold_a_step_together_where_lists_are_separated_by_commas() -> None:
    one = "payments: pay [mocked in staging, traces]"
    assert read_steps(f"put the cart together, {one}, send the mail") == (
        "put the cart together", one, "send the mail",
    )  # fmt: skip
    assert read_steps(f"read; {one.replace(',', ';')}") == ("read", one)


def test_what_was_kept_before_steps_said_more_is_still_a_step() -> None:
    assert step_of("pay [by card]") == Step(operation="pay [by card]")
    steps = steps_of(("find the order", "Pay back  to the card", "write"), ("pay back to the card", "mail"))
    assert [(step.operation, dict(step.runs)) for step in steps] == [
        ("find the order", {}),
        ("Pay back  to the card", {"staging": Reality.MOCKED}),
        ("write", {}),
        ("mail", {"staging": Reality.MOCKED}),
    ]


def test_the_line_of_a_step_counts_before_the_list_of_mocked_ones() -> None:
    (step,) = steps_of(("pay [sandboxed in staging]",), ("pay",))
    assert step.runs == {"staging": Reality.SANDBOXED}


def test_only_what_is_known_to_be_traced_can_be_timed() -> None:
    assert untimed(map(read_step, ("a", "b [traces]", "c [metrics, logs]", "d [not instrumented]"))) == (
        "a", "c", "d",
    )  # fmt: skip


def test_a_mocked_or_skipped_step_is_a_gap_wherever_it_runs_so() -> None:
    flow = Flow(
        key="a", name="A", staging_tests="e2e",
        steps=("pay [mocked in staging]", "score [sandboxed]", "mail [skipped in qa]"), mocked_steps=("print",),
    )  # fmt: skip
    assert gaps(flow, ()) == (
        Gap("no benchmark"), Gap("mocked", ("pay", "print")), Gap("skipped in qa", ("mail",)),
    )  # fmt: skip
    assert [gap.words for gap in gaps(flow, ())][1:] == ["mocked: pay, print", "skipped in qa: mail"]


def test_flows_are_named_by_what_is_not_covered_of_them() -> None:
    flows = [Flow(key="a", name="A", staging_tests="e2e", steps=("pay [mocked]",)), Flow(key="b", name="B")]
    assert by_gap(uncovered(flows, ())) == {
        "no benchmark": ["A", "B"],
        "no test in staging": ["B"],
        "mocked": ["A (pay)"],
    }


@given(
    st.from_regex(r"[a-z]{1,6}( [a-z]{1,6}){0,2}", fullmatch=True),
    st.sampled_from(("", "payments", "credit bureau")),
    st.dictionaries(st.sampled_from(("staging", "qa", "dev-2")), st.sampled_from(Reality)),
    st.none()
    | st.sets(st.sampled_from(Instrument)).map(lambda some: tuple(x for x in Instrument if x in some)),
)
def test_writing_and_reading_a_step_gives_it_back(
    operation: str, service: str, runs: dict[str, Reality], instruments: tuple[Instrument, ...] | None
) -> None:
    step = Step(operation=operation, service=service, runs=runs, instruments=instruments)
    assert read_step(write_step(step)) == step
    assert read_steps(write_step(step)) == (write_step(step),)
