"""Signing through ssh-keygen: files, an agent, git's key, and what it says when it does not sign."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.ssh import Agent, HardwareKey, make_key, public_line

from workbench.model.errors import NotAllowed, UsageError
from workbench.model.ssh_keys import read_public_key
from workbench.signoff.ssh_signatures import Namespace, read
from workbench.usecases import ssh_signing
from workbench.usecases.ssh_signing import SigningKey, git_key, public_half, sign_bytes, signing_key

DATA = b"statement"


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agent]:
    found = Agent(tmp_path)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(found.socket))
    yield found
    found.end()


@pytest.fixture(autouse=True)
def no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSH_AUTH_SOCK", "SSH_ASKPASS", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)


def test_a_public_key_signs_through_an_agent(tmp_path: Path, agent: Agent) -> None:
    key = make_key(tmp_path)
    agent.add(key)
    key.unlink()
    told: list[str] = []
    made = sign_bytes(DATA, tmp_path / "key.pub", Namespace.STATEMENT, asks=False, tell=told.append)
    assert made.fingerprint == read_public_key((tmp_path / "key.pub").read_text()).fingerprint
    assert told == [f"signing with {made.fingerprint}"]


def test_a_key_that_no_agent_has_says_what_to_do(tmp_path: Path, agent: Agent) -> None:
    key = make_key(tmp_path)
    key.unlink()
    with pytest.raises(NotAllowed, match="nothing was signed") as caught:
        sign_bytes(DATA, tmp_path / "key.pub", Namespace.STATEMENT, asks=False)
    assert "ssh-add" in str(caught.value.hint)


def test_a_passphrase_that_cannot_be_asked_for_says_what_to_do(tmp_path: Path) -> None:
    key = make_key(tmp_path, passphrase="correct horse")
    with pytest.raises(NotAllowed, match="nothing was signed") as caught:
        sign_bytes(DATA, key, Namespace.STATEMENT, asks=False)
    assert "ssh-add" in str(caught.value.hint)


def test_ssh_keygen_itself_asks_for_the_passphrase_on_the_terminal(tmp_path: Path) -> None:
    key = make_key(tmp_path, passphrase="correct horse")
    program = (
        "import sys; from pathlib import Path; from workbench.usecases.ssh_signing import sign_bytes;"
        "from workbench.signoff.ssh_signatures import Namespace;"
        f"made = sign_bytes(b'statement', Path({str(key)!r}), Namespace.STATEMENT);"
        "Path(sys.argv[1]).write_bytes(made.armored)"
    )
    import sys

    place, seen = tmp_path / "made", b""
    process, terminal = pty.fork()
    if process == 0:
        os.execv(sys.executable, [sys.executable, "-c", program, str(place)])
    try:
        while b"passphrase" not in seen:
            seen += os.read(terminal, 1024)
        os.write(terminal, b"correct horse\n")
        while True:
            seen += os.read(terminal, 1024) or b"\0"
            if seen.endswith(b"\0"):
                break
    except OSError:
        pass  # the program has ended
    finally:
        os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    assert read(place.read_bytes()).key.fingerprint == read_public_key(public_line(key)).fingerprint
    assert b"correct horse" not in seen


def test_nothing_is_left_behind_by_a_signature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_key(tmp_path)
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    sign_bytes(DATA, key, Namespace.STATEMENT)
    assert list(folder.iterdir()) == []


def test_a_key_that_is_too_weak_signs_nothing(tmp_path: Path) -> None:
    key = make_key(tmp_path, "weak", "rsa", "-b", "1024")
    with pytest.raises(NotAllowed):
        sign_bytes(DATA, key, Namespace.STATEMENT)


def test_without_ssh_keygen_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_key(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="ssh-keygen is not on this machine") as caught:
        sign_bytes(DATA, key, Namespace.STATEMENT)
    assert "openssh-client" in str(caught.value.hint)


def test_a_hardware_key_is_waited_for_in_words(tmp_path: Path) -> None:
    public = HardwareKey().public
    assert ssh_signing._waiting_for(public, SigningKey(None, public.line)) == (
        f"touch the hardware key now ({public.fingerprint})"
    )


def test_the_public_half_is_found_without_the_private_one(tmp_path: Path) -> None:
    key = make_key(tmp_path)
    key.chmod(0)
    half = public_half(SigningKey(key))
    assert half is not None
    assert half == public_half(SigningKey(tmp_path / "key.pub"))
    assert public_half(SigningKey(tmp_path / "other")) is None


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def test_the_key_that_git_signs_with_is_proposed(tmp_path: Path) -> None:
    key = make_key(tmp_path)
    _git(tmp_path, "init", "-q")
    assert git_key(tmp_path) is None
    _git(tmp_path, "config", "user.signingkey", str(key))
    assert git_key(tmp_path) is None  # it may be a key of OpenPGP
    with pytest.raises(UsageError, match="git does not sign with an SSH key"):
        signing_key("git", tmp_path)
    _git(tmp_path, "config", "gpg.format", "ssh")
    assert git_key(tmp_path) == signing_key("git", tmp_path) == SigningKey(key)
    line = read_public_key(public_line(key)).line
    for said in (f"key::{public_line(key)}", public_line(key)):
        _git(tmp_path, "config", "user.signingkey", said)
        assert git_key(tmp_path) == SigningKey(None, line)
    _git(tmp_path, "config", "user.signingkey", "key::nonsense")
    assert git_key(tmp_path) is None


def test_a_key_that_git_quotes_signs_through_the_agent(tmp_path: Path, agent: Agent) -> None:
    key = make_key(tmp_path)
    agent.add(key)
    line = read_public_key(public_line(key)).line
    made = sign_bytes(DATA, SigningKey(None, line), Namespace.STATEMENT, asks=False)
    assert made.read.key.line == line


def test_a_key_is_named_by_its_file(tmp_path: Path) -> None:
    key = make_key(tmp_path)
    assert signing_key(str(key), tmp_path) == SigningKey(key)
    for said, words in (
        ("nothing", "there is no key"),
        (public_line(key), "names a file"),
        (key.read_text(), "names a file"),
        (str(tmp_path), "there is no key"),
    ):
        with pytest.raises(UsageError, match=words) as caught:
            signing_key(said, tmp_path)
        assert key.read_text().splitlines()[1] not in str(caught.value)
