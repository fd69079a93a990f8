"""The YAML of a new source, drafted from its kind's example and three answers: what, where, and what to measure.

A draft is a file of its own that a project may include; what is there already is never changed.
"""

from __future__ import annotations

import shlex
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from workbench.benchmarks.kinds import KINDS as BENCHMARKS
from workbench.definitions import Definitions, load
from workbench.definitions.shapes import EnvironmentKind
from workbench.flows.model import tiers
from workbench.model.errors import UsageError
from workbench.model.keys import is_slug, nearest, new_key
from workbench.model.text import safe_text
from workbench.sources.kinds import KINDS
from workbench.usecases.context import Context
from workbench.usecases.output_files import write_new
from workbench.usecases.project import kinds as every_kind
from workbench.usecases.schemas import schema_comment
from workbench.usecases.views.source_kinds import SourceLine, example_of, source_page

_PLACES = (
    "url",
    "repository",
    "files",
    "command",
)  # which field says where a source is, if none has to be there
NOTHING = "nothing"


class Choice(msgspec.Struct, frozen=True):
    """Something that the source can measure: its name, and what it is."""

    name: str
    about: str


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to say of a kind or a recipe: the field for where it is, with an example, and what it can measure."""

    line: SourceLine
    place: str
    example: str
    measures: tuple[Choice, ...]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """The answers.  ``measures`` are names of choices; ``None`` means the first, ``nothing`` none."""

    kind: str
    key: str = ""
    at: str = ""
    measures: tuple[str, ...] | None = None
    flow: str = ""
    environment: str = ""


class SourceDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a project may include: the source's key, its kind, its benchmarks, and the text."""

    source: str
    kind: str
    recipe: str
    benchmarks: tuple[str, ...]
    text: str


class Written(msgspec.Struct, frozen=True):
    """Where a draft was written, below the project's folder, and whether the project includes it already."""

    file: str
    included: bool


def choices(kind: str) -> Choices:
    """What there is to answer about a kind or a recipe; ``UsageError`` where there is none of that name."""
    page = source_page(kind)
    example = example_of(kind)
    source = _source(example)
    if not source:
        raise UsageError(
            f"a source of kind {kind} needs no entry under sources:"
            if example
            else f"the kind {kind} came without an example",
            hint=f"workbench source show {kind}",
        )
    place = _place(source, page.line.kind)
    return Choices(
        line=page.line,
        place=place,
        example=_plain(source.get(place, "")),
        measures=tuple(Choice(name, _about(one)) for name, one in _offered(example).items()),
    )


def draft(definitions: Definitions | None, wish: Wish) -> SourceDraft:
    """The file for these answers; what the project has already is taken into account, if there is one."""
    found, example = choices(wish.kind), example_of(wish.kind)
    source = dict(_source(example))
    source["key"] = key = _new_key(definitions, wish.key, str(source["key"]))
    if wish.at:
        if not found.place:
            raise UsageError(
                f"a source of kind {found.line.kind} is at no place of its own", hint="leave --at out"
            )
        listed = isinstance(source[found.place], list)
        source[found.place] = _words(wish.at) if listed else wish.at
    chosen = list(_chosen(_offered(example), wish.measures))
    taken = [one.key for one in definitions.project.benchmarks] if definitions else []
    benchmarks = []
    for one in chosen:
        made = _benchmark(one, definitions, wish, key, taken)
        taken.append(made["key"])
        benchmarks.append(made)
    body: dict[str, Any] = {"sources": [source]}
    if benchmarks:
        body["benchmarks"] = benchmarks
    head = f"{schema_comment('part')}\n# What each field means, and the pitfalls: workbench source show {wish.kind}\n"
    return SourceDraft(
        source=key,
        kind=found.line.kind,
        recipe=found.line.name if found.line.recipe else "",
        benchmarks=tuple(one["key"] for one in benchmarks),
        text=head + _as_yaml(body),
    )


def draft_in(context: Context, wish: Wish) -> SourceDraft:
    """The same in a project: about one of its flows, where none is named."""
    known = tiers(context.record)
    if not wish.flow and known:
        usual = {one.get("flow") for one in example_of(wish.kind).get("benchmarks", [])}
        wish = msgspec.structs.replace(wish, flow=next(iter(usual & known.keys()), next(iter(known))))
    return draft(context.definitions, wish)


def with_draft(context: Context, made: SourceDraft) -> Context:
    """The project as if it included the draft; ``DefinitionError`` names what in it cannot be."""
    project = context.definitions.project
    told = [one for one in msgspec.to_builtins(project.environments) if one["kind"] in set(EnvironmentKind)]
    plain = [{name: one[name] for name in ("key", "kind", "variables") if one.get(name)} for one in told]
    with tempfile.TemporaryDirectory() as folder:
        head = _as_yaml({"project": project.project, "environments": plain})
        Path(folder, "workbench.yaml").write_text(head + made.text, encoding="utf-8")
        alone = load(Path(folder), every_kind())
    whole = msgspec.structs.replace(
        project,
        sources=[*project.sources, *alone.project.sources],
        benchmarks=[*project.benchmarks, *alone.project.benchmarks],
    )
    return msgspec.structs.replace(
        context, definitions=msgspec.structs.replace(context.definitions, project=whole)
    )


def answers_from_recordings(context: Context, made: SourceDraft) -> bool:
    """Whether trying it can bring nothing: a demonstration has no recording of what is new."""
    source = context.definitions.source(made.source)
    asks = source is not None and bool(KINDS[source.kind].uses(source.config))
    return context.demonstration is not None and asks


def write(context: Context, made: SourceDraft, file: str = "") -> Written:
    """Write the draft as a new file of the project, where an ``include:`` finds it if one can.

    ``UsageError`` where there is such a file.
    """
    include = context.definitions.project.include
    name = file or _place_for(made, include)
    target = context.root / name
    if not target.resolve().is_relative_to(context.root.resolve()):
        raise UsageError(
            f"{safe_text(name, 200)} lies outside of the project", hint="name a file in the project's folder"
        )
    with_draft(context, made)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_new(target, made.text.encode(), overwrite=False)
    return Written(name, any(_fits(name, pattern) for pattern in include))


def _source(example: Mapping[str, Any]) -> Mapping[str, Any]:
    found: list[Mapping[str, Any]] = example.get("sources") or []
    return found[0] if found else {}


def _place(source: Mapping[str, Any], kind: str) -> str:
    fields = msgspec.structs.fields(KINDS[kind].config)
    needed = [field.encode_name for field in fields if field.required]
    known = [field.encode_name for field in fields]
    return next((name for name in (*needed, *_PLACES) if name in known and name in source), "")


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise UsageError(
            f"where it is cannot be split into words: {error}", hint="close each quote"
        ) from None


def _plain(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _offered(example: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The benchmarks of an example by their kind, or by their key where several have one kind or none."""
    benchmarks = example.get("benchmarks") or []
    kinds = Counter(one.get("kind") for one in benchmarks)
    alone = {one["key"]: one.get("kind") for one in benchmarks if kinds[one.get("kind")] == 1}
    return {str(alone.get(one["key"]) or one["key"]): one for one in benchmarks}


def _about(benchmark: Mapping[str, Any]) -> str:
    kind = str(benchmark.get("kind", ""))
    return BENCHMARKS[kind].about if kind in BENCHMARKS else str(benchmark.get("title", ""))


def _chosen(
    offered: Mapping[str, Mapping[str, Any]], names: Sequence[str] | None
) -> Iterator[Mapping[str, Any]]:
    if names is None:
        yield from list(offered.values())[:1]
        return
    for name in names:
        if name == NOTHING:
            continue
        if name not in offered:
            meant = nearest(name, offered)
            hint = f"did you mean {meant}?" if meant else f"one of {', '.join(offered)}, or {NOTHING}"
            raise UsageError(f"its example measures no “{safe_text(name, 60)}”", hint=hint)
        yield offered[name]


def _new_key(definitions: Definitions | None, wanted: str, usual: str) -> str:
    known = [one.key for one in definitions.project.sources] if definitions else []
    if not wanted:
        return new_key(usual, known)
    if not is_slug(wanted):
        raise UsageError(f"“{safe_text(wanted, 60)}” cannot be a key", hint="small letters, digits, - and _")
    if wanted in known:
        raise UsageError(f"there is a source “{wanted}” already", hint="give the new one another --key")
    return wanted


def _benchmark(
    example: Mapping[str, Any], definitions: Definitions | None, wish: Wish, source: str, taken: Sequence[str]
) -> dict[str, Any]:
    made = {**example, "key": new_key(str(example["key"]), taken)}
    made["measure"] = {**example.get("measure", {}), "source": source}
    if "flow" in made and wish.flow:
        made["flow"] = wish.flow
    staging = definitions.staging if definitions else None
    place = wish.environment or (staging.key if staging else "")
    if "environment" in made and place:
        made["environment"] = place
    return made


def _place_for(made: SourceDraft, include: Sequence[str]) -> str:
    wild = (one for one in include if one.count("*") == 1 and one.endswith((".yaml", ".yml")))
    pattern = next(wild, "*.yaml")
    return pattern.replace("*", f"source-{made.source}")


def _fits(name: str, pattern: str) -> bool:
    path = PurePosixPath(name)
    return len(path.parts) == len(PurePosixPath(pattern).parts) and path.match(pattern)


def _as_yaml(value: Any) -> str:
    import yaml

    class Indented(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            return super().increase_indent(flow, False)

    text: str = yaml.dump(value, Dumper=Indented, sort_keys=False, allow_unicode=True, width=1000)
    return text
