"""The sample project ``incident``: every figure that it teaches, counted again from its exported ledger by another program."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.golden.playing import typed
from tests.learning import oracle
from tests.learning.test_against_the_oracle import compare, told

from workbench.usecases.opening import open_context
from workbench.usecases.project import Options


@pytest.fixture(scope="module")
def tickets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_DATA", str(folder / "data"))
        printed, said, code = typed(f"demo incident --to {folder / 'tickets'} --headless")
    assert code == 1, printed + said  # its gates are blocked: that is how its story begins
    return folder / "tickets"


def test_an_exported_ledger_is_enough_to_count_the_same(
    tickets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tickets.parent / "data"))
    file = tickets.parent / "ledger.jsonl"
    assert typed(f"export ledger --output {file} --project {tickets}")[2] == 0
    found = oracle.things(file.read_text(encoding="utf-8").splitlines())
    context = open_context(Options(project=tickets), readonly=True)
    try:
        ours = told(context)
        past = oracle.Past(found, context.now, context.zone)
        compare(ours, oracle.counted(past, (2, timedelta(days=90))))
    finally:
        context.record.close()


def test_three_releases_are_too_few_to_say_anything(tickets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tickets.parent / "data"))
    context = open_context(Options(project=tickets), readonly=True)
    try:
        figures = told(context)["figures"]
    finally:
        context.record.close()
    assert figures and all(one["too_few"] for one in figures)
    counted = {one["key"]: (one["numerator"], one["denominator"]) for one in figures}
    assert counted["false_alarms"] == (1, 2)
    assert counted["caught"] == (1, 2)
