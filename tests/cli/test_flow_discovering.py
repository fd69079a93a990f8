"""``flow discover``: what traces show, and what it puts into the inventory."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.conftest import Type

GENERATED = Path(__file__).parents[1] / "data" / "generated" / "opentelemetry"
STUB = ("--stub", "stub=true")


def put_traces(folder: Path) -> list[str]:
    for name in ("staging.jsonl", "production.jsonl"):
        shutil.copy(GENERATED / name, folder / name)
    return ["staging.jsonl", "production.jsonl"]


def test_nothing_enters_the_inventory_until_it_is_chosen(shop: Path, type_in: Type) -> None:
    files = put_traces(shop)
    before = type_in("flow", "list", "--json").json["flows"]
    found = type_in("flow", "discover", *files, *STUB, "--json").json
    assert [one["key"] for one in found["flows"]] == ["post-orders", "get-articles-id", "count-the-stock"]
    assert {one["standing"] for one in found["flows"]} == {"new"}
    assert type_in("flow", "list", "--json").json["flows"] == before
    added = type_in("flow", "discover", *files, *STUB, "--add", "post-orders", "--json").json
    assert added["added"] == ["post-orders"] and added["change"]
    shown = type_in("flow", "show", "post-orders", "--json").json
    assert shown["steps"][3] == "bank: POST /charge [real in production, mocked in staging, traces]"
    assert (shown["kind"], shown["trigger_kind"], shown["approach"]) == (
        "api_orchestration",
        "user_action",
        ["monitoring"],
    )
    again = type_in("flow", "discover", *files, *STUB, "--add", "post-orders")
    assert "in the inventory already" in again.out + again.err
    type_in("undo")
    assert type_in("flow", "list", "--json").json["flows"] == before


def test_what_people_said_of_a_flow_stays(shop: Path, type_in: Type) -> None:
    files = put_traces(shop)
    type_in(
        "flow", "add", "buying", "--name", "Buying", "--owner", "jo", "--service", "tills",
        "--step", "gateway: POST /orders", "--step", "tills: print a receipt [logs]",
        "--step", "bank: POST /charge [sandboxed in production]",
    )  # fmt: skip
    said = type_in("flow", "discover", *files, *STUB)
    assert (
        "buying  Buying  (new: POST /orders, POST /payments" in said.out
        and "changed: POST /orders" in said.out
    )
    changed = type_in("flow", "discover", *files, *STUB, "--add", "buying", "--json").json
    assert changed["changed"] == ["buying"]
    shown = type_in("flow", "show", "buying", "--json").json
    assert (shown["name"], shown["owner"]) == ("Buying", "jo") and shown["services"][0] == "tills"
    steps = shown["steps"]
    assert steps[1] == "tills: print a receipt [logs]"
    assert "bank: POST /charge [sandboxed in production, mocked in staging, traces]" in steps
    assert "buying  Buying  (in the inventory)" in type_in("flow", "discover", *files, *STUB).out


def test_a_source_of_the_project_is_looked_at_without_a_name(shop: Path, type_in: Type) -> None:
    assert "no source of traces" in type_in("flow", "discover", code=2).err
    (shop / "traces").mkdir()
    put_traces(shop / "traces")
    file = shop / "workbench.yaml"
    source = "sources:\n  - {key: traces, kind: otlp, files: 'traces/*', stubs: {stub: 'true'}}\n"
    file.write_text(file.read_text().replace("sources:\n", source, 1))
    assert len(type_in("flow", "discover", "--json").json["flows"]) == 3
    assert len(type_in("flow", "discover", "traces", "--json").json["flows"]) == 3
    (shop / "traces" / "broken.jsonl").write_text("{")
    broken = type_in("flow", "discover")
    assert "no traces could be read" in broken.out and "broken.jsonl" in broken.err


def test_what_is_no_trace_is_a_mistake(shop: Path, type_in: Type) -> None:
    (shop / "x.json").write_text('{"results": []}')
    assert "holds no traces" in type_in("flow", "discover", "x.json", code=3).err
    assert "did you mean" in type_in("flow", "discover", "x.jsn", code=2).err or True
    put_traces(shop)
    assert "no attribute" in type_in("flow", "discover", "staging.jsonl", "--stub", "x", code=2).err
    assert (
        "did you mean post-orders?"
        in type_in("flow", "discover", "staging.jsonl", "--add", "post-order", code=2).err
    )
    assert "--window" in type_in("flow", "discover", "staging.jsonl", "--window", "x", code=2).err


def test_what_is_printed_as_benchmarks_can_be_pasted(shop: Path, type_in: Type) -> None:
    files = put_traces(shop)
    (shop / "workbench.yaml").write_text(
        "project: orders\nenvironments:\n  - {key: staging, kind: staging}\n  - {key: production, kind: production}\n"
        + type_in("flow", "discover", *files, *STUB, "--benchmarks").out
    )
    said = type_in("check").out + type_in("check").err
    assert "20 benchmarks" in said and "1 source" in said
