"""The first parity map in a minute: what two environments' files say differently, parameter by parameter.

Files are paired by path and name and compared as they are; nothing is rendered, run or asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from workbench.definitions.shapes import Category, Severity
from workbench.model.canonical import digest
from workbench.model.errors import SourceError
from workbench.model.files import read_regular
from workbench.model.text import safe_text
from workbench.probes.captured import Change, Parameter, Piece
from workbench.probes.hiding import Hide, holds_fingerprint
from workbench.probes.parameters import (
    FILE,
    Placed,
    Tree,
    file_of,
    own_folders,
    parameter,
    reading_of,
    refined,
    tree_of,
)
from workbench.probes.sorting import category_of, severity_of, title_of
from workbench.probes.wholes import by_path_or_whole, file_or_manifest
from workbench.sources.configuration.naming import STAGING, WORD, without_words
from workbench.sources.configuration.reading import LARGEST, Reading
from workbench.sources.configuration.shaping import EMPTY
from workbench.usecases.pairs import Pair, base_of, counterparts, overrides
from workbench.usecases.surveying import files_below

SECRET_DIFFERS = "secret, differs"
_CODE = frozenset({"rb", "py", "js", "cjs", "mjs", "ts", "exs", "php", "jsonnet", "libsonnet", "cue"})
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_LONGEST_TITLE = 200
_MOST_BASES = 200  # files of bases that one pair of overlays leads to


class Discovered(msgspec.Struct, frozen=True, kw_only=True):
    """One difference that was found.  ``None`` where a side does not have it; of a secret only that it differs.

    ``id`` names it as long as it says the same; ``where`` are the places that it stands in, ``file:line``;
    ``pair`` is what was compared.
    """

    id: str
    title: str
    category: Category
    severity: Severity
    path: str
    staging: str | None
    production: str | None
    where: tuple[str, ...]
    pair: str = ""
    secret: bool = False


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Files that were compared with one another, under the path that they have in common."""

    title: str
    staging: tuple[str, ...]
    production: tuple[str, ...]


class Discovery(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a folder: differences, how many parameters are equal, and what could not be compared.

    ``both`` are the paths of all parameters that both sides have, each with the two texts, secrets left out.
    """

    folder: Path
    proposals: tuple[Discovered, ...] = ()
    equal: int = 0
    compared: tuple[Compared, ...] = ()
    notes: tuple[str, ...] = ()
    both: Mapping[str, tuple[str, str]] = {}
    cut_short: bool = False


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """What a program made of both environments' files: ``staging`` and ``production`` are the commands.

    It stands in the place of the ``inputs``, files and folders that the commands name.
    """

    title: str
    staging: str
    production: str
    captures: tuple[bytes, bytes]
    inputs: tuple[str, ...] = ()


def discover(
    folder: Path,
    rendered: Iterable[Rendered] = (),
    cancelled: Callable[[], bool] = lambda: False,
) -> Discovery:
    """Compare what a folder has twice.  Reads files of the folder only, and follows no link.

    ``rendered`` is what was made of some of them already, which is compared in their place.
    """
    files, cut_short = files_below(folder)
    finder = _Finder(folder, files)
    made = tuple(rendered)
    for group in _groups(files):
        if cancelled():
            break
        if not _stands_for(made, group):
            finder.look(group)
    for one in made:
        finder.look_at(one)
    return Discovery(
        folder=folder,
        proposals=_with_own_titles(finder.found),
        equal=finder.equal,
        compared=tuple(finder.compared),
        notes=tuple(dict.fromkeys(finder.notes)),
        both=finder.both,
        cut_short=cut_short,
    )


def _stands_for(made: tuple[Rendered, ...], group: _Group) -> bool:
    """Whether something rendered tells more of these files than they do themselves."""
    files = [name for pair in group.pairs for name in (pair.staging, pair.production) if name]
    inputs = [name for one in made for name in one.inputs]
    return bool(inputs) and all(
        any(file == name or file.startswith(f"{name}/") for name in inputs) for file in files
    )


# --- which files are compared -----------------------------------------------------------------


class _Group(msgspec.Struct, frozen=True):
    """Files that are compared as one tree: those of two folders, or a file and its counterpart.

    ``base`` is a file that both sides take, unless they say otherwise.
    """

    place: str
    pairs: tuple[Pair, ...]
    base: str = ""


def _groups(files: list[str]) -> list[_Group]:
    places: dict[str, list[Pair]] = {}
    found: list[_Group] = []
    known = set(files)
    for pair in counterparts(files):
        if pair.place:
            places.setdefault(pair.place, []).append(pair)
        else:
            base = base_of(pair.title)
            found.append(_Group(_folder_of(pair.title), (pair,), base if base in known else ""))
    found += [_Group(place, tuple(pairs)) for place, pairs in places.items()]
    found += [_Group(_folder_of(pair.title), (pair,), base) for base, pair in overrides(known)]
    return sorted(found, key=lambda group: (group.place, group.pairs[0].title))


def _folder_of(title: str) -> str:
    folder, slash, _ = title.rpartition("/")
    return folder + slash


# --- what differs in them -----------------------------------------------------------------------


class _Sides(msgspec.Struct, frozen=True):
    """Both trees of a group, and what both take from their base."""

    staging: Tree
    production: Tree
    base: Tree


class _Finder:
    def __init__(self, folder: Path, files: list[str]) -> None:
        self._folder, self._files = folder, set(files)
        self._own = own_folders(files)
        self._hide = Hide(secrets.token_bytes(32))  # nothing of it is kept: any key will do
        self.found: list[Discovered] = []
        self.compared: list[Compared] = []
        self.notes: list[str] = []
        self.both: dict[str, tuple[str, str]] = {}
        self.equal = 0
        self._readings: dict[str, Reading] = {}

    def look(self, group: _Group) -> None:
        """Compares the files of a group; one that cannot be read costs its own pair."""
        pairs = [pair for pair in group.pairs if self._readable(pair)]
        if not pairs:
            return
        self.compared.append(
            Compared(
                title=group.place if len(group.pairs) > 1 else group.pairs[0].title,
                staging=tuple(pair.staging for pair in pairs if pair.staging),
                production=tuple(pair.production for pair in pairs if pair.production),
            )
        )
        sides = _Sides(
            self._tree(group.place, {pair.title: pair.staging for pair in pairs}),
            self._tree(group.place, {pair.title: pair.production for pair in pairs}),
            self._base(group),
        )
        self._tell(group.place, sides, self.compared[-1].title)

    def look_at(self, made: Rendered) -> None:
        """Compares what was rendered; a place in it is the command that made it."""
        commands = (made.staging, made.production)
        try:
            trees = [
                tree_of([Piece("rendered.yaml", "", data, {FILE: command})])
                for command, data in zip(commands, made.captures, strict=True)
            ]
        except SourceError as error:
            self.notes.append(f"{made.title}: not compared: {error.what}")
            return
        self.compared.append(Compared(title=made.title, staging=commands[:1], production=commands[1:]))
        self._tell("", _Sides(trees[0], trees[1], Tree({})), made.title)

    def _tell(self, place: str, sides: _Sides, pair: str) -> None:
        staging, production = self._texts(sides.staging, sides), self._texts(sides.production, sides)
        changes = refined(by_path_or_whole(staging, production, file_or_manifest))
        differing = {path for path in staging.keys() & production.keys() if staging[path] != production[path]}
        self.equal += len(staging.keys() & production.keys()) - len(differing)
        for path in staging.keys() & production.keys():
            if not (staging[path].secret or production[path].secret):
                self.both[place + path] = (staging[path].text, production[path].text)
        for change in changes:
            self.found.append(self._discovered(place, change, sides, pair))

    def _discovered(self, place: str, change: Change, sides: _Sides, pair: str) -> Discovered:
        texts = [_shown(text, change.secret) for text in (change.staging, change.production)]
        if change.secret and None not in texts:
            texts = [SECRET_DIFFERS, SECRET_DIFFERS]
        severity = severity_of(change) or Severity.MEDIUM
        path = place + change.path
        return Discovered(
            id=digest([path, change.staging if not change.secret else "", *map(str, texts)])[:6],
            title=safe_text(title_of(change.path), _LONGEST_TITLE),
            category=category_of(change.path) or _category_of_file(change.path),
            severity=severity,
            path=path,
            staging=texts[0],
            production=texts[1],
            where=tuple(self._where(change, sides)),
            pair=pair,
            secret=change.secret,
        )

    def _where(self, change: Change, sides: _Sides) -> Iterator[str]:
        """The places that a difference stands in, staging's first."""
        for tree, text in ((sides.staging, change.staging), (sides.production, change.production)):
            placed = _nearest(tree, change.path) or _nearest(sides.base, change.path)
            if placed is not None and text is not None:
                yield f"{placed.file}:{placed.value.line}" if placed.value.line else placed.file

    def _texts(self, tree: Tree, sides: _Sides) -> dict[str, Parameter]:
        """A side's parameters, with what it takes from the base where the other side says something of its own."""
        other = sides.production if tree is sides.staging else sides.staging
        held = {path: self._parameter(placed) for path, placed in tree.values.items()}
        for path in other.values.keys() & sides.base.values.keys():
            if path not in held and not any(path.startswith(f"{name}/") for name in tree.lists):
                held[path] = self._parameter(sides.base.values[path])
        return held

    def _parameter(self, placed: Placed) -> Parameter:
        return parameter(placed.value, self._hide, self._own)

    # --- files

    def _tree(self, place: str, files: Mapping[str, str]) -> Tree:
        """The values of some files by the title of their pair, each under the name that both environments share."""
        pieces = [
            Piece(_shared_name(title, place), "", self._bytes(name), {FILE: name})
            for title, name in files.items()
            if name
        ]
        tree = tree_of(pieces, self._reading)
        self.notes += [note for note in tree.notes if not note.endswith(EMPTY)]
        return tree

    def _base(self, group: _Group) -> Tree:
        if group.base:
            name = _shared_name(group.base, group.place)
            return self._quietly([Piece(name, "", self._bytes(group.base), {FILE: group.base})])
        folders = {_folder_of(pair.staging or pair.production) for pair in group.pairs}
        bases = dict.fromkeys(name for folder in sorted(folders) for name in self._bases(folder, 0))
        return self._quietly(
            [Piece(name, "", self._bytes(name), {FILE: name}) for name in list(bases)[:_MOST_BASES]]
        )

    def _bases(self, folder: str, depth: int) -> Iterator[str]:
        """The files that a kustomization takes in, and those that these take in."""
        for name in _KUSTOMIZATIONS:
            if folder + name not in self._files or depth > 8:
                continue
            for entry in self._resources(folder + name):
                target = _joined(folder, entry)
                if target in self._files:
                    if WORD.search(target) is None:
                        yield target
                elif target is not None:
                    yield from self._bases(target.rstrip("/") + "/", depth + 1)

    def _resources(self, name: str) -> Iterator[str]:
        """What a kustomization names under ``resources`` or ``bases``."""
        from workbench.sources.configuration.tree import Block, Leaf, Unreadable
        from workbench.sources.configuration.yaml_files import read_yaml

        try:
            roots = read_yaml(self._bytes(name).decode("utf-8", "replace")).roots
        except (Unreadable, SourceError):
            return
        for root in roots:
            if isinstance(root, Block):
                named = (*root.items("resources"), *root.items("bases"), *root.items("components"))
                yield from (item.text for item in named if isinstance(item, Leaf))

    def _quietly(self, pieces: Iterable[Piece]) -> Tree:
        """A base; what of it cannot be read is missing in both environments alike."""
        values: dict[str, Placed] = {}
        for piece in pieces:
            try:
                values |= tree_of([piece], self._reading).values
            except SourceError as error:
                self.notes.append(_told(error))
        return Tree(values)

    def _readable(self, pair: Pair) -> bool:
        for name in filter(None, (pair.staging, pair.production)):
            try:
                self._reading(Piece(name, "", self._bytes(name), {FILE: name}))
            except SourceError as error:
                self.notes.append(_told(error))
                return False
        return True

    def _reading(self, piece: Piece) -> Reading:
        """What a file holds, read once."""
        name = file_of(piece)
        if name not in self._readings:
            self._readings[name] = reading_of(piece)
        return self._readings[name]

    def _bytes(self, name: str) -> bytes:
        path = self._folder / name
        try:
            if path.is_symlink():
                raise SourceError("it is a link, and was not followed", where=name)
            if path.stat().st_size > LARGEST:
                raise SourceError(f"it is larger than {LARGEST // 10**6} MB", where=name)
            return read_regular(path)
        except OSError as error:
            raise SourceError(f"it cannot be read: {error.strerror}", where=name) from None


def _told(error: SourceError) -> str:
    return f"{error.where}: not compared: {error.what}"


def _joined(folder: str, entry: str) -> str | None:
    """A path that a file names from its own folder; ``None`` where it leads out of all of them, or is an address."""
    if "://" in entry or entry.startswith("/"):
        return None
    parts: list[str] = []
    for part in PurePosixPath(folder + entry).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _shared_name(title: str, place: str) -> str:
    """What a file is called in both environments, below the folder that is theirs."""
    return without_words(title.removeprefix(place).replace("*", STAGING[0]))


def _nearest(tree: Tree, path: str) -> Placed | None:
    """The value at a path, or the list that it stands in; of a whole file or manifest its first value."""
    above = path
    while above:
        if above in tree.values:
            return tree.values[above]
        above = above.rpartition("/")[0]
    return next((placed for at, placed in tree.values.items() if at.startswith(f"{path}/")), None)


def _shown(text: str | None, secret: bool) -> str | None:
    if text is None:
        return None
    return "secret" if secret or holds_fingerprint(text) else text


def _category_of_file(path: str) -> Category:
    file = next((part for part in path.split("/") if "." in part), "")
    return Category.CODE if file.rpartition(".")[2] in _CODE else Category.CONFIGURATION


def _with_own_titles(found: list[Discovered]) -> tuple[Discovered, ...]:
    """The same; those whose titles two would share are called by their whole path."""
    often: dict[str, int] = {}
    for one in found:
        often[one.title] = often.get(one.title, 0) + 1
    return tuple(
        one
        if often[one.title] == 1
        else msgspec.structs.replace(one, title=safe_text(title_of(one.path), _LONGEST_TITLE))
        for one in found
    )
