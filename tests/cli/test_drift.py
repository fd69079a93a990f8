"""Probes, drift, the diary, scores and requirements about probes, as they are typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Type

TEXT = """\
project: shop
people:
  - {key: kim, name: Kim, roles: [release-owner]}
  - {key: robin, name: Robin, roles: [release-owner]}
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging, fresh_within: 2d}
probes:
  - key: settings
    kind: configuration
    title: Settings are those of production
    staging: staging.env
    production: production.env
gates:
  - key: go
    title: Go
    requires:
      - probes_run: {within: 24h, proven: true}
      - drift_budget: 1
      - data_fresh: {}
"""
PRODUCTION = "POOL=50\nREGION=eu\nTTL=60\nDB_PASSWORD=hunter2-production\n"
STAGING = "POOL=5\nREGION=eu\nTTL=1\nDB_PASSWORD=hunter2-staging\n"
FILLED = {
    "WHY": "staging is a tenth of production",
    "DATE": "2099-12-31",
    "FOUND": "passed",
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, type_in: Type) -> Path:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "workbench.yaml").write_text(TEXT, encoding="utf-8")
    (folder / "production.env").write_text(PRODUCTION, encoding="utf-8")
    (folder / "staging.env").write_text(PRODUCTION, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("WORKBENCH_AS", "kim")
    type_in("release", "new", "1.0", "--commit", "abcdef1")
    return folder


def drifted(shop: Path, type_in: Type) -> None:
    """Alike at the first look, and not at the second."""
    type_in("probe")
    (shop / "staging.env").write_text(STAGING, encoding="utf-8")
    type_in("probe", code=1)


def test_drift_is_told_with_its_index_and_holds_no_secret(shop: Path, type_in: Type) -> None:
    assert "nothing was compared yet" in type_in("drift").out
    drifted(shop, type_in)
    found = type_in("drift", "--json").json
    told = {name: found[name] for name in ("index", "compared", "differing", "intended", "share")}
    assert told == {"index": 3, "compared": 4, "differing": 3, "intended": 0, "share": 0.75}
    assert sum(found["by_category"].values()) == 3
    (place,) = found["environments"]
    assert (place["environment"], place["index"], place["compared"]) == ("staging", 3, 4)
    one = next(each for each in found["drifts"] if each["path"].endswith("POOL"))
    assert (one["staging"], one["production"], one["moved"], one["difference"]) == (
        "5",
        "50",
        "staging",
        None,
    )
    assert one["appeared_after"] < one["appeared_by"] == one["noticed"] and one["unnoticed_seconds"] >= 0
    assert found["budgets"] == [{"of": "staging", "at_most": 1, "used": 3, "kept": False}]
    shown = type_in("drift")
    assert "3 of 4 parameters drifted" in shown.out and "budget of staging exceeded" in shown.out
    assert "hunter2" not in shown.out + type_in("drift", "--json").out


def test_two_moments_and_two_environments_are_compared(shop: Path, type_in: Type) -> None:
    drifted(shop, type_in)
    found = type_in("parity", "diff", "staging", "production", "--json").json
    assert {each["path"].rsplit("/", 1)[-1] for each in found["changes"]} == {"POOL", "TTL", "DB_PASSWORD"}
    secret = next(each for each in found["changes"] if each["secret"])
    assert (secret["before"], secret["after"]) == ("secret", "secret")
    shown = type_in("parity", "diff", "staging", "production")
    assert "staging now → production now" in shown.out and "hunter2" not in shown.out
    assert "nothing differs in 4 parameters" in type_in("parity", "diff", "production", "production@now").err
    said = type_in("parity", "diff", "staging@2 weeks ago", "staging", code=2)
    assert "no probe has looked at staging" in said.err and "the first look was on" in said.err
    assert "did you mean staging?" in type_in("parity", "diff", "stagin", "production", code=2).err


def test_what_is_advised_clears_every_line(shop: Path, type_in: Type) -> None:
    """Each command that comes next is carried out, until the gate is ready."""
    (shop / "staging.env").write_text(STAGING, encoding="utf-8")
    done: list[str] = []
    for _ in range(12):
        status = type_in("status", "--json", code=None).json
        if not status["blockers"]:
            break
        command = _filled(status["blockers"][0])
        assert command not in done, (done, status["blockers"])
        done.append(command)
        type_in(*shlex.split(command)[1:], code=None)
    assert not status["blockers"], (done, status["blockers"])
    assert done[:2] == ["workbench probe settings", "workbench parity take settings"]
    assert type_in("gate", code=None).code == 0


def _filled(line: dict[str, Any]) -> str:
    command = str(line["next"])
    if line["key"] == "drift":  # it shows what drifted: somebody accepts what is meant
        raise AssertionError("what was decided on is intended, and not counted")
    for word, value in FILLED.items():
        command = re.sub(rf"\b{word}\b", shlex.quote(value), command)
    return command + (" --owner kim" if "parity decide" in command else "")


def test_scores_and_investigations_have_their_words(shop: Path, type_in: Type) -> None:
    assert type_in("scores", "--json").json["scores"] == []
    assert "no probe has given a score yet" in type_in("scores").err
    type_in("investigation", "open", "checkout is slower", "--environment", "staging")
    assert (
        "nothing but one"
        in type_in(
            "investigation",
            "end",
            "checkout",
            "--limit",
            "1 s",
            "--finding",
            "nothing but one thing: an index",
            "--json",
        ).out
    )
    assert "nothing is being investigated" in type_in("investigation", "list").err
    assert "limit: 1 s" in type_in("investigation", "list", "--all").out
    both = ("investigation", "end", "checkout", "--limit", "1 s", "--refresh", "x")
    assert "what did it end in?" in type_in(*both, code=2).err
    assert "nothing to change" in type_in("investigation", "edit", "checkout", code=2).err
