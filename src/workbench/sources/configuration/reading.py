"""The way in: what a file holds, as parameters by path with the lines on which they stand."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import msgspec

from workbench.sources.configuration import plans
from workbench.sources.configuration.decoding import Binary, decode
from workbench.sources.configuration.flatten import Value, flatten
from workbench.sources.configuration.secrets import Name, about_name, looks_secret
from workbench.sources.configuration.shaping import empty_note, is_manifests, shape
from workbench.sources.configuration.tree import Block, Document, Items, Node, Note, Unreadable

LARGEST = 8_000_000  # bytes of a file that is read
PLAN, STATE = "Terraform plan", "Terraform state"
_SNIFFED = 20_000  # characters that are looked at to tell what an unknown file is

_YAML = re.compile(r"(?m)\A(?:\s*#.*\n|\s*\n)*(?:---|[\w.\"'/-]+\s*:(?:\s|$)|- )")
_SETTINGS = re.compile(r"(?m)^\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*=")
_SECTION = re.compile(r"(?m)^\s*\[[^\[\]\n]+\]\s*$")


class Reading(msgspec.Struct, frozen=True):
    """A file that was read.  The paths in ``lists`` are lists whose members have names.

    ``manifests`` says that its paths begin with the kind and the name of a manifest; ``whole`` that nothing
    here reads what it holds: it is compared as one.
    """

    form: str
    values: dict[str, Value]
    lists: frozenset[str] = frozenset()
    notes: tuple[Note, ...] = ()
    manifests: bool = False
    whole: bool = False


def read(name: str, data: bytes) -> Reading:
    """What a file holds.  ``Unreadable`` says what is wrong with one of a known kind, and on which line."""
    if len(data) > LARGEST:
        raise Unreadable(f"it is larger than {LARGEST // 1_000_000} MB")
    try:
        text, notes = decode(data)
    except Binary as error:
        return _whole(
            name, data, f"binary, {len(data):,} bytes", (Note(f"{error.what}: it is compared as a whole"),)
        )
    reader = _reader(name, text)
    if reader is None:
        return _whole(
            name,
            text.encode(),
            f"text, {text.count(chr(10)) + 1:,} lines",
            (*notes, Note("nothing here reads this kind of file: it is compared as a whole")),
        )
    document = reader(text)
    form, root = _shaped(document)
    flat = flatten(root)
    told = (*notes, *document.notes, *flat.notes, *empty_note(root))
    return Reading(form, flat.values, flat.lists, told, manifests=is_manifests(document))


def _shaped(document: Document) -> tuple[str, Block]:
    root = document.roots[0] if document.roots else None
    if isinstance(root, Block) and plans.is_plan(root):
        return PLAN, plans.planned(root)
    if isinstance(root, Block) and plans.is_state(root):
        return STATE, plans.stated(root)
    return document.form, shape(document, _inner)


def _inner(name: str, text: str) -> Document | None:
    """A file within a value, if it is one that says more than a text does."""
    if "." not in name.strip("."):
        return None
    reader = _by_name(name.lower())
    try:
        document = reader(text) if reader is not None else None
    except Unreadable:
        return None
    return document if document is not None and any(map(_says_more, document.roots)) else None


def _says_more(root: Node) -> bool:
    """Whether it holds more than texts: a list of texts in a text is compared as it is written."""
    return isinstance(root, Block) or (
        isinstance(root, Items) and any(isinstance(item, Block) for item in root.items)
    )


def _whole(name: str, data: bytes, about: str, notes: tuple[Note, ...]) -> Reading:
    """A file as one parameter.  A small one may be a secret, as a key is: then a fingerprint stands for it."""
    text = data.decode("latin-1")
    secret = (
        len(data) < 4_000
        and (about_name(name.rpartition("/")[2]) in (Name.SECRET, Name.KEY) or "\n" not in text.strip())
    ) or looks_secret(text[:LARGEST])
    digest = hashlib.sha256(data).hexdigest()[:16]
    value = Value(text if secret else f"{about}, SHA-256 {digest}", secret=secret)
    return Reading("whole", {"": value}, notes=notes, whole=True)


# --- which kind of file ---------------------------------------------------------------------

_Reader = Callable[[str], Document]


def _reader(name: str, text: str) -> _Reader | None:
    return _by_name(name.rpartition("/")[2].lower()) or _by_content(text)


def _by_name(file: str) -> _Reader | None:
    """The reader for a file of this name (small letters, without folders); ``None`` where the name does not tell."""
    from workbench.sources.configuration import (
        env_files,
        hcl_files,
        json_files,
        line_files,
        toml_files,
        yaml_files,
    )

    if file.startswith((".env", "env.")) or file.endswith(".env") or file == "env":
        return env_files.read_env
    return {
        "yaml": yaml_files.read_yaml,
        "yml": yaml_files.read_yaml,
        "json": json_files.read_json,
        "jsonc": json_files.read_json,
        "json5": json_files.read_json,
        "tfstate": json_files.read_json,
        "toml": toml_files.read_toml,
        "ini": line_files.read_ini,
        "cfg": line_files.read_ini,
        "properties": line_files.read_properties,
        "tfvars": hcl_files.read_hcl,
    }.get(file.rpartition(".")[2])


def _by_content(text: str) -> _Reader | None:
    from workbench.sources.configuration import env_files, json_files, line_files, yaml_files

    start = text[:_SNIFFED]
    if start.lstrip()[:1] in ("{", "["):
        try:
            json_files.read_json(text)
        except Unreadable:
            pass
        else:
            return json_files.read_json
    if _SECTION.search(start) and _SETTINGS.search(start):
        return line_files.read_ini
    lines = [line for line in start.split("\n") if line.strip() and line.strip()[0] not in "#;"]
    if lines and all(_SETTINGS.match(line) for line in lines):
        return env_files.read_env
    return yaml_files.read_yaml if _YAML.match(start) and "{{" not in start else None
