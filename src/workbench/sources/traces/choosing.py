"""Which runs of a flow count: those that begin as asked, in the environment, and of the candidate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from workbench.model.commits import same_commit
from workbench.model.text import number_of, safe_text
from workbench.sources.filling import filled
from workbench.sources.reading import Question, WrongQuestion
from workbench.sources.traces.model import COMMIT, ENVIRONMENT, Span
from workbench.sources.traces.naming import Name, fits, read_name
from workbench.sources.traces.shapes import Known, TracesMeasure
from workbench.sources.traces.trees import Node, Trace, Whole, topmost, walk

_SHOWN = 5  # names in a sentence


class Run(msgspec.Struct, frozen=True):
    """One run of a flow: the span that begins it, and every span of it, callers first.

    ``whole`` is false where a span of its trace hangs on one that is not there.
    """

    begin: Span
    spans: tuple[Span, ...]
    whole: bool

    @property
    def environment(self) -> str:
        """What its spans call their environment, the first of them that says it."""
        return next((said for span in self.spans if (said := span.first_of(ENVIRONMENT))), "")

    @property
    def commits(self) -> frozenset[str]:
        """The commits that its services were built from, as far as they say it."""
        return frozenset(said for span in self.spans if (said := span.first_of(COMMIT)))


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The runs that count; ``why`` there is none, what was left out, and what should be known of the rest."""

    runs: tuple[Run, ...] = ()
    why: str = ""
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def chosen_runs(whole: Whole, measure: TracesMeasure, question: Question, config: Known) -> Chosen:
    """The runs that a question is about."""
    begins = measure.begins or measure.step
    if begins is None:
        raise WrongQuestion(
            "it has to be said which flow is measured",
            field="begins",
            hint="write the span that begins it: “gateway: POST /orders”; workbench flow discover names those that were seen",
        )
    if not whole.traces:
        return Chosen(why="the traces hold no spans")
    name = read_name(begins)
    runs = [run for trace in whole.traces for run in _runs(trace, name)]
    if not runs:
        return Chosen(why=_none_begins(begins, whole.traces))
    chooser = _Chooser(question)
    runs = chooser.in_environment(runs, config)
    runs = chooser.of_candidate(runs)
    runs = chooser.in_window(runs)
    runs = chooser.where(runs, measure)
    broken = sum(not run.whole for run in runs)
    notes = [*whole.notes]
    if broken:
        notes.append(f"{number_of(broken, 'run')} with spans whose callers are missing")
    return Chosen(
        runs=tuple(runs),
        why="; ".join(chooser.left_out),
        left_out=tuple(chooser.left_out),
        notes=tuple(notes),
    )


def _runs(trace: Trace, begins: Name) -> Iterable[Run]:
    found = list(topmost(trace.tops, begins.fits))
    firsts = {id(node) for node in found}
    astray = [node for node in trace.orphans if id(node) not in firsts]
    for node in found:
        spans = [each.span for each in walk(node)]
        if len(found) == 1:  # what lost its caller can belong to nothing else
            spans += [each.span for orphan in astray if not _within(orphan, node) for each in walk(orphan)]
        yield Run(node.span, tuple(spans), not astray)


def _within(orphan: Node, node: Node) -> bool:
    """Whether an orphan holds the node itself."""
    return any(each is node for each in walk(orphan))


class _Chooser:
    """Leaves out what does not count, and keeps in words why."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self.left_out: list[str] = []

    def _kept(self, runs: Sequence[Run], kept: list[Run], why: str) -> list[Run]:
        if len(kept) < len(runs):
            self.left_out.append(f"{number_of(len(runs) - len(kept), 'run')} {why}")
        return kept

    def in_environment(self, runs: list[Run], config: Known) -> list[Run]:
        """Those of the question's environment, where the traces say theirs."""
        wanted = self._question.environment
        named = {said for run in runs if (said := run.environment)}
        if wanted is None or not named:
            return runs
        called = config.environments.get(wanted, wanted)
        kept = [run for run in runs if run.environment == called]
        other = safe_text(", ".join(sorted(named - {called})[:_SHOWN]) or "none that is said", 200)
        hint = "" if kept else f": write under environments of the source what they call {wanted}"
        return self._kept(runs, kept, f"of another environment ({other}){hint}")

    def of_candidate(self, runs: list[Run]) -> list[Run]:
        """Those of the candidate, where the traces name commits; a baseline is of another one."""
        commit = self._question.commit
        if commit is None or self._question.role != "value" or not any(run.commits for run in runs):
            return runs
        kept = [run for run in runs if any(same_commit(said, commit) for said in run.commits)]
        return self._kept(runs, kept, "of another commit")

    def in_window(self, runs: list[Run]) -> list[Run]:
        """Those of the window, where one is asked for; what lies ahead is told as a mistake of a clock."""
        if self._question.window is None:
            return runs
        start = (self._question.at - self._question.window).timestamp() * 1e9
        kept = [run for run in runs if run.begin.start > start]
        return self._kept(runs, kept, "from before the window")

    def where(self, runs: list[Run], measure: TracesMeasure) -> list[Run]:
        """Those whose first span has the attributes that are asked for."""
        wanted = {name: filled(text, self._question, "where") for name, text in measure.where.items()}
        kept = [
            run
            for run in runs
            if all(
                (said := run.begin.says(name)) is not None and fits(text, said)
                for name, text in wanted.items()
            )
        ]
        return self._kept(runs, kept, f"without {safe_text(_pairs(wanted), 200)}")


def _pairs(wanted: dict[str, str]) -> str:
    return ", ".join(f"{name}={text}" for name, text in wanted.items())


def _none_begins(begins: str, traces: Sequence[Trace]) -> str:
    seen = dict.fromkeys(node.span.title for trace in traces for node in trace.tops)
    named = safe_text("; ".join(list(seen)[:_SHOWN]), 300)
    more = f" and {len(seen) - _SHOWN:,} more" if len(seen) > _SHOWN else ""
    return f"no span is “{safe_text(begins, 100)}” in {number_of(len(traces), 'trace')}, which begin with {named}{more}"
