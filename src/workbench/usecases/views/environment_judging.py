"""What an environment's word is worth: its kind, what to watch, signs of trouble, parity, maturity, the change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from workbench.definitions.shapes import Environment, EnvironmentKind
from workbench.environments import maturity as ladder
from workbench.environments import minimum as least
from workbench.environments import product, signs, staging_kinds
from workbench.environments.looked import named
from workbench.environments.maturity import Maturity
from workbench.environments.minimum import Least
from workbench.environments.needed import QUESTIONS, Fidelity, Need, Needed
from workbench.environments.product import Check
from workbench.environments.seen import Seen, State
from workbench.environments.signs import Sign
from workbench.environments.staging_kinds import About, Watched
from workbench.model.text import number_of
from workbench.usecases.context import Context
from workbench.usecases.environment_seen import read_seen
from workbench.usecases.needing import is_needed
from workbench.usecases.views.environments import (
    EnvironmentState,
    mark_of,
    read_environment,
    read_environments,
    read_happened,
)
from workbench.usecases.views.environments import summary as states_summary
from workbench.usecases.views.marks import Fact, Mark, Phrase
from workbench.usecases.views.past import Past
from workbench.usecases.views.scores import Line as ScoreLine
from workbench.usecases.views.scores import line_of, read_scores

if TYPE_CHECKING:  # judging costs 28 ms before it begins
    from workbench.usecases.evaluate import Evaluation

_MARKS = {
    State.FINE: Mark.DONE,
    State.SEEN: Mark.WARNS,
    State.UNKNOWN: Mark.LEARNING,
    State.NOT_APPLICABLE: Mark.NOT_APPLICABLE,
}
_MET = {State.FINE: "met", State.SEEN: "not met", State.UNKNOWN: "not known"}


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is said of an environment's word; nothing of it is stored."""

    seen: Seen
    about: tuple[About, ...]
    watched: tuple[Watched, ...]
    signs: tuple[Sign, ...]
    minimum: tuple[Least, ...]
    product: tuple[Check, ...]
    maturity: Maturity
    needed: Needed
    scores: tuple[ScoreLine, ...] = ()
    version: str = ""

    @property
    def met(self) -> State:
        """Whether minimum parity is met."""
        return least.met(self.minimum)


class Section(msgspec.Struct, frozen=True):
    """A heading, what is said in a line beside it, and the facts below."""

    title: str
    said: str
    facts: tuple[Fact, ...]


def assess(context: Context, environment: Environment, evaluation: Evaluation | None) -> Assessment | None:
    """The word of an environment, judged from files and record; ``None`` of production, the yardstick."""
    if environment.kind is EnvironmentKind.PRODUCTION:
        return None
    seen = read_seen(context, environment, evaluation)
    return Assessment(
        seen=seen,
        about=staging_kinds.about(environment),
        watched=staging_kinds.watched(seen),
        signs=signs.signs(seen),
        minimum=least.minimum(seen),
        product=product.checks(seen),
        maturity=ladder.maturity(seen),
        needed=is_needed(context, evaluation, {}),
        scores=tuple(line_of(one, context.now) for one in read_scores(context, environment=environment.key)),
        version=evaluation.held.release.version if evaluation else "",
    )


def shown_signs(found: Assessment) -> list[Sign]:
    """The failure modes and anti-patterns that the record shows signs of."""
    return [one for one in found.signs if one.state is State.SEEN]


class Line(msgspec.Struct, frozen=True):
    """An environment in the list: how it stands, and what its word is worth."""

    state: EnvironmentState
    found: Assessment | None


class Page(msgspec.Struct, frozen=True):
    """An environment in full."""

    line: Line
    past: tuple[Past, ...]


def read_lines(context: Context, evaluation: Evaluation | None) -> tuple[Line, ...]:
    """Every environment with its assessment, production last; a job for the desk."""
    return tuple(
        Line(state, assess(context, state.environment, evaluation)) for state in read_environments(context)
    )


def read_page(context: Context, key: str, evaluation: Evaluation | None) -> Page | None:
    """One environment in full; ``None`` where the files do not name it."""
    environment = context.definitions.environment(key)
    if environment is None:
        return None
    line = Line(read_environment(context, environment), assess(context, environment, evaluation))
    return Page(line, read_happened(context, key))


def worth_words(line: Line) -> str:
    """What its word is worth, shortly: signs of trouble, and minimum parity."""
    found = line.found
    if found is None:
        return ""
    shown = len(shown_signs(found))
    signs_ = f"{number_of(shown, 'sign')} of trouble" if shown else ""
    return ", ".join(part for part in (signs_, f"minimum parity {_MET[found.met]}") if part)


def summary(lines: Sequence[Line]) -> list[Phrase]:
    """How the environments stand, in one line."""
    trouble = sum(len(shown_signs(line.found)) for line in lines if line.found is not None)
    told = (
        [Phrase(f"{Mark.WARNS.symbol} {number_of(trouble, 'sign')} of trouble", Mark.WARNS)]
        if trouble
        else []
    )
    return [*states_summary([line.state for line in lines]), *told]


def line_mark(line: Line) -> Mark:
    """The sign of a line: a warning where anything is seen, else how its data stands."""
    own = mark_of(line.state)
    if own is Mark.WARNS or line.found is None:
        return own
    seen = bool(shown_signs(line.found)) or line.found.met is State.SEEN
    return Mark.WARNS if seen else own


def brief(line: Line) -> list[Fact]:
    """The signs of trouble and minimum parity, a line each."""
    found = line.found
    if found is None:
        return []
    told = [Fact(one.mode.title, "; ".join(one.evidence), Mark.WARNS) for one in shown_signs(found)]
    unlike = [one for one in found.minimum if one.state is State.SEEN]
    words = f"{_MET[found.met]}: {named(one.title for one in unlike)}" if unlike else _MET[found.met]
    following = found.maturity.next
    return [
        *told,
        Fact("Minimum parity", words, _MARKS[found.met]),
        Fact("Maturity", found.maturity.level.value + (f"; next: {following.step}" if following else "")),
    ]


# --- in sections -----------------------------------------------------------------------------


def sections(found: Assessment) -> list[Section]:
    """All that is judged, what calls for somebody first."""
    return [
        *urgent_sections(found),
        *_scores(found),
        *_kind(found),
        _watch(found),
        _maturity(found),
        _product(found),
        needed_section(found.needed, found.version, found.seen.environment),
    ]


def urgent_sections(found: Assessment) -> list[Section]:
    """Signs of trouble, and minimum parity."""
    return [_signs(found), _minimum(found)]


def _signs(found: Assessment) -> Section:
    shown = shown_signs(found)
    facts = [
        Fact(one.mode.title, "; ".join(one.evidence), _MARKS[one.state], aside=one.state is not State.SEEN)
        for one in found.signs
    ]
    told = []
    for one, fact in zip(found.signs, facts, strict=True):
        told.append(fact)
        if one.state is State.SEEN:
            told.append(Fact("", f"what helps: {one.mode.mitigation}", aside=True))
    unknown = sum(one.state is State.UNKNOWN for one in found.signs)
    parts = (
        f"{len(shown)} seen" if shown else "none seen",
        f"{unknown} not known" if unknown else "",
    )
    return Section("Failure modes and anti-patterns", ", ".join(part for part in parts if part), tuple(told))


def _minimum(found: Assessment) -> Section:
    facts = (
        Fact(
            f"{one.title}{' (ideally)' if one.ideally else ''}".capitalize(),
            one.words,
            _MARKS[one.state],
            aside=one.state is State.FINE,
        )
        for one in found.minimum
    )
    return Section("Minimum parity", _MET[found.met], tuple(facts))


def _kind(found: Assessment) -> Iterator[Section]:
    for one in found.about:
        limits = [Fact("Limits", one.limits)] if one.limits else []
        facts = (
            Fact("Good at", one.strength),
            Fact("Bad at", one.weakness),
            Fact("Use it", one.use),
            *limits,
        )
        yield Section(one.title.capitalize(), "", facts)
    if not found.about:
        yield Section("Kind of staging", "not stated: staging_kind says how it is built", ())


def _scores(found: Assessment) -> Iterator[Section]:
    """The figures that probes gave, with their course."""
    told = [
        Fact(
            one.title,
            " ".join(part for part in (one.value, one.bars, one.limit, one.moved, f"({one.when})") if part),
            one.mark,
        )
        for one in found.scores
    ]
    if told:
        yield Section("Scores", "", tuple(told))


def _watch(found: Assessment) -> Section:
    facts = []
    for one in found.watched:
        facts.append(Fact(one.watch.title.capitalize(), one.words, _MARKS[one.state]))
        if one.watch.note:
            facts.append(Fact("", one.watch.note, aside=True))
    return Section("What to watch", "", tuple(facts))


def _maturity(found: Assessment) -> Section:
    rungs = tuple(
        Fact(one.title.capitalize(), one.words, _MARKS[one.state], aside=one.state is State.FINE)
        for one in found.maturity.rungs
    )
    following = found.maturity.next
    said = (
        f"{found.maturity.level.value}; next: {following.step}" if following else found.maturity.level.value
    )
    return Section("Maturity", said, rungs)


def _product(found: Assessment) -> Section:
    facts = tuple(Fact(one.title.capitalize(), one.words, _MARKS[one.state]) for one in found.product)
    return Section("Run as a product", "", facts)


def needed_section(found: Needed, version: str, environment: Environment | None = None) -> Section:
    """Whether the change needs staging; of an ephemeral environment, whether it is enough to merge."""
    told = [Fact("Because", "; ".join(found.because))]
    told += [Fact("With it", "; ".join(found.controls))] if found.controls else []
    told.append(Fact("Fidelity", found.fidelity.value))
    told += [Fact("Not known", one.text, Mark.LEARNING) for one in found.open]
    for_ = f" for {version}" if version else ""
    if environment is not None and environment.kind is EnvironmentKind.EPHEMERAL:
        enough = found.need is not Need.YES
        return Section("Enough to merge?", "yes" if enough else "no: on to staging", tuple(told))
    return Section(f"Is staging needed{for_}?", need_words(found), tuple(told))


def need_words(found: Needed) -> str:
    """The conclusion in a few words."""
    words = {
        Need.YES: "staging is needed",
        Need.OPTIONAL: "staging is optional",
        Need.LIGHT: "a light staging is enough",
    }[found.need]
    fidelity = {
        Fidelity.HIGH: ", of high fidelity and for longer",
        Fidelity.LOWER: ", and a lower fidelity is defensible",
        Fidelity.USUAL: "",
    }[found.fidelity]
    return words + (fidelity if found.need is Need.YES else "")


# --- as a document ---------------------------------------------------------------------------


def document(found: Assessment | None) -> dict[str, Any]:
    """What is said of an environment's word, for scripts; every list is empty for production."""
    if found is None:
        names = ("kind_of_staging", "watch", "scores", "signs", "minimum", "product")
        return {**dict.fromkeys(names, ()), "minimum_met": None, "maturity": None, "next_step": None}
    following = found.maturity.next
    return {
        "kind_of_staging": [_about(one) for one in found.about],
        "watch": [_told(one.watch.title, one.state, one.words) for one in found.watched],
        "scores": [
            {name: getattr(one, name) for name in ("key", "title", "value", "limit", "when")}
            for one in found.scores
        ],
        "signs": [
            {
                "key": one.mode.key,
                "title": one.mode.title,
                "anti_pattern": one.mode.pattern,
                "state": one.state,
                "evidence": one.evidence,
                "symptom": one.mode.symptom,
                "cause": one.mode.cause,
                "mitigation": one.mode.mitigation,
                "signal": one.mode.signal,
            }
            for one in found.signs
        ],
        "minimum": [
            {**_told(one.title, one.state, one.words), "ideally": one.ideally} for one in found.minimum
        ],
        "minimum_met": _MET[found.met],
        "product": [_told(one.title, one.state, one.words) for one in found.product],
        "maturity": found.maturity.level,
        "next_step": following.step if following else None,
    }


def _told(title: str, state: State, words: str) -> dict[str, Any]:
    return {"title": title, "state": state, "words": words}


def _about(one: About) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("title", "strength", "weakness", "use", "limits")}


def needed_document(found: Needed) -> dict[str, Any]:
    """Whether the change needs staging, for scripts."""
    return {
        "needed": found.need,
        "fidelity": found.fidelity,
        "because": found.because,
        "controls": found.controls,
        "open": [one.key for one in found.open],
        "answers": [
            {
                "key": one.key,
                "question": one.text,
                "answer": found.answers[one.key].answer,
                "by": found.answers[one.key].by,
            }
            for one in QUESTIONS
        ],
    }
