"""What attestations are made from, and what they become."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.errors import UsageError
from workbench.releases.model import Artifact
from workbench.usecases.reporting.checks import Checked, safe

STATEMENT = "https://in-toto.io/Statement/v1"
MEDIA = "application/vnd.in-toto+json"
VERIFIER = "urn:release-workbench"
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_DIGEST = re.compile(r"(?:(?P<kind>sha256|sha384|sha512|sha1):)?(?P<hex>[0-9a-f]{40,128})\Z")
_LENGTHS = {"sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128}


class Document(msgspec.Struct, frozen=True):
    """One attestation: the name of its file, its media type, and its bytes."""

    name: str
    media: str
    data: bytes


class Descriptor(msgspec.Struct, frozen=True, kw_only=True):
    """A document that an attestation names: by digest, and where it is."""

    sha256: str
    name: str = ""
    uri: str = ""
    media: str = ""

    @property
    def document(self) -> dict[str, Any]:
        """The resource descriptor of in-toto; what is empty is left out."""
        named = {"name": self.name, "uri": self.uri, "mediaType": self.media}
        return {**{key: value for key, value in named.items() if value}, "digest": {"sha256": self.sha256}}


class Attested(msgspec.Struct, frozen=True, kw_only=True):
    """All that is attested of a gate.

    ``artifacts`` are the candidate's, ``policy`` the definitions it was judged by, ``inputs`` what it was judged
    from (the gate's report, an excerpt).  ``run`` is the address of the CI run, where there is one; ``controls`` are
    those that each requirement of the gate serves, by its key, and under "" those of the gate; ``made_at`` is the real moment of
    attesting.
    """

    said: Checked
    artifacts: Sequence[Artifact] = ()
    policy: Descriptor
    inputs: Sequence[Descriptor] = ()
    run: str = ""
    controls: Mapping[str, Sequence[str]] = {}
    made_at: datetime

    @property
    def genuine(self) -> bool:
        """Whether it was judged from a real record, or from an excerpt that somebody sealed."""
        found = self.said.found
        return found.demonstration is None and not found.unsealed

    @property
    def stands(self) -> bool:
        """Whether it may be called passed: everything is met and signed, and judged from what is genuine."""
        return self.said.gate.through and self.genuine

    @property
    def commit(self) -> dict[str, Any] | None:
        """The candidate's commit as a subject, where it is known whole."""
        build = self.said.found.candidate
        if build is None or not _COMMIT.match(build.commit.lower()):
            return None
        return {"name": safe(f"commit {build.commit}"), "digest": {"gitCommit": build.commit.lower()}}

    @property
    def products(self) -> list[dict[str, Any]]:
        """The candidate's artifacts as subjects: those whose digest names its kind, or cannot be mistaken."""
        found = []
        for item in self.artifacts:
            match = _DIGEST.match(item.digest.strip().lower())
            if match is None:
                continue
            kind = match["kind"] or next((k for k, n in _LENGTHS.items() if n == len(match["hex"])), "")
            if _LENGTHS.get(kind) == len(match["hex"]):
                found.append({"name": safe(item.name, 300), "digest": {kind: match["hex"]}})
        return found

    def subject(self, *, source: bool = False) -> list[dict[str, Any]]:
        """What an attestation is about: the artifacts by digest, else the commit; the other way round for ``source``.

        ``UsageError`` where neither can be named: an attestation about nothing proves nothing.
        """
        commit = [self.commit] if self.commit else []
        found = (commit or self.products) if source else (self.products or commit)
        if not found:
            raise UsageError(
                "the candidate has no artifact with a digest, and its commit is not known whole, so nothing can be attested of it",
                hint="workbench release candidate COMMIT --artifact NAME=sha256:DIGEST, with all 40 characters of the commit",
            )
        return found


def statement(
    attested: Attested, kind: str, predicate: dict[str, Any], *, source: bool = False
) -> dict[str, Any]:
    """An in-toto Statement v1 about the candidate."""
    return {
        "_type": STATEMENT,
        "subject": attested.subject(source=source),
        "predicateType": kind,
        "predicate": predicate,
    }
