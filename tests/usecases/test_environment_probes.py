"""Real probes on files: what they find is what an environment is judged from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build

from workbench.environments.looked import Looked
from workbench.environments.model import Finding, Refresh
from workbench.environments.seen import State
from workbench.model.canonical import plain
from workbench.probes.runs import KeptScore, ProbeRun, SideSeen
from workbench.record import Change
from workbench.usecases import environments as acts
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.environment_seen import read_seen
from workbench.usecases.probing import Wanted, probe
from workbench.usecases.views.environment_judging import assess
from workbench.usecases.views.environments import data_words, mark_of, read_environment
from workbench.usecases.views.marks import Mark

TEXT = build.SHOP.replace(
    "gates:\n",
    """\
probes:
  - {key: settings, kind: configuration, title: Settings are alike, staging: "s/*.env", production: "p/*.env"}
  - {key: profile, kind: lines, title: The data is alike, staging: s/app.env, production: p/app.env}
gates:
""",
    1,
)
HOUR = timedelta(hours=1)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    from tests.probes.lines import know_lines

    know_lines(monkeypatch)
    for side, pool in (("s", 5), ("p", 50)):
        (tmp_path / side).mkdir()
        (tmp_path / side / "app.env").write_text(f"POOL={pool}\nREPLICAS={pool}\n")
    with build.shop(tmp_path, TEXT) as context:
        yield context


def ran(context: Context, kind: str, state: str = "pass", at: timedelta = timedelta(), **more: Any) -> None:
    run = ProbeRun(
        probe="profile", kind=kind, state=state, at=context.now + at, environment="staging", against="production", **more
    )  # fmt: skip
    commit(context, [Change("probe_run", fresh_id(context), "ran", plain(run))])


def test_what_a_probe_finds_is_the_evidence_of_drift_and_of_fewer_replicas(shop: Context) -> None:
    probe(shop, Wanted(probes=("settings",)))
    found = assess(shop, acts.find_environment(shop, None), None)
    assert found is not None
    drift = next(one for one in found.signs if one.mode.key == "drift")
    assert drift.state is State.SEEN
    assert drift.evidence == ("Settings are alike: 2 differences",)
    replicas = next(one for one in found.minimum if one.title == "replicas")
    assert "5 here, 50 in production (seen by Settings are alike)" in replicas.words


def test_probes_of_other_kinds_of_server_tell_nothing_of_the_database(shop: Context) -> None:
    ran(shop, "lines", staging=SideSeen(server="nginx/1.25"), production=SideSeen(server="nginx/1.24"))
    found = assess(shop, acts.find_environment(shop, None), None)
    assert found is not None
    assert next(one for one in found.minimum if one.title == "database version").state is State.UNKNOWN
    ran(
        shop,
        "lines",
        staging=SideSeen(server="PostgreSQL 15.1"),
        production=SideSeen(server="PostgreSQL 16.3"),
    )
    found = assess(shop, acts.find_environment(shop, None), None)
    assert found is not None
    assert next(one for one in found.minimum if one.title == "database version").state is State.SEEN


def test_data_consistency_that_sinks_since_the_refresh_is_told(shop: Context) -> None:
    passed = dict.fromkeys(("rows", "distributions", "plans"), Finding.PASSED)
    acts.record_refresh(shop, Refresh(environment="staging", at=shop.now - 5 * HOUR, by="kim", **passed))
    for share, ago in (("0.50", 9), ("0.99", 4), ("0.93", 1)):
        score = KeptScore(key="data_consistency", value=Decimal(share), of=100)
        ran(shop, "lines", at=-ago * HOUR, scores=(score,))
    found = read_seen(shop, acts.find_environment(shop, None))
    assert found.sinking == "data consistency sank from 99 % to 93 % since the refresh"


def test_a_probe_that_looks_at_the_data_is_believed_before_what_was_recorded(shop: Context) -> None:
    state = read_environment(shop, acts.find_environment(shop, None))
    assert (data_words(state), mark_of(state)) == ("not known", Mark.LEARNING)
    looked = Looked(key="fresh", title="Data is fresh", kind="freshness", state="pass", at=shop.now)
    seen = msgspec.structs.replace(state, seen=looked)
    assert (data_words(seen), mark_of(seen)) == ("fresh, a probe says", Mark.DONE)
    old = msgspec.structs.replace(state, seen=msgspec.structs.replace(looked, state="fail", count=1))
    assert (data_words(old), mark_of(old)) == ("too old, a probe says", Mark.WARNS)
