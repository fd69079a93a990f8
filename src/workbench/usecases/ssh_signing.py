"""Signing with an SSH key through ``ssh-keygen``: key files, agents and hardware keys alike.

A private key is never read here: ``ssh-keygen`` reads it, asks for its passphrase, or asks the agent.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from workbench.model.errors import NotAllowed, UsageError
from workbench.model.files import open_regular
from workbench.model.ssh_keys import LONGEST_TEXT, KeyProblem, PublicKey, holds_private_key, read_public_key
from workbench.model.text import safe_text
from workbench.signoff.ssh_signatures import LARGEST, Namespace, SshSignature, check, read, signers_of
from workbench.usecases.context import Context, require_person
from workbench.usecases.git import ask_git

GIT = "git"
SECONDS = 180
Tell = Callable[[str], None]
_MISSING = "install OpenSSH: the package openssh-client on Debian and Ubuntu, openssh-clients on Fedora"


class Signature(msgspec.Struct, frozen=True):
    """What ``ssh-keygen`` made: the signature's file, and the fingerprint of the key that made it."""

    armored: bytes
    fingerprint: str

    @property
    def read(self) -> SshSignature:
        return read(self.armored)


class SigningKey(msgspec.Struct, frozen=True):
    """A key to sign with: ``path`` is a private key's file, or a public one's whose other half an agent holds.

    A key that git's configuration quotes has no file, and stands in ``line``.
    """

    path: Path | None
    line: str = ""

    @property
    def words(self) -> str:
        return str(self.path) if self.path is not None else "the key of git's user.signingkey"


def signing_key(said: str, folder: Path) -> SigningKey:
    """The key that ``--ssh-key`` names: a file, or ``git`` for the one that git signs commits with."""
    if said == GIT:
        found = git_key(folder)
        if found is None:
            raise UsageError(
                "git does not sign with an SSH key here",
                hint="git config --global gpg.format ssh; git config --global user.signingkey ~/.ssh/id_ed25519.pub",
            )
        return found
    if holds_private_key(said) or said.startswith(("ssh-", "sk-", "ecdsa-")):
        raise UsageError(
            "--ssh-key names a file, and is not the key itself", hint="--ssh-key ~/.ssh/id_ed25519"
        )
    path = Path(said).expanduser()
    if not path.is_file():
        raise UsageError(
            f"there is no key {safe_text(str(path), 200)}",
            hint="name a private key's file, or a .pub file whose key the agent holds; ssh-keygen -t ed25519 makes one",
        )
    return SigningKey(path)


def git_key(folder: Path) -> SigningKey | None:
    """The SSH key that git signs with (``gpg.format=ssh``, ``user.signingkey``), if it signs with one."""
    if ask_git(folder, "config", "--get", "gpg.format") != "ssh":
        return None
    said = ask_git(folder, "config", "--type=path", "--get", "user.signingkey")
    if not said:
        return None
    line = said.removeprefix("key::")
    if line != said or line.startswith(("ssh-", "sk-", "ecdsa-")):
        try:
            return SigningKey(None, read_public_key(line).line)
        except KeyProblem:
            return None
    path = Path(said)
    return SigningKey(path) if path.is_file() else None


def public_half(key: SigningKey) -> PublicKey | None:
    """The public key, where it can be told without reading a private one."""
    if key.path is None:
        return read_public_key(key.line)
    path = key.path if key.path.suffix == ".pub" else key.path.with_name(key.path.name + ".pub")
    try:
        with open_regular(path) as file:
            return read_public_key(file.read(LONGEST_TEXT + 1).decode("utf-8", "replace"))
    except (OSError, KeyProblem):
        return None


def sign_bytes(
    data: bytes, key: SigningKey | Path, namespace: Namespace, *, asks: bool = True, tell: Tell | None = None
) -> Signature:
    """Sign ``data`` with a key; ``NotAllowed`` says why ``ssh-keygen`` did not.

    With ``asks`` it may ask for a passphrase or a PIN on the terminal; without, as in the app, only an
    agent, a key without one, or the desktop's own dialog can answer.  ``tell`` is told what is waited for.
    """
    chosen = SigningKey(key) if isinstance(key, Path) else key
    program = shutil.which("ssh-keygen")
    if program is None:
        raise UsageError(
            "ssh-keygen is not on this machine, and it is what signs with SSH keys", hint=_MISSING
        )
    public = public_half(chosen)
    if tell is not None:
        tell(_waiting_for(public, chosen))
    with TemporaryDirectory(prefix="workbench-sign-") as place:
        folder = Path(place)
        document = folder / "document"
        document.write_bytes(data)
        name = chosen.path
        if name is None:
            name = folder / "key.pub"
            name.write_text(chosen.line + "\n", encoding="ascii")
        _run(
            [program, "-Y", "sign", "-f", str(name), "-n", namespace.value, str(document)], chosen, asks=asks
        )
        return _made(folder / "document.sig", chosen)


def _made(path: Path, key: SigningKey) -> Signature:
    """The signature that was written, if it is one that counts anywhere."""
    try:
        with open_regular(path) as file:
            armored = file.read(LARGEST + 1)
        found = read(armored)
    except (OSError, KeyProblem) as error:
        raise NotAllowed(
            f"the signature with {key.words} cannot be used: {error if isinstance(error, KeyProblem) else 'none was written'}",
            hint="sign with another key; ssh-keygen -t ed25519 makes one",
        ) from None
    return Signature(found.armored, found.key.fingerprint)


def _waiting_for(public: PublicKey | None, key: SigningKey) -> str:
    if public is not None and public.in_hardware:
        return f"touch the hardware key now ({public.fingerprint})"
    return f"signing with {public.fingerprint if public is not None else key.words}"


def _run(words: list[str], key: SigningKey, *, asks: bool) -> None:
    """Run ``ssh-keygen``, whose questions go to the terminal, and whose refusals become ours."""
    import subprocess  # 10 ms that only who signs pays for

    environment = {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(
            words,
            stdin=None if asks else subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            env=environment,
            timeout=None if asks else SECONDS,
            start_new_session=not asks,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotAllowed(
            f"nothing was signed: {key.words} did not answer within {SECONDS // 60} minutes",
            hint="touch the hardware key, or answer the agent, and sign again",
        ) from None
    except OSError as error:
        raise UsageError(f"ssh-keygen cannot be run: {error.strerror}", hint=_MISSING) from None
    if done.returncode != 0:
        raise NotAllowed(
            f"nothing was signed with {key.words}: {_said(done.stderr)}", hint=_hint(done.stderr, asks=asks)
        )


def _said(printed: str) -> str:
    """The last thing that ``ssh-keygen`` said, without the file that it was given."""
    lines = [
        line.strip() for line in printed.splitlines() if line.strip() and not line.startswith("Signing file")
    ]
    return safe_text(lines[-1].split("document: ", 1)[-1], 300) if lines else "ssh-keygen said nothing"


def _hint(printed: str, *, asks: bool) -> str:
    said = printed.lower()
    if "passphrase" in said:
        if asks:
            return "type the passphrase on a terminal, or add the key to an agent: ssh-add FILE"
        return "the key has a passphrase, which cannot be asked for here: ssh-add FILE, then sign again"
    if "agent" in said or "private key" in said or "no such file" in said:
        return "add the key to the agent with ssh-add FILE, or name the private key's file"
    if "unknown option" in said or "illegal option" in said or "invalid option" in said:
        return "OpenSSH 8.1 or newer is needed: ssh -V says which one is here"
    if "permissions" in said or "unprotected" in said:
        return "chmod 600 FILE"
    return "ssh-keygen -l -f FILE says what the key is"


# --- the person who sits here ---------------------------------------------------------------------------


def with_key(context: Context, said: str, *, asks: bool = True, tell: Tell | None = None) -> Context:
    """The context in which each statement is signed with the key that ``--ssh-key`` names.

    Nothing is recorded where the key is not, today, one of the person's own among the people of the project.
    ``asks`` and ``tell`` as in :func:`sign_bytes`; a worker of the app passes ``asks=False``.
    """
    public = public_half(signing_key(said, context.root))
    if public is not None:  # before anybody types a passphrase
        _require_own(context, public)

    return msgspec.structs.replace(context, signs=Signs(context, said, asks=asks, tell=tell))


class Signs:
    """Signs statements with one key; ``made`` counts them, for not every act makes one."""

    def __init__(self, context: Context, said: str, *, asks: bool, tell: Tell | None) -> None:
        self._context, self._said, self._asks, self._tell = context, said, asks, tell
        self.made = 0

    def __call__(self, data: bytes) -> tuple[bytes, str]:
        signature = signed_as_own(
            self._context, data, self._said, Namespace.STATEMENT, asks=self._asks, tell=self._tell
        )
        self.made += 1
        return signature.armored, signature.fingerprint


def signed_as_own(
    context: Context,
    data: bytes,
    said: str,
    namespace: Namespace,
    *,
    asks: bool = True,
    tell: Tell | None = None,
) -> Signature:
    """Sign ``data`` for another purpose with the key that ``--ssh-key`` names, as :func:`with_key` does statements."""
    return signed_with_own(context, data, signing_key(said, context.root), namespace, asks=asks, tell=tell)


def signed_with_own(
    context: Context,
    data: bytes,
    key: SigningKey,
    namespace: Namespace,
    *,
    asks: bool = True,
    tell: Tell | None = None,
) -> Signature:
    """Sign ``data`` with a key that is the person's own and counts now; ``NotAllowed`` with any other one."""
    public = public_half(key)
    if public is not None:
        _require_own(context, public)
    made = sign_bytes(data, key, namespace, asks=asks, tell=tell)
    require_holding(context, data, made, namespace)
    return made


def own_git_key(context: Context) -> SigningKey | None:
    """The SSH key that git signs with, where the project's files list it for the person who sits here."""
    key = git_key(context.root)
    public = public_half(key) if key is not None else None
    if public is None:
        return None
    try:
        mine = [each.key.blob for each in signers_of([require_person(context)])]
    except KeyProblem:
        return None  # told by the check of the files
    return key if public.blob in mine else None


def require_holding(
    context: Context, data: bytes, made: Signature, namespace: Namespace = Namespace.STATEMENT
) -> None:
    """``NotAllowed`` where a signature that was just made would not count."""
    _require_own(context, made.read.key)
    who = context.author().actor
    signers = signers_of(context.definitions.project.people)
    # A signature is made today, also where one looks from another moment; a demonstration has a time of its own.
    today = None if context.demonstration else context.clock.real()
    checked = check(signers, data, made.armored, namespace, context.now, held_at=today, person=who)
    if not checked.holds:
        raise NotAllowed(f"nothing was signed: {checked.problem}", hint=_KEYS)


_KEYS = "keys stand under people: in workbench.yaml"


def _require_own(context: Context, public: PublicKey) -> None:
    """The key is one that the project's files list for the person who sits here."""
    who = require_person(context)
    mine = [each.key.blob for each in signers_of([who])]
    if public.blob in mine:
        return
    others = [
        each.person for each in signers_of(context.definitions.project.people) if each.key.blob == public.blob
    ]
    if others:
        raise NotAllowed(
            f"nothing was signed: {public.fingerprint} is the key of {others[0]}, not of {who.key}",
            hint=_KEYS,
        )
    raise NotAllowed(
        f"nothing was signed: {public.fingerprint} is not among the keys of {who.key}",
        where="people: in workbench.yaml",
        hint=f'list it for {who.key}: keys: [{{key: "{public.line}"}}]',
    )
