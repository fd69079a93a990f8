"""Probes run side by side; each costs no more than itself, and what was not looked at never passes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.probes.lines import LINES, Blind, Lines, kind_of, probe_of

from workbench.definitions.shapes import Probe
from workbench.model.kinds import ProbeKind
from workbench.model.times import Clock
from workbench.probes.captured import (
    Capture,
    Change,
    Parameter,
    Piece,
    Plant,
    Side,
    Snapshot,
    parts_of,
    path_of,
)
from workbench.probes.hiding import Hide, is_fingerprint, named_secret
from workbench.probes.prober import by_path
from workbench.probes.reach import Reach
from workbench.probes.running import Job, Ran, Running, run
from workbench.probes.runs import ignore_rule
from workbench.sources.secrets import Secrets

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
HIDE = Hide(b"k" * 32)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "staging.env").write_text("POOL=5\nREGION=eu\nDB_PASSWORD=hunter2-staging\n")
    (tmp_path / "production.env").write_text("POOL=50\nREGION=eu\nDB_PASSWORD=hunter2-production\n")
    return tmp_path


def running(place: Path, probes: Iterable[Probe], kind: ProbeKind = LINES, **settings: Any) -> list[Ran]:
    found: list[Ran] = []
    jobs = tuple(Job(probe=probe, environment="staging", against="production") for probe in probes)
    run(
        Running(
            **{
                "jobs": jobs,
                "sources": (),
                "root": place,
                "clock": Clock(fixed=NOW),
                "secrets": Secrets(allow=False),
                "hide": HIDE.again,
                "on_ran": found.append,
                "kinds": {"lines": kind},
                **settings,
            }
        )
    )
    return found


def one(place: Path, probe: Probe | None = None, kind: ProbeKind = LINES, **settings: Any) -> Ran:
    (ran,) = running(place, [probe or probe_of()], kind, **settings)
    return ran


def test_what_differs_is_found_and_secrets_are_fingerprints(place: Path) -> None:
    ran = one(place)
    assert (ran.run.state, ran.run.compared, ran.run.differing) == ("fail", 3, 2)
    password, pool = ran.changes
    assert (pool.path, pool.staging, pool.production) == ("POOL", "5", "50")
    assert password.secret
    assert is_fingerprint(password.staging or "")
    assert is_fingerprint(password.production or "")
    assert all(b"hunter2" not in blob.data for blob in ran.blobs)
    assert ran.run.hidden_by == HIDE.key_id


def test_equal_environments_pass(place: Path) -> None:
    (place / "staging.env").write_bytes((place / "production.env").read_bytes())
    assert one(place).run.state == "pass"


def test_what_is_ignored_is_counted_and_does_not_fail(place: Path) -> None:
    ran = one(place, probe_of(ignore=["POOL", "DB_*"]))
    assert (ran.run.state, ran.run.ignored, ran.changes) == ("pass", 2, ())


@pytest.mark.parametrize(
    ("staging", "words"),
    [(None, "no file matches"), (b"no equals sign", "a line has no ="), (b"\xff=\xfe", "could not be read")],
)
def test_what_cannot_be_looked_at_is_an_error_and_costs_only_itself(
    place: Path, staging: bytes | None, words: str
) -> None:
    if staging is not None:
        (place / "other.env").write_bytes(staging)
    first, second = sorted(
        running(place, [probe_of("other.env", key="broken"), probe_of()]), key=lambda ran: ran.run.probe
    )
    assert first.run.state == "error"
    assert words in first.run.why
    assert second.run.state == "fail"


def test_a_probe_that_hangs_ends_with_its_time(place: Path) -> None:
    class Hanging(Lines):
        async def capture(self, side: Side, reach: Reach) -> Capture:
            import asyncio

            await asyncio.Event().wait()
            raise AssertionError

    ran = one(place, probe_of(timeout="0.05s"), kind_of(Hanging))
    assert (ran.run.state, ran.run.why) == ("error", "it did not finish within 0.05s")


def test_a_file_outside_the_project_is_not_read(place: Path) -> None:
    assert "leads out of the project" in one(place, probe_of("../staging.env")).run.why
    (place / "link.env").symlink_to("/etc/hostname")
    assert "link out of the project" in one(place, probe_of("link.env")).run.why


class Wavering(Lines):
    """Production's answers differ from one another in one place."""

    def __init__(self, config: Any, probe: Probe) -> None:
        super().__init__(config, probe)
        self.asked = 0

    async def capture(self, side: Side, reach: Reach) -> Capture:
        if side == "staging":
            return await super().capture(side, reach)
        self.asked += 1
        return Capture((Piece("answer", "text/plain", f"POOL=50\nREGION=eu\nUPTIME={self.asked}".encode()),))


def test_what_differs_between_two_answers_of_production_is_noise(place: Path) -> None:
    (place / "staging.env").write_text("POOL=5\nREGION=eu\nUPTIME=99\n")
    kind = kind_of(Wavering, twice=True)
    ran = one(place, kind=kind)
    assert ran.run.noise == ("UPTIME",)
    assert [change.path for change in ran.changes] == ["POOL"]
    once = one(place, probe_of(twice=False), kind)
    assert [change.path for change in once.changes] == ["POOL", "UPTIME"]
    assert ignore_rule(ran.run).splitlines() == [
        "ignore:  # differed between two answers of production on 2026-12-01",
        '  - "UPTIME"',
    ]


def test_every_planted_difference_is_found(place: Path) -> None:
    proof = one(place, proving=True).proof
    assert proof is not None
    assert (proof.whole, proof.found, len(proof.planted)) == (True, 6, 6)


def test_a_probe_whose_comparison_says_equal_is_not_proven(place: Path) -> None:
    ran = one(place, kind=kind_of(Blind), proving=True)
    assert ran.run.state == "pass"
    assert ran.proof is not None
    assert (ran.proof.whole, ran.proof.found) == (False, 0)


def test_what_is_planted_on_an_ignored_path_is_not_counted(place: Path) -> None:
    proof = one(place, probe_of(ignore=["POOL"]), proving=True).proof
    assert proof is not None
    assert (proof.whole, [plant.title for plant in proof.planted if "POOL" in plant.title]) == (True, [])


def test_a_probe_that_ignores_all_that_it_compares_has_not_looked(place: Path) -> None:
    ran = one(place, probe_of(ignore=["POOL", "REGION", "DB_*"]), proving=True)
    assert (ran.run.state, ran.proof) == ("error", None)
    assert "all of what it compares" in ran.run.why


def test_two_empty_environments_are_not_compared(place: Path) -> None:
    for name in ("staging.env", "production.env"):
        (place / name).write_bytes(b"")
    ran = one(place)
    assert (ran.run.state, ran.run.why.partition(".")[0]) == ("error", "neither side has anything to compare")


def test_a_probe_that_finds_what_is_not_there_is_not_proven(place: Path) -> None:
    class Seeing(Lines):
        def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
            return (*super().compare(staging, production), Change(path="ghost", staging="1", production="2"))

    proof = one(place, kind=kind_of(Seeing), proving=True).proof
    assert proof is not None
    assert not proof.whole
    assert "finds what is not there" in proof.why


def test_nothing_planted_proves_nothing(place: Path) -> None:
    class Idle(Lines):
        def plants(self, capture: Capture) -> Iterable[Plant]:
            return ()

    proof = one(place, kind=kind_of(Idle), proving=True).proof
    assert proof is not None
    assert not proof.whole


def test_a_recording_replays_to_the_same_without_secrets(place: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    first = one(place, record_to=folder)
    written = b"".join(path.read_bytes() for path in folder.rglob("*.json"))
    assert b"hunter2" not in written
    again = one(place / "elsewhere", replay=folder)
    assert again.changes == first.changes
    assert again.run.mark == "replayed"


def test_a_replay_takes_what_was_recorded_by_then(place: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    one(place, record_to=folder)
    earlier = one(place, replay=folder, clock=Clock(fixed=NOW.replace(year=2025)))
    assert earlier.run.state == "error"
    assert "nothing was recorded" in earlier.run.why


def test_a_secret_too_short_to_take_out_is_not_recorded(place: Path, tmp_path: Path) -> None:
    (place / "staging.env").write_text("PIN=1\nDB_PASSWORD=abc\n")
    ran = one(place, record_to=tmp_path / "kept")
    assert ran.run.state == "error"
    assert not list((tmp_path / "kept").rglob("*.json"))


def test_cancelling_keeps_what_came(place: Path) -> None:
    class Slow(Lines):
        async def capture(self, side: Side, reach: Reach) -> Capture:
            import asyncio

            if self.probe.key == "slow":
                await asyncio.Event().wait()
            return await super().capture(side, reach)

    found: list[Ran] = []
    running(
        place,
        [probe_of(), probe_of(key="slow")],
        kind_of(Slow),
        on_ran=found.append,
        cancelled=lambda: bool(found),
    )
    assert [ran.run.probe for ran in found] == ["settings"]


def test_text_of_a_server_is_made_safe(place: Path) -> None:
    (place / "staging.env").write_bytes(b"POOL=\x1b[31m5\nREGION=eu\nDB_PASSWORD=hunter2-production\n")
    (change,) = one(place).changes
    assert "\x1b" not in (change.staging or "")


def test_paths_lead_back_to_their_parts() -> None:
    parts = ("a/b", "c~d", "e")
    assert parts_of(path_of(*parts)) == parts


def test_a_path_that_only_one_side_has_differs() -> None:
    (change,) = by_path(Snapshot({"a": Parameter("1")}), Snapshot({}))
    assert (change.staging, change.production) == ("1", None)


@pytest.mark.parametrize(
    "name", ["DB_PASSWORD", "apiKey", "auth.token", "SECRET", "client_secret", "dbPassword", "PGPASS"]
)
def test_names_of_secrets(name: str) -> None:
    assert named_secret(name)


@pytest.mark.parametrize("name", ["POOL", "PASSENGERS", "TOKENIZER_PATHS", "compass", "MONKEYS", "timeout"])
def test_names_of_what_is_no_secret(name: str) -> None:
    assert not named_secret(name)


def test_equal_secrets_have_equal_fingerprints_under_one_key_only() -> None:
    assert HIDE.again()("abc") == HIDE("abc") != Hide(b"x" * 32)("abc")
    assert HIDE(HIDE("abc")) == HIDE("abc")


def test_a_probe_that_reads_files_of_the_project_reads_them_in_a_replay_too(
    place: Path, tmp_path: Path
) -> None:
    found: list[Ran] = []
    running(
        place,
        [],
        jobs=(Job(probe=probe_of(), environment="staging", against="production", files_only=True),),
        replay=tmp_path / "nothing",
        on_ran=found.append,
    )
    assert [(ran.run.state, ran.run.mark) for ran in found] == [("fail", "")]
