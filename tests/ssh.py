"""SSH keys for tests: real ones by ``ssh-keygen``, and a stand-in for a hardware key, made from its format."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from workbench.definitions.shapes import Person, PersonKey
from workbench.model.ssh_keys import SK_ECDSA, SK_ED25519, PublicKey, key_of_bytes, string
from workbench.signoff.ssh_signatures import SshSignature, read_bytes

APPLICATION = b"ssh:"


def make_key(
    folder: Path, name: str = "key", kind: str = "ed25519", *options: str, passphrase: str = ""
) -> Path:
    """The file of a new private key; its public half is beside it."""
    path = folder / name
    words = [
        "ssh-keygen",
        "-q",
        "-t",
        kind,
        *options,
        "-N",
        passphrase,
        "-C",
        f"{name}@test",
        "-f",
        str(path),
    ]
    subprocess.run(words, check=True, capture_output=True)
    return path


def public_line(key: Path) -> str:
    return key.with_name(key.name + ".pub").read_text().strip()


def person(key: str, *lines: str | PersonKey) -> Person:
    keys = [line if isinstance(line, PersonKey) else PersonKey(key=line) for line in lines]
    return Person(key=key, name=key.title(), keys=keys)


def keygen_verifies(
    folder: Path, allowed: str, who: str, namespace: str, data: bytes, armored: bytes, *options: str
) -> bool:
    """What ``ssh-keygen -Y verify`` says of a signature."""
    (folder / "allowed").write_text(allowed)
    (folder / "signature").write_bytes(armored)
    words = ["ssh-keygen", "-Y", "verify", "-f", str(folder / "allowed"), "-I", who, "-n", namespace]
    done = subprocess.run(
        [*words, "-s", str(folder / "signature"), *options], input=data, capture_output=True, check=False
    )
    return done.returncode == 0


def mpint(number: int) -> bytes:
    return string(number.to_bytes(number.bit_length() // 8 + 1, "big"))


def sshsig(
    key: bytes,
    namespace: bytes,
    value: bytes,
    *,
    hashed: bytes = b"sha512",
    reserved: bytes = b"",
    version: int = 1,
) -> bytes:
    """An SSHSIG of these parts, right or wrong."""
    parts = b"".join(map(string, (key, namespace, reserved, hashed, value)))
    return b"SSHSIG" + version.to_bytes(4, "big") + parts


class HardwareKey:
    """Signs as a FIDO key does (PROTOCOL.u2f), with flags and counter as one likes."""

    def __init__(self, *, curve: bool = False) -> None:
        self._ed = Ed25519PrivateKey.generate()
        self._ec = ec.generate_private_key(ec.SECP256R1())
        self.kind = SK_ECDSA if curve else SK_ED25519
        if curve:
            point = self._ec.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
            parts = (self.kind.encode(), b"nistp256", point, APPLICATION)
        else:
            raw = self._ed.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            parts = (self.kind.encode(), raw, APPLICATION)
        self.public: PublicKey = key_of_bytes(b"".join(map(string, parts)))

    def sign(self, data: bytes, namespace: str, *, flags: int = 1, counter: int = 7) -> SshSignature:
        digest = hashlib.sha512(data).digest()
        message = b"SSHSIG" + b"".join(map(string, (namespace.encode(), b"", b"sha512", digest)))
        counted = bytes([flags]) + counter.to_bytes(4, "big")
        asked = hashlib.sha256(APPLICATION).digest() + counted + hashlib.sha256(message).digest()
        if self.kind == SK_ECDSA:
            r, s = decode_dss_signature(self._ec.sign(asked, ec.ECDSA(SHA256())))
            made = mpint(r) + mpint(s)
        else:
            made = self._ed.sign(asked)
        value = string(self.kind.encode()) + string(made) + counted
        return read_bytes(sshsig(self.public.blob, namespace.encode(), value))


class Agent:
    """A real ``ssh-agent`` that ends with the test."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "agent"
        self._process = subprocess.Popen(
            ["ssh-agent", "-D", "-a", str(self.socket)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()  # it says where it listens once it does

    def add(self, key: Path) -> None:
        environment = {**os.environ, "SSH_AUTH_SOCK": str(self.socket)}
        subprocess.run(["ssh-add", "-q", str(key)], env=environment, check=True, capture_output=True)

    def end(self) -> None:
        self._process.terminate()
        self._process.communicate()
