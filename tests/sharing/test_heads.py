"""Heads that desks leave on a real server for one another: when, and what is signed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import building as build
from tests.sharing.malice import Malice
from tests.sharing.team import Team, sync_all
from tests.ssh import make_key, public_line

from workbench.mailbox import asking
from workbench.model.errors import NotAllowed, UsageError
from workbench.usecases import checkpoints
from workbench.usecases.auditing.reading import read_audit
from workbench.usecases.auditing.shapes import Sort
from workbench.usecases.context import Context
from workbench.usecases.sharing import reconnecting, trusting
from workbench.usecases.sharing.heads import AGE, PACKS, is_due
from workbench.usecases.sharing.signing_heads import sync_and_sign
from workbench.usecases.sharing.syncing import sync
from workbench.usecases.ssh_signing import SigningKey
from workbench.usecases.views.history import names_for, sentence
from workbench.usecases.views.history_lines import why_words

KIM = "{key: kim, name: Kim, roles: [release-owner]}"


def edited(context: Context, title: str) -> None:
    build.add_difference(context, title, staging="1", production="2", flows=("checkout",))
    sync(context)


def numbers(team: Team, context: Context) -> list[int]:
    """The numbers at which a desk left heads."""
    found = asking.heads(team.connect("kim"), context.record.info.record_id)
    return [one.number for one in found if one.desk == context.record.info.desk]


def test_a_desk_leaves_one_head_for_many_syncs(team: Team) -> None:
    kim = team.first_desk()
    assert numbers(team, kim) == []  # nobody else has sent anything
    sam = team.join("sam")
    for number in range(4):
        edited(kim, f"of kim {number}")
        sync(sam)
        edited(sam, f"of sam {number}")
        sync(kim)
    assert len(numbers(team, kim)) == len(numbers(team, sam)) == 1


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 100), st.integers(0, 10**6))
def test_when_a_head_is_due(last: int, more: int, others: int, seconds: int) -> None:
    age = timedelta(seconds=seconds)
    due = is_due(last, last + more, others, age)
    if not others or not more:
        assert not due  # what is one's own, or known, is no reason
    elif not last:
        assert due
    else:
        assert due == (more >= PACKS or age >= AGE)


def with_key(root: Path, key: Path) -> None:
    file = root / "workbench.yaml"
    file.write_text(file.read_text().replace(KIM, KIM[:-1] + f', keys: [{{key: "{public_line(key)}"}}]}}'))


def test_a_signed_head_lies_on_the_server_in_the_record_and_in_the_audit(team: Team, tmp_path: Path) -> None:
    kim = team.first_desk()
    sam = team.join("sam")
    edited(sam, "of sam")
    (tmp_path / "keys").mkdir()
    key = make_key(tmp_path / "keys", "kim")
    with_key(kim.root, key)
    with_key(sam.root, key)
    with build.opened(kim.root, "kim") as kim:
        done, left = sync_and_sign(kim, SigningKey(key), asks=False)
        assert left is not None and left.signed == "kim" and done.sent > 0
        (entry,) = kim.record.history("cosigned")
        assert sentence(entry, names_for(kim, [entry])).endswith(
            f"pack {left.number} of the server, signed by kim"
        )
        assert why_words(entry) == ""  # the digest of the note is no reason
        audit = read_audit(kim, build.NOW - timedelta(days=1), build.NOW + timedelta(days=1))
        (told,) = audit.of(Sort.HEAD)
        assert told.who == "kim" and f"of the server's packs, up to pack {left.number}" in told.subject
    with build.opened(sam.root, "sam") as sam:
        sync_all(sam)
        found = trusting.judge(sam)
        assert found is not None and found.ok and found.compared > 0
        (held,) = [one for one in checkpoints.held_heads(sam) if one.of_server]
        assert held.by == ("kim",) and held.checkpoint.size == left.number


def test_nobody_signs_for_a_server_that_is_not_as_it_was_noted(team: Team, tmp_path: Path) -> None:
    kim = team.first_desk()
    sam = team.join("sam")
    edited(sam, "of sam")
    (tmp_path / "keys").mkdir()
    key = make_key(tmp_path / "keys", "kim")
    with_key(kim.root, key)
    with build.opened(kim.root, "kim") as kim:
        sync_all(kim)
        Malice(team).change(lambda rows: rows[:-1])
        with pytest.raises(NotAllowed, match="the head was not signed"):
            sync_and_sign(kim, SigningKey(key), asks=False)
        assert [one for one in checkpoints.held_heads(kim) if one.of_server] == []
        done = reconnecting.reconnect(kim, "restored from the backup of the night")
        assert any("restored to an earlier state" in text for text in done.faults)
        with pytest.raises(UsageError, match="nothing to accept"):
            reconnecting.reconnect(kim, "restored from the backup of the night")
        _, left = sync_and_sign(kim, SigningKey(key), asks=False)
        assert left is not None
        audit = read_audit(kim, build.NOW - timedelta(days=1), build.NOW + timedelta(days=1))
        (told,) = audit.of(Sort.RECONNECTION)
        assert told.who == "kim" and told.why == "restored from the backup of the night" and told.flag


def test_a_mailbox_that_was_made_anew_is_gone_on_with_when_somebody_says_why(team: Team) -> None:
    kim = team.first_desk()
    edited(kim, "of kim")
    team.execute("SET session_replication_role = replica; UPDATE workbench.record SET mailbox = 'another'")
    Malice(team).put([])
    team.execute(
        "INSERT INTO workbench.ending (record) SELECT record FROM workbench.record ON CONFLICT DO NOTHING"
    )
    with pytest.raises(UsageError, match="not the mailbox that this desk has joined"):
        sync(kim)
    done = reconnecting.reconnect(kim, "the disk of the server was lost")
    assert any("in a new mailbox" in text for text in done.faults)
    assert sync(kim).sent == kim.record.head.seq
    found = trusting.judge(kim, ask=True)
    assert found is not None and found.ok
    assert any("the disk of the server was lost" in note for note in found.notes)
