"""Attacks on signatures of keys, on heads that others hold, on proofs and on sealed excerpts.

Who attacks can write the record's file: they add entries as they like, and the chain fits.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from tests import building as build
from tests.building import clear, sign, signature, who
from tests.ssh import make_key, public_line

from workbench.gates.model import GateState
from workbench.model.canonical import plain
from workbench.model.errors import NotAllowed, RecordError, UsageError
from workbench.model.keys import new_id
from workbench.record import Blob, Change, Checkpoint, Known
from workbench.releases.model import Candidate
from workbench.signoff import conditions
from workbench.signoff.checkpoints import Note
from workbench.signoff.conditions import ConditionKept
from workbench.signoff.holding import Currency, SignOffView
from workbench.signoff.keyed import signature_blob
from workbench.signoff.model import Decision, SignOff
from workbench.signoff.ssh_signatures import Namespace, signers_of
from workbench.signoff.statement import Statement, read_statement
from workbench.usecases import (
    checkpoints,
    conditions_kept,
    excerpts,
    proofs,
    releasing,
    requests,
    safekeeping,
    signing,
    signing_elsewhere,
)
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import Options
from workbench.usecases.signing import Answer
from workbench.usecases.ssh_signing import SigningKey, sign_bytes, with_key

ROBIN = "{key: robin, name: Robin, roles: [release-owner, staging-owner]}"
KIM = "{key: kim, name: Kim, roles: [release-owner]}"


@pytest.fixture
def robin(tmp_path: Path) -> Path:
    return make_key(tmp_path, "robin")


@pytest.fixture
def kim(tmp_path: Path) -> Path:
    return make_key(tmp_path, "kim")


def listed(line: str, key: Path, more: str = "") -> str:
    return line[:-1] + f', keys: [{{key: "{public_line(key)}"{more}}}]}}'


@pytest.fixture
def shop(tmp_path: Path, robin: Path, kim: Path) -> Iterator[Context]:
    """The gate *benchmarks* asks for a key; robin and kim have one."""
    text = build.SHOP.replace(ROBIN, listed(ROBIN, robin)).replace(KIM, listed(KIM, kim))
    text = text.replace("[{role: staging-owner}]}", "[{role: staging-owner}], require_signature: true}")
    with build.shop(tmp_path / "shop", text) as context:
        clear(context)
        yield context


def signed(context: Context, key: Path, gate: str = "benchmarks", person: str = "robin") -> SignOff:
    sign(with_key(who(context, person), str(key), asks=False), gate, person)
    value: SignOff = signature(context, gate).signoff
    return value


def said_in(context: Context, value: SignOff) -> Statement:
    blob = context.record.blob(value.statement)
    assert blob is not None
    return read_statement(blob.data)


def planted(context: Context, value: SignOff, *blobs: Blob) -> SignOffView:
    """An answer that somebody wrote into the record by hand, and how its gate sees it."""
    ident = new_id(context.now + timedelta(seconds=1))
    commit(context, [Change("signoff", ident, "approved", plain(value), None)], blobs=blobs)
    found = [view for gate in evaluate(context).gates for view in gate.signoffs if view.stored.id == ident]
    assert len(found) == 1
    return found[0]


def made(context: Context, value: SignOff, said: Statement, key: Path, **changed: Any) -> SignOffView:
    """An answer with a statement that an attacker wrote and signed with a key that they have."""
    sealed = sign_bytes(said.blob().data, SigningKey(key), Namespace.STATEMENT, asks=False)
    blob = signature_blob(sealed.armored)
    value = msgspec.structs.replace(
        value, statement=said.blob().digest, signature=blob.digest, key=sealed.fingerprint, **changed
    )
    return planted(context, value, said.blob(), blob)


def refused(view: SignOffView, words: str) -> None:
    assert view.checked is not None and not view.checked.holds
    assert words in view.checked.problem
    assert not view.counts


def test_a_signature_is_copied_to_another_gate(shop: Context, robin: Path) -> None:
    """A signature with its statement is copied to another gate that its author never saw.

    The statement that the key signed names its gate; an answer on another one does not rest on it.
    """
    value = signed(shop, robin)
    refused(planted(shop, msgspec.structs.replace(value, gate="go", role="release-owner")), "another gate")


def test_a_signature_is_copied_to_another_release(shop: Context, robin: Path) -> None:
    """A signature with its statement is copied to the next release.

    The statement names the release, its build and the digest of what decides; each is compared with the answer.
    """
    from workbench.releases.model import Release

    value = signed(shop, robin)
    held = releasing.plan(
        shop, Release(version="2.1.0"), Candidate(release="", number=0, commit=build.SHA, author="jo")
    )
    other = msgspec.structs.replace(value, release=held.id, candidate=held.candidate_id or "")
    ident = new_id(shop.now + timedelta(seconds=1))
    commit(shop, [Change("signoff", ident, "approved", plain(other), None)])
    (view,) = evaluate(shop, "2.1.0").gate("benchmarks").signoffs
    refused(view, "another release")


def test_a_signature_is_copied_to_another_candidate(shop: Context, robin: Path) -> None:
    """A signature is copied to a build that came later.

    The statement names the commit; under the new build the copy is of another one, and the gate waits for a signature.
    """
    value = signed(shop, robin)
    build.proposed(shop, 2, commit=build.SHA_2)
    build.figures(shop)
    held = evaluate(shop).held
    other = msgspec.structs.replace(value, candidate=held.candidate_id or "", commit=build.SHA_2)
    refused(planted(shop, other), "another build")
    assert not evaluate(shop).gate("benchmarks").through


def test_a_statement_is_edited_after_it_was_signed(shop: Context, robin: Path) -> None:
    """A rejection that a key signed is turned into an approval, with a statement that says so.

    The signature is over the statement's bytes: it does not fit the edited ones.
    """
    value = signed(shop, robin)
    said = msgspec.structs.replace(said_in(shop, value), words="and the figures were read")
    edited = msgspec.structs.replace(value, statement=said.blob().digest, comment=said.words)
    refused(planted(shop, edited, said.blob()), "does not fit the text")


def test_another_person_is_named_as_the_one_who_is_needed(shop: Context, robin: Path) -> None:
    """An answer that sends a gate back is entered with another person than the one whom it names.

    The statement that the key signed says who is needed; an answer that says otherwise does not rest on it.
    """
    value = signed(shop, robin)
    refused(made(shop, value, said_in(shop, value), robin, needed_from="kim"), "another person who is needed")


def test_a_signature_is_used_a_second_time(shop: Context, robin: Path) -> None:
    """A signed answer that its author revoked is entered once more, under a new id.

    A statement is one answer's: another answer that brings the same one does not count.
    """
    from workbench.usecases import signing

    value = signed(shop, robin)
    signing.revoke(who(shop, "robin"), evaluate(shop), "benchmarks", "the figures were wrong")
    planted(shop, value)
    assert not evaluate(shop).gate("benchmarks").through
    views = evaluate(shop).gate("benchmarks").signoffs
    problems = [view.checked.problem for view in views if view.checked is not None]
    assert sorted(problems) == ["", "the signed statement is that of another answer"]
    assert not any(view.counts for view in views)


def test_somebody_signs_for_somebody_else(shop: Context, robin: Path, kim: Path) -> None:
    """Kim writes Robin's approval and signs it with Kim's own key, which the project lists.

    The key has to be one of the very person whose answer it is.
    """
    value = signed(shop, robin)
    said = msgspec.structs.replace(said_in(shop, value), said_at=shop.now + timedelta(seconds=1))
    refused(made(shop, value, said, kim), "the key of kim, not of robin")


def test_a_key_comes_with_what_it_signed(shop: Context, robin: Path, tmp_path: Path) -> None:
    """An answer is signed with a fresh key that only what comes with it calls Robin's.

    Signers come from the files of whoever judges, never from what is judged.
    """
    value = signed(shop, robin)
    stranger = make_key(tmp_path, "stranger")
    said = msgspec.structs.replace(said_in(shop, value), said_at=shop.now + timedelta(seconds=1))
    refused(made(shop, value, said, stranger), "nobody's key")


def test_an_expired_or_revoked_key_signs_with_an_earlier_day(shop: Context, robin: Path) -> None:
    """Who has found a key that ended in August, or was revoked, signs and writes a day of July into the statement.

    A signature counts only where the record knew it before the key ended, whatever day it claims.
    """
    value = signed(shop, robin)
    early = msgspec.structs.replace(said_in(shop, value), said_at=shop.now - timedelta(days=60), frontier=())
    for more, words in ((", until: 2026-08-31", "was valid until 2026-08-31, and this was not known before"),
                        (", revoked: 2026-09-01", "was revoked on 2026-09-01, and this was not known before")):  # fmt: skip
        after = build.rewrite(shop, listed(ROBIN, robin), listed(ROBIN, robin, more))
        refused(made(after, value, msgspec.structs.replace(early, words=more), robin, comment=more), words)
        build.rewrite(after, listed(ROBIN, robin, more), listed(ROBIN, robin))


def test_a_statement_is_back_dated(shop: Context, robin: Path) -> None:
    """A statement claims a day before the entries that it says it knew of.

    What it knew of names entries of the ledger, whose times are compared with its own.
    """
    value = signed(shop, robin)
    said = msgspec.structs.replace(said_in(shop, value), said_at=shop.now - timedelta(days=3))
    refused(made(shop, value, said, robin), "back-dated")
    later = msgspec.structs.replace(said, said_at=shop.now + timedelta(days=3))
    refused(made(shop, value, later, robin), "dated after it was recorded")


def test_a_statement_names_as_known_what_cannot_be_read(shop: Context, robin: Path) -> None:
    """A signed statement names something as its question, or as known to it, that is nothing of the kind.

    What cannot be read proves no date: the answer does not count, and the gates are still judged.
    """
    value = signed(shop, robin)
    said = said_in(shop, value)
    for change in ({"answers": value.shown}, {"frontier": (Known("desk", 1, "no digest"),)}):
        refused(made(shop, value, msgspec.structs.replace(said, **change), robin), "cannot be read")


def test_a_signature_for_another_purpose_is_passed_off(shop: Context, robin: Path) -> None:
    """Bytes that a key signed as a file, or for git, are presented as the statement of an approval.

    Signatures name what they are for, and only those made for statements count here.
    """
    value = signed(shop, robin)
    said = said_in(shop, value)
    for namespace in (Namespace.EXCERPT, Namespace.CHECKPOINT):
        blob = signature_blob(sign_bytes(said.blob().data, SigningKey(robin), namespace, asks=False).armored)
        view = planted(shop, msgspec.structs.replace(value, signature=blob.digest), blob)
        assert not view.counts
    from workbench.signoff.ssh_signatures import check

    found = check(
        signers_of(shop.definitions.project.people),
        said.blob().data,
        sign_bytes(said.blob().data, SigningKey(robin), Namespace.EXCERPT, asks=False).armored,
        Namespace.STATEMENT,
        shop.now,
    )
    assert "made for “workbench.excerpt”, not for “workbench.statement”" in found.problem


def test_a_reply_is_signed_by_somebody_else(shop: Context, kim: Path) -> None:
    """The answer to a request is signed with the key of another person of the project.

    A reply whose signature does not hold for the person who was asked is refused, and nothing is recorded.
    """
    request = signing_elsewhere.ask(shop, evaluate(shop), "benchmarks", "robin")
    reply = requests.reply(
        request,
        Answer(decision=Decision.APPROVE),
        identity="",
        at=shop.now,
        signs=lambda data: sign_bytes(
            data, SigningKey(kim), Namespace.STATEMENT, asks=False
        ).armored.decode(),
    )
    head = shop.record.head
    with pytest.raises(NotAllowed, match="the key of kim, not of robin"):
        signing_elsewhere.take_in_reply(shop, evaluate(shop), msgspec.json.encode(reply))
    assert shop.record.head == head


def test_a_ledger_is_cut_and_its_chain_fits(
    shop: Context, robin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record is put back to an older state, and whatever this machine had noted outside is removed.

    A head that somebody signed and holds names more entries than there are; from then on verify says so.
    """
    older = tmp_path / "older.db"
    shop.record.backup(older)
    build.figures(shop, p95="9")
    signers = signers_of(shop.definitions.project.people)
    note = checkpoints.cosign(checkpoints.head_note(shop), SigningKey(robin), signers, asks=False)
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "fresh"))
    with record_of(older, shop) as cut:
        with pytest.raises(RecordError, match=r"robin holds a head with \d+ entries: its end was cut"):
            checkpoints.add(cut, note)
        report = safekeeping.verify(cut)
        assert not report.ok and "its end was cut" in str(report.problem)


def test_a_ledger_is_rewritten(shop: Context, robin: Path) -> None:
    """An entry is written anew in the file, with its digest and the chain after it computed again.

    The root of the tree over the entries is another one than in the head that somebody signed.
    """
    signers = signers_of(shop.definitions.project.people)
    note = checkpoints.cosign(checkpoints.head_note(shop), SigningKey(robin), signers, asks=False)
    with sqlite3.connect(shop.record.path) as connection:
        (seq, body), (before,) = (
            connection.execute("SELECT seq, body FROM ledger ORDER BY seq DESC LIMIT 1").fetchone(),
            connection.execute("SELECT chain FROM ledger ORDER BY seq DESC LIMIT 1 OFFSET 1").fetchone(),
        )
        anew = body.replace(b'"os_user":"', b'"os_user":"not-')
        digest = hashlib.sha256(b"wb.entry.1\0" + anew).digest()
        chain = hashlib.sha256(before + digest).digest()
        connection.execute(
            "UPDATE ledger SET body = ?, digest = ?, chain = ? WHERE seq = ?", (anew, digest, chain, seq)
        )
    connection.close()
    assert anew != body
    with pytest.raises(RecordError, match="not those whose head robin holds"):
        checkpoints.add(shop, note)


@contextmanager
def record_of(path: Path, shop: Context) -> Iterator[Context]:
    """The same project with the record in another file."""
    from workbench.record import Record
    from workbench.usecases import nouns

    record = Record.open(path, nouns.NOUNS)
    try:
        yield msgspec.structs.replace(shop, record=record)
    finally:
        record.close()


def test_two_heads_are_shown_to_two_people(shop: Context, robin: Path, kim: Path) -> None:
    """A desk shows one ledger to Robin and another one to Kim, and both sign its head.

    Two heads of one ledger with one size and different roots contradict each other; whoever has both sees it.
    """
    signers = signers_of(shop.definitions.project.people)
    desk = f"workbench/{shop.record.info.record_id}/another-desk"
    for key, root in ((robin, "ab" * 32), (kim, "cd" * 32)):
        note = checkpoints.cosign(Note(Checkpoint(desk, 40, root)), SigningKey(key), signers, asks=False)
        checkpoints.add(shop, note)
    report = safekeeping.verify(shop)
    assert not report.ok
    assert "two heads of one ledger have 40 entries and different roots (robin; kim)" in str(report.problem)


def test_a_proof_is_of_another_record(shop: Context, robin: Path, tmp_path: Path) -> None:
    """An auditor gets a proof of an entry of another record, with a head that nobody known signed.

    A proof leads to one head: it is compared with the one that the auditor has, and signers are the auditor's own.
    """
    signed(shop, robin)
    mine = checkpoints.head_note(shop)
    with build.shop(tmp_path / "other") as other:
        elsewhere = proofs.prove(other, other.record.head.digest)
    report = proofs.check_proof(elsewhere.written, signers_of(shop.definitions.project.people), shop.now)
    assert (report.ok, report.trusted, report.exit_code) == (True, False, 1)
    report = proofs.check_proof(elsewhere.written, (), shop.now, mine)
    assert (report.ok, report.exit_code) == (False, 4)
    with pytest.raises(UsageError, match="of another record"):
        checkpoints.add(shop, Note(msgspec.structs.replace(mine.checkpoint, origin="workbench/a/b")))


def test_a_proof_is_edited(shop: Context, robin: Path) -> None:
    """The entry in a proof is changed from a rejection to an approval, or moved under another digest.

    The entry's digest is computed from its text, and the path leads from that digest to the signed head alone.
    """
    signed(shop, robin)
    good = json.loads(proofs.prove(shop, "benchmarks/robin").written)
    for change in (
        {"entry": good["entry"].replace("approve", "reject")},
        {"digest": "ab" * 32, "entry": ""},
        {"index": good["index"] - 1},
    ):
        report = proofs.check_proof(json.dumps({**good, **change}).encode(), (), shop.now)
        assert (report.ok, report.exit_code) == (False, 4)


def test_a_sealed_excerpt_is_edited(shop: Context, robin: Path, tmp_path: Path) -> None:
    """A value in an excerpt is edited, and its digest computed anew.

    The seal is over every byte, digest included; the gate is not judged from a file that it does not fit.
    """
    path = tmp_path / "shop.excerpt.jsonl"
    data = excerpts.excerpt(shop)
    path.write_bytes(build.resealed(data.replace(b'"0.46"', b'"0.44"')))
    here = who(shop, "robin")
    excerpts.seal_of(path).write_bytes(excerpts.seal(here, data, str(robin), asks=False))
    assert path.read_bytes() != data
    with pytest.raises(NotAllowed, match="its seal does not hold"):
        excerpts.from_excerpt(Options(project=shop.root), path)


def test_a_signature_is_taken_out_of_the_record(shop: Context, robin: Path) -> None:
    """The evidence with a signature is deleted from the file, and the answer still names it.

    An answer whose signature is not there counts for less than one that never had one.
    """
    value = signed(shop, robin)
    with sqlite3.connect(shop.record.path) as connection:
        connection.execute("DELETE FROM blobs WHERE digest = ?", (value.signature,))
    connection.close()
    view = signature(shop, "benchmarks")
    refused(view, "is not in this record")


@pytest.fixture
def owned(tmp_path: Path, robin: Path, kim: Path) -> Iterator[Context]:
    """The gate *benchmarks* asks for a key of one release owner; kim has rejected it, robin approves, both with keys."""
    text = build.SHOP.replace(ROBIN, listed(ROBIN, robin)).replace(KIM, listed(KIM, kim))
    text = text.replace("[{role: staging-owner}]}", "[{role: release-owner}], require_signature: true}")
    with build.shop(tmp_path / "owned", text) as context:
        clear(context)
        signed(context, robin)
        kims = with_key(who(context, "kim"), str(kim), asks=False)
        sign(kims, "benchmarks", "kim", "reject", "the load test fell over")
        assert evaluate(context).gate("benchmarks").stops
        yield context


def kims_no(context: Context) -> SignOffView:
    views = evaluate(context).gate("benchmarks").signoffs
    return next(view for view in views if view.signoff.person == "kim" and view.stops)


def test_a_keyed_no_is_revoked_without_the_key(owned: Context) -> None:
    """Somebody revokes or undoes, in kim's name, the rejection that kim's key signed.

    Where a gate asks for keys, a no that a key signed stays until a key answers again.
    """
    no = kims_no(owned)
    with pytest.raises(NotAllowed, match="a no that a key signed is not revoked without one"):
        signing.revoke(who(owned, "kim"), evaluate(owned), "benchmarks", "it was nothing")
    value = msgspec.structs.replace(no.signoff, revoked_at=owned.now, revoked_why="it was nothing")
    commit(who(owned, "kim"), [Change("signoff", no.stored.id, "revoked", plain(value), no.stored.base)])
    assert "no key has revoked it" in kims_no(owned).why
    assert evaluate(owned).gate("benchmarks").state is GateState.BLOCKED


def test_a_keyed_no_is_replaced_without_the_key(owned: Context, kim: Path) -> None:
    """Somebody writes an approval without a signature in kim's name, in the place of kim's signed rejection.

    What a key signed is replaced only by what a key of that person signed.
    """
    no = kims_no(owned)
    value = msgspec.structs.replace(
        no.signoff, decision=Decision.APPROVE, replaces=(no.stored.id,), signature="", key="", statement=""
    )
    found = planted(owned, value)
    assert (found.counts, found.currency) == (False, Currency.UNSIGNED)
    # A no without a key replaces it neither, so that it would go with that one's revocation.
    planted(
        owned,
        msgspec.structs.replace(value, decision=Decision.SEND_BACK, needed="more", revoked_at=owned.now),
    )
    assert kims_no(owned).stored.id == no.stored.id
    assert evaluate(owned).gate("benchmarks").state is GateState.BLOCKED
    signed(owned, kim, person="kim")
    assert not evaluate(owned).gate("benchmarks").stops


def test_a_keyed_no_is_dismissed_without_a_key(owned: Context, robin: Path) -> None:
    """Somebody dismisses kim's signed rejection in robin's name, who has the same role.

    Where a gate asks for keys, the dismissal counts once a key of that person has signed it.
    """
    with pytest.raises(NotAllowed, match="a no that a key signed is not dismissed without one"):
        signing.dismiss(who(owned, "robin"), evaluate(owned), "benchmarks", "kim", "she is on holiday")
    with patch.object(signing, "_check_key_over_no"):
        signing.dismiss(who(owned, "robin"), evaluate(owned), "benchmarks", "kim", "she is on holiday")
    assert evaluate(owned).gate("benchmarks").state is GateState.BLOCKED
    robins = with_key(who(owned, "robin"), str(robin), asks=False)
    signing.dismiss(robins, evaluate(robins), "benchmarks", "kim", "she is on holiday")
    assert evaluate(owned).gate("benchmarks").state is GateState.SIGNED


def test_a_condition_is_said_to_be_kept_without_a_key(shop: Context, robin: Path) -> None:
    """Somebody without a key says that the condition of a signed approval is kept, so that it goes on after its day.

    Where a gate asks for keys, nobody's word keeps a condition: the author answers again with their key.
    """
    here = with_key(who(shop, "robin"), str(robin), asks=False)
    due = shop.now + timedelta(hours=5)
    said = {"conditions": "the queue is drained", "conditions_due": due}
    sign(here, "benchmarks", "robin", "approve_with_conditions", **said)
    kim = who(shop, "kim")
    with pytest.raises(NotAllowed, match="no key signs that a condition is kept"):
        conditions_kept.keep(kim, evaluate(kim), "benchmarks", "drained this morning, says the log")
    stored = signature(shop, "benchmarks").stored
    value = ConditionKept(
        release=evaluate(shop).held.id, gate="benchmarks", signoff=stored.id, person="robin", by="kim",
        at=shop.now, words="drained this morning",
    )  # fmt: skip
    commit(kim, [conditions.kept(value)])
    after = build.later(shop, hours=6)
    assert signature(after, "benchmarks").currency is Currency.LAPSED
