"""What only shows when all files are known: names that nothing has, rules that cannot work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from workbench.definitions.environment_checks import check_environment
from workbench.definitions.figure_checks import check_figure
from workbench.definitions.files import Unusable, inside
from workbench.definitions.filling import kind_of
from workbench.definitions.kinded import Chosen, chosen
from workbench.definitions.notes_template import check_template
from workbench.definitions.objective_checks import check_objective
from workbench.definitions.person_checks import check_people
from workbench.definitions.probe_checks import check_probe
from workbench.definitions.project import RECORD, environment_measured
from workbench.definitions.question_checks import check_build_question, check_question
from workbench.definitions.reading import PROBLEM_LIMIT, MarkPath, column_in
from workbench.definitions.regions import regions_of
from workbench.definitions.routine_checks import check_routine, check_sprint
from workbench.definitions.rule_checks import check_rules
from workbench.definitions.runbook_checks import check_playbook, check_runbook
from workbench.definitions.shapes import (
    NOT_ASKED,
    OF_INCIDENTS,
    AutomaticFact,
    Benchmark,
    Checklist,
    EnvironmentKind,
    Gate,
    Mark,
    Measure,
    Mode,
    ObservedService,
    Probe,
    Project,
    RoleCount,
    Variants,
    WalkedFor,
)
from workbench.definitions.structs import lists_of, was_read
from workbench.definitions.telling import Tell
from workbench.definitions.text_checks import did_you_mean, quoted
from workbench.definitions.unproven import check_source
from workbench.definitions.variants import asks_for_variants, measured_in, set_of
from workbench.model.errors import Problem
from workbench.model.keys import is_slug, slug
from workbench.model.kinds import Kinds
from workbench.model.money import read_money
from workbench.model.tokens import holds_token

_ITEM_OF = "item of "  # before the field that names the checklist of an item
# What gates count of a source one by one, and what is said of one that cannot list it.
_LISTED = {
    "findings": "knows nothing of findings",
    "secrets": "looks for no secrets",
    "issues": "knows nothing of issues",
}


class Surroundings(msgspec.Struct, frozen=True):
    """What stands in the files, also where reading it failed.

    ``declared`` lists keys and their places by kind of thing, twice if they stand twice;
    ``kind_names`` gives the kind that each is said to have, by list and key.
    ``complete`` is false when a file could not be read, so that its names are not known.
    """

    root: Path
    declared: Mapping[str, list[tuple[str, Mark]]]
    kind_names: Mapping[str, Mapping[str, str]]
    marks: Mapping[MarkPath, Mark]
    lines: Mapping[str, list[str]]
    complete: bool


def check_project(
    project: Project, checklists: Iterable[Checklist], kinds: Kinds, around: Surroundings
) -> list[Problem]:
    """Every mistake between definitions, with severity ``error`` or ``warning``.

    Required fields that could not be read are ``None`` here; they were told already.
    """
    checker = _Checker(project, list(checklists), kinds, around)
    checker.check()
    return checker.problems


class _Checker:
    def __init__(
        self, project: Project, checklists: list[Checklist], kinds: Kinds, around: Surroundings
    ) -> None:
        self.project = project
        self.checklists = checklists
        self.kinds = kinds
        self.around = around
        self.problems: list[Problem] = []
        self.known: dict[str, list[str]] = {
            kind: [key for key, _ in keys] for kind, keys in around.declared.items()
        }
        self.roles = Counter(role for person in project.people for role in set(person.roles or ()))

    def check(self) -> None:
        self._duplicates()
        self._zone(self.project.timezone, ("timezone",))
        self._environments()
        self._people()
        for one in chosen(self.project, self.kinds):
            self._chosen(one)
        for source in self.project.sources:
            check_source(source, self.kinds, self._tell_of(("sources", source.key)))
        for probe in self.project.probes:
            self._probe(probe)
        for objective in self.project.objectives:
            check_objective(objective, self._tell_of(("objectives", objective.key)))
        for benchmark in self.project.benchmarks:
            self._benchmark(benchmark)
        for service in self.project.observability:
            self._observed(service)
        for variants in self.project.variants:
            self._variants(variants)
        self._runbooks()
        self._routines()
        for gate in self.project.gates:
            self._gate(gate)
        for checklist in self.checklists:
            self._checklist(checklist)
        self._freezes()
        self._hooks()
        self._rollback_when()
        self._failure_costs()
        self._notes()
        self._start_files()

    # -- problems

    def _at(self, path: MarkPath) -> Mark:
        while path:
            mark = self.around.marks.get(path)
            if mark is not None:
                return mark
            path = path[:-1]
        return Mark(next(iter(self.around.lines)), 0, 0)

    def _problem(
        self,
        path: MarkPath | Mark,
        what: str,
        hint: str | None = None,
        *,
        warning: bool = False,
        column: int | None = None,
    ) -> None:
        mark = path if isinstance(path, Mark) else self._at(path)
        severity = "warning" if warning else "error"
        if len(self.problems) < PROBLEM_LIMIT:
            self.problems.append(Problem(mark.file, mark.line, column or mark.column, what, hint, severity))

    def _must_exist(self, kind: str, key: Any, path: MarkPath) -> None:
        """Note a name that no definition of ``kind`` has."""
        known = self.known.get(kind, [])
        if isinstance(key, str) and key not in known and self.around.complete:
            hint = (
                did_you_mean(key, known) or f"list it under {lists_of(type(self.project)).get(kind, kind)}:"
            )
            self._problem(path, f"there is no {kind} {quoted(key)}", hint)

    def _duplicates(self) -> None:
        for kind, keys in self.around.declared.items():
            first: dict[str, Mark] = {}
            for key, mark in keys:
                if key in first:
                    self._problem(
                        mark,
                        f"the {kind} {quoted(key)} stands here a second time; the first is at {first[key]}",
                        "rename one",
                    )
                first.setdefault(key, mark)

    def _repeated(self, keys: Iterable[str], path: MarkPath, what: str) -> None:
        for key, count in Counter(keys).items():
            if count > 1 and key is not None:
                self._problem((*path, key), f"{what} {quoted(key)} stands here {count} times", "rename one")

    # -- what is up to a kind

    def _chosen(self, one: Chosen) -> None:
        """It names what there is, and holds no secret."""
        for name, refers in one.kind.refers.items():
            for key in _texts(getattr(one.config, name, None)):
                if refers.startswith(_ITEM_OF):
                    listed_in = getattr(one.config, refers.removeprefix(_ITEM_OF), None)
                    self._item_exists(listed_in, key, (*one.path, name))
                else:
                    self._refers(refers, key, (*one.path, name))
        doubts = getattr(one.kind, "doubts", None)
        doubted = doubts is not None and self.around.complete and was_read(one.config)
        for doubt in doubts(one.config, self.project) if doubts and doubted else ():
            self._problem((*one.path, doubt.field), doubt.what, doubt.hint, warning=not doubt.error)
        for below, text in texts_in(one.config):
            if holds_token(text):
                self._problem(
                    (*one.path, *below),
                    f"{below[-1]} seems to hold a token, which must not stand in a file",
                    "write ${NAME} and set NAME in the environment; replace the token if it was real",
                )

    # -- one kind of thing after another

    def _environments(self) -> None:
        for environment in self.project.environments:
            path: MarkPath = ("environments", environment.key)
            if environment.build is not None:
                self._must_exist("source", environment.build.source, (*path, "build", "source"))
                if self.around.complete:
                    check_build_question(environment, self.project, self.kinds, self._tell_of(path))
            check_environment(environment, self._tell_of(path))
            for name in environment.variables:
                if not name.isidentifier():
                    self._problem(
                        (*path, "variables", name),
                        f"{quoted(name)} cannot be a variable",
                        "letters, digits and _",
                    )

    def _failure_costs(self) -> None:
        costs = self.project.failure_costs
        if costs is None:
            return
        path: MarkPath = ("failure_costs",)
        dear, cheap = read_money(costs.dear_from), read_money(costs.cheap_below)
        for name, amount in (("dear_from", dear), ("cheap_below", cheap)):
            if amount is None:
                self._problem((*path, name), "this is no amount of money", "for example 1,000 EUR")
        if dear and cheap and (dear.currency != cheap.currency or cheap.amount > dear.amount):
            what = "what is cheap has to be less than what is dear, in the same currency"
            self._problem((*path, "cheap_below"), what)

    def _people(self) -> None:
        for person in self.project.people:
            if person.timezone is not None:
                self._zone(person.timezone, ("people", person.key, "timezone"))
        check_people(
            [person for person in self.project.people if was_read(person)],
            lambda key: self._tell_of(("people", key)),
            lambda key, field: str(self._at(("people", key, *_steps(field)))),
        )

    def _zone(self, name: str, path: MarkPath) -> None:
        if name == "UTC":
            return
        import zoneinfo

        try:
            zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            hint = did_you_mean(name, zoneinfo.available_timezones()) or "for example Europe/Berlin"
            self._problem(path, f"there is no time zone {quoted(name)}", hint)

    def _probe(self, probe: Probe) -> None:
        path: MarkPath = ("probes", probe.key)
        self._must_exist("environment", probe.environment, (*path, "environment"))
        self._must_exist("environment", probe.against, (*path, "against"))
        if self.around.complete:
            check_probe(probe, self.project, self._tell_of(path))

    def _benchmark(self, benchmark: Benchmark) -> None:
        path: MarkPath = ("benchmarks", benchmark.key)
        flow, environment = benchmark.flow, benchmark.environment
        self._kind_of_benchmark(benchmark, path)
        if flow is not None and environment is not None:
            self._problem(
                (*path, "environment"),
                "a benchmark is about a flow or an environment, not both",
                "remove one",
            )
        elif flow is None and environment is None and benchmark.key is not None:
            self._problem(path, "a benchmark needs “flow” or “environment”: what is it about?")
        self._must_exist("environment", environment, (*path, "environment"))
        if benchmark.step is not None and flow is None and environment is not None:
            what = "step says which step of a flow it times, and the benchmark is about an environment"
            self._problem((*path, "step"), what, "write flow: in place of environment:, or remove step:")
        measure = benchmark.measure
        if measure is not None:
            self._must_exist("environment", measure.environment, (*path, "measure", "environment"))
            self._baseline_source(measure, (*path, "measure", "baseline_source"))
            self._must_exist("benchmark", getattr(measure.ask, "of", None), (*path, "measure", "of"))
            self._must_exist("probe", getattr(measure.ask, "probe", None), (*path, "measure", "probe"))
            if benchmark.min_samples and measure.counted is False:
                self._problem(
                    (*path, "min_samples"),
                    "min_samples can never be met: the measure does not ask how many samples there are",
                    "add “samples” beside “query”",
                    warning=True,
                )
        self._baseline(benchmark.baseline, (*path, "baseline"))
        self._regions(benchmark, path)
        if benchmark.blocking_from and benchmark.mode is Mode.BLOCKING:
            self._problem(
                (*path, "blocking_from"),
                "blocking_from does nothing: the benchmark is blocking already",
                warning=True,
            )
        tell = self._tell_of(path, benchmark)
        check_rules(benchmark, self.project, kind_of(benchmark, self.kinds), tell)
        check_figure(benchmark, self.kinds, tell)
        if self.around.complete:
            check_question(benchmark, self.project, self.kinds, tell)

    def _kind_of_benchmark(self, benchmark: Benchmark, path: MarkPath) -> None:
        """It is a kind that there is, about what that kind is about; and something is measured."""
        known, kind = self.kinds.get("benchmarks", {}), kind_of(benchmark, self.kinds)
        if benchmark.kind is not None and kind is None:
            hint = did_you_mean(benchmark.kind, known)
            self._problem((*path, "kind"), f"there is no benchmark kind {quoted(benchmark.kind)}", hint)
            return
        if benchmark.measure is NOT_ASKED and (*path, "measure") not in self.around.marks:
            what = "a benchmark needs “measure”: what to ask for its value"
            told = f"benchmarks of kind {kind.name} need “measure”: {kind.about}" if kind else what
            hint = "for example measure: {source: …, query: …}"
            if kind is not None and kind.figure:
                told = f"the record cannot answer benchmarks of kind {kind.name}: a source has its name"
                hint = f"give the source {RECORD.key} another key"
            self._problem(path, told, hint)
        if kind is None:
            if not benchmark.title and (*path, "title") not in self.around.marks and benchmark.key:
                self._problem(path, "a benchmark needs “title”", "a statement that is true when it is met")
            return
        for field in kind.has_to_say:
            if not getattr(benchmark, field):
                self._problem(
                    path, f"benchmarks of kind {kind.name} need “{field}”", f"say which: {field}: …"
                )
        other = {"flow": benchmark.environment, "environment": benchmark.flow}.get(kind.of)
        if other is not None:
            what = f"benchmarks of kind {kind.name} are about {'a flow' if kind.of == 'flow' else 'an environment'}"
            self._problem((*path, "kind"), what, f"write {kind.of}: in place of the other")

    def _baseline_source(self, measure: Measure, path: MarkPath) -> None:
        """It is there, and is asked the same: another kind would not understand the question."""
        self._must_exist("source", measure.baseline_source, path)
        kinds = {source.key: source.kind for source in self.project.sources}
        own, other = kinds.get(measure.source), kinds.get(measure.baseline_source or "")
        if own is not None and other is not None and own != other:
            what = f"{measure.baseline_source} is of kind {other}, and {measure.source} of kind {own}"
            self._problem(path, what, "the same question goes to both: name a source of the same kind")

    def _baseline(self, text: str | None, path: MarkPath) -> None:
        baselines, environments = self.kinds["baselines"], self.known["environment"]
        if text is None or text in baselines or text in environments or not self.around.complete:
            return
        kind, _, name = text.partition(" ")
        if name and getattr(baselines.get(kind), "named", False):
            if not is_slug(name):
                example = f"for example {kind} {slug(name[:64]) or 'spring'}"
                self._problem(path, f"{quoted(name)} cannot be the name of a baseline", example)
            return
        hint = did_you_mean(text, [*baselines, *environments])
        self._problem(
            path,
            f"{quoted(text)} is not a baseline: {', '.join(baselines)}, or an environment",
            hint if hint and hint.startswith("did") else None,
        )

    def _regions(self, benchmark: Benchmark, path: MarkPath) -> None:
        """Whether it can be judged in each region."""
        if not benchmark.each_region or not self.around.complete:
            return
        regions = regions_of(self.project)
        if benchmark.baseline in (None, "production"):
            what = "each_region does nothing: no environment of kind production says its region"
            self._problem((*path, "each_region"), what, "add region: to each of them")
        elif benchmark.baseline not in {one.key for one in regions}:
            what = f"each_region compares with production, and the baseline is {quoted(benchmark.baseline)}"
            self._problem((*path, "each_region"), what, "remove one of the two")

    def _tell_of(self, path: MarkPath, benchmark: Benchmark | None = None) -> Tell:
        """Notes problems at the fields of a definition, ``steps.0.do`` too; a benchmark's rules are pointed into."""
        texts = {"pass": benchmark.pass_, "warn": benchmark.warn} if benchmark else {}

        def tell(
            field: str, what: str, hint: str | None = None, *, warning: bool = False, column: int = 0
        ) -> None:
            place: MarkPath = (*path, *_steps(field)) if field else path
            at = self._column(place, texts.get(field) or "", column) if column else None
            self._problem(place, what, hint, warning=warning, column=at)

        return tell

    def _column(self, path: MarkPath, text: str, column: int) -> int | None:
        """The column in the file of a column in a text that stands there."""
        mark = self._at(path)
        return column_in(self.around.lines.get(mark.file, []), mark.line, mark.column, text, column)

    def _observed(self, service: ObservedService) -> None:
        path: MarkPath = ("observability", service.key, "environment")
        self._must_exist("environment", service.environment, path)
        known = {one.key: one for one in self.project.environments}
        place = known.get(service.environment or "")
        if place is not None and place.kind is EnvironmentKind.PRODUCTION:
            what = f"{place.key} is of kind production, which it would be compared with"
            self._problem(path, what, "name the environment that is looked at")

    def _variants(self, variants: Variants) -> None:
        """Every benchmark of a set is there and in no other set, and a set compares at least two."""
        path: MarkPath = ("variants", variants.key)
        if not was_read(variants):
            return
        if len(set(variants.of)) < 2:
            self._problem((*path, "of"), "one variant alone is no comparison", "list at least two labels")
        self._repeated(variants.of, (*path, "of"), "the variant")
        if not variants.benchmarks:
            what = "without a rule every variant would meet it: no benchmark is named"
            self._problem((*path, "benchmarks"), what, "list the benchmarks that a variant has to pass")
        if variants.now is not None and variants.now not in variants.of:
            what = f"{quoted(variants.now)} is none of its variants"
            self._problem((*path, "now"), what, did_you_mean(variants.now, variants.of))
        for key in measured_in(variants):
            place = (*path, "cost" if key == variants.cost else "benchmarks")
            self._must_exist("benchmark", key, place)
            if set_of(self.project, key) is not variants:
                self._problem(place, f"the benchmark {quoted(key)} is compared in another set already")
            benchmark = next((each for each in self.project.benchmarks if each.key == key), None)
            if benchmark is not None and variants.now is None and asks_for_variants(benchmark):
                what = f"{quoted(key)} asks for $variant, and nothing says which one runs now"
                self._problem(path, what, f"add now: {variants.of[0] if variants.of else 'LABEL'}")

    def _runbooks(self) -> None:
        """Every runbook can be walked, and what it and playbooks name is there."""
        for runbook in self.project.runbooks:
            path: MarkPath = ("runbooks", runbook.key)
            self._must_exist("playbook", runbook.playbook, (*path, "playbook"))
            check_runbook(runbook, self._tell_of(path))
        for playbook in self.project.playbooks:
            path = ("playbooks", playbook.key)
            for number, decision in enumerate(playbook.decisions or []):
                for place, option in enumerate(decision.options or []):
                    below = (*path, "decisions", number, "options", place, "runbook")
                    self._must_exist("runbook", option.runbook, below)
            check_playbook(playbook, self._tell_of(path))

    def _gate(self, gate: Gate) -> None:
        path: MarkPath = ("gates", gate.key)
        self._repeated(
            (requirement.key for requirement in gate.requires), (*path, "requires"), "the requirement"
        )
        self._asked_twice(gate, (*path, "requires"))
        if not gate.requires and ((*path, "requires") in self.around.marks or not gate.sign):
            self._problem(
                (*path, "requires"),
                f"nothing stands under requires: of the gate {gate.key}, so nothing in it is judged",
                "list what has to hold before a release may pass, for example - benchmarks: {}",
                warning=True,
            )
        if gate.escalate is not None and not gate.requires and not (gate.sign and gate.sign.roles):
            what = f"the gate {gate.key} asks for nothing, so nothing of it is ever escalated"
            self._problem(
                (*path, "escalate"), what, "list what it requires, or remove escalate:", warning=True
            )
        if gate.escalate is not None and gate.escalate.to is not None:
            self._role(gate.escalate.to, (*path, "escalate", "to"))
        self._must_exist("environment", gate.into, (*path, "into"))
        if gate.sign is not None:
            self._sign(gate, (*path, "sign"))

    def _asked_twice(self, gate: Gate, path: MarkPath) -> None:
        """What a source lists is one part of a gate: with two limits, an override of one would let both past."""
        seen = set[tuple[str, str]]()
        for requirement in gate.requires:
            named = getattr(requirement.config, "source", None)
            if not _LISTED.keys() & self._refers_of(requirement.kind):
                continue
            for source in dict.fromkeys([named] if isinstance(named, str) else named or ()):
                if (requirement.kind, source) in seen:
                    what = f"the gate {gate.key} asks twice for {requirement.kind} of the source {source}"
                    self._problem(
                        (*path, requirement.key), what, "ask once, with the stricter limit of each severity"
                    )
                seen.add((requirement.kind, source))

    def _refers_of(self, requirement: str) -> set[str]:
        kind = self.kinds["requirements"].get(requirement)
        return set(kind.refers.values()) if kind is not None else set()

    def _refers(self, kind: str, key: str, path: MarkPath) -> None:
        if kind == "role":
            self._role(key, path)
        elif kind == "tests":
            self._gives_tests(key, path)
        elif kind in _LISTED:
            self._lists(kind, key, path)
        else:
            self._must_exist(kind, key, path)

    def _lists(self, what: str, source: str, path: MarkPath) -> None:
        """A source that gates count things of has to be able to list them."""
        self._must_exist("source", source, path)
        name = self.around.kind_names["sources"].get(source, "")
        kind = self.kinds["sources"].get(name)
        if kind is not None and what not in getattr(kind, "lists", {}):
            able = [each for each in self.kinds["sources"] if what in self._lists_of(each)]
            self._problem(
                path, f"the source {source} ({name}) {_LISTED[what]}", f"these kinds do: {', '.join(able)}"
            )

    def _lists_of(self, name: str) -> Mapping[str, Any]:
        return getattr(self.kinds["sources"][name], "lists", {})

    def _item_exists(self, checklist: Any, item: str, path: MarkPath) -> None:
        found = next((each for each in self.checklists if each.checklist == checklist), None)
        if found is None or not self.around.complete:
            return
        keys = [each.key for each in found.items or []]
        if item not in keys:
            hint = did_you_mean(item, keys) or f"its items: {', '.join(keys[:8]) or 'none'}"
            self._problem(path, f"the checklist {checklist} has no item {quoted(item)}", hint)

    def _gives_tests(self, source: str, path: MarkPath) -> None:
        self._must_exist("source", source, path)
        name = self.around.kind_names["sources"].get(source, "")
        kind = self.kinds["sources"].get(name)
        if kind is not None and getattr(kind, "tests", None) is None:
            self._problem(path, f"the source {source} ({name}) knows nothing of tests")

    def _role(self, role: str, path: MarkPath) -> bool:
        if role in self.roles or not self.around.complete:
            return role in self.roles
        hint = did_you_mean(role, self.roles) or "list people with their roles under people:"
        self._problem(path, f"nobody has the role {quoted(role)}", hint)
        return False

    def _sign(self, gate: Gate, path: MarkPath) -> None:
        policy = gate.sign
        if policy is None:
            return
        for number, key in enumerate(policy.apart_from or ()):
            self._must_exist("gate", key, (*path, "apart_from", number))
            if key == gate.key:
                what = f"the gate {gate.key} cannot be apart from itself: a person fills one seat of a gate anyway"
                self._problem((*path, "apart_from", number), what, "name another gate")
            elif any(
                other.key == key and not (other.sign and other.sign.roles) for other in self.project.gates
            ):
                what = f"nobody signs the gate {key}, so being apart from it can never matter"
                self._problem((*path, "apart_from", number), what, "name a gate that is signed", warning=True)
        roles = [entry for entry in policy.roles if entry.role is not None]
        if len({entry.role for entry in roles}) < len(roles):
            self._problem((*path, "roles"), "a role stands here twice", "write it once, with a count")
        for number, entry in enumerate(policy.roles):
            below: MarkPath = (*path, "roles", number, "role")
            if entry.role is None or not self._role(entry.role, below):
                continue
            have = self._of_role(entry, (*path, "roles", number, "people"))
            if entry.count > have:
                people = "one person has" if have == 1 else f"only {have} people have"
                if entry.people:
                    people = "people: names one who has" if have == 1 else f"people: names {have} who have"
                self._problem(
                    (*path, "roles", number, "count"),
                    f"the gate {gate.key} can never be signed: {entry.count} of role {entry.role} must sign, and {people} it",
                    "lower the count, or give the role to more people",
                )
            elif not policy.own and entry.count == have:
                self._problem(
                    below,
                    f"everybody with the role {entry.role} must sign the gate {gate.key}, so none of them can be the author",
                    "give the role to one more person, or write own: yes",
                    warning=True,
                )

    def _of_role(self, entry: RoleCount, path: MarkPath) -> int:
        """How many people can sign as a role: those who are named where some are, and each has to have it."""
        self._repeated(entry.people, path, "the person")
        has = {person.key for person in self.project.people if entry.role in (person.roles or ())}
        for number, key in enumerate(entry.people):
            self._must_exist("person", key, (*path, number))
            if key in self.known.get("person", ()) and key not in has and self.around.complete:
                what = f"{quoted(key)} does not have the role {quoted(entry.role)}"
                self._problem(
                    (*path, number), what, f"give it to them under people:, or take {key} off the list"
                )
        return len(has & set(entry.people)) if entry.people else len(has)

    def _checklist(self, checklist: Checklist) -> None:
        path: MarkPath = ("checklists", checklist.checklist)
        items = checklist.items or []
        self._repeated((item.key for item in items), (*path, "items"), "the item")
        if not items:
            self._problem(path, f"the checklist {checklist.checklist} has no items", warning=True)
        if self._at(path).built_in:
            return
        self._facts_asked(checklist, path)
        for item in items:
            if item.role is not None and item.role not in self.roles:
                hint = did_you_mean(item.role, self.roles)
                self._problem(
                    (*path, "items", item.key, "role"),
                    f"nobody has the role {quoted(item.role)}",
                    hint,
                    warning=True,
                )

    def _facts_asked(self, checklist: Checklist, path: MarkPath) -> None:
        """A list can ask the record only about what it is walked for."""
        of_incident = checklist.walked_for is WalkedFor.INCIDENT
        for item in checklist.items or []:
            for name in ("automatic", "needs_fact"):
                asked = getattr(item, name)
                if asked is not None and (asked in OF_INCIDENTS) != of_incident:
                    about = "an incident" if asked in OF_INCIDENTS else "a release"
                    self._problem(
                        (*path, "items", item.key, name),
                        f"{quoted(asked.value)} is answered for {about}, and this list is walked for "
                        f"{'an incident' if of_incident else 'a release'}",
                        f"known here: {', '.join(one.value for one in AutomaticFact if (one in OF_INCIDENTS) == of_incident)}",
                    )

    def _freezes(self) -> None:
        for number, window in enumerate(self.project.change_freezes):
            try:
                turned = date.fromisoformat(window.last) < date.fromisoformat(window.first)
            except (ValueError, TypeError):
                continue
            if turned:
                self._problem(
                    ("change_freezes", number, "last"),
                    f"this freeze ends on {window.last}, before it begins on {window.first}",
                )

    def _rollback_when(self) -> None:
        self._repeated(self.project.rollback_when, ("rollback_when",), "the benchmark")
        for number, key in enumerate(self.project.rollback_when):
            path: MarkPath = ("rollback_when", number)
            self._must_exist("benchmark", key, path)
            benchmark = next((one for one in self.project.benchmarks if one.key == key), None)
            if benchmark is None or not self.around.complete:
                continue
            place = environment_measured(benchmark, self.project)
            if place is None or place.kind is not EnvironmentKind.PRODUCTION:
                what = f"{quoted(key)} is not measured in production, so it cannot say when to roll back"
                self._problem(path, what, "its measure: names an environment of kind production")

    def _hooks(self) -> None:
        for hook in self.project.hooks:
            path: MarkPath = ("hooks", hook.key, "on")
            if hook.on == [] and (*path, 0) not in self.around.marks:
                self._problem(path, "nothing stands under on:, so it is never called", "for example [frozen]")

    def _notes(self) -> None:
        template = self.project.notes
        if template is None or template.sections is None:
            return
        if (
            "notes",
            "sections",
            len(template.sections),
        ) not in self.around.marks:  # else one could not be read
            check_template(template, self._tell_of(("notes",)))

    def _routines(self) -> None:
        for routine in self.project.routines:
            path: MarkPath = ("routines", routine.key)
            written = [name for name in ("every", "title") if (*path, name) in self.around.marks]
            check_routine(routine, written, self._tell_of(path))
            if routine.role is not None:
                self._role(routine.role, (*path, "role"))
        if self.project.sprint is not None:
            check_sprint(self.project.sprint, self._tell_of(("sprint",)))

    def _start_files(self) -> None:
        start = self.project.start_from
        for name in ("flows", "parity"):
            text = getattr(start, name, None)
            if text is None:
                continue
            try:
                missing = not inside(self.around.root, text).is_file()
            except (Unusable, OSError, ValueError):
                continue
            if missing:
                self._problem(
                    ("start_from", name),
                    f"there is no file {quoted(text)}",
                    "paths start at the project's folder",
                )


def _steps(field: str) -> MarkPath:
    """``steps.0.do`` as a path."""
    return tuple(int(name) if name.isdigit() else name for name in field.split("."))


def texts_in(value: Any, path: MarkPath = ()) -> Iterator[tuple[MarkPath, str]]:
    """Every text inside a configuration, with the names that lead to it."""
    if isinstance(value, str):
        yield path, str(value)
    elif isinstance(value, msgspec.Struct):
        for name, attribute in zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True):
            yield from texts_in(getattr(value, attribute), (*path, name))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from texts_in(item, (*path, str(name)))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from texts_in(item, (*path, number))


def _texts(value: Any) -> list[str]:
    return [text for _, text in texts_in(value)]
