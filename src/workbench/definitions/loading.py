"""Load a project: ``workbench.yaml``, the files that it includes, and its checklists."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from workbench import shipped
from workbench.definitions.checking import Surroundings, check_project
from workbench.definitions.files import SIZE_LIMIT, Unusable, expand, inside, read_text
from workbench.definitions.filling import filled
from workbench.definitions.inline import DefinitionReader
from workbench.definitions.objectives import burn_key, with_benchmarks
from workbench.definitions.project import RECORD, Definitions
from workbench.definitions.reading import FAILED, MarkPath
from workbench.definitions.regions import can_be_split, key_in, regions_of, split
from workbench.definitions.shapes import BUILT_IN, Checklist, Mark, Part, Project
from workbench.definitions.structs import field_names, lists_of, look_at
from workbench.definitions.text_checks import did_you_mean, quoted
from workbench.definitions.yaml_text import Document, Mapping, Node, Scalar, Sequence, parse
from workbench.model.errors import DefinitionError, Problem, UsageError
from workbench.model.keys import is_slug
from workbench.model.kinds import Kinds

FILE_NAME = "workbench.yaml"
TOTAL_LIMIT = 5 * SIZE_LIMIT


class NoProject(UsageError):
    """There is no project in the folder or above it."""


def find_project(start: Path) -> Path:
    """The folder of ``start`` or above it that holds ``workbench.yaml``; ``NoProject`` if none does."""
    begin = start.absolute()
    for folder in (begin, *begin.parents):
        if (folder / FILE_NAME).is_file():
            return folder
        if (folder / "workbench.yml").is_file():
            raise UsageError(
                "the project's file is called workbench.yml",
                where=str(folder),
                hint=f"rename it to {FILE_NAME}",
            )
    raise NoProject(
        f"there is no {FILE_NAME} here or in a folder above",
        where=str(begin),
        hint="make one with workbench init, or name the folder with --project",
    )


def load(
    root: Path,
    kinds: Kinds,
    *,
    strict: bool = True,
    project: type[Project] = Project,
    part: type[msgspec.Struct] = Part,
) -> Definitions:
    """Read and check every file of the project in ``root``.

    ``project`` and ``part`` are the shapes of ``workbench.yaml`` and of what it includes.

    Raises ``DefinitionError`` with every problem at once.  With ``strict=False`` mistakes
    between definitions (a name that nothing has, a rule that cannot fail) are returned among
    the warnings; what cannot be read still raises.
    """
    return _Loading(root, kinds, project, part).load(strict)


class _Loading:
    def __init__(self, root: Path, kinds: Kinds, project: type[Project], part: type[msgspec.Struct]) -> None:
        self.root = root.resolve()
        self.kinds = kinds
        self.shape = project
        self.part = part
        look_at(project, part, Checklist)
        self.lists = lists_of(project)
        self.problems: list[Problem] = []
        self.documents: list[Document] = []
        self.checklists: list[Document] = []
        self.marks: dict[MarkPath, Mark] = {}
        self.lines: dict[str, list[str]] = {}
        self.read = 0
        self.complete = True

    def load(self, strict: bool) -> Definitions:
        main = self._document(self.root / FILE_NAME, FILE_NAME)
        if main is None or main.root is None:
            raise DefinitionError(self.problems)
        self._main_must_be_fields(main)
        self.documents.append(main)
        self._include(main)
        self._find_checklists()
        around = self._surroundings()
        whole = filled(with_benchmarks(self._project(main, around)), self.kinds)
        self._mark_objectives(whole)
        project = split(whole)
        self._mark_regions(whole)
        checklists = self._read_checklists()
        found = check_project(project, checklists, self.kinds, around)
        if strict:
            self.problems.extend(problem for problem in found if problem.severity == "error")
        if self.problems:
            raise DefinitionError(self._ordered(self.problems))
        return Definitions(
            root=self.root,
            project=project,
            kinds=self.kinds,
            checklists=tuple(checklists),
            marks=self.marks,
            warnings=self._ordered(found),
            files=tuple(self.lines),
        )

    def _ordered(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        order = {file: number for number, file in enumerate(self.lines)}
        return tuple(sorted(dict.fromkeys(problems), key=lambda p: (order.get(p.file, 0), p.line, p.column)))

    def _problem(self, document: Document, node: Node, what: str, hint: str | None = None) -> None:
        self.problems.append(Problem(document.file, node.line, node.column, what, hint))

    # -- files

    def _document(self, path: Path, file: str) -> Document | None:
        try:
            text = read_text(path)
        except Unusable as error:
            self.lines.setdefault(file, [])
            self.problems.append(error.problem(file))
            self.complete = False
            return None
        self.read += len(text)
        document = parse(text, file)
        self.lines[file] = document.lines
        self.problems.extend(document.problems)
        self.complete = self.complete and document.root is not None
        return document

    def _main_must_be_fields(self, main: Document) -> None:
        root = main.root
        if not isinstance(root, Mapping):
            what = f"{FILE_NAME} must hold names with values, such as “project: my-shop”"
            line, column = (root.line, root.column) if root else (0, 0)
            raise DefinitionError([*self.problems, Problem(main.file, line, column, what)])

    def _paths(self, document: Document, name: str) -> list[Scalar]:
        """The texts of a list of paths; what is no text is told when the list is read."""
        node = document.root.get(name) if isinstance(document.root, Mapping) else None
        if isinstance(node, Mapping) or (isinstance(node, Scalar) and not node.empty):
            self.complete = False
        items = node.items if isinstance(node, Sequence) else []
        return [item for item in items if isinstance(item, Scalar) and not item.empty]

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _include(self, main: Document) -> None:
        for node in self._paths(main, "include"):
            for path in self._expanded(main, node):
                file = self._name(path)
                if path.resolve() == (self.root / FILE_NAME).resolve():
                    if node.text == file:
                        self._problem(main, node, f"{FILE_NAME} cannot include itself")
                elif file not in self.lines:
                    self._include_one(main, node, path, file)

    def _include_one(self, main: Document, node: Scalar, path: Path, file: str) -> None:
        if self.read > TOTAL_LIMIT:
            self._problem(
                main, node, f"the project's files are larger than {TOTAL_LIMIT // SIZE_LIMIT} MB together"
            )
            return
        document = self._document(path, file)
        if document is None or document.root is None:
            return
        if not isinstance(document.root, Mapping):
            self.complete = False
            names = ", ".join(field_names(self.part))
            self._problem(
                document, document.root, "an included file must hold lists by name", f"possible: {names}"
            )
            return
        if document.root.get("include") is not None:
            key = document.root.entries.pop("include")[0]
            self._problem(
                document, key, "an included file cannot include others", f"name them in {FILE_NAME}"
            )
        if document.root.text("checklist") is not None:
            self._problem(
                document, document.root, "this is a checklist", "name it under checklists:, not include:"
            )
            return
        self.documents.append(document)

    def _expanded(self, document: Document, node: Scalar) -> list[Path]:
        try:
            inside(self.root, node.text)
        except Unusable:
            self.complete = False
            return []  # told when the list is read
        try:
            return expand(self.root, node.text)
        except Unusable as error:
            self._problem(document, node, error.what, error.hint)
            self.complete = False
            return []

    def _find_checklists(self) -> None:
        for document in list(self.documents):
            for node in self._paths(document, "checklists"):
                for path, file in self._checklist_files(document, node):
                    if file not in self.lines:
                        found = self._document(path, file)
                        if found is not None and found.root is not None:
                            self.checklists.append(found)

    def _checklist_files(self, document: Document, node: Scalar) -> list[tuple[Path, str]]:
        """A path or pattern in the project; a bare name may mean a list that is built in."""
        if is_slug(node.text) and "." not in node.text and not (self.root / node.text).is_file():
            own = self.root / "checklists" / f"{node.text}.yaml"
            if own.is_file():
                node = Scalar(f"checklists/{node.text}.yaml", node.plain, node.line, node.column)
            else:
                return self._built_in(document, node)
        return [(path, self._name(path)) for path in self._expanded(document, node)]

    def _built_in(self, document: Document, node: Scalar) -> list[tuple[Path, str]]:
        path = shipped.checklists() / f"{node.text}.yaml"
        if path.is_file():
            return [(path, f"{BUILT_IN}{node.text}.yaml")]
        self.complete = False
        names = [file.stem for file in shipped.checklists().glob("*.yaml")]
        self._problem(
            document,
            node,
            f"no checklist {quoted(node.text)} comes with the workbench",
            did_you_mean(node.text, names),
        )
        return []

    def _mark_objectives(self, project: Project) -> None:
        """Benchmarks that are made of objectives stand where these do."""
        fields = {"target": ("pass",), "indicator": ("measure",), "window": ("measure", "window")}
        for objective in project.objectives:
            own: MarkPath = ("objectives", objective.key)
            places = {path: mark for path, mark in self.marks.items() if path[:2] == own}
            for key in (objective.key, burn_key(objective)):
                for path, mark in places.items():
                    below = (*fields.get(str(path[2]), path[2:3]), *path[3:]) if len(path) > 2 else ()
                    self.marks.setdefault(("benchmarks", key, *below), mark)

    def _mark_regions(self, project: Project) -> None:
        """A benchmark of one region stands where the one of all regions does."""
        regions = regions_of(project)
        for benchmark in project.benchmarks:
            if can_be_split(benchmark, regions):
                places = [
                    (p, mark) for p, mark in self.marks.items() if p[:2] == ("benchmarks", benchmark.key)
                ]
                for place in regions:
                    key = key_in(benchmark.key, place.region or "")
                    self.marks |= {("benchmarks", key, *path[2:]): mark for path, mark in places}

    # -- structs

    def _surroundings(self) -> Surroundings:
        declared: dict[str, list[tuple[str, Mark]]] = {kind: [] for kind in self.lists}
        kinds: dict[str, dict[str, str]] = {name: {} for name in self.lists.values()}
        for document in self.documents:
            for kind, name in self.lists.items():
                node = document.root.get(name) if isinstance(document.root, Mapping) else None
                for item in node.items if isinstance(node, Sequence) else []:
                    key = item.get("key") if isinstance(item, Mapping) else None
                    if isinstance(key, Scalar) and not key.empty:
                        declared[kind].append((key.text, Mark(document.file, key.line, key.column)))
                        if isinstance(item, Mapping):
                            kinds[name].setdefault(key.text, item.text("kind") or "")
        for objective, at in declared.get("objective", ()):
            declared["benchmark"] += [(objective, at), (f"{objective}-burn", at)]
        for document in self.checklists:
            key = document.root.get("checklist") if isinstance(document.root, Mapping) else None
            if isinstance(key, Scalar):
                declared["checklist"].append((key.text, Mark(document.file, key.line, key.column)))
        kinds["sources"].setdefault(RECORD.key, RECORD.kind)
        return Surroundings(self.root, declared, kinds, self.marks, self.lines, self.complete)

    def _reader(self, document: Document, around: Surroundings) -> DefinitionReader:
        return DefinitionReader(
            document, self.root, self.kinds, around.kind_names, self.marks, around.complete
        )

    def _project(self, main: Document, around: Surroundings) -> Project:
        values: dict[str, Any] = {}
        for document in self.documents:
            cls = self.shape if document is main else self.part
            label = "a project" if document is main else "an included file"
            reader = self._reader(document, around)
            assert isinstance(document.root, Mapping)
            reader.unknown_fields(document.root, field_names(cls), label)
            found = reader.fields(document.root, cls, (), label)
            for name in field_names(self.part):
                values.setdefault(name, []).extend(found.pop(name, None) or [])
            values.update(found)
            self.problems.extend(reader.problems)
        return self.shape(**values)

    def _read_checklists(self) -> list[Checklist]:
        found = []
        for document in self.checklists:
            reader = DefinitionReader(document, self.root, self.kinds, {}, self.marks)
            root = document.root
            assert root is not None
            key = (root.text("checklist") if isinstance(root, Mapping) else None) or document.file
            path: MarkPath = ("checklists", key)
            reader.mark(path, root)
            checklist = reader.struct(root, Checklist, path, "a checklist")
            if checklist is not FAILED:
                found.append(checklist)
            self.problems.extend(reader.problems)
        return found
