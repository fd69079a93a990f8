"""Signatures of SSH keys: ours agrees with ssh-keygen, and everything odd is refused by name."""

from __future__ import annotations

import base64
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ssh import HardwareKey, keygen_verifies, make_key, person, public_line, sshsig

from workbench.definitions.shapes import PersonKey
from workbench.model.ssh_keys import KeyProblem, read_public_key, string
from workbench.signoff.ssh_signatures import (
    LARGEST,
    Checked,
    Namespace,
    Refusal,
    allowed_signers,
    check,
    read,
    read_bytes,
    signers_of,
)
from workbench.usecases.ssh_signing import sign_bytes

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DATA = "Grundlage: 10 % fällig\n".encode()
KINDS = [
    ("ed25519", ()),
    ("rsa", ("-b", "2048")),
    ("rsa", ("-b", "3072")),
    ("ecdsa", ("-b", "256")),
    ("ecdsa", ("-b", "384")),
    ("ecdsa", ("-b", "521")),
]
S = Namespace.STATEMENT


@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_a_signature_of_each_kind_of_key_is_judged_as_ssh_keygen_judges_it(
    tmp_path: Path, kind: str, options: tuple[str, ...]
) -> None:
    key = make_key(tmp_path, "key", kind, *options)
    people = [person("lena", public_line(key))]
    made = sign_bytes(DATA, key, S)
    allowed = allowed_signers(people)
    good = check(signers_of(people), DATA, made.armored, S, NOW)
    assert (good.person, good.fingerprint, good.problem) == ("lena", made.fingerprint, "")
    assert keygen_verifies(tmp_path, allowed, "lena", S.value, DATA, made.armored)
    assert read(made.armored).armored == made.armored
    changed = DATA + b" "
    assert check(signers_of(people), changed, made.armored, S, NOW).refusal is Refusal.CHANGED
    assert not keygen_verifies(tmp_path, allowed, "lena", S.value, changed, made.armored)


@pytest.mark.parametrize("hashed", ["sha256", "sha512"])
def test_both_hashes_of_the_text_are_read(tmp_path: Path, hashed: str) -> None:
    key = make_key(tmp_path, "key", "rsa", "-b", "2048")
    (tmp_path / "document").write_bytes(DATA)
    words = ["ssh-keygen", "-Y", "sign", "-f", str(key), "-n", S.value, "-O", f"hashalg={hashed}"]
    subprocess.run([*words, str(tmp_path / "document")], check=True, capture_output=True)
    made = (tmp_path / "document.sig").read_bytes()
    assert read(made).hash == hashed
    assert check(signers_of([person("lena", public_line(key))]), DATA, made, S, NOW).holds


@pytest.mark.parametrize("curve", [False, True])
def test_a_hardware_keys_signature_is_judged_as_ssh_keygen_judges_it(tmp_path: Path, curve: bool) -> None:
    key = HardwareKey(curve=curve)
    people = [person("lena", key.public.line)]
    for flags in (0x01, 0x05):  # touched; touched and a PIN typed
        made = key.sign(DATA, S.value, flags=flags)
        assert check(signers_of(people), DATA, made.armored, S, NOW).person == "lena"
        assert keygen_verifies(tmp_path, allowed_signers(people), "lena", S.value, DATA, made.armored)
    assert check(signers_of(people), b"other", made.armored, S, NOW).refusal is Refusal.CHANGED
    assert not keygen_verifies(tmp_path, allowed_signers(people), "lena", S.value, b"other", made.armored)


def test_a_hardware_key_that_nobody_touched_does_not_count() -> None:
    key = HardwareKey()
    made = key.sign(DATA, S.value, flags=0)
    found = check(signers_of([person("lena", key.public.line)]), DATA, made.armored, S, NOW)
    assert found.refusal is Refusal.UNTOUCHED
    assert "without a touch" in found.problem


def test_flags_that_were_changed_afterwards_do_not_fit() -> None:
    key = HardwareKey()
    blob = bytearray(key.sign(DATA, S.value, flags=0).blob)
    blob[-5] = 1
    found = check(
        signers_of([person("lena", key.public.line)]), DATA, read_bytes(bytes(blob)).armored, S, NOW
    )
    assert found.refusal is Refusal.CHANGED


def test_each_reason_why_a_signature_does_not_count_is_named(tmp_path: Path) -> None:
    key, other = make_key(tmp_path, "key"), make_key(tmp_path, "other")
    line = public_line(key)
    made = sign_bytes(DATA, key, S)

    def judged(*people: PersonKey, who: str | None = None, held: datetime | None = None) -> Checked:
        listed = [person("lena", *people), person("sam", public_line(other))]
        return check(signers_of(listed), DATA, made.armored, S, NOW, person=who, held_at=held)

    assert judged(PersonKey(key=line)).holds
    assert judged().refusal is Refusal.NOBODY
    of_sam = judged(PersonKey(key=line), who="sam")
    assert of_sam.refusal is Refusal.OTHER_PERSON
    assert "the key of lena, not of sam" in of_sam.problem
    early = judged(PersonKey(key=line, from_="2026-06-02"))
    assert (early.refusal, early.person) == (Refusal.NOT_YET, None)
    assert "valid from 2026-06-02, and this was signed 2026-06-01" in early.problem
    ended = judged(PersonKey(key=line, until="2026-05-31"))
    assert ended.refusal is Refusal.EXPIRED
    assert "valid until 2026-05-31" in ended.problem
    assert judged(PersonKey(key=line, until="2026-06-01")).holds  # an end counts whole
    assert judged(PersonKey(key=line, revoked="2026-06-01")).refusal is Refusal.REVOKED
    assert judged(PersonKey(key=line, revoked="2026-06-02")).holds
    # Whoever has a stolen key can say any moment: what arrives after the key was revoked is too late.
    late = judged(PersonKey(key=line, revoked="2026-06-02"), held=NOW + timedelta(days=3))
    assert late.refusal is Refusal.REVOKED
    elsewhere = check(
        signers_of([person("lena", line)]), DATA, sign_bytes(DATA, key, Namespace.CHECKPOINT).armored, S, NOW
    )
    assert elsewhere.refusal is Refusal.NAMESPACE
    assert "made for “workbench.checkpoint”, not for “workbench.statement”" in elsewhere.problem


def test_a_key_that_was_renewed_counts_in_either_of_its_times(tmp_path: Path) -> None:
    line = public_line(make_key(tmp_path))
    made = sign_bytes(DATA, tmp_path / "key", S)
    lena = person("lena", PersonKey(key=line, until="2025-12-31"), PersonKey(key=line, from_="2026-03-01"))
    assert check(signers_of([lena]), DATA, made.armored, S, NOW).holds
    between = datetime(2026, 2, 1, tzinfo=UTC)
    assert not check(signers_of([lena]), DATA, made.armored, S, between).holds


@pytest.mark.parametrize(
    "moment", ["20260531235959Z", "20260601000000Z", "20260930235959Z", "20261001000000Z"]
)
def test_allowed_signers_have_the_same_ends_to_the_second(tmp_path: Path, moment: str) -> None:
    key = make_key(tmp_path)
    made = sign_bytes(DATA, key, S)
    people = [person("lena", PersonKey(key=public_line(key), from_="2026-06-01", until="2026-09-30"))]
    at = datetime.strptime(moment, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    ours = check(signers_of(people), DATA, made.armored, S, at).holds
    allowed = allowed_signers(people)
    assert ours == keygen_verifies(
        tmp_path, allowed, "lena", S.value, DATA, made.armored, "-Overify-time=" + moment
    )
    assert 'namespaces="workbench.*",valid-after="20260601000000Z",valid-before="20260930235959Z"' in allowed


def test_a_key_until_the_last_year_is_for_good(tmp_path: Path) -> None:
    line = public_line(make_key(tmp_path))
    (signer,) = signers_of([person("lena", PersonKey(key=line, until="9999-12-31"))])
    assert signer.before is None


def _blob(tmp_path: Path) -> tuple[bytes, bytes]:
    key = make_key(tmp_path)
    made = sign_bytes(DATA, key, S)
    return read(made.armored).blob, read_public_key(public_line(key)).blob


def test_an_odd_signature_is_refused_by_name(tmp_path: Path) -> None:
    blob, key = _blob(tmp_path)
    value = string(b"ssh-ed25519") + string(bytes(64))
    rsa = b"".join(map(string, (b"ssh-rsa", b"\x01\x00\x01", b"\x00" + b"\xff" * 128)))
    cases = {
        "no signature of an SSH key of version 1": sshsig(key, b"x", value, version=2),
        "something where nothing may stand": sshsig(key, b"x", value, reserved=b"r"),
        "a hash that is not taken here": sshsig(key, b"x", value, hashed=b"sha1"),
        "of the kind ssh-rsa, which is too weak": sshsig(key, b"x", string(b"ssh-rsa") + string(b"1")),
        "of the kind rsa-sha2-512": sshsig(key, b"x", string(b"rsa-sha2-512") + string(b"1")),
        "has bytes after its end": blob + b"\0",
        "is cut short": blob[:-1],
        "characters that no name has": sshsig(key, b"a\nb", value),
        "1024 bits, which is too weak": sshsig(rsa, b"x", value),
        "a DSA key is too weak": sshsig(string(b"ssh-dss") + string(b"1"), b"x", value),
        "this is a certificate": sshsig(string(b"ssh-ed25519-cert-v01@openssh.com"), b"x", value),
        "is no kind of SSH key": sshsig(string(b"ssh-other"), b"x", value),
        "too large": b"SSHSIG" + bytes(LARGEST),
    }
    for words, odd in cases.items():
        with pytest.raises(KeyProblem, match=words):
            read_bytes(odd)
    for armored in (b"", b"-----BEGIN SSH SIGNATURE-----", b"x" * (LARGEST + 1), DATA):
        found = check((), DATA, armored, S, NOW)
        assert found.refusal is Refusal.UNREADABLE
        assert found.problem


@given(place=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_any_bit_changed_in_a_signature_is_refused_by_name(place: int, bit: int) -> None:
    blob = bytearray(_HARDWARE_SIGNATURE)
    blob[place % len(blob)] ^= 1 << bit
    armor = (
        b"-----BEGIN SSH SIGNATURE-----\n"
        + base64.b64encode(bytes(blob))
        + b"\n-----END SSH SIGNATURE-----\n"
    )
    found = check(_SIGNERS, DATA, armor, S, NOW)
    assert not found.holds
    assert found.problem
    assert found.person is None


@given(junk=st.binary(max_size=300))
def test_any_bytes_are_a_named_refusal_and_never_a_fault(junk: bytes) -> None:
    for blob in (junk, b"SSHSIG" + junk, b"SSHSIG\0\0\0\1" + junk, _HARDWARE_SIGNATURE[: len(junk)] + junk):
        with pytest.raises(KeyProblem):
            read_bytes(blob)


@given(place=st.integers(min_value=0))
def test_a_signature_that_was_cut_anywhere_is_refused(place: int) -> None:
    with pytest.raises(KeyProblem):
        read_bytes(_HARDWARE_SIGNATURE[: place % len(_HARDWARE_SIGNATURE)])


_KEY = HardwareKey()
_HARDWARE_SIGNATURE = _KEY.sign(DATA, S.value).blob
_SIGNERS = signers_of([person("lena", _KEY.public.line)])
