"""The verifier's own list of signers: the people of the project here, or a file; never what is verified."""

from __future__ import annotations

from pathlib import Path

import msgspec

from workbench.definitions.loading import NoProject
from workbench.model.errors import UsageError
from workbench.model.files import open_regular
from workbench.model.ssh_keys import KeyProblem
from workbench.model.text import safe_text
from workbench.signoff.allowed_signers import LARGEST, read_allowed_signers
from workbench.signoff.ssh_signatures import Signer, allowed_signers, signers_of
from workbench.usecases.project import Options, read_definitions


class Signers(msgspec.Struct, frozen=True):
    """Whose keys count, and where that is said in words."""

    keys: tuple[Signer, ...]
    where: str


def signers_here(options: Options, allowed: Path | None = None) -> Signers:
    """The keys of the list in a file, or of the people of the project here; none where there is neither."""
    if allowed is not None:
        return Signers(read_allowed_signers(_text(allowed), str(allowed)), safe_text(allowed))
    try:
        _, definitions = read_definitions(options, strict=False)
    except NoProject:
        return Signers((), "no project here, and no --allowed-signers FILE")
    try:
        return Signers(signers_of(definitions.project.people), "the people of the project here")
    except KeyProblem as error:
        raise UsageError(
            f"a key of the project's people cannot be read: {error}", hint="workbench check"
        ) from None


def _text(path: Path) -> str:
    try:
        with open_regular(path) as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(
            f"{safe_text(path)} cannot be read: {error.strerror}", hint="name a list of allowed signers"
        ) from None
    if len(data) > LARGEST:
        raise UsageError(f"{safe_text(path)} is larger than 1 MB: no list of signers is")
    return data.decode("utf-8", "replace")


def export_signers(options: Options) -> str:
    """The people's keys for ``ssh-keygen -Y verify -f``; ``UsageError`` where nobody has one."""
    _, definitions = read_definitions(options)
    text = allowed_signers(definitions.project.people)
    if not text:
        raise UsageError(
            "nobody in this project has a key",
            where="people: in workbench.yaml",
            hint='keys: [{key: "ssh-ed25519 AAAA…"}] under a person',
        )
    return text
