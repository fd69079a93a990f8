"""Kinds: what a definition may be, each in a module of its own that is imported when it is named.

Definitions know no source and no requirement; those describe themselves as kinds, and the
use case that opens a project hands them in.  A :class:`Registry` is a package and a tuple
of names; ``registry["junit"]`` imports ``<package>.junit`` and takes its ``KIND``.  Adding a
kind is one module and one name in that tuple.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeAlias, TypeVar

import msgspec

from workbench.model.errors import DefinitionError, Problem

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

KindT = TypeVar("KindT")


class Uses(msgspec.Struct, frozen=True, kw_only=True):
    """What one configuration uses of the machine; people are asked before any of it is used.

    ``commands`` are run as written, ``variables`` are names of environment variables,
    ``hosts`` are addresses or hosts that are reached, ``files`` are paths outside the project.
    """

    commands: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.commands or self.variables or self.hosts or self.files)


NOTHING = Uses()


def together(uses: Iterable[Uses]) -> Uses:
    """Everything that several configurations use, each thing once."""
    found = set(uses)
    return Uses(
        commands=tuple(sorted({text for used in found for text in used.commands})),
        variables=tuple(sorted({text for used in found for text in used.variables})),
        hosts=tuple(sorted({text for used in found for text in used.hosts})),
        files=tuple(sorted({text for used in found for text in used.files})),
    )


def use_nothing(config: Any) -> Uses:
    """What most kinds use of the machine."""
    return NOTHING


class Kind(Protocol):
    """What definitions need to know of any kind.

    ``name`` is what files call it, ``about`` a line for people, ``config`` the shape of its
    YAML.  ``shorthand`` names the field that a plain scalar fills (``checklist:
    pre-production``).  ``refers`` maps fields to what they must name: ``source``,
    ``checklist``, ``benchmark``, ``environment``, ``role``, ``tests`` for a source that
    knows test results, ``findings``, ``secrets`` or ``issues`` for one that lists these, or ``item of FIELD`` for an item of
    the checklist that another field names.
    """

    @property
    def name(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def config(self) -> type[msgspec.Struct]: ...
    @property
    def shorthand(self) -> str | None: ...
    @property
    def refers(self) -> Mapping[str, str]: ...

    def uses(self, config: Any) -> Uses:
        """What a configuration of this kind uses of the machine."""
        ...


# Every kind that a project's files may name: registries by the name that shapes give them.
Kinds: TypeAlias = Mapping[str, Mapping[str, Kind]]


class Registry(Mapping[str, KindT], Generic[KindT]):
    """Kinds by name, in the order given; a kind's module is imported when it is looked up.

    ``in``, ``len`` and iterating import no module.  ``inside`` names a module within each
    kind's folder that is imported instead of the folder's own.  ``group`` names the entry points through
    which other packages add kinds: they are listed after our own, and looked for only when a
    name is not ours or all names are listed; ``made_by`` is the class that they must have.  An unknown name is a ``KeyError``; a kind of another package that cannot be
    loaded, a ``DefinitionError``.
    """

    def __init__(
        self,
        package: str,
        names: tuple[str, ...],
        *,
        inside: str = "",
        group: str | None = None,
        made_by: type[KindT] | None = None,
    ) -> None:
        self._package = package
        self._names = names
        self._inside = f".{inside}" if inside else ""
        self._made_by = made_by
        self._group = group
        self._kinds: dict[str, KindT] = {}
        self._others: dict[str, EntryPoint] | None = None

    def __getitem__(self, name: str) -> KindT:
        if name not in self._kinds:
            self._kinds[name] = self._own(name) if name in self._names else self._other(name)
        return self._kinds[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names or name in self._load_others()

    def __iter__(self) -> Iterator[str]:
        yield from self._names
        yield from (name for name in self._load_others() if name not in self._names)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def module_of(self, name: str) -> str:
        """The module in which a kind is defined, which is not imported."""
        return f"{self._package}.{name}" if name in self._names else self._load_others()[name].module

    def _own(self, name: str) -> KindT:
        kind: KindT = importlib.import_module(f"{self._package}.{name}{self._inside}").KIND
        return kind

    def _other(self, name: str) -> KindT:
        entry = self._load_others()[name]
        try:
            kind = entry.load()
        except Exception as error:  # another package's module may do anything
            raise self._broken(f"the kind “{name}” of another package cannot be loaded: {error}") from error
        if self._made_by is not None and not isinstance(kind, self._made_by):
            raise self._broken(f"the entry point “{name}” names no {self._made_by.__name__}")
        made: KindT = kind
        return made

    def _broken(self, what: str) -> DefinitionError:
        return DefinitionError([Problem(self._group or self._package, 0, 0, what)])

    def _load_others(self) -> Mapping[str, EntryPoint]:
        if self._group is None:
            return {}
        if self._others is None:
            from importlib.metadata import entry_points  # 30 ms: only when somebody needs it

            self._others = {entry.name: entry for entry in entry_points(group=self._group)}
        return self._others


def later(place: str) -> Callable[[], Any]:
    """What finds ``module:Name`` when it is called, and imports the module only then."""

    def load() -> Any:
        module, _, name = place.partition(":")
        return getattr(importlib.import_module(module), name)

    return load


class Doubt(msgspec.Struct, frozen=True):
    """What ``check`` says of a configuration, at one of its fields (``""``: the whole of it)."""

    field: str
    what: str
    hint: str | None = None
    error: bool = False


class Place(msgspec.Struct, frozen=True):
    """An environment that is asked: its key, and what fills ``$name`` there."""

    key: str
    variables: Mapping[str, str]


class Asked(msgspec.Struct, frozen=True):
    """How a measure is asked: for a value in ``unit``, in the first place, and in the second for its baseline.

    ``config`` holds the settings of its source.
    """

    unit: str
    places: tuple[Place, ...]
    config: Any = None


def doubt_nothing(config: Any, about: Any) -> Iterable[Doubt]:
    """What there is to say of most configurations."""
    return ()


class Approach(StrEnum):
    """How a flow is measured through a source."""

    MONITORING = "flow-based monitoring"
    SYNTHETIC = "synthetic transactions"
    QUERIES = "queries of data"
    TYPED = "typed by a person"


class Proof(StrEnum):
    """What a kind of source was tried against."""

    REAL = "real"  # a real server, or what a real program wrote
    CONTRACT = "contract"  # what its maker publishes for machines
    FIXTURES = "fixtures"  # examples of its maker's documentation


class SourceKind(msgspec.Struct, frozen=True):
    """One kind of source.

    ``config`` is the shape of a source of this kind in YAML beside ``key``, ``kind`` and
    ``title``; ``measure`` the shape of a benchmark's ``measure`` beside ``source``,
    ``unit`` and ``window``.  ``tests`` is the shape of a question for test results, or
    ``None`` where the kind knows none.  ``lists`` makes the questions for what gates count one by one: ``findings``,
    ``secrets`` (findings of a scanner that looks for them, too), ``issues``.  ``load`` imports the module that asks and returns
    ``connect(channel)``, which makes the ``Asker``; ``by_hand`` says that a person answers
    instead.  ``uses`` is given a ``config`` or a ``measure``.  ``optional`` maps environment
    variables to what holds where they are not set.  ``propose`` is given the folder that
    ``init`` makes a project of (``workbench.sources.proposing``).  ``explain`` is given a
    ``config``, the facts of an answer about tests that is missing, and what looks at the project's
    folder; ``foresee`` a ``config`` and the same: it says what of it can never be answered.
    ``alerts`` says that it can be asked which alerts there are, ``traces`` that it hands out traces.
    ``one_place`` says that an answer is the same in every environment; a measure with a property of that name knows better.
    ``approach`` is how flows are measured through it; ``from_record`` says that the record answers, and nothing
    is asked outside.  ``question_doubts`` is given a measure and an ``Asked``, ``build_doubts`` a build query and its ``Place``.
    ``proof`` is what it was tried against, at most examples unless it says so: a kind that nobody has tried against the real thing is *unproven*, unless its contract
    is ``checked`` from both sides.  ``recognise`` imports what says of a ``sources.recognising.Sample`` what it is in words, "" where
    the kind does not read such files; ``kept`` imports what makes of a file's bytes those that may be kept and that read the same, for
    files that quote what is nobody's business.
    ``signs`` are names by which images, services and settings of its product are called.
    """

    name: str
    about: str
    config: type[msgspec.Struct]
    measure: type[msgspec.Struct] | None
    load: Callable[[], Any]
    tests: type[msgspec.Struct] | None = None
    lists: Mapping[str, Callable[[], msgspec.Struct]] = {}
    uses: Callable[[Any], Uses] = use_nothing
    optional: Mapping[str, str] = {}
    by_hand: bool = False
    propose: Callable[[Any], Any] | None = None
    explain: Callable[[Any, Mapping[str, Any], Callable[[], Any]], Any] | None = None
    foresee: Callable[[Any, Callable[[], Any]], Any] | None = None
    shorthand: str | None = None
    refers: Mapping[str, str] = {}
    question_doubts: Callable[[Any, Any], Iterable[Doubt]] = doubt_nothing
    build_doubts: Callable[[Any, Any], Iterable[Doubt]] = doubt_nothing
    one_place: bool = False
    approach: Approach | None = None
    from_record: bool = False
    alerts: bool = False
    traces: bool = False
    proof: Proof = Proof.FIXTURES
    checked: bool = False
    recognise: Callable[[], Callable[[Any], str]] | None = None
    signs: tuple[str, ...] = ()
    kept: Callable[[], Callable[[bytes], bytes]] | None = None

    @property
    def unproven(self) -> bool:
        """Whether nobody has tried it against the real thing."""
        return self.proof is not Proof.REAL and not self.checked


class RequirementKind(msgspec.Struct, frozen=True):
    """One kind of gate requirement; see :class:`Kind`.

    ``doubts`` is given a configuration and the project: what it selects may be nothing.
    """

    name: str
    about: str
    config: type[msgspec.Struct]
    shorthand: str | None = None
    refers: Mapping[str, str] = {}
    uses: Callable[[Any], Uses] = use_nothing
    doubts: Callable[[Any, Any], Iterable[Doubt]] = doubt_nothing


class ProbeKind(msgspec.Struct, frozen=True):
    """One kind of parity probe.

    ``config`` is the shape of a probe of this kind in YAML beside the fields that all have.  ``load``
    imports the module that looks and returns the ``Prober`` (:mod:`workbench.probes.prober`).
    ``category`` is what the differences that it proposes are about, ``twice`` whether production is
    asked twice unless the probe says otherwise.  ``deployed`` says that what it reads is deployed or
    configured, not behaviour or data: where that changes, earlier measurements are doubtful.  ``uses`` is
    given a ``config``: what it uses beside the sources that it names.  ``doubts`` is given a ``config`` and the project.
    """

    name: str
    about: str
    config: type[msgspec.Struct]
    load: Callable[[], Any]
    category: str = "configuration"
    twice: bool = False
    deployed: bool = False
    shorthand: str | None = None
    refers: Mapping[str, str] = {}
    uses: Callable[[Any], Uses] = use_nothing
    doubts: Callable[[Any, Any], Iterable[Doubt]] = doubt_nothing


class HookKind(msgspec.Struct, frozen=True):
    """One way of calling out when something has happened.

    ``config`` is the shape of a hook of this kind in YAML beside the fields that all have.  ``load`` imports
    the module that calls and returns its ``call`` (:mod:`workbench.hooks.calling`).  ``uses`` is given a ``config``.
    """

    name: str
    about: str
    config: type[msgspec.Struct]
    load: Callable[[], Any]
    uses: Callable[[Any], Uses]
    shorthand: str | None = None
    refers: Mapping[str, str] = {}
    doubts: Callable[[Any, Any], Iterable[Doubt]] = doubt_nothing


ANY_TIER = ""  # in ``BenchmarkKind.rules``: whatever the tier


class KindRule(msgspec.Struct, frozen=True):
    """What a kind of benchmark asks of a value: the rule, the softer one that only warns, and why these.

    ``why`` is one sentence for people; a limit in it comes from a tier, a baseline or history.
    """

    pass_: str
    warn: str = ""
    why: str = ""


class BenchmarkKind(msgspec.Struct, frozen=True, kw_only=True):
    """A built-in kind of benchmark: what a benchmark that names it need not say.

    ``of`` says what it is about: a ``flow``, an ``environment``, or ``either``; ``group`` under which
    heading people find it.  ``title`` is a statement that is true when it is met, with ``{name}`` for the
    flow or environment.  ``rules`` are its rules by tier (or :data:`ANY_TIER`); ``in_staging`` those that
    go before them in a staging of that kind; without any, a project has to state its own, and ``states``
    says what.  ``measures`` are what it measures of kinds of change
    (:mod:`workbench.model.changes`).  ``figure`` names what the record answers (source ``record``); without it a
    benchmark has to say what is asked, and ``has_to_say`` names what else it cannot leave out.  ``doubtful_in`` says by kind of staging why the value means little there.  ``below_zero`` is whether a value may be.
    """

    name: str
    about: str
    group: str
    of: Literal["flow", "environment", "either"]
    title: str
    unit: str = ""
    dimension: str | None = None
    better: Literal["lower", "higher", "neither"] = "lower"
    rules: Mapping[str, KindRule] = {}
    in_staging: Mapping[str, KindRule] = {}
    states: str = ""
    baseline: str | None = None
    review: str | None = None
    carry: bool = False
    measures: tuple[str, ...] = ()
    figure: str = ""
    has_to_say: tuple[str, ...] = ()
    doubtful_in: Mapping[str, str] = {}
    below_zero: bool = False
    config: type[msgspec.Struct] = msgspec.Struct
    shorthand: str | None = None
    refers: Mapping[str, str] = {}
    uses: Callable[[Any], Uses] = use_nothing

    def rule(self, tier: str, staging: str | None) -> KindRule | None:
        """The rule for a tier in a staging of that kind; ``None`` where a project has to state it."""
        return self.in_staging.get(staging or "") or self.rules.get(tier) or self.rules.get(ANY_TIER)

    def title_of(self, key: str, step: str = "") -> str:
        """The title of a benchmark of a flow or an environment with that key, or of a step of the flow."""
        name = key.replace("-", " ").replace("_", " ")
        return self.title.replace("{name}", name[:1].upper() + name[1:]).replace("{step}", step)
