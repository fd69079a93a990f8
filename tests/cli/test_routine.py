"""``workbench routine``: what falls due, and what was done."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Type

OCTOBER = ("--now", "2026-10-05T09:00")


@pytest.fixture
def weekly(shop: Path) -> Path:
    """The shop with routines of its own, one of which is overdue, and a gate that asks for all."""
    path = shop / "workbench.yaml"
    path.write_text(
        path.read_text(encoding="utf-8")
        + "\nroutines:\n"
        + "  - {key: open-findings, from: 2026-08-31, role: staging-owner}\n"
        + "  - {key: cost-report, every: never}\n"
        + "  - {key: rota, title: The rota is filled, every: 10d, needs_evidence: yes}\n",
        encoding="utf-8",
    )
    return shop


def states(type_in: Type, *words: str) -> dict[str, tuple[str, str | None]]:
    rows = type_in(*words, "routine", "list", "--json").json["routines"]
    return {row["routine"]: (row["state"], row["due_at"] and row["due_at"][:10]) for row in rows}


def test_built_in_routines_fall_due_by_the_ends_of_their_periods(shop: Path, type_in: Type) -> None:
    found = states(type_in)
    assert found["open-findings"] == ("waiting", "2026-09-27")  # a Sunday, at 21:59 in UTC
    assert found["data-refresh"] == ("done", "2026-10-31")  # the record knows the refresh
    later = states(type_in, *OCTOBER)
    assert later["open-findings"] == ("overdue", "2026-09-27")
    assert later["data-refresh"] == ("due", "2026-10-31")


def test_a_project_changes_leaves_out_and_adds(weekly: Path, type_in: Type) -> None:
    type_in("check")
    found = states(type_in)
    assert found["open-findings"] == ("overdue", "2026-09-06")
    assert "cost-report" not in found and found["rota"] == ("due", "2026-09-25")
    shown = type_in("routine", "show", "open-findings", "--json").json
    assert (shown["title"], shown["role"], shown["every"]) == ("Open findings", "staging-owner", "week")


def test_doing_one_clears_it_keeps_its_evidence_and_can_be_undone(weekly: Path, type_in: Type) -> None:
    said = type_in(
        "routine", "done", "findings", "--comment", "12 open", "--link", "https://scanner.example/7"
    )
    assert said.out == "done: Open findings (next by 27 Sep)\n"
    shown = type_in("routine", "show", "findings", "--json").json
    assert shown["state"] == "done"
    (doing,) = shown["times"]
    assert (doing["by"], doing["words"], doing["evidence"][0]["link"]) == (
        "robin", "12 open", "https://scanner.example/7",
    )  # fmt: skip
    assert "12 open · https://scanner.example/7" in type_in("routine", "show", "findings").out
    type_in("undo")
    assert states(type_in)["open-findings"][0] == "overdue"


def test_one_that_needs_evidence_is_not_done_without(weekly: Path, type_in: Type) -> None:
    said = type_in("routine", "done", "rota", code=2)
    assert "done only with evidence" in said.err and "--link" in said.err
    type_in("routine", "done", "rota", "--note", "filled until November")
    assert states(type_in)["rota"] == ("done", "2026-09-25")


def test_it_may_be_entered_days_later_but_not_ahead(weekly: Path, type_in: Type) -> None:
    type_in("routine", "done", "open-findings", "--at", "2026-09-09")
    assert states(type_in)["open-findings"] == ("due", "2026-09-20")
    assert "lies ahead" in type_in("routine", "done", "open-findings", "--at", "2026-09-20", code=2).err


@pytest.mark.parametrize(
    ("ref", "words"),
    [("open-finding", ""), ("nothing-like-it", "there is no routine"), ("review", "several routines")],
)
def test_a_part_of_its_name_is_enough(shop: Path, type_in: Type, ref: str, words: str) -> None:
    said = type_in("routine", "show", ref, code=2 if words else 0)
    assert words in said.err


def test_only_what_is_due(weekly: Path, type_in: Type) -> None:
    found = type_in("routine", "list", "--due", "--json").json["routines"]
    assert [row["routine"] for row in found] == ["open-findings", "rota"]


def test_a_gate_that_asks_is_blocked_until_it_is_done(weekly: Path, type_in: Type) -> None:
    path = weekly / "workbench.yaml"
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition("requires:\n")
    indent = rest[: len(rest) - len(rest.lstrip())]
    path.write_text(f"{head}requires:\n{indent}- routines_done\n{rest}", encoding="utf-8")

    def why() -> list[str]:
        lines = type_in("status", "--json", code=None).out.splitlines()
        return [line for line in lines if "routine/open-findings" in line]

    assert why()
    type_in("routine", "done", "open-findings")
    assert not why()


def test_it_is_told_as_the_command_that_does_it(weekly: Path, type_in: Type) -> None:
    type_in("routine", "done", "rota", "--note", "filled", "--at", "2026-09-14T10:00")
    said = type_in("script").out.strip().splitlines()[-1]
    assert said == "workbench routine done rota --at 2026-09-14T10:00 --note filled"


@pytest.mark.parametrize(
    ("yaml", "words"),
    [
        ("- {key: x, title: X}", "does not say how often"),
        ("- {key: open-finding, every: week}", "if the built-in open-findings is meant"),
        ("- {key: x, title: X, every: fortnight}", "does not say how often"),
        ("- {key: x, title: X, every: 36h}", "whole days"),
        ("- {key: open-findings, role: nobody-has-it}", "nobody has the role"),
        ("- {key: x, title: X, every: week, within: 2d}", "only what follows a refresh"),
    ],
)
def test_what_check_says_of_a_routine(shop: Path, type_in: Type, yaml: str, words: str) -> None:
    path = shop / "workbench.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\nroutines:\n  {yaml}\n", encoding="utf-8")
    said = type_in("check", code=2)
    assert words in said.err + said.out


def test_a_sprint_has_whole_days(shop: Path, type_in: Type) -> None:
    path = shop / "workbench.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\nsprint: {{first: 2026-09-02, length: 36h}}\n", encoding="utf-8")
    assert "whole days" in type_in("check", code=2).out
    path.write_text(f"{text}\nsprint: {{first: 2026-09-02, length: 3w}}\n", encoding="utf-8")
    assert states(type_in)["fidelity-audit"] == ("waiting", "2026-10-13")
