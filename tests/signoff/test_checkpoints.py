"""Signed notes on the end of a ledger: their form, their signatures, and every odd one refused by name."""

from __future__ import annotations

import base64
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ssh import HardwareKey, keygen_verifies, make_key, person, public_line

from workbench.record import Checkpoint
from workbench.signoff.checkpoints import Note, NotReadable, checked, holders, read_note
from workbench.signoff.ssh_signatures import Namespace, Refusal, allowed_signers, signers_of
from workbench.usecases.ssh_signing import sign_bytes

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HEAD = Checkpoint("workbench/0190-record/0190-desk", 100_000, "ab" * 32)
NOTE = Note(HEAD)


def signed(name: str, key: Path, note: Note = NOTE) -> Note:
    return note.signed(name, sign_bytes(note.text, key, Namespace.CHECKPOINT, asks=False).armored)


def test_a_note_is_three_lines_and_its_signatures(tmp_path: Path) -> None:
    assert (
        NOTE.written == f"{HEAD.origin}\n100000\n{base64.b64encode(bytes([0xAB] * 32)).decode()}\n".encode()
    )
    assert read_note(NOTE.written) == NOTE
    note = signed("lena", make_key(tmp_path))
    lines = note.written.decode().split("\n")
    assert lines[3] == "" and lines[4].startswith("— lena ") and lines[5:] == [""]
    assert read_note(note.written) == note


def test_what_people_signed_is_told_from_what_they_did_not(tmp_path: Path) -> None:
    lena, sam, other = (make_key(tmp_path, name) for name in ("lena", "sam", "other"))
    note = signed("stranger", other, signed("sam", sam, signed("lena", lena)))
    people = [person("lena", public_line(lena)), person("sam", public_line(sam))]
    found = checked(read_note(note.written), signers_of(people), NOW)
    assert holders(found) == ("lena", "sam")
    assert found[2][1].refusal is Refusal.NOBODY
    # Somebody else's signature, moved under another head.
    moved = Note(Checkpoint(HEAD.origin, 100_001, HEAD.root), note.signatures)
    assert holders(checked(moved, signers_of(people), NOW)) == ()
    statement = NOTE.signed("lena", sign_bytes(NOTE.text, lena, Namespace.STATEMENT, asks=False).armored)
    (wrong,) = checked(statement, signers_of(people), NOW)
    assert wrong[1].refusal is Refusal.NAMESPACE


def test_the_signature_under_a_note_is_one_that_ssh_keygen_checks(tmp_path: Path) -> None:
    key = make_key(tmp_path)
    note = signed("lena", key)
    blob = base64.b64decode(note.written.decode().split("\n")[4].split(" ")[2])[4:]
    armored = b"-----BEGIN SSH SIGNATURE-----\n" + base64.encodebytes(blob) + b"-----END SSH SIGNATURE-----\n"
    allowed = allowed_signers([person("lena", public_line(key))])
    assert keygen_verifies(tmp_path, allowed, "lena", "workbench.checkpoint", note.text, armored)


def test_what_ssh_keygen_signed_by_itself_goes_under_the_note(tmp_path: Path) -> None:
    from workbench.usecases.checkpoints import read_head

    key, file = make_key(tmp_path), tmp_path / "head.txt"
    file.write_bytes(NOTE.written)
    words = ["ssh-keygen", "-Y", "sign", "-f", str(key), "-n", "workbench.checkpoint", str(file)]
    subprocess.run(words, check=True, capture_output=True)
    note = read_head(file)
    people = signers_of([person("lena", public_line(key))])
    assert holders(checked(note, people, NOW)) == ("lena",)
    assert note.signatures[0].name.startswith("key-")


def test_signatures_are_joined_and_each_stands_once(tmp_path: Path) -> None:
    one, two = signed("lena", make_key(tmp_path, "a")), signed("sam", make_key(tmp_path, "b"))
    both = one.joined(two)
    assert [each.name for each in both.signatures] == ["lena", "sam"]
    assert both.joined(one) == both


def test_a_signature_of_another_kind_is_skipped(tmp_path: Path) -> None:
    line = "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    note = read_note(NOTE.text + f"\n{line}\n".encode())
    assert note.signatures[0].signature is None
    assert read_note(note.written) == note
    assert holders(checked(note, (), NOW)) == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("100000", "0100000", "how many entries"),
        ("100000", "0", "how many entries"),
        ("100000", "١٠٠", "how many entries"),
        ("100000", "9" * 17, "how many entries"),
        ("workbench/", "example.com/", "not of a record"),
        ("0190-desk", "0190 desk", "not of a record"),
        ("0190-desk", "a/b", "not of a record"),
        ("q6ur", "q6u", "32 bytes"),
        ("\n100000\n", "\n100000\nmore\n", "three lines"),
        ("\n100000\n", "\r\n100000\n", "control characters"),
        ("— lena", "- lena", "stand signatures"),
        ("— lena", "— le+na", "stand signatures"),
        ("— lena", "— sam", "of another key than its line says"),
        ("— lena ", "— lena !", "not base64"),
    ],
)
def test_an_odd_note_is_refused_by_name(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = signed("lena", make_key(tmp_path)).written.decode()
    assert old in text
    with pytest.raises(NotReadable, match=words):
        read_note(text.replace(old, new, 1).encode())
    with pytest.raises(NotReadable, match="too large"):
        read_note(b"x" * 300_000)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_a_note_or_a_named_refusal(data: bytes) -> None:
    for text in (data, NOTE.text + b"\n" + data, NOTE.text + data):
        try:
            note = read_note(text)
        except NotReadable:
            continue
        assert note.checkpoint == HEAD
        assert all(each.signature is None for each in note.signatures)


_KEY = HardwareKey()
_SIGNED = NOTE.signed("lena", _KEY.sign(NOTE.text, "workbench.checkpoint").armored).written
_SIGNERS = signers_of([person("lena", _KEY.public.line)])


@given(
    place=st.integers(min_value=0, max_value=len(_SIGNED) - 1), byte=st.integers(min_value=0, max_value=255)
)
def test_a_byte_changed_anywhere_in_a_note_leaves_no_signature_that_holds(place: int, byte: int) -> None:
    data = bytearray(_SIGNED)
    if data[place] == byte:
        return
    data[place] = byte
    try:
        note = read_note(bytes(data))
    except NotReadable:
        return
    assert holders(checked(note, _SIGNERS, NOW)) == ()
