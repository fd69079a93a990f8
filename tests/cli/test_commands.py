"""Each command at least once, on the demonstration's folder."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build
from tests.cli.conftest import Type
from tests.tui.driving import web_shop

from workbench.parity.model import Difference

RC3 = "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72"


def test_demo_headless_makes_a_fresh_folder_each_time(
    empty: Path, type_in: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = type_in("demo", "--headless", code=1)
    assert "Web shop 2.14.0 rc2" in said.out
    assert "workbench-demo-web-shop" in said.err
    type_in("demo", "--headless", code=1)
    assert sorted(path.name for path in empty.iterdir()) == [
        "workbench-demo-web-shop",
        "workbench-demo-web-shop-2",
    ]
    monkeypatch.chdir("workbench-demo-web-shop")
    assert "clock set to Tue 15 Sep 2026" in type_in("gate", code=1).out


def test_demo_names_the_samples_and_leaves_full_folders_alone(empty: Path, type_in: Type) -> None:
    assert "did you mean web-shop?" in type_in("demo", "webshop", "--headless", code=2).err
    (empty / "mine").write_text("mine", encoding="utf-8")
    assert "is not empty" in type_in("demo", "--to", empty, "--headless", code=2).err


def test_check_says_what_there_is(shop: Path, type_in: Type) -> None:
    assert "no mistakes" in type_in("check").out
    assert type_in("check", "--json").json["ok"] is True


def test_check_explains_where_each_part_of_a_benchmark_comes_from(shop: Path, type_in: Type) -> None:
    out = type_in("check", "--explain", "login-steps").out
    assert "benchmarks/" in out.splitlines()[0]
    fields = type_in("check", "--explain", "login-steps", "--json").json["fields"]
    assert fields["tier"]["value"] == "critical"
    assert any("default" in field["from"] for field in fields.values())
    assert "did you mean login-steps?" in type_in("check", "--explain", "login-step", code=2).err


def test_explain_without_a_record_takes_the_flow_as_critical(shop: Path, type_in: Type) -> None:
    (shop / ".workbench" / "record.db").unlink()
    assert "its flow is not known here: counts as critical" in type_in("check", "--explain", "refund-p95").out


def test_check_doubts_samples_that_nobody_counts(shop: Path, type_in: Type) -> None:
    file = shop / "benchmarks" / "checkout.yaml"
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if "samples: sum" not in line]
    file.write_text("\n".join(kept), encoding="utf-8")
    said = type_in("check").out
    assert "warning: min_samples can never be met" in said
    assert "benchmarks/checkout.yaml:" in said


@pytest.mark.parametrize("what", ["project", "part", "checklist", "flows", "differences"])
def test_schema_is_a_json_schema(what: str, type_in: Type) -> None:
    assert type_in("schema", what).json["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    ("words", "code", "verdict"),
    [
        (["within 20% of baseline", "--value", "118", "--baseline", "100", "--unit", "ms"], 0, "pass"),
        (["<= 5 ms", "--value", "6"], 1, "fail"),
        (["<= 600 ms", "--value", "0.6", "--unit", "s"], 0, "pass"),
        (["within 20% of baseline", "--value", "118"], 1, "no_baseline"),
    ],
)
def test_try(type_in: Type, words: list[str], code: int, verdict: str) -> None:
    found = type_in("try", *words, "--json", code=code).json
    assert found["verdict"] == verdict
    assert found.keys() >= {"schema", "verdict", "limit", "margin", "rule"}
    assert type_in("try", *words, code=code).out.split()[0] == verdict


@pytest.mark.parametrize(
    "words", [["<= ms", "--value", "1"], ["<= 5", "--value", "x"], ["<= 5 ms", "--value", "1", "--unit", "B"]]
)
def test_try_refuses_what_it_cannot_read(type_in: Type, words: list[str]) -> None:
    assert type_in("try", *words, code=2).err


def test_a_value_that_is_no_number_is_missing_whatever_else_there_is(type_in: Type, tmp_path: Path) -> None:
    numbers = tmp_path / "numbers.txt"
    numbers.write_text("".join(f"{100 + n % 7}\n" for n in range(30)))
    files = ("--samples", str(numbers), "--baseline-samples", str(numbers))
    assert type_in("try", "not worse than baseline", *files).out.startswith("pass")
    said = type_in("try", "not worse than baseline", "--value", "nan", *files, "--json", code=1).json
    assert (said["verdict"], said["value"]) == ("missing", None)


@pytest.mark.parametrize("number", ["1e300", "1e-300", "-1e102"])
def test_try_refuses_numbers_that_nobody_can_mean(type_in: Type, tmp_path: Path, number: str) -> None:
    (tmp_path / "numbers.txt").write_text(f"1\n{number}\n")
    said = type_in("try", "in control", "--value", "1", "--history", str(tmp_path / "numbers.txt"), code=2)
    assert f"line 2 is “{number}”, which is too" in said.err and "numbers.txt:2" in said.err


def test_trust_is_asked_and_remembered_and_forgotten(shop: Path, type_in: Type) -> None:
    assert "127.0.0.1:9090" in type_in("trust", code=2).out
    assert type_in("trust", "--yes", "--json").json["trusted"] is True
    assert "already" in type_in("trust").out
    type_in("trust", "--forget")
    assert "not trusted" in type_in("trust", code=2).err


def test_doctor_looks_everything_over(shop: Path, type_in: Type) -> None:
    found = type_in("doctor", "--json").json
    assert {check["what"] for check in found["checks"]} >= {"Python", "SQLite", "definitions"}
    assert "Python" in type_in("doctor").out


def test_init_begins_a_project(empty: Path, type_in: Type) -> None:
    (empty / "reports").mkdir()
    report = '<testsuite name="t" tests="1"><testcase name="a" classname="b"/></testsuite>'
    (empty / "reports" / "junit.xml").write_text(report, encoding="utf-8")
    found = type_in("init", "--json").json
    assert found["next"]
    assert "there is a workbench.yaml here already" in type_in("init", code=2).err
    type_in("gate", code=1)
    assert "reports" in type_in("init", "--force").out


def test_fetch_prints_how_it_went(shop: Path, type_in: Type) -> None:
    found = type_in("fetch", "--source", "metrics", "--json").json
    assert (found["schema"], found["sources"], found["errors"]) == ("workbench.fetch.2", ["metrics"], [])
    assert found["asked"] == found["ok"] + found["missing"] == len(found["measurements"])
    out = type_in("fetch", "--benchmark", "checkout-p95").out
    assert out.startswith("2 questions to metrics")


def test_fetch_can_record_and_replay(shop: Path, type_in: Type, tmp_path: Path) -> None:
    record = shop / ".workbench" / "record.db"
    type_in("fetch", "--source", "reports", "--record", tmp_path / "kept", "--record-file", record)
    assert (tmp_path / "kept").is_dir()
    type_in("fetch", "--flow", "checkout", "--environment", "staging", "--replay", shop / "recordings")


def test_an_untrusted_project_asks_nobody(shop: Path, type_in: Type, empty: Path) -> None:
    text = (shop / "workbench.yaml").read_text(encoding="utf-8")
    (empty / "workbench.yaml").write_text(text, encoding="utf-8")
    for name in ("probes.yaml", "runbooks.yaml", "benchmarks", "flows.csv", "parity.csv"):
        source = shop / name
        if source.is_dir():
            (empty / name).mkdir()
            for file in source.iterdir():
                (empty / name / file.name).write_bytes(file.read_bytes())
        else:
            (empty / name).write_bytes(source.read_bytes())
    type_in("release", "new", "1.0", "--commit", "abcdef1", "--as", "robin")
    assert {entry["actor"] for entry in type_in("history", "--json").json["entries"]} == {"robin"}
    said = type_in("fetch", code=2)
    assert "not trusted" in said.err
    assert "workbench trust" in said.err


def test_a_release_from_plan_to_roll_back(shop: Path, type_in: Type) -> None:
    planned = type_in(
        "release", "new", "2.15.0", "--commit", "abcdef12", "--summary", "more", "--change", "CH-5",
        "--planned", "2026-10-01", "--rollback-step", "one", "--rollback-step", "two",
        "--artifact", "app=sha256:00", "--kind", "hotfix", "--json",
    ).json  # fmt: skip
    assert planned["release"]["rollback_plan"] == ["one", "two"]
    assert planned["release"]["planned_at"] == "2026-09-30T22:00:00.000000Z", "midnight in Amsterdam"
    assert planned["candidates"][0]["artifacts"] == [{"name": "app", "digest": "sha256:00"}]
    assert "already" in type_in("release", "new", "2.15.0", code=2).err
    type_in("release", "edit", "2.15.0", "--notes", "own words")
    assert "nothing to change" in type_in("release", "edit", "2.15.0", code=2).err
    assert "2.15.0 rc1" in type_in("release", "show", "2.15.0").out
    assert len(type_in("release", "list", "--json").json["releases"]) == 2
    assert "not every gate" in type_in("release", "shipped", "2.15.0", code=2).err
    type_in("release", "shipped", "2.15.0", "--reason", "the night was dark")
    assert "watching" in type_in("release", "list").out
    assert "is rolled back" in type_in("release", "rolled-back", "--reason", "payments failed").out
    type_in("release", "abandon", "2.14.0", "--reason", "superseded")
    assert "abandoned" in type_in("release", "list").out
    assert "frozen" in type_in("release", "candidate", "abcdef13", "--release", "2.14.0", code=2).err


def test_the_gates_of_a_shipped_release_are_shown_as_they_were_when_it_was_shipped(
    shop: Path, type_in: Type
) -> None:
    type_in("release", "shipped", "--reason", "the vendor switches off v2 today")
    before = type_in("release", "show", "2.14.0").out
    assert "Inventory: ✓ ready" in before
    file = shop / "workbench.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("inventory: {core: 5}", "inventory: {core: 50}").replace(
            "title: Inventory", "title: Flows"
        ),
        encoding="utf-8",
    )
    assert type_in("release", "show", "2.14.0").out == before
    document = type_in("release", "show", "2.14.0", "--json").json
    assert document["gates"][0] == {"gate": "inventory", "state": "ready"}


def test_a_known_build_becomes_the_next_candidate(shop: Path, type_in: Type) -> None:
    found = type_in("release", "candidate", "7c4e19f", "--json").json["candidates"][-1]
    assert (found["name"], found["commit"], found["author"]) == ("rc3", RC3, "jo")
    assert "hexadecimal" in type_in("release", "candidate", "zzz", code=2).err
    type_in("release", "candidate", "abcdef99", "--why", "another", "--author", "jo")


def test_a_candidate_from_what_is_checked_out(shop: Path, type_in: Type) -> None:
    git = ["git", "-c", "user.name=Jo", "-c", "user.email=jo@shop.example"]
    for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run([*git, *words], cwd=shop, check=True, capture_output=True)
    found = type_in("release", "candidate", "--json").json["candidates"][-1]
    assert len(found["commit"]) == 40
    assert found["author"] == "jo"


def test_flows(shop: Path, type_in: Type) -> None:
    type_in("flow", "add", "gift-cards", "--name", "Gift cards", "--step", "pick", "--step", "pay", "--core")
    assert "cannot be a key" in type_in("flow", "add", "Gift Cards", code=2).err
    type_in("flow", "edit", "gift-cards", "--owner", "jo", "--not-core", "--tier", "best_effort")
    shown = type_in("flow", "show", "gift-cards", "--json").json
    assert (shown["owner"], shown["core"], shown["steps"]) == ("jo", False, ["pick", "pay"])
    assert "selected" in type_in("flow", "promote", "gift-cards").out
    three = ["--money", "--no-login", "--customers"]
    assert type_in("flow", "tier", "gift-cards", *three, "--dry-run", "--json").json["tier"] == "best_effort"
    assert "critical" in type_in("flow", "tier", "gift-cards", *three).out
    assert "Gift cards" in type_in("flow", "list").out
    assert any(flow["gaps"] for flow in type_in("flow", "list", "--json").json["flows"])
    assert "there is no flow" in type_in("flow", "show", "nope", code=2).err


def test_differences(shop: Path, type_in: Type) -> None:
    added = type_in(
        "parity", "add", "cache", "--staging", "none", "--severity", "high", "--flow", "checkout", "--json"
    )
    ident = added.json["id"]
    type_in("parity", "edit", ident[-12:], "--owner", "kim", "--category", "infrastructure")
    assert "needs a reason" in type_in("parity", "decide", "cache", "--accept", code=2).err
    said = type_in("parity", "decide", "cache", "--close", "--accept", code=2)
    assert "--close and --accept contradict each other" in said.err
    assert "TBD" in type_in("parity", "decide", "cache", "--accept", "--reason", "TBD", code=2).err
    twins = [
        type_in("parity", "add", "twin", "--region", at, "--json").json["id"][-12:] for at in ("eu", "us")
    ]
    assert twins[0] in type_in("parity", "add", "Twin", "--region", "EU", code=2).err
    said = type_in("parity", "decide", "twin", "--close", code=2)
    assert all(f"{ident} (twin)" in said.err for ident in twins)
    type_in("parity", "decide", twins[0], "--close")
    decide = ["--accept", "--reason", "small load", "--until", "2026-12-01"]
    assert "accepted" in type_in("parity", "decide", "cache", "payment gateway mocked", *decide).out
    assert (
        type_in("parity", "list", "--decision", "undecided", "--severity", "high", "--json").json["total"]
        == 0
    )
    later = type_in(
        "parity", "list", "--decision", "undecided", "--text", "small load", "--now", "2027-01-01", "--json"
    )
    titles = {item["title"] for item in later.json["differences"]}
    assert titles == {"cache", "payment gateway mocked"}, "their decisions have ended by then"
    assert "kim" in type_in("parity", "show", "cache").out
    assert (
        "no one has decided to close it"
        in type_in("parity", "remove", "cache", "--reason", "gone now", code=2).err
    )
    type_in("parity", "decide", "cache", "--close", "--until", "30d")
    type_in(
        "parity",
        "decide",
        "load balancer",
        "--no-matter",
        "--reason",
        "one plan makes both",
        "--until",
        "30d",
    )
    assert "--no-matter" not in type_in("parity", "decide", "--help").out
    assert "more; --limit" in type_in("parity", "list", "--limit", "1").err
    type_in("parity", "remove", "cache", "--reason", "it is there now")
    assert "there is no difference" in type_in("parity", "show", ident, code=2).err
    assert type_in("undo").out == "Undone: removed from the map: difference cache\n"
    type_in("parity", "reviewed", "--note", "two new ones")
    assert "cache" in type_in("parity", "show", "cache", "--json").json["title"]


def test_checklists(shop: Path, type_in: Type, tmp_path: Path) -> None:
    listed = type_in("checklist", "list", "--json").json["checklists"]
    assert {item["checklist"] for item in listed} >= {"pre-production", "production-readiness"}
    said = type_in("checklist", "tick", "data-masked")
    assert "evidence is missing" in said.out
    proof = tmp_path / "proof.txt"
    proof.write_text("masked", encoding="utf-8")
    attached = type_in("checklist", "attach", "data-masked", "--file", proof, "--json").json
    assert (attached["state"], attached["evidence"][0]["kind"]) == ("done", "file")
    type_in("checklist", "tick", "data-masked", "--failed", "--comment", "two tables")
    assert "✗ data-masked" in type_in("checklist", "show", "pre-production").out
    assert "needs a reason" in type_in("checklist", "tick", "data-masked", "--not-applicable", code=2).err
    type_in("checklist", "tick", "data-masked", "--not-applicable", "--reason", "no data in this release")
    type_in("checklist", "tick", "data-masked", "--reopen")
    assert type_in("checklist", "show", "data-masked", "--json").json["state"] == "open"
    assert "check" in type_in("checklist", "show", "pre-production/data-masked").out
    assert "did you mean" in type_in("checklist", "tick", "data-maskd", code=2).err


def test_benchmarks(shop: Path, type_in: Type) -> None:
    assert "28 % over its limit" in type_in("benchmark", "list", "--flow", "checkout").out
    shown = type_in("benchmark", "show", "search-results", "--json").json
    assert shown["mode"] == "advisory"
    type_in("benchmark", "tighten", "search-results", "--reason", "it has been right")
    assert type_in("benchmark", "show", "search-results", "--json").json["mode"] == "blocking"
    assert "blocking already" in type_in("benchmark", "tighten", "search-results", code=2).err
    ref = shown["history"][0]["ref"]
    type_in("benchmark", "invalidate", ref, "--reason", "load test")
    assert "invalid: load test" in type_in("benchmark", "show", "search-results").out
    few = type_in("benchmark", "enter", "payment-faults", "6", "--note", "counted by hand", "--json").json
    assert (few["verdict"], few["value"]) == ("missing", 6), "it asks for five observations"
    enough = ["--samples", "6", "--note", "counted by hand"]
    entered = type_in("benchmark", "enter", "payment-faults", "6", *enough, "--json").json
    assert (entered["verdict"], entered["value"]) == ("pass", 6)
    assert "typed" in str(entered["remarks"]) or "manual" in str(entered["remarks"])
    assert (
        "is not a number" in type_in("benchmark", "enter", "payment-faults", "six", "--note", "x", code=2).err
    )


def test_override_promise_and_freeze(shop: Path, type_in: Type) -> None:
    until = ["--until", "2026-11-30"]
    words = ["override", "checkout-p95", "--reason", "the gateway is slow for all", *build.ANSWERED, *until]
    assert "cannot approve your own override" in type_in(*words, "--approver", "robin", code=2).err
    type_in("promise", "checkout-p95", "--owner", "jo", "--by", "2026-09-17", "--note", "on it")
    said = type_in(*words, "--approver", "ilse")
    assert "waiting for approval by ilse" in said.out
    assert "workbench approve benchmark/checkout-p95 --as ilse" in said.err
    assert "override waiting for approval by ilse; " in type_in("gate", "benchmarks", code=1).out
    (waiting,) = type_in("approve", "--json").json["waiting"]
    assert (waiting["part"], waiting["able"]) == ("benchmark/checkout-p95", ["ilse"])
    listed = type_in("approve").out
    assert "  Proposed by: robin\n" in listed and "  Until: Mon 30 Nov 2026" in listed
    assert "you proposed it" in type_in("approve", "checkout-p95", code=2).err
    assert "waiting for approval by ilse" in type_in("approve", "checkout-p95", "--as", "kim", code=2).err
    assert "needs a reason" in type_in("approve", "checkout-p95", "--as", "ilse", "--reject", code=2).err
    assert type_in("approve", waiting["ref"][-6:], "--as", "ilse").out == "approved: Checkout p95\n"
    assert "nothing waits for approval" in type_in("approve").err
    assert "overridden until 30 Nov" in type_in("gate", "benchmarks", code=1).out
    assert "does not block" in type_in(*words, "--approver", "ilse", code=2).err
    type_in("override", "checkout-p95", "--lift", "--reason", "fixed")
    type_in("freeze", "--reason", "incident 42")
    assert "frozen by robin" in type_in("gate", "production-readiness", code=1).out
    assert "frozen already" in type_in("freeze", "--reason", "again", code=2).err
    type_in("freeze", "--lift", "--reason", "it is over")


def test_on_a_terminal_an_override_asks_for_all_that_no_option_said(
    shop: Path, type_in: Type, keyboard: Callable[..., None]
) -> None:
    said = (
        "the gateway is slow for all",
        "2026-11-30",
        "mobile customers",
        "2.13.0",
        "they wait",
        "retry",
        "n",
    )
    keyboard(*said)
    asked = type_in("override", "checkout-p95")
    assert "up to 0.69 s" in asked.out and "Why is checkout-p95 overridden?" in asked.err
    (waiting,) = type_in("approve", "--json").json["waiting"]
    assert waiting["reason"] == said[0] and [one["answer"] for one in waiting["answers"]] == [
        *said[2:6],
        "no",
    ]


def test_history_and_undo(shop: Path, type_in: Type) -> None:
    type_in("parity", "add", "one thing")
    entries = type_in("history", "--entity", "difference", "--limit", "1", "--json").json["entries"]
    assert (entries[0]["verb"], entries[0]["actor"]) == ("found", "robin")
    assert "one thing" in type_in("history", "--text", "one thing").out
    undone = type_in("undo")
    assert undone.out == "Undone: found difference one thing\n"
    assert undone.err == "next: workbench redo puts it back\n"
    assert "there is no difference" in type_in("parity", "show", "one thing", code=2).err
    said = type_in("history", "--limit", "2").out
    assert "undone: found difference one thing" in said and "undone by robin" in said
    assert type_in("redo").out == "Redone: found difference one thing\n"
    assert "nothing of yours to redo" in type_in("redo", code=2).err
    document = type_in("history", "--entity", "difference", "--json").json["entries"]
    assert [entry["verb"] for entry in document[:3]] == ["redid", "undid", "found"]
    assert document[1]["undone_by"] == document[0]["change_id"] and document[2]["undone_by"] is None


def test_what_the_history_of_a_demonstration_says_is_old_is_not_undone_unasked(
    tmp_path: Path, type_in: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(web_shop(tmp_path, monkeypatch))
    refused = type_in("undo", code=2)
    assert "proposed to override Refund p95" in refused.err and "19 h ago" in refused.err


def test_what_is_more_than_an_hour_old_is_not_undone_unasked(
    shop: Path, type_in: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in("parity", "add", "one thing")
    monkeypatch.setattr("workbench.usecases.undoing.RECENT", timedelta(0))
    refused = type_in("undo", code=2)
    assert "Undo: found difference one thing, just now" in refused.err
    assert "workbench undo --yes" in refused.err
    assert type_in("undo", "--yes", "--json").json["what"] == "found difference one thing"
    assert "Redo: found difference one thing, just now" in type_in("redo", code=2).err
    change = type_in("redo", "--yes", "--json").json["change"]
    type_in("undo", "--change", change)  # whoever names an act means it
    assert "there is no difference" in type_in("parity", "show", "one thing", code=2).err


def test_verify_backup_and_excerpt(shop: Path, type_in: Type, tmp_path: Path) -> None:
    assert type_in("verify", "--json").json["ok"] is True
    type_in("backup", tmp_path / "copy.db")
    assert "is there already" in type_in("backup", tmp_path / "copy.db", code=2).err
    type_in("verify", "--record", tmp_path / "copy.db")
    assert "backups" in type_in("backup").out
    assert type_in("excerpt").out == type_in("excerpt").out


def test_a_table_goes_out_and_in_again(shop: Path, type_in: Type, tmp_path: Path) -> None:
    for what in ("flows", "differences"):
        for ending in ("csv", "yaml"):
            path = tmp_path / f"{what}.{ending}"
            type_in("export", what, "--output", path)
            found = type_in("import", what, path, "--json").json
            assert (found["new"], found["changed"], found["conflicts"]) == ([], [], [])
    assert type_in("export", "flows").out.startswith("key,")


def test_importing_says_what_would_change_and_what_collides(
    shop: Path, type_in: Type, tmp_path: Path
) -> None:
    table = tmp_path / "more.csv"
    table.write_text("Thing;Who\nqueue size;kim\n;jo\n", encoding="utf-8")
    words = ["import", "differences", table, "--map", "title=Thing", "--map", "owner=Who"]
    assert "new      queue size" in type_in(*words, "--dry-run", code=2).out
    assert "there is no difference" in type_in("parity", "show", "queue size", code=2).err
    said = type_in(*words, code=2)
    assert "more.csv:3:" in said.err
    assert "2 new" in said.out
    type_in("parity", "edit", "queue size", "--owner", "ilse")
    table.write_text("Thing;Who\nqueue size;noor\n", encoding="utf-8")
    collided = type_in("import", "differences", table, code=2)
    assert "the file says “noor”, the record “ilse”" in collided.out
    type_in("import", "differences", table, "--take", "file")
    assert type_in("parity", "show", "queue size", "--json").json["owner"] == "noor"


@pytest.mark.parametrize(("form", "begins"), [("md", "# "), ("html", "<!"), ("json", "{"), ("txt", "")])
def test_notes_in_every_format(shop: Path, type_in: Type, tmp_path: Path, form: str, begins: str) -> None:
    out = type_in("notes", "--format", form).out
    assert out.startswith(begins)
    assert "2.14.0" in out
    path = tmp_path / f"notes.{form}"
    type_in("notes", "--output", path)
    written = path.read_text(encoding="utf-8").splitlines()
    markers = [line for line in written if line.startswith("<!-- workbench:")]
    assert bool(markers) == (form == "md"), "people edit Markdown: what is theirs stands between markers"
    assert [line for line in written if line not in markers] == out.splitlines()
    assert "exists already" in type_in("notes", "--output", path, code=2).err
    type_in("notes", "--output", path, "--overwrite")


def test_columns_are_asked_once(
    shop: Path, type_in: Type, tmp_path: Path, keyboard: Callable[..., None]
) -> None:
    table = tmp_path / "odd.csv"
    table.write_text("Ding,Wer\nqueue,kim\n", encoding="utf-8")
    keyboard("title", "nonsense", "owner")
    type_in("import", "differences", table)
    assert type_in("parity", "show", "queue", "--json").json["owner"] == "kim"
    keyboard()
    table.write_text("Ding,Wer\nqueue,kim\nstack,jo\n", encoding="utf-8")
    assert "1 new" in type_in("import", "differences", table).out


def test_a_checklist_is_walked(shop: Path, type_in: Type, keyboard: Callable[..., None]) -> None:
    keyboard("1", "https://example.org/proof", "", "2", "", "it broke", "5")
    said = type_in("checklist", "walk", "pre-production")
    assert "a comment is required" in said.err
    items = type_in("checklist", "show", "pre-production", "--json").json["items"]
    states = {item["ref"].partition("/")[2]: item["state"] for item in items}
    assert states["data-masked"] == "done"
    assert "failed" in states.values()


def test_a_tier_is_found_by_three_questions_and_what_failure_costs(
    shop: Path, type_in: Type, keyboard: Callable[..., None]
) -> None:
    keyboard("n", "n", "y", "medium")
    assert "checkout is important" in type_in("flow", "tier", "checkout").out


def test_trust_is_asked_on_a_terminal(shop: Path, type_in: Type, keyboard: Callable[..., None]) -> None:
    keyboard("n")
    type_in("trust", code=2)
    keyboard("y")
    assert type_in("trust").out.endswith("trusted\n")


def test_a_recording_as_of_another_moment_enters_nothing(shop: Path, type_in: Type) -> None:
    before = type_in("history", "--limit", "1", "--json").json["entries"]
    said = type_in("fetch", "--record", "anew", "--now", "2026-09-16", "--json").json
    assert said["ok"] > 0
    assert type_in("history", "--limit", "1", "--json").json["entries"] == before


def test_what_somebody_took_back_at_once_was_saved_all_the_same(
    shop: Path, type_in: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbench.usecases import mapping, undoing
    from workbench.usecases.context import Context

    add = mapping.add_difference

    def add_and_undo(context: Context, item: Difference) -> str:
        ident = add(context, item)
        undoing.undo(context)
        return ident

    monkeypatch.setattr(mapping, "add_difference", add_and_undo)
    said = type_in("parity", "add", "mail is not sent")
    assert "added mail is not sent" in said.out + said.err
    assert "someone undid it at once" in said.err


def test_trust_shows_what_a_name_is_really_looked_up_by(shop: Path, type_in: Type) -> None:
    project = shop / "workbench.yaml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace("http://127.0.0.1:9090", "https://bücher.example:9090"), encoding="utf-8")
    assert "bücher.example:9090 (xn--bcher-kva.example:9090)" in type_in("trust", code=2).out


def test_the_list_says_the_same_state_as_the_release_itself(shop: Path, type_in: Type) -> None:
    listed = {
        line["release"]["version"]: line["state"]
        for line in type_in("release", "list", "--json").json["releases"]
    }
    assert listed == {
        version: type_in("release", "show", version, "--json").json["state"] for version in listed
    }


@pytest.mark.parametrize("named", ["~", "~/data", "data", "./data", "../data"])
def test_a_data_folder_that_is_no_full_path_is_refused_and_nothing_is_made(
    shop: Path, type_in: Type, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    before = set(shop.parent.rglob("*"))
    monkeypatch.setenv("WORKBENCH_DATA", named)
    said = type_in("backup", code=2)
    assert f"WORKBENCH_DATA is not a full path: {named}" in said.err and "without ~" in said.err
    assert {path for path in shop.parent.rglob("*") if path.is_dir()} <= before


def test_a_folder_that_is_named_is_made_and_takes_a_name_of_its_own(shop: Path, type_in: Type) -> None:
    type_in("notes", "--output", "out/")
    type_in("export", "flows", "--output", "out/tables/")
    type_in("export", "table", "answer", "--output", "out/tables/")
    said = type_in("excerpt", "--output", "out/ci/")
    assert "wrote out/ci/2.14.0.excerpt.jsonl" in said.err
    written = {str(path.relative_to(shop / "out")) for path in (shop / "out").rglob("*.*")}
    assert written == {
        "release-notes-2.14.0.md", "tables/flows.csv", "tables/answer.csv", "ci/2.14.0.excerpt.jsonl"
    }  # fmt: skip
    type_in("gate", "benchmarks", "--excerpt", "out/ci/2.14.0.excerpt.jsonl", code=1)
    type_in("excerpt", "--output", "out")  # a folder that is there
    assert (shop / "out" / "2.14.0.excerpt.jsonl").is_file()


@pytest.mark.parametrize("words", [("notes",), ("export", "flows"), ("export", "table", "answer")])
def test_no_file_gets_an_ending_that_lies_about_what_it_holds(
    shop: Path, type_in: Type, words: tuple[str, ...]
) -> None:
    type_in(*words, "--output", "out.docx", code=2)
    assert not (shop / "out.docx").exists()


def test_what_waits_for_somebody_elses_approval_is_told_as_open_and_to_them(
    shop: Path, type_in: Type
) -> None:
    item = "production-readiness/security-agrees"
    said = type_in("checklist", "tick", item, "--as", "robin", "--note", "asked them yesterday, fine")
    assert said.out == "still open: Security has agreed (answered by robin, waiting for approval by noor)\n"
    assert said.err == f"next: workbench approve item/{item} --as PERSON\n"


def test_the_list_of_differences_shows_both_sides(shop: Path, type_in: Type) -> None:
    head, *rows = type_in("parity", "list").out.splitlines()
    assert head.split()[:5] == ["id", "what", "differs", "staging", "production"]
    assert any("none" in row and "2 x layer 7" in row for row in rows)


@pytest.mark.parametrize("words", [("parity", "list"), ("benchmark", "list"), ("fetch",)])
def test_a_list_of_a_flow_that_nobody_has_names_the_near_one(
    shop: Path, type_in: Type, words: tuple[str, ...]
) -> None:
    err = type_in(*words, "--flow", "chekout", code=2).err
    assert "there is no flow “chekout”" in err
    assert "did you mean Checkout?" in err


def test_a_list_of_a_flow_takes_its_name_as_well_as_its_key(shop: Path, type_in: Type) -> None:
    by_key = type_in("parity", "list", "--flow", "checkout", "--json").json
    assert by_key["total"] > 0
    assert type_in("parity", "list", "--flow", "CHECKOUT", "--json").json == by_key


def test_fetch_names_the_near_source(shop: Path, type_in: Type) -> None:
    assert "did you mean metrics?" in type_in("fetch", "--source", "metrcs", code=2).err


def test_a_key_that_stands_twice_is_told_and_the_first_row_counts(shop: Path, type_in: Type) -> None:
    (shop / "twice.csv").write_text("key,name\nnew-one,First\nnew-one,Second\n", encoding="utf-8")
    said = type_in("import", "flows", "twice.csv", code=2)
    assert "twice.csv:3: “new-one” is already in line 2" in said.err
    assert "1 new" in said.out and "1 left out" in said.out
    assert "First" in type_in("flow", "list").out


def test_of_many_rows_to_look_at_the_first_are_told_and_the_rest_are_counted(
    shop: Path, type_in: Type
) -> None:
    rows = "".join(f"thing {number},odd{number}\n" for number in range(50))
    (shop / "many.csv").write_text(f"what,severity\n{rows}", encoding="utf-8")
    err = type_in("import", "differences", "many.csv", "--dry-run", code=2).err
    assert err.count("many.csv:") == 20
    assert "… and 30 more to look at; --json shows all" in err
    remarks = type_in("import", "differences", "many.csv", "--dry-run", "--json", code=2).json["remarks"]
    assert len(remarks) == 50


def test_a_value_with_the_samples_behind_it(shop: Path, type_in: Type, tmp_path: Path) -> None:
    own, live, note = tmp_path / "own.txt", tmp_path / "live.txt", ("--note", "load test")
    own.write_text("\n".join(str(n / 100) for n in range(11)))
    live.write_text("0.1\n")
    files = ("--samples-file", str(own), "--baseline-samples-file", str(live))
    said = type_in(
        "benchmark", "enter", "checkout-p95", "p90", "--baseline", "p90", *files, *note, "--json"
    ).json
    assert (said["value"], said["baseline"]) == (0.09, 0.1)
    (typed,) = [
        one
        for one in type_in("benchmark", "show", "checkout-p95", "--json").json["history"]
        if one["value"] == "0.09"
    ]
    assert (typed["samples"], typed["basis"], typed["mark"]) == (11, "raw", "manual")
    script = tmp_path / "script" / "again.sh"
    script.parent.mkdir()
    type_in("script", "--output", str(script))
    assert (
        "--samples-file" in script.read_text()
        and "--count" not in script.read_text().split("enter checkout")[1]
    )
    (again, _) = sorted(script.parent.rglob("samples.txt"), key=lambda path: -len(path.read_text()))
    assert [float(line) for line in again.read_text().split()] == [n / 100 for n in range(11)]


def test_samples_of_which_a_share_was_made_are_not_compared_as_shares(
    shop: Path, type_in: Type, tmp_path: Path
) -> None:
    """They are in another unit than the share; its count is kept, and so is the baseline's own."""
    (tmp_path / "own.txt").write_text("1\n2\n3\n4\n")
    share = ("login-errors", "share above 3", "--samples-file", str(tmp_path / "own.txt"))
    said = type_in(
        "benchmark", "enter", *share, "--baseline", "20", "--baseline-count", "900", "--note", "x", "--json"
    ).json
    assert (said["value"], said["baseline"], said["samples"]) == (25, 20, 4)
    kept = type_in("benchmark", "show", "login-errors", "--json").json["history"]
    assert {(one["samples"], one["basis"]) for one in kept if one["mark"] == "manual"} == {(900, ""), (4, "")}
    type_in("benchmark", "enter", "login-errors", "1", "--baseline", "2", "--count", "50", "--note", "x")
    kept = type_in("benchmark", "show", "login-errors", "--json").json["history"]
    assert {one["samples"] for one in kept if one["mark"] == "manual"} == {900, 4, None, 50}


def test_a_mean_is_not_compared_with_a_percentile(shop: Path, type_in: Type, tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("1\n2\n")
    files = [
        word
        for option in ("--samples-file", "--baseline-samples-file")
        for word in (option, str(tmp_path / "own.txt"))
    ]
    words = ("checkout-p95", "mean", "--baseline", "p95", *files, "--note", "x")
    assert "the value is a mean, and the baseline a p95" in type_in("benchmark", "enter", *words, code=2).err


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        ("0.1\nNaN\n", ("p95",), "line 2 is “NaN”"),
        ("", ("0.4",), "holds no samples"),
        ("1\n", ("share above 1",), "is a share, and the unit is s"),
        (None, ("p95",), "p95 of what?"),
        ("1\n2\n", ("p95", "--count", "3"), "holds 2 samples, and 3 were said"),
        (None, ("0.4", "--baseline-samples-file", "nowhere"), "need its value"),
        (None, ("0.4", "--baseline-count", "3"), "need its value"),
    ],
)
def test_samples_that_cannot_go_with_a_value(
    shop: Path, type_in: Type, tmp_path: Path, text: str | None, words: tuple[str, ...], told: str
) -> None:
    more: tuple[str, ...] = ()
    if text is not None:
        (tmp_path / "own.txt").write_text(text)
        more = ("--samples-file", str(tmp_path / "own.txt"))
    assert told in type_in("benchmark", "enter", "checkout-p95", *words, *more, "--note", "x", code=2).err
