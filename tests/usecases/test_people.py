"""One way to name a person: key, name and e-mail mean the same, wherever somebody is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.usecases.projects import SMALL, opened

from workbench.definitions.shapes import Person
from workbench.flows import model as flows
from workbench.flows.fields import FIELDS as FLOW_FIELDS
from workbench.flows.model import Flow
from workbench.model.errors import UsageError
from workbench.parity import model as parity
from workbench.usecases import deciding, filling, signing_elsewhere
from workbench.usecases.builds import author_named
from workbench.usecases.columns import columns_of
from workbench.usecases.comparing import plan
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.identity import author_finder
from workbench.usecases.importing import apply
from workbench.usecases.people import find_person, key_or_text, known_person, near_person
from workbench.usecases.plans import Plan
from workbench.usecases.project import Options, read_definitions
from workbench.usecases.tables import read_table

PEOPLE = (
    Person(key="kim", name="Kim Lee", email="Kim.Lee@shop.example"),
    Person(key="robin", name="Robin Moss"),
    Person(key="robin2", name="Robin Moss"),
    Person(key="lee", name="kim"),
)
TEAM = SMALL.replace(
    "people:\n  - {key: kim, name: Kim,",
    "people:\n  - {key: robin, name: Robin Moss, email: robin@shop.example}\n"
    "  - {key: sam, name: Sam Oak}\n  - {key: sam2, name: Sam Oak}\n  - {key: kim, name: Kim,",
)


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    with opened(tmp_path / "shop", TEAM) as found:
        yield found


def planned(context: Context, text: str, kind: str = "differences") -> Plan:
    path = context.root / "table.csv"
    path.write_text(text, encoding="utf-8")
    table = read_table(path, "table.csv")
    return plan(context, table, kind, columns_of(context, table, kind).mapping)


@pytest.mark.parametrize("text", ["kim", "KIM LEE", " kim  lee ", "kim.lee@SHOP.example"])
def test_key_name_and_e_mail_mean_the_same_person(text: str) -> None:
    found = find_person(PEOPLE, text)
    assert found is not None and found.key == "kim"


def test_two_that_fit_are_both_named() -> None:
    with pytest.raises(UsageError, match=r"matches 2 people: .*robin.* and .*robin2") as refused:
        key_or_text(PEOPLE, "robin moss")
    assert refused.value.hint == "write one of the keys: robin, robin2"


def test_who_fits_nobody_stays_as_written_but_not_where_a_rule_needs_them() -> None:
    assert key_or_text(PEOPLE, "Payments team") == "Payments team"
    assert key_or_text((), "Kim Lee") == "Kim Lee"
    assert near_person(PEOPLE, "Kim Leee") == "kim"
    with pytest.raises(UsageError, match="no person “Kim Leee” who could") as refused:
        known_person(PEOPLE, "Kim Leee", "who could approve")
    assert refused.value.hint == "did you mean kim?"


@pytest.mark.parametrize("text", ["Robin Moss", "ROBIN@shop.example", "Robin"])
def test_options_and_forms_store_the_key(context: Context, text: str) -> None:
    flow = filling.change(context, FLOW_FIELDS, Flow(key="a", name="A"), {"owner": text})
    assert flow.owner == "robin"
    assert author_named(context, text) == "robin"
    assert not context.remarks


def test_a_near_miss_of_an_owner_is_kept_and_told(context: Context) -> None:
    flow = filling.change(context, FLOW_FIELDS, Flow(key="a", name="A"), {"owner": "Robin Mos"})
    assert flow.owner == "Robin Mos"
    assert context.remarks == ["nobody is called “Robin Mos”; kept as written (did you mean robin?)"]
    context.remarks.clear()
    filling.change(context, FLOW_FIELDS, flow, {"owner": "Robin Mos"})
    assert not context.remarks


def test_a_table_names_people_as_options_do(context: Context) -> None:
    found = planned(context, "what,owner,decided by\nA,Robin Moss,KIM\nB,Payments team,\n")
    assert not found.problems and not found.remarks
    apply(context, found)
    by_title = {item.title: item for _, item in parity.all_differences(context.record)}
    assert (by_title["A"].owner, by_title["A"].decided_by) == ("robin", "kim")
    assert by_title["B"].owner == "Payments team"
    again = planned(context, "what,owner,decided by\nA,robin@shop.example,Kim\nB,Payments team,\n")
    assert again.same == 2


def test_a_table_of_flows_with_an_owner_that_fits_two_says_both(context: Context) -> None:
    found = planned(context, "key,name,owner\na,A,Sam Oak\n", "flows")
    assert "Sam Oak (sam) and Sam Oak (sam2)" in found.remarks[0].what
    apply(context, found)
    assert flows.find(context.record, "a")[1].owner is None


def test_who_sits_here_may_be_said_by_name(tmp_path: Path) -> None:
    build.write(tmp_path)
    _, definitions = read_definitions(Options(project=tmp_path))
    for text in ("kim", "Kim", "KIM"):
        assert author_finder(tmp_path, definitions, Options(as_person=text))().actor == "kim"


def test_approver_owner_of_a_promise_and_who_is_asked(tmp_path: Path) -> None:
    with build.shop(tmp_path) as context:
        evaluation = evaluate(context)
        part = next(part for _, part in evaluation.open_parts()).key
        deciding.promise(context, evaluation, part, "ROBIN", None)
        kept = context.record.all("promise")
        assert msgspec.json.decode(kept[0].value)["owner"] == "robin"
        with pytest.raises(UsageError, match="no person “robbin” who could approve"):
            build.propose_override(
                context, evaluation, part, reason="it is known", until=build.NOW, approver="robbin"
            )
        with pytest.raises(UsageError, match="no person “robbin” in this project"):
            signing_elsewhere.ask(context, evaluation, None, "robbin")


def test_flows_that_the_inventory_lacks_come_in_and_are_told_once(context: Context) -> None:
    apply(context, planned(context, "key,name\ncheckout,Check-out\n", "flows"))
    found = planned(context, "what,flows\nA,checkout; refnd\nB,chekout\nC,Chekout\nD,CHECK-OUT\n")
    assert [(note.line, note.what, note.hint) for note in found.notes] == [
        (2, "the inventory has no flow “refnd”; kept as written", "known: checkout"),
        (3, "the inventory has no flow “chekout”; kept as written", "did you mean checkout?"),
    ]
    assert not found.problems and not found.remarks
    apply(context, found)
    flows_of = {item.title: item.flows for _, item in parity.all_differences(context.record)}
    assert flows_of == {"A": ("checkout", "refnd"), "B": ("chekout",), "C": ("Chekout",), "D": ("checkout",)}


def test_an_owner_near_to_a_person_is_told_with_its_line(context: Context) -> None:
    found = planned(context, "what,owner\nA,Payments team\nB,Robin Mos\n")
    assert [(note.line, note.hint) for note in found.notes] == [(3, "did you mean robin?")]
