"""What a list of components holds, whatever its format, and names that two tools write differently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

import msgspec

from workbench.model.text import safe_text
from workbench.sources.findings import Finding
from workbench.sources.report_files import NOTHING_TOLD, Told

# Types whose names are the same in capital and small letters, by https://github.com/package-url/purl-spec
_SMALL = frozenset({"alpm", "apk", "bitbucket", "composer", "deb", "github", "pypi"})
_NO_VERSION = frozenset({"", "noassertion", "none", "unknown"})


class Component(msgspec.Struct, frozen=True):
    """One component: ``pypi/requests``, and its version, or ``""`` where none is told."""

    name: str
    version: str = ""


class Components(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in one file.

    ``flaws`` say why it is not the whole; ``findings`` is ``None`` where nobody looked for vulnerabilities.
    """

    components: Sequence[Component]
    flaws: Sequence[str] = ()
    findings: Sequence[Finding] | None = None
    told: Told = NOTHING_TOLD


def component(purl: str | None, name: str | None, version: str | None, group: str | None = None) -> Component:
    """A component by its package address (purl), else by its name as it is written."""
    found = _of_purl(purl) if purl else None
    told = _version(version)
    if found is None:
        plain = f"{group}/{name or ''}" if group else name or ""
        return Component(safe_text(plain, 200), told)
    return Component(found.name, found.version or told)


def _of_purl(purl: str) -> Component | None:
    """``pkg:pypi/Charset_Normalizer@3.4?x=y#z`` as ``pypi/charset-normalizer`` and ``3.4``; ``None`` for no purl."""
    scheme, colon, rest = purl.partition(":")
    if scheme.lower() != "pkg" or not colon:
        return None
    path = rest.lstrip("/").partition("#")[0].partition("?")[0]
    path, _, version = path.rpartition("@") if "@" in path.rpartition("/")[2] else (path, "", "")
    sort, _, name = path.partition("/")
    if not sort or not name:
        return None
    sort, name = sort.lower(), unquote(name)
    if sort in _SMALL:
        name = name.lower()
    if sort == "pypi":
        name = re.sub(r"[-_.]+", "-", name)
    return Component(safe_text(f"{sort}/{name}", 200), _version(unquote(version)))


def _version(text: str | None) -> str:
    plain = (text or "").strip()
    return "" if plain.lower() in _NO_VERSION else safe_text(plain, 100)
