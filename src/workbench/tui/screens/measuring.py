"""What can be done about a benchmark, from the list and from its detail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.benchmarks.measurements import Measurement
from workbench.definitions.shapes import Mark as Place
from workbench.gates.model import Part, State
from workbench.model.errors import WorkbenchError
from workbench.releases.model import Outcome
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.theme import Role
from workbench.tui.widgets.footer import Hint
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Block, Pair, Paragraph
from workbench.usecases import deciding
from workbench.usecases.answering import evidence_for
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.evidence_typed import read_evidence
from workbench.usecases.fetching import Wanted, by_hand, enter
from workbench.usecases.views.advice import NOTHING, Way, advice, advice_on_tests
from workbench.usecases.views.alarms import read_trial
from workbench.usecases.views.benchmark import measured_words, numbers, override_of, quantity
from workbench.usecases.views.explaining import explain

TESTS = "tests/"
# What can be done about a benchmark, in the list and on its page.
BENCHMARK_ACTIONS = (
    Action("explain", "i", "show the effective definition and its sources", 5),
    Action("enter_value", "a", "add a value by hand, with evidence", 4),
    Action("tighten", "B", "make this benchmark blocking", 3),
    Action("try_criterion", "t", "try another criterion on these figures", 6),
    Action("override", "o", "override the blocker until a date, with a reason"),
    Action("probe", "p", "run the probe that answers it", shared=True),
    Action("propose", "P", "propose the next build of the release"),
    Action("invalidate", "V", "mark the last measurement invalid"),
    FIND,
)
# What is done about one benchmark, on its page.
PAGE_ACTIONS = (
    Action("review_benchmark", "r", "say that you have reviewed it, with what you found"),
    Action("mark_benchmark", "M", "mark it: quarantined, pinned as baseline, a new phase"),
)
_ABOUT_BENCHMARK = (
    "explain",
    "enter_value",
    "tighten",
    "try_criterion",
    "invalidate",
    "mark_benchmark",
    "review_benchmark",
)
_BUTTONS = {
    Way.PROPOSE: "propose",
    Way.OVERRIDE: "override",
    Way.INVALIDATE: "invalidate",
    Way.FETCH: "fetch",
    Way.ENTER: "enter_value",
    Way.EDIT: "edit_file",
    Way.BLOCK: "tighten",
    Way.PROBE: "probe",
}


class Index(msgspec.Struct, frozen=True):
    """The benchmarks of an evaluation, and what gates say of them and of test runs, by key."""

    of: Evaluation | None
    judged: Mapping[str, Judged]
    parts: Mapping[str, Part]

    @classmethod
    def made(cls, found: Evaluation | None) -> Index:
        """Of one evaluation; of none, nothing."""
        if found is None:
            return cls(None, {}, {})
        parts: dict[str, Part] = {}
        for gate in found.gates:
            for part in gate.parts:
                parts.setdefault(part.key, part)
        return cls(found, {item.key: item for item in found.judged}, parts)


class Measuring(WorkScreen):
    """A screen with a benchmark in hand."""

    MODE: ClassVar[str] = ""

    def subject(self) -> str | None:
        """The key of the benchmark in hand, or ``tests/<source>``; screens say which."""
        raise NotImplementedError

    def judged(self) -> Judged | None:
        """The benchmark in hand, judged."""
        return self.judged_by_key(self.subject())

    def judged_by_key(self, key: str | None) -> Judged | None:
        """A benchmark by its key."""
        return self._index().judged.get(key or "")

    def _index(self) -> Index:
        """What the cursor asks for at each step, made once for each evaluation."""
        if self._indexed is None or self._indexed.of is not self.evaluation:
            self._indexed = Index.made(self.evaluation)
        return self._indexed

    _indexed: Index | None = None

    def measurement(self) -> Measurement | None:
        """The measurement that can be said not to count."""
        judged = self.judged()
        return judged.value if judged else None

    def obstacle(self, id: str) -> str | None:
        found, judged = self.evaluation, self.judged()
        if found is None:
            return None
        if id in _ABOUT_BENCHMARK and judged is None:
            return "choose a benchmark"
        if id == "tighten" and judged is not None and judged.blocking:
            return "already blocking; E edits it"
        if id == "invalidate" and self.measurement() is None:
            return "it was not measured for this build"
        if id == "override" and (why := self._why_not_override()):
            return why
        if id == "fetch":
            return self._why_not_fetch()
        if id == "probe" and not self.probe():
            return "no probe answers it"
        if id in ("enter_value", "tighten", "invalidate", "override", "propose"):
            return self._frozen()
        return None

    def _why_not_override(self) -> str | None:
        part = self.part()
        if part is None:
            return "not required by any gate"
        return f"it does not block: {part.why}" if part.state is not State.NOT_MET else None

    def probe(self) -> str:
        """The key of the probe that answers the benchmark in hand; "" where none does."""
        judged = self.judged()
        found = str(judged.value.facts.get("probe", "")) if judged is not None and judged.value else ""
        return found if self.view.definitions.probe(found) is not None else ""

    async def do_probe(self) -> None:
        """Let the probe look again, which answers anew."""
        from workbench.tui.probing import run_probes

        await run_probes(self, [self.probe()])

    def part(self) -> Part | None:
        """What a gate says of the benchmark in hand."""
        subject = self.subject() or ""
        return self._index().parts.get(subject if subject.startswith(TESTS) else f"benchmark/{subject}")

    def next_hints(self) -> tuple[Hint | None, list[Hint], str]:
        """What to do next about the benchmark in hand: the one button, the others, and a note."""
        found, judged = self.evaluation, self.judged()
        if found is None:
            return None, [], ""
        if judged is not None:
            said = advice(judged, override_of(found, judged.key), found)
        else:
            said = advice_on_tests(part) if (part := self.part()) is not None else NOTHING
        first = (
            self.ACTIONS.hints_of([_BUTTONS[said.first]], self.why_not, self.keyboard)[0]
            if said.first
            else None
        )
        others = self.ACTIONS.hints_of([_BUTTONS[way] for way in said.others], self.why_not, self.keyboard)
        return first, others, said.note

    def _frozen(self) -> str | None:
        release = self.require().held.release
        if release.outcome is not Outcome.OPEN:
            return f"{release.version} is {release.outcome.value.replace('_', ' ')}"
        return None

    def wanted(self) -> Wanted | None:
        """What a fetch asks for here; ``None`` is everything."""
        return None

    def _why_not_fetch(self) -> str | None:
        if self.require().held.candidate is None:
            return "no build proposed yet; P to propose one"
        wanted = self.wanted()
        keys = wanted.subjects if wanted else ()
        if keys and all(self._typed(key) for key in keys):
            return "this value is entered by hand; a to add it"
        return self._frozen()

    def _typed(self, key: str) -> bool:
        benchmark = self.view.definitions.benchmark(key)
        source = self.view.definitions.source(benchmark.measure.source) if benchmark else None
        return source is not None and by_hand(source)

    def place(self) -> Place | None:
        subject = self.subject() or ""
        if subject.startswith(TESTS):
            return self.view.definitions.mark("source", subject.removeprefix(TESTS))
        return self.view.definitions.mark("benchmark", subject) if subject else None

    # --- actions -------------------------------------------------------------------------

    async def do_fetch(self) -> None:
        """Measure again what is in hand here."""
        from workbench.tui.fetching import fetch

        await fetch(self, self.wanted())

    async def do_override(self) -> None:
        """Let the release past the benchmark in hand."""
        from workbench.tui.screens.deciding import open_override

        if (part := self.part()) is not None:
            await open_override(self, part)

    async def do_propose(self) -> None:
        """Propose the next build."""
        from workbench.tui.screens.release_forms import open_candidate

        await open_candidate(self, self.require().held)

    def do_explain(self) -> None:
        """What it resolves to, and from where."""
        judged = self.judged()
        if judged is None:
            return
        blocks: list[Block] = []
        for field in explain(self.view.definitions, judged.resolved):
            origin = str(field.place or field.origin)
            blocks += [Pair(field.name.replace("_", " "), field.value), Pair("", origin, role=Role.MUTED)]
            if field.why:
                blocks.append(Pair("", field.why, role=Role.MUTED))
        text = "\n".join(f"{block.label}: {block.text}" for block in blocks if isinstance(block, Pair))
        self.app.push_screen(
            ReadingPanel(f"{judged.title}: its effective definition and sources", blocks, copies=text)
        )

    def do_try_criterion(self) -> None:
        """Another criterion on these figures."""
        from workbench.tui.screens.trying import TryPanel

        judged = self.judged()
        if judged is not None:
            self.app.push_screen(TryPanel(judged, self.work.desk))

    def do_mark_benchmark(self) -> None:
        """Quarantined, compared with a pinned baseline, or in a new phase."""
        from workbench.tui.screens.benchmark_marking import open_marking

        if (judged := self.judged()) is not None:
            open_marking(self, judged, self.chosen_measurement())

    def chosen_measurement(self) -> str:
        """The ref of the measurement under the cursor; "" where it stands on none."""
        return ""

    async def do_review_benchmark(self) -> None:
        """Its limit, its false alarms and what it missed, looked at by a person."""
        from workbench.tui.screens.benchmark_marking import open_review

        if (judged := self.judged()) is not None:
            await open_review(self, judged)

    def do_enter_value(self) -> None:
        """A value typed by a person, with evidence."""
        judged = self.judged()
        if judged is None:
            return
        key, unit = judged.key, judged.resolved.unit.symbol
        rules = [rule for rule in (judged.resolved.pass_, judged.resolved.warn) if rule]
        hint = f"in {unit}, such as 0.45" if unit else "a plain number"
        fields = [Field("value", "Value", required=True, hint=hint)]
        if any(rule.needs_baseline for rule in rules):
            compared = f"{judged.resolved.baseline}'s, in {unit}" if unit else judged.resolved.baseline
            fields.append(Field("baseline", "Baseline", hint=f"{compared}; optional"))
        fields += [
            Field("what", "Evidence", required=True, hint="a link, the path of a file, or a note"),
            Field("title", "Title", hint="optional"),
        ]

        async def submit(values: Values) -> None:
            await self.submit(_enter, key, values)
            self.say(f"{judged.title}: {values['value'].strip()} added")

        self.app.push_screen(
            FormScreen(
                f"Add a value for {judged.title}",
                fields,
                intro=[
                    Pair("Rule", str(judged.resolved.pass_ or "none")),
                    Paragraph("The record shows that it was entered by hand.", Role.MUTED),
                ],
                submit=submit,
                save_label="add",
            )
        )

    async def do_tighten(self) -> None:
        """Make it stop the release, having seen what it would have stopped lately."""
        judged = self.judged()
        if judged is None:
            return
        trial = await self.work.desk.call(read_trial, self.require(), judged.key)

        async def submit(values: Values) -> None:
            await self.submit(_tighten, judged.key, values["reason"])
            self.say(f"{judged.title} is now blocking")

        self.app.push_screen(
            FormScreen(
                f"Make {judged.title} blocking?",
                (Field("reason", "Reason", required=True, hint="why it must block releases from now on"),),
                intro=[
                    Pair("Now", judged.why),
                    *(Paragraph(line) for line in trial.lines),
                    Paragraph("To make it advisory again, edit its file.", Role.MUTED),
                ],
                submit=submit,
                save_label="make blocking",
            )
        )

    def do_invalidate(self) -> None:
        """A measurement that does not count."""
        judged, measurement = self.judged(), self.measurement()
        if judged is None or measurement is None:
            return
        now = self.require().now
        value = quantity(measurement.value, judged) or numbers(judged).value or measurement.state

        async def submit(values: Values) -> None:
            await self.submit(deciding.invalidate, measurement.ref, values["reason"])
            self.say(f"{judged.title}: the measurement is marked invalid")

        self.app.push_screen(
            FormScreen(
                "Mark this measurement invalid?",
                (
                    Field(
                        "reason",
                        "Reason",
                        required=True,
                        hint="what was wrong with it; it stays in the record",
                    ),
                ),
                intro=[
                    Pair("Benchmark", judged.title),
                    Pair("Measured", f"{value}, {measured_words(measurement, now)}"),
                ],
                submit=submit,
                save_label="mark invalid",
            )
        )


def _enter(context: Context, key: str, values: Values) -> None:
    given = read_evidence(values["what"])
    evidence = evidence_for(
        context,
        f"benchmark:{key}",
        link=given.link,
        file=given.file,
        note=given.note,
        title=values["title"].strip(),
    )
    try:
        enter(
            context,
            key,
            values["value"],
            evidence=evidence,
            baseline=values.get("baseline", "").strip() or None,
        )
    except ValueError as error:
        raise WorkbenchError(str(error)) from None


def _tighten(context: Context, key: str, reason: str) -> None:
    deciding.make_blocking(context, evaluate(context), key, reason)
