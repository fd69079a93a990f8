"""Heads that others hold, and proofs from a real record: files, tags of git, and what contradicts them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.building import clear, sign, signature, who
from tests.ssh import HardwareKey, make_key, public_line

from workbench.model.errors import NotAllowed, RecordError, UsageError
from workbench.record import Checkpoint, merkle
from workbench.signoff.checkpoints import Note
from workbench.signoff.proofs import inclusion_proof, read_proof
from workbench.signoff.ssh_signatures import signers_of
from workbench.usecases import checkpoints, proofs, safekeeping
from workbench.usecases.context import Context
from workbench.usecases.ssh_signing import SigningKey, with_key

ROBIN = "{key: robin, name: Robin, roles: [release-owner, staging-owner]}"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return make_key(tmp_path, "robin")


@pytest.fixture
def shop(tmp_path: Path, key: Path) -> Iterator[Context]:
    text = build.SHOP.replace(ROBIN, ROBIN[:-1] + f', keys: [{{key: "{public_line(key)}"}}]}}')
    with build.shop(tmp_path / "shop", text) as context:
        yield context


def cosigned(context: Context, key: Path, note: Note | None = None) -> Note:
    signers = signers_of(context.definitions.project.people)
    return checkpoints.cosign(note or checkpoints.head_note(context), SigningKey(key), signers, asks=False)


def test_a_head_that_somebody_signed_is_kept_and_compared(shop: Context, key: Path) -> None:
    note = cosigned(shop, key)
    held = checkpoints.add(shop, note)
    assert (held.by, held.of_this) == (("robin",), True)
    build.figures(shop)
    found = safekeeping.verify(shop)
    assert (found.ok, found.cosigned, found.cosigned_by) == (True, 1, ("robin",))
    assert checkpoints.latest_cosigned(shop, 1) == note
    assert [path.name for path in (shop.data_folder / "cosigned").rglob("*.note")]


def test_a_kept_head_that_cannot_be_read_is_told(shop: Context, key: Path) -> None:
    signers = signers_of(shop.definitions.project.people)
    checkpoints.add(shop, checkpoints.cosign(checkpoints.head_note(shop), SigningKey(key), signers))
    (path,) = (shop.data_folder / "cosigned").rglob("*.note")
    assert not checkpoints.compare(shop).notes
    path.write_text("nothing")
    assert checkpoints.compare(shop).notes == (f"not compared with {path}: it cannot be read",)


def test_nobody_holds_a_head_that_nobody_known_signed(shop: Context, tmp_path: Path) -> None:
    note = checkpoints.head_note(shop)
    with pytest.raises(NotAllowed, match="nobody signed it"):
        checkpoints.add(shop, note)
    with pytest.raises(NotAllowed, match="nobody's key"):
        checkpoints.add(shop, cosigned(shop, make_key(tmp_path, "other"), note))
    elsewhere = Note(Checkpoint("workbench/other/desk", 3, "ab" * 32))
    with pytest.raises(UsageError, match="of another record"):
        checkpoints.add(shop, elsewhere)


def test_a_tag_of_git_holds_a_head(shop: Context, key: Path, tmp_path: Path) -> None:
    def git(*words: str) -> None:
        command = ["git", "-c", "user.name=Robin", "-c", "user.email=robin@shop.example", *words]
        subprocess.run(command, cwd=shop.root, check=True, capture_output=True)

    file = tmp_path / "head.txt"
    file.write_bytes(cosigned(shop, key).written)
    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "begin")
    git("tag", "-a", "head-1", "--cleanup=verbatim", "-F", str(file))
    git(
        "-c",
        "gpg.format=ssh",
        "-c",
        f"user.signingkey={key}",
        "tag",
        "-s",
        "head-2",
        "--cleanup=verbatim",
        "-F",
        str(file),
    )
    for name in ("head-1", "head-2"):
        note = checkpoints.note_named(shop, f"tag:{name}")
        assert note.written == file.read_bytes()
    assert checkpoints.add(shop, note).by == ("robin",)
    git("tag", "-a", "other", "-m", "a release")
    for name, words in (
        ("other", "is no head"),
        ("none", "has no annotated tag"),
        ("--help", "has no annotated tag"),
    ):
        with pytest.raises(UsageError, match=words):
            checkpoints.note_named(shop, f"tag:{name}")


def test_the_head_that_a_signed_statement_names_is_compared_as_well(shop: Context, key: Path) -> None:
    clear(shop)
    sign(with_key(who(shop, "robin"), str(key), asks=False), "benchmarks", "robin")
    found = safekeeping.verify(shop)
    assert (found.ok, found.cosigned, found.cosigned_by) == (True, 1, ("robin",))
    assert "signatures of keys over statements that hold: 1 of 1" in found.notes
    gone = build.rewrite(shop, f', keys: [{{key: "{public_line(key)}"}}]', "")
    found = safekeeping.verify(gone)
    assert (found.ok, found.cosigned) == (True, 0)
    assert any(
        "the signature of robin (sign 2.0.0 benchmarks) does not hold: SHA256:" in note
        for note in found.notes
    )


def test_a_proof_of_an_entry_needs_no_record(shop: Context, key: Path) -> None:
    clear(shop)
    sign(shop, "benchmarks", "robin")
    answer = signature(shop, "benchmarks").stored.base
    people = signers_of(shop.definitions.project.people)
    proof = proofs.prove(shop, "benchmarks/robin")
    report = proofs.check_proof(proof.written, people, shop.now)
    assert (report.ok, report.digest, report.signed_by, report.trusted) == (True, answer, (), False)
    assert report.entry["actor"] == "robin"
    checkpoints.add(shop, cosigned(shop, key))
    report = proofs.check_proof(proofs.prove(shop, answer[:12]).written, people, shop.now)
    assert (report.signed_by, report.trusted) == (("robin",), True)
    bare = proofs.prove(shop, answer, digest_only=True)
    assert b"robin" not in msgspec.json.encode(msgspec.structs.replace(bare, checkpoint=""))
    assert proofs.check_proof(bare.written, people, shop.now).digest == answer


def test_a_proof_that_the_record_went_on(shop: Context, key: Path) -> None:
    early = checkpoints.head_note(shop)
    build.figures(shop)
    proof = proofs.prove_continuation(shop, early)
    report = proofs.check_proof(proof.written, (), shop.now, checkpoints.head_note(shop))
    assert (report.ok, report.earlier, report.known) == (True, early.checkpoint.size, True)
    other = msgspec.structs.replace(early.checkpoint, root="ab" * 32)
    with pytest.raises(RecordError, match="contradicts the head"):
        proofs.prove_continuation(shop, Note(other))
    with pytest.raises(RecordError, match="contradicts the head"):
        proofs.prove_continuation(shop, Note(msgspec.structs.replace(early.checkpoint, size=9999)))
    with pytest.raises(UsageError, match="another ledger"):
        proofs.prove_continuation(
            shop, Note(msgspec.structs.replace(early.checkpoint, origin="workbench/a/b"))
        )
    with pytest.raises(UsageError, match="came later"):
        proofs.prove(shop, shop.record.head.digest, head=early)
    wrong = proofs.check_proof(proof.written, (), shop.now, early)
    assert not wrong.ok and "not the one that you have" in wrong.why


def test_a_proof_at_100_000_entries_is_below_two_kilobytes_beside_the_entry() -> None:
    leaves = [number.to_bytes(32, "big") for number in range(100_000)]
    end = Checkpoint(f"workbench/{'0' * 36}/{'1' * 36}", len(leaves), merkle.root(leaves).hex())
    note = Note(end)
    note = note.signed(
        "release-owner-of-the-shop", HardwareKey().sign(note.text, "workbench.checkpoint").armored
    )
    for index in (0, 51_234, 99_999):
        proof = inclusion_proof(leaves, index, "", note)
        assert len(proof.written) <= 2000
        assert read_proof(proof.written).proof.index == index


def test_an_older_copy_is_told_by_a_head_that_was_signed_later(
    shop: Context, key: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    shop.record.backup(copy)
    build.figures(shop)
    note = cosigned(shop, key)
    root = tmp_path / "older"
    shutil.copytree(shop.root, root, ignore=shutil.ignore_patterns(".workbench"))
    (root / ".workbench").mkdir()
    shutil.copy(copy, root / ".workbench" / "record.db")
    with build.opened(root) as older, pytest.raises(RecordError):
        checkpoints.add(older, note)
