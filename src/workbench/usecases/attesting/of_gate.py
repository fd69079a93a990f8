"""The attestations of a gate as somebody asks for them: from an opened project, signed with a key where one is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench.model.canonical import sha256
from workbench.model.errors import UsageError
from workbench.model.files import read_regular
from workbench.model.text import safe_text
from workbench.releases import model as releases
from workbench.signoff.ssh_signatures import Namespace
from workbench.usecases.attesting.dsse import Sign
from workbench.usecases.attesting.in_toto import attestations
from workbench.usecases.attesting.shapes import Attested, Descriptor, Document
from workbench.usecases.ci_job import job_of
from workbench.usecases.context import Context, elsewhen
from workbench.usecases.reporting.checks import Checked
from workbench.usecases.reporting.report import Report
from workbench.usecases.ssh_signing import sign_bytes, signing_key


def attest(
    context: Context,
    said: Checked,
    environ: Mapping[str, str],
    inputs: Sequence[Descriptor] = (),
    ssh_key: str = "",
) -> list[Document]:
    """What can be attested of a gate of the current release; ``ssh_key`` is what ``--ssh-key`` names, or empty.

    Raises ``UsageError`` from another moment than the present and where nothing can be named, and ``NotAllowed`` where the key does not sign.
    """
    if elsewhen(context):
        raise UsageError("what is attested is as it stands now", hint="leave out --now")
    return attestations(
        attested(context, said, environ, inputs), signer(ssh_key, context.root) if ssh_key else None
    )


def attested(
    context: Context, said: Checked, environ: Mapping[str, str], inputs: Sequence[Descriptor] = ()
) -> Attested:
    """All that is attested; the definitions are those that the release was judged by."""
    held = releases.find(context.record, said.found.version)
    kept = said.found.definitions if isinstance(said.found, Report) else context.definitions.digest
    job = job_of(environ)
    return Attested(
        said=said,
        artifacts=held.candidate.artifacts if held.candidate else (),
        policy=Descriptor(sha256=kept, name="definitions"),
        inputs=inputs,
        run=job.url if job else "",
        controls=controls_of(context, said.gate.key),
        made_at=context.clock.real(),
    )


def controls_of(context: Context, gate: str) -> dict[str, list[str]]:
    """The controls that a gate serves, and each of its requirements, by its key."""
    asked = context.definitions.gate(gate)
    if asked is None:
        return {}
    served = {"": asked.satisfies, **{item.key: item.satisfies for item in asked.requires}}
    return {key: [safe_text(one, 200) for one in listed] for key, listed in served.items() if listed}


def signer(ssh_key: str, folder: Path) -> Sign:
    """Signs the bytes of an envelope with a key."""
    key = signing_key(ssh_key, folder)
    return lambda data: sign_bytes(data, key, Namespace.DSSE)


def descriptor_of(path: Path, media: str = "") -> Descriptor:
    """A file that something was judged from, by its digest and its name."""
    return Descriptor(sha256=sha256(read_regular(path)), name=safe_text(path.name, 200), media=media)
