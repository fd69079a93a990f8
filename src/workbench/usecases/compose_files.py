"""The services of compose files: which image each runs, and on which port it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from workbench.definitions import yaml_text
from workbench.definitions.files import Unusable, read_text
from workbench.definitions.yaml_text import Node, Scalar, Sequence, parse
from workbench.model.text import safe_text
from workbench.sources.proposing import Service

_MOST = 30  # files that are read
_VARIABLE = re.compile(r"\$\{(\w{1,80})(?::?[-?+][^}]{0,200})?\}|\$(\w{1,80})")
_DEFAULT = re.compile(r":?-([^}]{0,200})\}\Z")


def services_of(folder: Path, compose: Iterable[str]) -> tuple[Service, ...]:
    """The services of these compose files (relative paths), in order; a file that cannot be read has none.

    Variables are filled from the ``.env`` beside a file, as compose does; nothing else is read.
    """
    found: list[Service] = []
    for name in list(compose)[:_MOST]:
        path = folder / name
        try:
            if path.is_symlink():
                continue
            root = parse(read_text(path), name).root
        except Unusable:
            continue
        services = root.get("services") if isinstance(root, yaml_text.Mapping) else None
        if isinstance(services, yaml_text.Mapping):
            variables = _variables(path.with_name(".env"))
            found += [_service(name, key, node, variables) for key, (_, node) in services.entries.items()]
    return tuple(found)


def _service(file: str, key: str, node: Node, variables: Mapping[str, str]) -> Service:
    known = node if isinstance(node, yaml_text.Mapping) else yaml_text.Mapping(0, 0)
    ports = known.get("ports")
    entries = ports.items if isinstance(ports, Sequence) else []
    numbers = (_published(entry, variables) for entry in entries)
    return Service(
        file=file,
        name=safe_text(key, 80),
        image=safe_text(_filled(known.text("image") or "", variables), 200),
        ports=tuple(number for number in numbers if number),
    )


def _published(entry: Node, variables: Mapping[str, str]) -> int:
    """The port of this machine that a line of ``ports`` names; 0 where it names none."""
    if isinstance(entry, yaml_text.Mapping):
        written = entry.text("published") or ""
    elif isinstance(entry, Scalar):
        written = entry.text
        parts = _filled(written, variables).partition("/")[0].rsplit(":", 2)
        written = parts[-2] if len(parts) > 1 else ""
    else:
        return 0
    number = _filled(written, variables)
    return int(number) if re.fullmatch(r"[0-9]{1,5}", number) and int(number) < 65_536 else 0


def _filled(text: str, variables: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        default = _DEFAULT.search(match[0])
        return variables.get(match[1] or match[2]) or (default[1] if default else "")

    return _VARIABLE.sub(value, text)


def _variables(path: Path) -> dict[str, str]:
    try:
        text = "" if path.is_symlink() else read_text(path)
    except Unusable:
        return {}
    return dict(_lines(text))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    known: dict[str, str] = {}
    for line in text.splitlines():
        name, sign, value = line.strip().removeprefix("export ").partition("=")
        if sign and re.fullmatch(r"\w{1,80}", name):
            plain = (
                value.strip().strip("\"'") if value.strip()[:1] in "\"'" else value.partition(" #")[0].strip()
            )
            known[name] = _filled(plain, known)
    yield from known.items()
