"""The recipe aws_cost_explorer: its program, run as the guide has it, with a stand-in for the tool of AWS."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.sources.support import ask
from tests.sources.trials.frame import RECIPES

from workbench.sources.exec import ExecConfig, ExecMeasure
from workbench.sources.reading import Question, Reading, SourceSpec

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="runs programs of a POSIX system")
GUIDE = (RECIPES / "aws_cost_explorer" / "guide.md").read_text(encoding="utf-8")
LATER = datetime(2100, 1, 1, tzinfo=UTC)  # than any day that the program may ask for


def answer(
    amount: str | None = "31.25", unit: str = "USD", *, estimated: bool = False, **more: Any
) -> dict[str, Any]:
    """As the documentation of GetCostAndUsage has it."""
    total = {} if amount is None else {"UnblendedCost": {"Amount": amount, "Unit": unit}}
    period = {"Start": "2026-11-19", "End": "2026-11-20"}
    return {
        "ResultsByTime": [{"TimePeriod": period, "Total": total, "Groups": [], "Estimated": estimated}],
        **more,
    }


class Account:
    """A project with the guide's program, and a tool of AWS that answers what a test says and counts its calls."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        (found,) = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
        self._program("checks/aws-cost", found.replace("#!/usr/bin/env python3", f"#!{sys.executable}"))
        patch.setenv("PATH", str(folder / "bin"), prepend=":")
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))

    def _program(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def asked(self, said: Any, status: int = 0, environment: str = "staging") -> Reading:
        (self.folder / "answer").write_text(
            said if isinstance(said, str) else json.dumps(said), encoding="utf-8"
        )
        script = f'#!/bin/sh\necho "$*" >> {self.folder}/calls\ncat {self.folder}/answer\nexit {status}\n'
        self._program("bin/aws", script)
        config = ExecConfig(command=["checks/aws-cost", "$environment"], prints="json")
        question = Question(
            subject="b", source="aws", at=LATER, ask=ExecMeasure(label="cost in USD"), environment=environment
        )
        return ask([SourceSpec("aws", "exec", config)], [question], root=self.folder).one

    @property
    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    return Account(tmp_path, monkeypatch)


def test_the_cost_of_a_day_is_asked_once(account: Account) -> None:
    for _ in range(2):
        found = account.asked(answer())
        assert (found.state, found.value, found.partial) == ("ok", Decimal("31.25"), None), found.why
    (call,) = account.calls
    assert "--granularity DAILY" in call and '"Values": ["staging"]' in call


def test_another_environment_is_asked_for_itself(account: Account) -> None:
    account.asked(answer())
    assert account.asked(answer("2"), environment="production").value == 2
    assert len(account.calls) == 2


@pytest.mark.parametrize(
    ("said", "status", "state", "word"),
    [
        (answer(estimated=True), 0, "ok", "an estimate"),
        (answer(NextPageToken="x"), 0, "ok", "more pages"),
        (answer("0"), 0, "ok", ""),
        (answer(None), 0, "missing", ""),
        (answer(unit="EUR"), 0, "missing", "cost in USD"),
        ({"ResultsByTime": []}, 0, "error", ""),
        ({"results": 1}, 0, "error", ""),
        ("An error occurred (AccessDeniedException)", 254, "error", ""),
        ("", 0, "error", ""),
        (answer("1,5"), 0, "error", "1,5"),
    ],
)
def test_what_aws_may_answer(account: Account, said: Any, status: int, state: str, word: str) -> None:
    found = account.asked(said, status)
    assert found.state == state, found.why
    assert word in f"{found.why} {found.partial}"


@pytest.mark.parametrize(("said", "status"), [("no", 254), ({"results": 1}, 0), (answer(None), 0)])
def test_what_is_no_cost_is_not_kept_for_the_day(account: Account, said: Any, status: int) -> None:
    account.asked(said, status)
    assert account.asked(answer()).state == "ok"


def test_an_environment_is_a_plain_name(account: Account) -> None:
    assert account.asked(answer(), environment="../x").state == "error"
