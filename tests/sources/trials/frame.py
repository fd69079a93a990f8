"""The shapes of trials, and how a project is made of a guide's example to try it."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import yaml
from tests import building as build
from tests.sources.support import Answer, Asked, Server

import workbench
from workbench.sources.kinds import KINDS
from workbench.sources.reading import State

NOW = build.NOW
COMMIT = build.SHA
NOWHERE = "http://127.0.0.1:9"
SOURCES = Path(workbench.__file__).parent / "sources"
RECIPES = SOURCES / "recipes"
_EXAMPLE = re.compile(r"^## Example\n.*?^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)

Says: TypeAlias = Answer | Callable[[Asked], Answer]
Written: TypeAlias = bytes | Callable[[Path], object]


class Case(msgspec.Struct, frozen=True):
    """What a server answers, and what has to come of it.

    ``words`` all stand in what is said of the reading: its ``why``, ``partial`` and facts.  ``of`` is the
    subject that is asked, the first that the trials expect anything of unless said.
    """

    answer: Says
    state: State
    words: tuple[str, ...]
    of: str = ""


class FileCase(msgspec.Struct, frozen=True):
    """What stands in a file (or what writes it), and what has to come of it; see :class:`Case`."""

    content: Written
    state: State
    words: tuple[str, ...]
    of: str = ""


REFUSED = Case((403, {}, b""), "error", ("refuses", "token"))
WRONG_TOKEN = Case((401, {}, b""), "error", ("refuses", "token"))


class ServerTrials(msgspec.Struct, frozen=True, kw_only=True):
    """Trials of a kind, or of a recipe, that asks a server.

    ``right`` answers as the vendor documents it, and ``expects`` says by subject (a benchmark of the example,
    or ``tests/SOURCE``) which number comes of it.  ``partial`` may be a sentence that says why there is no such
    thing.  ``another`` is what another version of the server, or something else at its address, answers.
    ``example`` is YAML with one source and its benchmarks: that of the ``guide.md`` unless given.
    ``secrets`` are the environment variables that the example names.  ``address`` is the source's field that
    the server's address goes into.
    """

    right: Says
    expects: Mapping[str, str]
    empty: Case
    partial: Case | str
    another: Case
    refused: Case = REFUSED
    wrong_token: Case = WRONG_TOKEN
    more: Mapping[str, Case] = {}
    example: str = ""
    secrets: tuple[str, ...] = ()
    address: str = "url"


class FileTrials(msgspec.Struct, frozen=True, kw_only=True):
    """Trials of a kind, or of a recipe, that reads a file; see :class:`ServerTrials`.

    ``file`` is where the content is put below the project, where the example's pattern finds it; ``beside`` are
    further files.  ``empty`` is a whole file that reports nothing, ``cut_off`` the right one without its end,
    ``another`` another version or something else, ``bomb`` what is far too large, deep or many, ``hostile``
    holds escape codes, markup and paths that lead out of the project.
    """

    file: str
    right: bytes
    expects: Mapping[str, str]
    empty: FileCase
    cut_off: FileCase
    another: FileCase
    bomb: FileCase
    hostile: FileCase
    more: Mapping[str, FileCase] = {}
    beside: Mapping[str, bytes] = {}
    example: str = ""


class TriedIn(msgspec.Struct, frozen=True):
    """The test modules that try a kind in a way of its own, such as with a real database."""

    modules: tuple[str, ...]


Trials: TypeAlias = ServerTrials | FileTrials | TriedIn


def kinds_that_ask() -> list[str]:
    """The kinds that ask a server or read a file."""
    return [name for name, kind in KINDS.items() if not kind.by_hand and not kind.from_record]


def recipes() -> list[str]:
    """The recipes by name."""
    return sorted(guide.parent.name for guide in RECIPES.glob("*/guide.md"))


def trials_of(name: str) -> Trials:
    """The trials of a kind or a recipe; ``ModuleNotFoundError`` where there are none."""
    found: Trials = importlib.import_module(f"tests.sources.trials.{name}").TRIALS
    return found


def all_trials() -> dict[str, Trials]:
    """All trials by the names of their modules."""
    here = Path(__file__).parent
    names = sorted(path.stem for path in here.glob("*.py") if path.stem not in ("__init__", "frame"))
    return {name: trials_of(name) for name in names}


def example_of(name: str, trials: ServerTrials | FileTrials) -> dict[str, Any]:
    """The sources and benchmarks that are tried, as YAML has them."""
    text = trials.example
    if not text:
        folder = RECIPES if name in recipes() else SOURCES
        guide = (folder / name / "guide.md").read_text(encoding="utf-8")
        match = _EXAMPLE.search(guide)
        assert match is not None, f"the guide of {name} has no example"
        text = match[1]
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def project_of(name: str, trials: ServerTrials | FileTrials, url: str = NOWHERE) -> str:
    """A project's file around the example, its server at ``url``; the example's path stays."""
    example = example_of(name, trials)
    (source,) = example["sources"]
    if isinstance(trials, ServerTrials):
        path = re.sub(r"\Ahttps?://[^/]*", "", str(source.get(trials.address, "")))
        source[trials.address] = url + path
    if any(subject.startswith("tests/") for subject in trials.expects):
        example["gates"] = [{"key": "tests", "title": "Tests", "requires": [{"tests_green": source["key"]}]}]
    return build.HEAD + build.PEOPLE + yaml.safe_dump(example, sort_keys=False)


def as_function(says: Says) -> Callable[[Asked], Answer]:
    """What answers a request: the same each time, or what the trial says."""
    return says if callable(says) else lambda _: says


def held_up(over: Any) -> Callable[[Asked], Answer]:
    """A server that takes each request and answers when ``over`` is set."""

    def answer(_: Asked) -> Answer:
        over.wait(30)
        return 200, {}, b""

    return answer


__all__ = [
    "COMMIT",
    "NOW",
    "Answer",
    "Asked",
    "Case",
    "FileCase",
    "FileTrials",
    "Server",
    "ServerTrials",
    "TriedIn",
]
