"""What Readiness says, without the app."""

from __future__ import annotations

from datetime import UTC, timedelta
from decimal import Decimal

import msgspec
import pytest
from tests import building as build
from tests.probes.on_record import ran

from workbench.investigations.model import Ending, Investigation
from workbench.usecases import deciding, investigating
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.judgement import Judgement
from workbench.usecases.reporting.making import judgement_of_lines
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.readiness import (
    Line,
    Reader,
    Section,
    about,
    chase_list,
    heaviest,
    place_of,
    promised,
    requirement_of,
    sections,
    step,
    waiting_for_signatures,
)
from workbench.usecases.views.status import read_status

KIM = Reader("kim", UTC, wide=False)


def judge(context: Context) -> Judgement:
    return judgement_of_lines(evaluate(context))


@pytest.fixture
def found(small: Context) -> Judgement:
    build.figures(small, p95="0.9")
    build.add_difference(small)
    return judge(small)


def lines(found: Judgement, section: Section) -> dict[str, Line]:
    return {line.key: line for line in sections(found, KIM)[section]}


def test_every_section_has_its_lines(found: Judgement) -> None:
    assert "benchmark/p95" in lines(found, Section.BLOCKS)
    assert set(lines(found, Section.TO_DO)) == {"item/ready/notes", "item/ready/rehearsed"}
    assert set(lines(found, Section.TO_SIGN)) == {
        "sign/benchmarks/staging-owner", "sign/go/release-owner", "sign/go/product-owner",
    }  # fmt: skip
    assert "benchmark/errors" in lines(found, Section.MET)


def test_a_line_says_why_and_who(found: Judgement) -> None:
    blocks = lines(found, Section.BLOCKS)["benchmark/p95"]
    assert blocks.why.startswith("0.9 s, ") and blocks.mark is Mark.BLOCKS
    assert (blocks.who.text, blocks.who.taken) == ("", False)
    wide = {line.key: line for line in sections(found, Reader("kim", UTC, wide=True))[Section.BLOCKS]}
    assert wide["benchmark/p95"].why.endswith("0.54 s")
    waits = lines(found, Section.TO_SIGN)["sign/go/release-owner"]
    assert waits.why == "waiting for you or robin" and not waits.who.text


def test_a_promise_stands_beside_its_line_and_says_when_it_is_over(small: Context) -> None:
    by = build.NOW + timedelta(hours=4)
    deciding.promise(small, evaluate(small), "benchmark/p95", "kim", by, "asked the vendor")
    line = lines(judge(small), Section.BLOCKS)["benchmark/p95"]
    assert (line.who.text, line.who.taken, line.who.late) == ("you, by 14:00", True, False)
    late = judge(build.later(small, days=1))
    line = lines(late, Section.BLOCKS)["benchmark/p95"]
    assert line.who.late and line.who.text == "you, by 15 Sep"
    hit = requirement_of(late, "benchmark/p95")
    assert hit is not None
    said = {fact.label: fact.text for fact in promised(late, hit[2], KIM)}
    assert said["Who"].startswith("you, promised for Tue 15 Sep 2026 14:00 UTC, ")
    assert said["Note"] == "asked the vendor"


def test_a_line_in_full(small: Context, found: Judgement) -> None:
    said = about(found, "benchmark/p95", KIM)
    assert said is not None and said.part is not None
    assert (said.title, said.meta) == ("Checkout p95", "Benchmarks met: Benchmarks pass")
    assert said.facts[0].label == "Why" and said.facts[0].mark is Mark.BLOCKS
    assert [fact.label for fact in said.facts[1:3]] == ["Rule", "Measured"]
    assert place_of(small.definitions, found, "benchmark/p95") == small.definitions.mark("benchmark", "p95")
    assert about(found, "nothing", KIM) is None


def test_where_a_line_is_defined(small: Context, found: Judgement) -> None:
    item = place_of(small.definitions, found, "item/ready/notes")
    gate = place_of(small.definitions, found, "sign/go/release-owner")
    assert item is not None and item.file == "ready.yaml"
    assert gate is not None and gate.file == "workbench.yaml"
    assert place_of(small.definitions, found, "nothing") is None


def test_gates_as_steps(small: Context, found: Judgement) -> None:
    steps = {one.key: one for one in map(step, found.gates)}
    assert (steps["benchmarks"].mark, steps["benchmarks"].count) == (Mark.BLOCKS, "1")
    assert (steps["go"].mark, steps["go"].count) == (Mark.OPEN, "1/3")  # it waits for earlier gates


def test_signatures_are_named_with_their_gate_once(small: Context) -> None:
    build.clear(small)
    found = judge(small)
    assert waiting_for_signatures(found).count("Benchmarks met") == 1


def test_the_heaviest_risk() -> None:
    line = Line("k", "t", "w", Mark.EXCEPTED)
    assert heaviest([line]) is Mark.EXCEPTED
    assert heaviest([line, Line("l", "t", "w", Mark.WARNS)]) is Mark.WARNS
    assert heaviest([]) is Mark.LEARNING


def test_the_chase_list_is_by_person(small: Context, found: Judgement) -> None:
    deciding.promise(small, evaluate(small), "benchmark/p95", "kim", build.NOW + timedelta(hours=1), "")
    text = chase_list(judge(small))
    assert text.startswith("shop 2.0.0 rc1: still open\n")
    kim, unassigned = text.index("\nkim\n"), text.index("\nunassigned\n")
    assert "- Checkout p95: " in text[kim:unassigned]
    assert "- smaller database: " in text[unassigned:]
    assert "(promised in 60 min)" in text


def test_what_is_investigated_is_a_risk_with_its_owner_and_finding(small: Context) -> None:
    ident = investigating.open_investigation(small, Investigation(title="checkout is slower"))
    key = f"investigation/{ident}"
    line = lines(judge(small), Section.RISKS)[key]
    assert (line.why, line.mark, line.of_part) == ("nobody investigates yet", Mark.WARNS, False)
    stored, value = investigating.find_investigation(small, ident)
    fell = {"value": Decimal("0.8"), "limit": Decimal("0.9"), "owner": "kim", "finding": "looking at orders"}
    investigating.edit_investigation(small, stored, msgspec.structs.replace(value, **fell))
    line = lines(judge(small), Section.RISKS)[key]
    assert line.why == "80 %, limit 90 %; kim investigates: looking at orders"
    told = about(judge(small), key, KIM)
    assert told is not None and told.meta == "an investigation: it blocks nothing"
    assert {fact.label: fact.text for fact in told.facts}["Owner"] == "kim"
    assert about(judge(small), "investigation/gone", KIM) is None
    (point,) = read_status(small).points[Section.RISKS]
    assert point.fix == f"workbench investigation show {ident[-12:]}"
    stored, value = investigating.find_investigation(small, ident)
    investigating.end_investigation(small, stored, value, Ending.LIMIT, "70 % from now on")
    assert key not in lines(judge(small), Section.RISKS)


def test_a_build_that_nobody_put_on_record_is_a_risk(small: Context) -> None:
    ran(small, build="feedc0de1234", production_build=build.SHA)
    risks = lines(judge(small), Section.RISKS)
    assert (risks["unrecorded/staging"].title, risks["unrecorded/staging"].why) == (
        "staging runs feedc0de1234",
        "no candidate is this build: nobody recorded how it got there",
    )
    assert risks["unrecorded/production"].why == "it is 2.0.0 rc1, and no shipment of it is recorded"
    told = about(judge(small), "unrecorded/staging", KIM)
    assert told is not None and told.meta == "a deployment that is not on record: it blocks nothing"
    assert about(judge(small), "unrecorded/elsewhere", KIM) is None
    ran(build.later(small, minutes=1), build=build.SHA, production_build=None)
    assert "unrecorded/staging" not in lines(judge(build.later(small, minutes=2)), Section.RISKS)
