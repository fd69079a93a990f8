"""Public keys as people paste them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ssh import HardwareKey, make_key, mpint, public_line

from workbench.model.ssh_keys import KeyProblem, key_of_bytes, read_public_key, string


@pytest.mark.parametrize(("kind", "bits"), [("ed25519", "256"), ("rsa", "2048"), ("ecdsa", "384")])
def test_a_public_key_is_read_with_the_fingerprint_that_ssh_keygen_prints(
    tmp_path: Path, kind: str, bits: str
) -> None:
    key = make_key(tmp_path, "key", kind, "-b", bits)
    found = read_public_key(public_line(key))
    printed = subprocess.run(["ssh-keygen", "-l", "-f", str(key)], capture_output=True, text=True, check=True)
    assert found.fingerprint == printed.stdout.split()[1]
    assert found.comment == "key@test"
    assert public_line(key).startswith(found.line)


def test_a_private_key_that_was_pasted_is_refused_and_never_quoted(tmp_path: Path) -> None:
    text = make_key(tmp_path).read_text()
    for pasted in (text, " ".join(text.split()), "PuTTY-User-Key-File-3: ssh-ed25519"):
        with pytest.raises(KeyProblem, match="this is a private key") as caught:
            read_public_key(pasted)
        assert text.splitlines()[1] not in str(caught.value)


def test_weak_and_foreign_keys_are_refused_by_name(tmp_path: Path) -> None:
    weak = public_line(make_key(tmp_path, "weak", "rsa", "-b", "1024"))
    good = public_line(make_key(tmp_path)).split()
    cases = {
        weak: "1024 bits, which is too weak",
        "ssh-dss AAAA": "a DSA key is too weak",
        f"ssh-rsa {good[1]}": "says ssh-rsa, but holds a key of the kind ssh-ed25519",
        f"ssh-ed25519 {good[1][:-4]}": "cut short|32 bytes",
        f"ssh-ed25519 !{good[1]}": "not base64",
        "ssh-ed25519": "not a public key",
        "": "not a public key",
        f"{' '.join(good)}\n{' '.join(good)}": "not a public key",
        "ssh-ed25519-cert-v01@openssh.com AAAA": "a certificate",
        "ssh-ed448 AAAA": "no kind of SSH key",
        "ssh-ed25519 " + "A" * 20_000: "too long",
    }
    for text, words in cases.items():
        with pytest.raises(KeyProblem, match=words):
            read_public_key(text)


def test_numbers_of_rsa_have_one_spelling() -> None:
    n = (1 << 2047) | 1
    good = string(b"ssh-rsa") + mpint(65537) + mpint(n)
    assert key_of_bytes(good).numbers == (65537, n)
    for odd in (
        string(b"ssh-rsa") + string(b"\0\0\x01\0\x01") + mpint(n),  # a zero too many
        string(b"ssh-rsa") + string(b"\x81") + mpint(n),  # negative
        string(b"ssh-rsa") + string(b"") + mpint(n),
        string(b"ssh-rsa") + mpint(1) + mpint(n),
        string(b"ssh-rsa") + mpint(65537) + mpint(1 << 20_000),
    ):
        with pytest.raises(KeyProblem):
            key_of_bytes(odd)


def test_a_hardware_key_is_told_by_its_kind() -> None:
    assert HardwareKey().public.in_hardware
    assert HardwareKey(curve=True).public.in_hardware


@given(st.text(max_size=200) | st.text(alphabet="ssh-ed25519 AAAAC3Nz=", max_size=200))
def test_any_text_is_a_key_or_a_named_refusal(text: str) -> None:
    with pytest.raises(KeyProblem):
        read_public_key(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_key_or_a_named_refusal(data: bytes) -> None:
    for blob in (data, string(b"ssh-ed25519") + data[:10], string(b"ssh-rsa") + data):
        with pytest.raises(KeyProblem):
            key_of_bytes(blob)
