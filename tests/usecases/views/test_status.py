"""A release at a glance, as a document and as text."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from tests import building as build

from workbench.gates.model import GateState, State
from workbench.model.errors import UsageError
from workbench.releases.model import Release
from workbench.usecases import deciding, releasing, shipping
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.judgement import GateReport, Judgement
from workbench.usecases.reporting.making import judgement_of_lines
from workbench.usecases.views import status as views
from workbench.usecases.views.releases import read_releases
from workbench.usecases.views.status import (
    Status,
    read_status,
    short_status,
    status_document,
    status_lines,
    status_of,
)


def judge(context: Context) -> Judgement:
    return judgement_of_lines(evaluate(context))


@pytest.fixture
def blocked(small: Context) -> Status:
    build.figures(small, p95="0.9")
    build.add_difference(small)
    deciding.promise(small, evaluate(small), "benchmark/p95", "jo", build.NOW + timedelta(hours=3))
    return read_status(small, for_people=False)


def test_it_names_what_the_contract_names(blocked: Status) -> None:
    document = status_document(blocked)
    assert set(document) >= {
        "schema", "project", "release", "candidate", "state", "gates", "blockers", "todo", "to_sign", "risks",
        "ledger_head",
    }  # fmt: skip
    assert (document["schema"], document["state"]) == ("workbench.status.1", "blocked")
    assert all({"key", "title", "state"} <= set(item) for item in document["gates"])
    every = [item for name in ("blockers", "todo", "to_sign", "risks") for item in document[name]]
    assert every and all({"title", "gate", "why", "fix", "owner"} <= set(item) for item in every)


def test_every_open_part_is_in_one_of_the_lists(blocked: Status) -> None:
    document = status_document(blocked)
    listed = [item["key"] for name in ("blockers", "todo", "to_sign") for item in document[name]]
    assert sorted(listed) == sorted(part.key for _, part in blocked.found.open_parts())


def test_a_blocker_says_of_which_gate_why_what_clears_it_and_who_takes_care(blocked: Status) -> None:
    (p95,) = (item for item in status_document(blocked)["blockers"] if item["key"] == "benchmark/p95")
    assert p95 == {
        "key": "benchmark/p95",
        "title": "Checkout p95",
        "gate": "benchmarks",
        "why": p95["why"],
        "fix": "workbench release candidate COMMIT",
        "owner": "jo",
        "move": "yours",
        "who": [],
        "until": None,
        "behind": None,
        "next": "workbench release candidate COMMIT",
    }
    assert "over its limit" in p95["why"]


def test_who_alone_can_sign_is_the_owner_of_that_signature(blocked: Status) -> None:
    signing = {item["key"]: item for item in status_document(blocked)["to_sign"]}
    assert {item["move"] for item in signing.values()} == {"behind"}, "something else comes first"
    for gate in blocked.found.gates:
        for role in gate.roles:
            only = role.can[0] if len(role.can) == 1 else None
            assert signing[f"sign/{gate.key}/{role.role}"]["owner"] == only


def test_a_document_does_not_depend_on_who_reads_it(small: Context) -> None:
    build.figures(small)
    text = msgspec.json.encode(status_document(read_status(small, for_people=False)))
    assert b"you" not in text.replace(b'"move":"yours"', b"")


def test_the_text_begins_with_the_state_and_ends_with_the_next_step(blocked: Status) -> None:
    lines = status_lines(blocked)
    assert lines[0].startswith("shop 2.0.0 rc1 ") and ": ✗ blocked, 2 blockers, " in lines[0]
    assert "Blockers (2)" in lines and "To do (2)" in lines and "To sign (3)" in lines
    at = next(number for number, line in enumerate(lines) if "✗ Checkout p95" in line)
    assert "(jo, by " in lines[at] and lines[at + 1].strip() == "workbench release candidate COMMIT"
    assert lines[-1].startswith("next: workbench ")


def test_one_line_holds_the_release_its_state_and_how_much_is_open(blocked: Status) -> None:
    assert short_status(blocked).startswith("✗ shop 2.0.0 rc1: blocked, 2 blockers, 2 to do, 3 to sign")


def test_what_blocks_is_shown_whole_and_the_rest_is_counted(
    blocked: Status, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_SHOWN", 1)
    lines = status_lines(blocked)
    assert sum(line.startswith("  ✗ ") for line in lines) == 2
    assert "  … 2 more: --json lists them" in lines  # of three to sign


def test_text_from_outside_steers_no_terminal_and_keeps_to_its_line(small: Context) -> None:
    build.add_difference(small, title="a\x1b[2J\nnext: workbench sign go " + "x" * 300)
    lines = status_lines(read_status(small))
    assert not any("\x1b" in line or "\n" in line for line in lines)
    assert not any(line.startswith("next: workbench sign go x") for line in lines)


def test_the_state_is_the_one_that_the_list_of_releases_says(small: Context) -> None:
    releasing.plan(small, Release(version="3.0.0"))
    for line in read_releases(small):
        found = read_status(small, line.held.release.version)
        assert (found.found.state, found.mark) == (line.state, line.mark)


def test_ready_then_signed_then_watching(small: Context) -> None:
    build.nothing_differs(small)
    build.clear(small)
    build.sign(small, "benchmarks", "robin")
    assert _state_and_code(small) == ("ready", 0)
    build.sign(small, "go", "kim")
    build.sign(small, "go", "sam")
    assert _state_and_code(small) == ("signed", 0)
    shipping.ship(small)
    assert _state_and_code(small) == ("watching", 0)
    assert "As judged when it was shipped" in status_document(read_status(small))["kept"]
    assert not any(line.startswith("next:") for line in status_lines(read_status(small)))


def _state_and_code(context: Context) -> tuple[str, int]:
    found = read_status(context)
    return status_document(found)["state"], found.found.exit_code_of_all()


def test_a_gate_behind_an_unsigned_one_is_blocked_and_so_is_the_release(small: Context) -> None:
    build.clear(small)
    found = read_status(small).found
    states = {gate.key: gate.state for gate in found.gates}
    assert states["benchmarks"] is GateState.READY and states["go"] is GateState.BLOCKED
    assert (found.state.value, found.exit_code_of_all()) == ("blocked", 1)


def test_the_code_is_that_of_all_gates(blocked: Status) -> None:
    found = blocked.found
    assert found.exit_code_of_all() == 1
    unasked = msgspec.structs.replace(
        found,
        gates=tuple(_only_unasked(gate) for gate in found.gates),
    )
    assert unasked.exit_code_of_all() == 3


def _only_unasked(gate: GateReport) -> GateReport:
    """The gate as if every part of it could not be asked."""
    requirements = tuple(
        msgspec.structs.replace(
            item,
            parts=tuple(
                msgspec.structs.replace(part, unasked=part.state is State.NOT_MET) for part in item.parts
            ),
        )
        for item in gate.requirements
    )
    return msgspec.structs.replace(gate, requirements=requirements)


def test_where_no_gate_asks_for_anything_nothing_is_ready(small: Context) -> None:
    found = judge(small)
    empty = tuple(
        msgspec.structs.replace(
            gate, set_up=False, state=GateState.READY, through=True, requirements=(), roles=()
        )
        for gate in found.gates
    )
    assert msgspec.structs.replace(found, gates=empty).exit_code_of_all() == 1


def test_a_project_without_gates_is_told_so(small: Context) -> None:
    found = msgspec.structs.replace(judge(small), gates=())
    with pytest.raises(UsageError, match="no gates"):
        found.gate(None)
    assert status_of(found, "").met == 0


def test_the_planned_day_is_said_with_how_far_it_is(small: Context) -> None:
    found = msgspec.structs.replace(judge(small), planned_at=build.NOW + timedelta(days=2))
    assert status_lines(status_of(found, ""))[1] == "planned for Thu 17 Sep 2026 12:00 CEST, in 2 days"
