"""Numbers of a flow's traces: how long, how often failed, how complete, how much of it a stub answered."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from workbench.model.quantity import UNITS
from workbench.model.text import number_of, safe_text
from workbench.sources.filling import filled
from workbench.sources.of_samples import Told, of_samples
from workbench.sources.reading import Found, Question, WrongQuestion, in_unit, missing
from workbench.sources.traces.choosing import Chosen, Run, chosen_runs
from workbench.sources.traces.model import Span
from workbench.sources.traces.naming import Name, fits, read_name
from workbench.sources.traces.shapes import Known, TracesMeasure
from workbench.sources.traces.trees import Whole

_SLOWEST = 3  # of a flow's runs, kept as links
_SHOWN = 5  # names in a sentence
NO_STUBS = "nothing says how a stub is recognised, so a stubbed step would count as real"
NO_STUBS_HINT = (
    "write under stubs of the source which attribute its spans have; stubs: {} where nothing is stubbed"
)


def measured(whole: Whole, measure: TracesMeasure, question: Question, config: Known) -> Found:
    """What a measure reads in traces; missing where they hold nothing of the flow.

    ``WrongQuestion`` for a measure that lacks what it needs.
    """
    chosen = chosen_runs(whole, measure, question, config)
    if not chosen.runs:
        return missing(question, chosen.why)
    reader = _Reader(chosen, measure, question, config)
    found: Found = getattr(reader, measure.read)()
    partial = "; ".join(dict.fromkeys(filter(None, (found.partial, whole.partial))))
    return msgspec.structs.replace(found, partial=partial or None)


class _Reader:
    """One measure of the runs that count."""

    def __init__(self, chosen: Chosen, measure: TracesMeasure, question: Question, config: Known) -> None:
        self._runs = chosen.runs
        self._chosen = chosen
        self._measure = measure
        self._question = question
        self._config = config
        self._step = read_name(measure.step) if measure.step else None

    # --- what each of them is ------------------------------------------------------------------

    def duration(self) -> Found:
        """A statistic of seconds."""
        timed, broken = list[tuple[float, Span]](), 0
        for span in self._spans():
            seconds = span.seconds
            if seconds is None:
                broken += 1
            else:
                timed.append((seconds, span))
        if not timed:
            return self._nothing("was finished" if broken else "")
        facts = self._facts()
        facts["slowest"] = self._slowest(timed)
        if broken:
            words = f"{number_of(broken, 'span')} without an end, or with one before the beginning"
            facts["left_out"] = "; ".join(filter(None, (str(facts.get("left_out", "")), words)))
        told = Told(
            at=self._at(),
            facts=facts,
            partial=words if broken else None,
            selection=safe_text(filled(self._measure.selection or "", self._question, "selection"), 200),
        )
        numbers = array("d", (seconds for seconds, _ in timed))
        return of_samples(numbers, self._measure.statistic, self._question, told, unit="s")

    def error_rate(self) -> Found:
        """The share of the runs, or of a step's spans, that failed."""
        spans = list(self._spans())
        failed = [span for span in spans if span.failed]
        return self._share(len(failed), len(spans), {"failed": len(failed), **self._links(failed)})

    def errors_per_thousand(self) -> Found:
        """The same for each thousand."""
        spans = list(self._spans())
        if not spans:
            return self._nothing("")
        failed = [span for span in spans if span.failed]
        value = Decimal(1000 * len(failed)) / len(spans)
        return self._found(value, "", len(spans), {"failed": len(failed), **self._links(failed)})

    def count(self) -> Found:
        """How many there are."""
        count = sum(1 for _ in self._spans())
        return self._found(Decimal(count), "", count, {})

    def complete(self) -> Found:
        """The share of scenarios of which every run had every step, none of them stubbed."""
        steps, stubs = self._steps(), self._stubs()
        scenarios: dict[str, bool] = {}
        lacking: dict[str, int] = {}
        unnamed = 0
        for run in self._runs:
            name = self._scenario(run)
            if name is None:
                unnamed += 1
                continue
            lacks = list(_lacks(run, steps, stubs))
            for what in lacks:
                lacking[what] = lacking.get(what, 0) + 1
            scenarios[name] = scenarios.get(name, True) and not lacks
        if not scenarios:
            return missing(
                self._question,
                f"no run of the flow says which scenario it is, under {self._measure.scenario}",
            )
        facts: dict[str, str | int] = {}
        if lacking:
            named = sorted(lacking.items(), key=lambda item: -item[1])[:_SHOWN]
            facts["lacking"] = "; ".join(f"{what} in {number_of(count, 'run')}" for what, count in named)
        found = self._share(sum(scenarios.values()), len(scenarios), facts)
        if unnamed:
            return msgspec.structs.replace(
                found, partial=f"{number_of(unnamed, 'run')} of the flow without the name of a scenario"
            )
        return found

    def stubbed(self) -> Found:
        """The share of runs in which a stub answered."""
        stubs = self._stubs()
        wanted = self._step
        hit = [
            run
            for run in self._runs
            if any(_stubbed(span, stubs) for span in run.spans if wanted is None or wanted.fits(span))
        ]
        named = dict.fromkeys(span.title for run in hit for span in run.spans if _stubbed(span, stubs))
        facts = {"stubs": safe_text("; ".join(list(named)[:_SHOWN]), 300)} if named else {}
        return self._share(len(hit), len(self._runs), facts)

    def traced(self) -> Found:
        """The share of the flow's steps that left a span."""
        steps = self._steps()
        seen = [line for line, name in steps.items() if any(map(name.fits, self._every_span()))]
        unseen = [line for line in steps if line not in seen]
        facts = {"not_traced": safe_text("; ".join(unseen[:_SHOWN]), 300)} if unseen else {}
        found = self._share(len(seen), len(steps), facts)
        return msgspec.structs.replace(found, samples=len(self._runs))

    # --- what they share -----------------------------------------------------------------------

    def _spans(self) -> Iterator[Span]:
        """The span of each run that is measured: its first, or those of the step."""
        seen = set[int]()  # what took messages of several runs at once counts once
        for run in self._runs:
            for span in [run.begin] if self._step is None else filter(self._step.fits, run.spans):
                if id(span) not in seen:
                    seen.add(id(span))
                    yield span

    def _every_span(self) -> Iterator[Span]:
        return (span for run in self._runs for span in run.spans)

    def _steps(self) -> Mapping[str, Name]:
        if not self._measure.steps:
            raise WrongQuestion(
                f"“{self._measure.read}” needs the steps that belong to the flow",
                field="steps",
                hint="workbench flow discover names those that were seen",
            )
        return {line: read_name(line) for line in self._measure.steps}

    def _stubs(self) -> Mapping[str, str]:
        if self._config.stubs is None:
            raise WrongQuestion(NO_STUBS, field="source", hint=NO_STUBS_HINT)
        return self._config.stubs

    def _scenario(self, run: Run) -> str | None:
        """The scenario of a run; ``None`` where it does not say it."""
        name = self._measure.scenario
        if name is None:
            return f"{run.begin.trace}/{run.begin.id}"
        return next((said for span in run.spans if (said := span.says(name))), None)

    def _share(self, part: int, whole: int, facts: Mapping[str, str | int]) -> Found:
        if not whole:
            return self._nothing("")
        return self._found(Decimal(part) / whole, UNITS["share"].symbol, whole, facts)

    def _found(self, value: Decimal, unit: str, samples: int, facts: Mapping[str, str | int]) -> Found:
        shown, symbol = in_unit(value, unit, self._question.unit)
        return Found(
            state="ok",
            measured_at=self._at(),
            value=shown,
            unit=symbol,
            samples=samples,
            facts={**self._facts(), **facts},
        )

    def _nothing(self, what: str) -> Found:
        step = safe_text(self._measure.step or self._measure.begins, 100)
        why = (
            f"no span of “{step}” {what}"
            if what
            else f"the flow ran, and no span of “{step}” is in its traces"
        )
        return missing(self._question, why)

    def _at(self) -> datetime:
        """When the newest run began: what was measured is no older than its traces."""
        return datetime.fromtimestamp(max(run.begin.start for run in self._runs) / 1e9, UTC)

    def _facts(self) -> dict[str, str | int]:
        facts: dict[str, str | int] = {"traces": len({run.begin.trace for run in self._runs})}
        if self._chosen.left_out:
            facts["left_out"] = "; ".join(self._chosen.left_out)
        if self._chosen.notes:
            facts["note"] = "; ".join(self._chosen.notes)
        if self._measure.selection and self._measure.read != "duration":
            facts["selection"] = safe_text(filled(self._measure.selection, self._question, "selection"), 200)
        return facts

    def _slowest(self, timed: Sequence[tuple[float, Span]]) -> str:
        first = sorted(timed, key=lambda each: (-each[0], each[1].start))[:_SLOWEST]
        return "; ".join(f"{_seconds(seconds)} {self._link(span)}" for seconds, span in first)

    def _links(self, spans: Sequence[Span]) -> dict[str, str]:
        named = dict.fromkeys(self._link(span) for span in spans)
        return {"failed_traces": "; ".join(list(named)[:_SLOWEST])} if named else {}

    def _link(self, span: Span) -> str:
        """Where a person looks at a span's trace, or the trace's id."""
        link = self._config.link
        return span.trace if link is None else link.replace("$trace", span.trace)


def _seconds(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


def _lacks(run: Run, steps: Mapping[str, Name], stubs: Mapping[str, str]) -> Iterator[str]:
    """What a run lacks of being complete: a step that is not there, or one that a stub answered."""
    for line, name in steps.items():
        spans = [span for span in run.spans if name.fits(span)]
        if not spans:
            yield f"“{safe_text(line, 100)}” is not there"
        elif any(_stubbed(span, stubs) for span in spans):
            yield f"“{safe_text(line, 100)}” is a stub"


def _stubbed(span: Span, stubs: Mapping[str, str]) -> bool:
    return any((said := span.says(name)) is not None and fits(value, said) for name, value in stubs.items())
