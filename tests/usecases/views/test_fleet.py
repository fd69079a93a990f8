"""The fleet in words: who is waited for and since when, what is old, what was left out, and that all of it is safe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.usecases.fleet.made import DAY, NOW, delivered, due, project, release, waiting, went

from workbench.cli.commands.status import SECTIONS as OFFERED
from workbench.usecases.fleet.shapes import Hold, IncidentSeen, Project, SharedRecord, Waiting
from workbench.usecases.fleet.together import Row, assemble
from workbench.usecases.views.fleet.beside import is_old
from workbench.usecases.views.fleet.delivery import Delivery
from workbench.usecases.views.fleet.document import document
from workbench.usecases.views.fleet.printing import SECTIONS, lines, short_lines
from workbench.usecases.views.fleet.rows import command_of, grouped, row_facts, turn_words, typed_folder
from workbench.usecases.views.fleet.whole import summary

SHOP = project("shop")


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (waiting("yours", who=("Kim", "Robin")), "waiting for you"),
        (waiting("yours"), "waiting for anybody"),
        (waiting("another", who=("Robin", "Sam")), "waiting for Robin or Sam"),
        (waiting("another", who=("Robin", "Sam", "Jo")), "waiting for Robin or 2 more"),
        (waiting("yours", owner="Sam", since=NOW - 3 * DAY), "waiting for Sam, 3 days"),
        (waiting("clock", until=NOW + timedelta(hours=2)), "waits until 29 Nov"),
        (waiting("unknown"), "nobody can yet"),
        (waiting("yours", since=NOW), "waiting for anybody"),
        (waiting("yours", since=NOW + DAY), "waiting for anybody"),
        (None, ""),
    ],
)
def test_whose_move_it_is(first: Waiting | None, words: str) -> None:
    assert turn_words(SHOP, first) == words


def test_a_command_is_typed_in_its_own_folder_whatever_that_is_called() -> None:
    odd = Project(root="/srv/it's; rm -rf x", now=NOW)
    row = Row(project=odd, level=2, release=release(first=waiting(fix="workbench sign go")))  # type: ignore[arg-type]
    assert command_of(row) == "cd '/srv/it'\"'\"'s; rm -rf x' && workbench sign go"


def test_a_step_that_is_no_command_leads_to_the_status() -> None:
    row = Row(project=SHOP, level=2, release=release(first=waiting(fix="edit workbench.yaml")))  # type: ignore[arg-type]
    assert command_of(row) == "cd /srv/shop && workbench status --release 2.0.0"


@pytest.mark.parametrize(("days", "old"), [(None, True), (3, True), (0.5, False)])
def test_a_shared_record_that_was_not_received_for_a_day_is_old_and_that_is_told(
    days: float | None, old: bool
) -> None:
    at = NOW - days * DAY if days is not None else None
    one = project("shop", release(), shared=SharedRecord(server="db.example.org", received_at=at, waits=2))
    assert is_old(one) is old
    told = "\n".join(lines(assemble([one])))
    assert ("▲ Shop: " in told) is old and "2 entries to send" in told


def test_everything_that_is_known_is_somewhere_in_the_text() -> None:
    frozen = Hold(what="freeze", reason="the sale", since=NOW - DAY, by="Kim")
    dates = Hold(what="change freeze", reason="the holidays", since=NOW, until=NOW + DAY)
    incident = IncidentSeen(
        id="i", title="Orders are lost", severity="high", environment="production", state="open", began=NOW
    )
    shop = project(
        "shop",
        release(
            "1.0", first=waiting("another", who=("Robin",), since=NOW - 2 * DAY, fix="workbench sign go")
        ),
        holds=(frozen, dates),
        incidents=(incident,),
        due=(due("routine", 1), due("late", -2, overdue=True)),
        delivered=delivered(*(went(f"0.{n}") for n in range(12))),
        trusted=False,
        more=3,
        lacking=("trust: odd",),
    )
    broken = project("broken", trouble="files")
    fleet = assemble([shop, broken])
    text = "\n".join(lines(fleet))
    for words in (
        "2 projects, 1 blocked, 1 not judged, 1 incident open, 2 freezes",
        "✗ Shop 1.0 rc1: blocked, 1 blocker",
        "waiting for Robin, 2 days: Checkout p95: 0.69 s, 28 % over its limit",
        "cd /srv/shop && workbench sign go",
        "▲ Broken: not judged",
        "it cannot be read (/srv/broken)",
        "Orders are lost: high, production, open",
        "frozen by Kim for 24 h: the sale",
        "nothing goes out until",
        "Review late: overdue",
        "Change fail rate",
        "0 of 12, 0 %, 0–24 %",
        "not trusted on this machine",
        "lacking: trust: odd",
    ):
        assert words in text, words
    assert next(iter(short_lines(fleet))).startswith("▲ Broken: not judged; it cannot be read")


def test_text_from_a_project_steers_no_terminal() -> None:
    evil = project("shop", release(first=waiting(why="\x1b[2J\u202egone")), title="a\x1b]0;b\x07")
    fleet = assemble([evil, project("b", trouble="files", title="\x1b[31m")])
    told = "\n".join([*lines(fleet), *short_lines(fleet)])
    assert "\x1b" not in told and "\u202e" not in told and "\x07" not in told


def test_one_part_is_told_whole() -> None:
    many = project("shop", release(), due=tuple(due(f"r{n}", n) for n in range(20)))
    fleet = assemble([many])
    assert "12 more: workbench status --all --section calendar" in "\n".join(lines(fleet))
    assert sum("Review" in line for line in lines(fleet, ["calendar"])) == 20
    assert "  nothing" in lines(fleet, ["holds"])


def test_delivery_is_told_together_and_of_each() -> None:
    fleet = assemble(
        [project("a", delivered=delivered(went("1.0"))), project("b", delivered=delivered(went("2.0")))]
    )
    told = "\n".join(lines(fleet, ["delivery"]))
    assert (
        "Lead time to production  2 of 2" in told and "      A: 1 of 1" in told and "      B: 1 of 1" in told
    )
    facts = {fact.label: fact.text for fact in Delivery(fleet).facts("lead_time")}
    assert facts["A"].startswith("1 of 1") and facts["Rests on"].startswith("2 releases")
    assert Delivery(assemble([])).facts("lead_time") == []


def test_what_was_left_out_is_told() -> None:
    fleet = assemble(
        [
            project("new", release(), record_id="x", entries=63),
            project("old", release(), record_id="x", entries=41),
            project("demo", demonstration=True, judged=False),
            project("gone", trouble="gone"),
        ],
        elsewhere=("/else/record.db",),
        more=7,
    )
    text = "\n".join(lines(fleet))
    for words in (
        "/srv/old is another copy of the record in /srv/new, which is shown (entry 41; there 63)",
        "1 demonstration: --demonstrations shows them",
        "a project that was opened here is gone: /srv/gone",
        "records outside of a project's folder are not judged: /else/record.db",
        "7 more projects",
    ):
        assert words in text, words


def test_where_nothing_was_opened_that_is_said() -> None:
    assert [phrase.text for phrase in summary(assemble([]))] == ["no project was opened on this machine yet"]
    assert [phrase.text for phrase in summary(assemble([], asked=3))][-1] == "0 of 3 judged so far"


def test_lines_stand_under_what_they_need() -> None:
    fleet = assemble(
        [project("a", release(first=waiting())), project("b", release()), project("c", trouble="time")]
    )
    assert [title for title, _ in grouped(fleet.rows)] == ["Not judged", "Blocked", "Ready"]


def test_a_line_has_all_there_is_to_read() -> None:
    first = waiting("another", who=("Robin",), since=NOW - DAY, since_what="measured")
    one = project("a", release(first=first, planned_at=NOW + DAY, overdue=1), demonstration=True)
    (row,) = assemble([one]).rows
    facts = {fact.label: fact.text for fact in row_facts(row)}
    assert facts["Whose move"].startswith("waiting for Robin, 24 h (measured ")
    assert facts["Planned"].endswith("in 24 h") and facts["Demonstration"].startswith("its clock says")
    assert facts["Overdue"].startswith("1 line open for longer")


def test_the_document_holds_every_figure_with_numerator_denominator_n_and_interval() -> None:
    fleet = assemble(
        [
            project("a", release(first=waiting()), delivered=delivered(went("1.0"))),
            project("b", trouble="files"),
        ]
    )
    made = document(fleet, NOW)
    assert made["schema"] == "workbench.fleet.1" and made["all_ready"] is False
    for figures in (made["together"]["figures"], made["projects"][1]["figures"]):
        assert [one["key"] for one in figures] == [
            "deployment_frequency", "lead_time", "change_fail_rate", "recovery_time", "rework_rate",
        ]  # fmt: skip
        for one in figures:
            assert {"numerator", "denominator", "n", "interval", "too_few"} <= one.keys()
    broken, shop = made["projects"]
    assert (broken["judged"], broken["level"], broken["trouble"]["kind"]) == (False, "not_judged", "files")
    assert shop["releases"][0]["first"]["move"] == "yours" and shop["releases"][0]["level"] == "blocked"


def test_the_command_offers_the_parts_there_are() -> None:
    assert tuple(SECTIONS) == OFFERED


@pytest.mark.parametrize(
    ("root", "typed"),
    [
        ("/home/kim/web-shop", "~/web-shop"),
        ("/home/kim/web shop", "~/'web shop'"),
        ("/home/kim", "/home/kim"),
        ("/home/kimberley/shop", "/home/kimberley/shop"),
        ("/srv/it's", "'/srv/it'\"'\"'s'"),
    ],
)
def test_a_folder_is_told_as_one_types_it(root: str, typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/kim")
    assert typed_folder(root) == typed
