"""Looks for what is production's in the configuration of staging, and for what is staging's in that of production.

Nothing is written anywhere to find out: what cannot be reached or used by its configuration is not tried.
"""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import ClassVar

import msgspec

from workbench.definitions.shapes import Category, Severity
from workbench.probes.captured import Capture, Change, Parameter, Piece, Plant, Side, Snapshot, leaf_of
from workbench.probes.hiding import Hide, fingerprints_in
from workbench.probes.kinds.configuration.probing import ConfigurationProber
from workbench.probes.parameters import snapshot_of, tree_of
from workbench.probes.sorting import title_of
from workbench.sources.configuration.naming import STAGING, WORD

_HOST = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*://)?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?::\d+)?(?=[/,;\s\"'\])?]|$)"
)
_PLACES = frozenset(
    {"queue", "topic", "bucket", "stream", "exchange", "host", "endpoint", "broker", "arn", "database"}
)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_PRODUCTION = ("production", "prod", "prd")  # “live” is a word of other things, too
_MOST_PLANTED = 6


class IsolationProber(ConfigurationProber):
    """Compares fingerprints and names across, and not value by value."""

    planted_in: ClassVar[Side] = "staging"

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """All parameters; those that both may have in common are left out."""
        found = snapshot_of(capture, hide)
        kept = {path: held for path, held in found.parameters.items() if not self._is_shared(path)}
        return Snapshot(kept, found.notes)

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """Each parameter that crosses from one environment into the other, whichever way."""
        theirs = _by_fingerprint(production)
        found: dict[str, Change] = {}
        for path, held in staging.parameters.items():
            for token in fingerprints_in(held.text):
                if token in theirs:
                    found[path] = _credential(path, theirs[token])
            if path not in found and (name := _named(path, held, self.config.endpoints, _PRODUCTION)):
                found[path] = _reaches(path, held.text, name, "production")
        for path, held in production.parameters.items():
            if name := _named(path, held, self.config.own, STAGING):
                change = _reaches(path, held.text, name, "staging")
                found[change.path] = change
        return tuple(found[path] for path in sorted(found))

    def plants_beside(self, capture: Capture, other: Capture) -> Iterable[Plant]:
        """Credentials and endpoints of production, written into the configuration of staging."""
        for number, (key, name, text) in enumerate(self._of_production(other)):
            data = json.dumps({name: text}).encode()
            piece = Piece(f"planted-{number}.json", "application/json", data)
            yield Plant(
                key,
                f"{'a credential' if key == 'credential' else 'an endpoint'} of production stands in staging's files",
                msgspec.structs.replace(capture, pieces=(*capture.pieces, piece)),
            )

    def _of_production(self, other: Capture) -> Iterator[tuple[str, str, str]]:
        values = tree_of(other.pieces).values
        secrets = [
            placed.value.text
            for path, placed in values.items()
            if placed.value.secret and placed.value.text and not self._is_shared(path)
        ]
        for text in list(dict.fromkeys(secrets))[:_MOST_PLANTED]:
            yield "credential", "PLANTED_PASSWORD", text
        for name in self.config.endpoints[:_MOST_PLANTED]:
            yield "endpoint", "PLANTED_URL", f"https://{name}/orders"

    def _is_shared(self, path: str) -> bool:
        return any(
            fnmatch.fnmatchcase(path, pattern) or fnmatch.fnmatchcase(path, f"*/{pattern}")
            for pattern in self.config.shared
        )


def _by_fingerprint(side: Snapshot) -> dict[str, str]:
    return {token: path for path, held in side.parameters.items() for token in fingerprints_in(held.text)}


def _credential(path: str, theirs: str) -> Change:
    """Neither the secret nor its fingerprint is told: only where both stand."""
    return Change(
        path=path,
        staging="the same secret as production",
        production=f"its own, in {title_of(theirs)}",
        title=f"{title_of(path)} is a credential of production",
        category=Category.SECURITY,
        severity=Severity.HIGH,
    )


def _reaches(path: str, text: str, name: str, whose: str) -> Change:
    ours, theirs = (
        (text, f"{name} is production's") if whose == "production" else (f"{name} is staging's", text)
    )
    return Change(
        path=path if whose == "production" else f"production/{path}",
        staging=ours,
        production=theirs,
        title=f"{title_of(path)} of {'staging' if whose == 'production' else 'production'} leads to {whose}",
        category=Category.SECURITY,
        severity=Severity.HIGH,
    )


def _named(path: str, held: Parameter, declared: Iterable[str], words: Collection[str]) -> str:
    """What of the other environment a value names: something declared, or a place whose name says so; "" for nothing."""
    text = held.text.lower()
    for name in declared:
        if re.search(rf"(?<![a-z0-9-])(?<![a-z0-9]\.){re.escape(name.lower())}(?![a-z0-9-])", text):
            return name
    for place in (*_HOST.findall(held.text), *_place(path, held.text)):
        if any(found[1].lower() in words for found in WORD.finditer(place)):
            return str(place)
    return ""


def _place(path: str, text: str) -> tuple[str, ...]:
    """The value of a parameter that is called as one that names a place, and says more than an environment's word."""
    named = {word.lower() for word in _WORDS.findall(leaf_of(path))} & _PLACES
    return (text,) if named and len(text) < 200 and "://" not in text and WORD.fullmatch(text) is None else ()
