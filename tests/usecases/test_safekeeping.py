"""Verifying against heads outside, excerpts, kills during signing, and two stale screens."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.model.canonical import encode
from workbench.model.errors import StaleChange, UsageError
from workbench.parity import model as parity
from workbench.parity import reviews
from workbench.parity.decisions import Decision
from workbench.record.packs import encode_pack
from workbench.releases.model import Candidate, Release
from workbench.usecases import deciding, excerpts, releasing, safekeeping, undoing
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import Options
from workbench.usecases.reporting.as_json import gate_document
from workbench.usecases.reporting.making import judgement_of_gate

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def full(context: Context) -> None:
    """A bit of everything that an excerpt holds."""
    build.clear(context)
    build.sign(context, "benchmarks", "robin")
    ident = build.add_difference(context)
    build.decide(context, ident, "accept", reason="small enough", until=context.now + timedelta(days=20))
    commit(
        context,
        [
            reviews.review_change(
                reviews.reviewed(context.record, evaluate(context).held.id, by="kim", at=context.now)
            )
        ],
    )
    build.add_difference(context, "another cache", severity="medium")
    build.measured(context, "errors", "1.5")
    build.override(
        context, evaluate(context), "errors", reason="one noisy client", approver="robin",
        until=context.now + timedelta(days=1),
    )  # fmt: skip
    ref = build.measured(context, "p95", "0.9")
    deciding.invalidate(context, ref, "the wrong slot was asked")
    deciding.freeze(context, "an incident")


# --- excerpt -----------------------------------------------------------------------------


def excerpt(context: Context) -> Path:
    path = context.root / "ci.excerpt.jsonl"
    path.write_bytes(excerpts.excerpt(context))
    return path


@pytest.mark.parametrize("hours", [0, 30, 71, 73])
def test_a_gate_judged_from_an_excerpt_is_the_gate_judged_from_the_record(shop: Context, hours: int) -> None:
    context = build.rewrite(shop, "      - tests_green", "      - parity_reviewed: 30d\n      - tests_green")
    full(context)
    path = excerpt(context)
    then = context.now + timedelta(hours=hours)
    options = Options(project=context.root, now=then, as_person="sam")
    there = excerpts.from_excerpt(options, path)
    try:
        expected, found = evaluate(build.at(context, then)), evaluate(there)
        assert build.states(found) == build.states(expected)
        for one, _ in zip(expected.gates, found.gates, strict=True):
            judgements = [judgement_of_gate(evaluation, one.key) for evaluation in (expected, found)]
            documents = [gate_document(item, item.gate(one.key)) for item in judgements]
            for document in documents:
                del document["ledger_head"]
            assert documents[0] == documents[1]
    finally:
        there.record.close()


def test_the_same_record_gives_the_same_bytes(shop: Context) -> None:
    full(shop)
    first = excerpts.excerpt(shop)
    assert excerpts.excerpt(build.later(shop, days=3)) == first
    with build.opened(shop.root, "sam") as again:
        assert excerpts.excerpt(again) == first


def test_the_excerpt_names_the_release_to_judge(shop: Context) -> None:
    releasing.plan(shop, Release(version="3.0.0"), Candidate(release="", number=0, commit=build.SHA_2))
    for version in ("2.0.0", "3.0.0"):
        path = excerpt(msgspec.structs.replace(shop, release=version))
        there = excerpts.from_excerpt(Options(project=shop.root, as_person="kim"), path)
        assert evaluate(there).held.release.version == version
        there.record.close()


EDITS = [
    (b'"project":"shop"', b'"project":"bakery"'),
    (b'"entity":"flow"', b'"entity":"weather"'),
    (b'"entity":"flow"', b'"entity":7'),
    (b'"id":', b'"ident":'),
    (b'"version":"2.0.0"', b'"version":7'),
    (b'"commit":"', b'"comet":"'),
    (b'"tier":"critical"', b'"tier":"terrible"'),
    (b'"value":"0.46"', b'"value":"many"'),
    (b'"measured_at":"2026', b'"measured_at":"2o26'),
    (b'"readings":', b'"writings":'),
    (b'"desk_seq":', b'"desk_seq":1e999,"x":'),
    (b'"tier":"critical"', b'"tier":"\\ud800"'),
    (b'"tier":"critical"', b'"tier":' + b"[" * 100_000),
    (b'{"actor"', b'\xff{"actor"'),
    (b'"revoked_at":"', b'"was_revoked":"'),
]


@pytest.mark.parametrize(("old", "new"), EDITS)
def test_an_excerpt_that_was_edited_is_refused(shop: Context, old: bytes, new: bytes) -> None:
    full(shop)
    path = shop.root / "x.jsonl"
    data = excerpts.excerpt(shop)
    if old not in data:
        return
    path.write_bytes(data.replace(old, new, 1))
    options = Options(project=shop.root, as_person="kim")
    with pytest.raises(UsageError, match=r"was changed or cut: its digest is not that in its head|its head"):
        excerpts.from_excerpt(options, path)
    if b"project" in old:
        return
    head, _, rest = data.partition(b"\n")
    path.write_bytes(build.resealed(head + b"\n" + rest.replace(old, new, 1)))
    with pytest.raises(UsageError) as caught:
        excerpts.from_excerpt(options, path)
    assert str(path) in str(caught.value)


def test_an_excerpt_of_another_project_or_format_is_refused_in_words(shop: Context) -> None:
    path = shop.root / "x.jsonl"
    options = Options(project=shop.root, as_person="kim")
    data = excerpts.excerpt(shop)
    path.write_bytes(build.resealed(data.replace(b'"project":"shop"', b'"project":"bakery"', 1)))
    with pytest.raises(UsageError, match="of project bakery, not shop"):
        excerpts.from_excerpt(options, path)
    path.write_bytes(b'{"definitions":"","head":{},"project":"shop","schema":"workbench.excerpt.1"}\n')
    with pytest.raises(UsageError, match="made by an older workbench") as caught:
        excerpts.from_excerpt(options, path)
    assert "make it again" in str(caught.value)
    path.write_bytes(encode_pack(shop.record.pack()))
    with pytest.raises(UsageError, match="a pack for another desk"):
        excerpts.from_excerpt(options, path)


@pytest.mark.parametrize("data", [b"", b"\n", b"hello", b"[]\n", b"{}\n", None])
def test_garbage_is_no_excerpt(shop: Context, data: bytes | None) -> None:
    path = shop.root / "x.jsonl"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UsageError):
        excerpts.from_excerpt(Options(project=shop.root, as_person="kim"), path)


def test_an_excerpt_that_was_cut_is_refused(shop: Context) -> None:
    path = shop.root / "x.jsonl"
    lines = excerpts.excerpt(shop).splitlines(keepends=True)
    for end in (1, len(lines) // 2, len(lines) - 1):
        path.write_bytes(b"".join(lines[:end]))
        with pytest.raises(UsageError, match="changed or cut"):
            excerpts.from_excerpt(Options(project=shop.root, as_person="kim"), path)


def test_an_excerpt_of_format_1_still_serves_as_a_noted_end(shop: Context) -> None:
    head, record = shop.record.head, shop.record.info.record_id
    said = {"schema": "workbench.excerpt.1", "record": record}
    ends = safekeeping.verify(shop).ends_compared
    file = shop.root / "old.excerpt.jsonl"
    file.write_bytes(encode(said | {"head": head}) + b"\n")
    report = safekeeping.verify(shop)
    assert report.ok and report.ends_compared == ends + 1
    file.write_bytes(encode(said | {"head": msgspec.structs.replace(head, seq=head.seq + 9)}) + b"\n")
    assert "its tail was cut" in str(safekeeping.verify(shop).problem)


def test_verify_says_in_plain_words_what_other_desks_have_to_do_with_it(shop: Context) -> None:
    assert list(safekeeping.about_desks(safekeeping.verify(shop))) == []
    shop.record.begin_new_desk()
    build.add_difference(shop)
    [words] = safekeeping.about_desks(safekeeping.verify(shop))
    assert words == "2 desks wrote to it: each copy that went on is one of its own"


# --- verify ------------------------------------------------------------------------------


def cut(path: Path, entries: int) -> None:
    """Takes entries off the ledger's end and makes the tables fit, as somebody who knows how would."""
    raw = sqlite3.connect(path, isolation_level=None)
    (last,) = raw.execute("SELECT max(seq) FROM ledger").fetchone()
    gone = raw.execute("SELECT entity, id FROM ledger WHERE seq > ?", (last - entries,)).fetchall()
    raw.execute("PRAGMA foreign_keys = OFF")
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f'DROP TRIGGER "{name}"')
    raw.execute("DELETE FROM ledger WHERE seq > ?", (last - entries,))
    for entity, ident in gone:
        raw.execute(f'DELETE FROM "e_{entity}" WHERE id = ?', (ident,))
    raw.close()


def test_a_sound_record_verifies(shop: Context) -> None:
    full(shop)
    report = safekeeping.verify(shop)
    assert report.ok and report.entries > 15 and report.blobs > 0


@pytest.mark.parametrize("keep", ["heads", "excerpt"])
def test_a_cut_tail_is_found_by_what_is_kept_outside(shop: Context, keep: str) -> None:
    for number in range(3):
        build.add_difference(shop, f"difference {number}")
    excerpt(shop)
    if keep == "excerpt":
        for file in shop.data_folder.glob("*.json"):
            file.unlink()
    else:
        (shop.root / "ci.excerpt.jsonl").unlink()
    assert safekeeping.verify(shop).ok
    shop.record.close()
    cut(shop.root / ".workbench" / "record.db", 2)
    with build.opened(shop.root) as again:
        report = safekeeping.verify(again)
        assert not report.ok and report.problem
        for file in (*shop.data_folder.glob("*.json"), *shop.root.glob("*.jsonl")):
            file.unlink()
        assert safekeeping.verify(again).ok  # what the chain alone can say


@pytest.mark.parametrize("table", ["ledger", "e_difference", "measurement"])
def test_what_was_tampered_with_is_found(shop: Context, table: str) -> None:
    full(shop)
    shop.record.close()
    raw = sqlite3.connect(shop.root / ".workbench" / "record.db", isolation_level=None)
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f'DROP TRIGGER "{name}"')
    change = {
        "ledger": "UPDATE ledger SET body = CAST(replace(CAST(body AS TEXT), 'noisy', 'quiet') AS BLOB)",
        "e_difference": "UPDATE e_difference SET severity = 'low'",
        "measurement": "UPDATE measurement SET value = '0.1' WHERE value = '1.5'",
    }[table]
    assert raw.execute(change).rowcount
    raw.close()
    with build.opened(shop.root) as again:
        report = safekeeping.verify(again)
        assert not report.ok and report.problem


def test_heads_of_other_records_do_not_matter(shop: Context, tmp_path: Path) -> None:
    with build.shop(tmp_path / "other") as other:
        (shop.root / "other.excerpt.jsonl").write_bytes(excerpts.excerpt(other))
    (shop.root / "bad.excerpt.jsonl").write_bytes(b"\xff\x00")
    assert safekeeping.verify(shop).ok


def test_a_copy_is_never_written_over(shop: Context) -> None:
    to = shop.root / "copy.db"
    assert safekeeping.backup(shop, to) == to and to.stat().st_size
    with pytest.raises(UsageError, match="there already"):
        safekeeping.backup(shop, to)


def test_undo_takes_back_ones_own_last_act(shop: Context) -> None:
    ident = build.add_difference(shop)
    build.decide(shop, ident, "close")
    undoing.undo(shop)
    assert parity.find(shop.record, ident)[1].decision is Decision.UNDECIDED


# --- two stale screens -------------------------------------------------------------------


def test_the_second_of_two_stale_screens_is_told_and_nothing_is_lost(shop: Context) -> None:
    ident = build.add_difference(shop, owner="kim")
    with build.opened(shop.root, "robin") as other:
        mine = parity.find(shop.record, ident)
        theirs = parity.find(other.record, ident)
        commit(other, [parity.edited(theirs[0], msgspec.structs.replace(theirs[1], owner="robin"))])
        change = parity.edited(mine[0], msgspec.structs.replace(mine[1], owner="sam"))
        with pytest.raises(StaleChange) as caught:
            commit(shop, [change])
        assert caught.value.fields == ("owner",)
        assert caught.value.mine and caught.value.mine["owner"] == "sam"
        assert caught.value.theirs and caught.value.theirs["owner"] == "robin"
        assert parity.find(shop.record, ident)[1].owner == "robin"


def test_two_stale_screens_that_touched_other_fields_are_merged(shop: Context) -> None:
    ident = build.add_difference(shop, owner="kim")
    with build.opened(shop.root, "robin") as other:
        mine = parity.find(shop.record, ident)
        theirs = parity.find(other.record, ident)
        commit(other, [parity.edited(theirs[0], msgspec.structs.replace(theirs[1], owner="robin"))])
        done = commit(shop, [parity.edited(mine[0], msgspec.structs.replace(mine[1], impact="slower"))])
        assert done.merged == (ident,)
        value = parity.find(other.record, ident)[1]
        assert (value.owner, value.impact) == ("robin", "slower")


def test_an_answer_given_twice_at_once_is_told(shop: Context) -> None:
    with build.opened(shop.root, "robin") as other:
        from workbench.checklists.model import ItemState
        from workbench.usecases import answering

        views = [(c, evaluate(c)) for c in (shop, other)]
        (first, seen), (second, stale) = views
        answering.answer(first, seen, answering.find_item(seen, "notes"), ItemState.DONE)
        with pytest.raises(StaleChange):
            answering.answer(
                second,
                stale,
                answering.find_item(stale, "notes"),
                ItemState.FAILED,
                comment="two are missing",
            )
        assert build.requirement(other, "ready", "checklist").parts[0].why == "by kim"


# --- kill -9 -----------------------------------------------------------------------------


def test_fifty_kills_during_a_signing_session_lose_nothing(shop: Context) -> None:
    build.clear(shop)
    dice = random.Random(2)
    acknowledged: set[str] = set()
    for _ in range(50):
        command = [sys.executable, "-m", "tests.usecases.signer", str(shop.root)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(dice.randrange(0, 5))]
        process.kill()
        lines += process.stdout.read().splitlines(keepends=True)
        process.wait()
        process.stdout.close()
        acknowledged |= {line.strip() for line in lines if line.endswith("\n")}
        report = safekeeping.verify(shop)
        assert report.ok, report.problem
    present = {row[0] for row in shop.record.query("SELECT DISTINCT change_id FROM ledger")}
    assert len(acknowledged) > 50 and acknowledged <= present
    # A signature stands with what was shown and what it rests on, or not at all.
    for view in build.gate(shop, "benchmarks").signoffs:
        assert shop.record.blob(view.signoff.shown) and shop.record.blob(view.signoff.basis)
