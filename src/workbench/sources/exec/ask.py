"""Runs a program once for each environment, and reads what measures ask for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from decimal import Decimal
from shlex import join

import msgspec

from workbench.model.commits import same_commit
from workbench.model.errors import SourceError
from workbench.model.kinds import Asked, Doubt
from workbench.model.text import safe_text
from workbench.model.times import parse_duration
from workbench.sources.channel import Channel
from workbench.sources.client import Response
from workbench.sources.exec import ExecConfig, ExecMeasure
from workbench.sources.exec.plugin import STATES, Figure, Printed, read_plugin
from workbench.sources.filling import fill, filled
from workbench.sources.of_samples import statistic_of
from workbench.sources.own_json import answered, beside, read_document
from workbench.sources.reading import Asker, Body, Found, Question, WrongQuestion, in_unit, missing


class Exec(Asker):
    """Runs one program."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._config: ExecConfig = channel.config(ExecConfig)
        self._ran: dict[tuple[str, ...], asyncio.Task[Response]] = {}

    async def ask(self, question: Question) -> Found:
        """The number of one label or name."""
        measure = question.ask
        if not isinstance(measure, ExecMeasure):
            raise SourceError("a program answers measures only", hint="give the measure a label")
        words = tuple(filled(word, question, "command") for word in self._config.command)
        if words not in self._ran:  # once, whatever is read of it
            self._ran[words] = asyncio.create_task(self._run(words))
        response = await asyncio.shield(self._ran[words])
        read = _of_json if self._config.prints == "json" else _of_plugin
        found = read(response, measure, question)
        return msgspec.structs.replace(found, bodies=(Body(response.media, response.body),))

    async def _run(self, words: tuple[str, ...]) -> Response:
        for name in self._config.secrets:
            await self._channel.secret(f"${{{name}}}")
        seconds = parse_duration(self._config.timeout).total_seconds()
        return await self._channel.run(words, declared=join(self._config.command), seconds=seconds)


def doubts(measure: ExecMeasure, asked: Asked) -> Iterable[Doubt]:
    """Mistakes that can be proved: a document without a name, a value compared with itself, a variable that nothing fills."""
    if measure.statistic is not None:
        try:
            statistic_of(measure.statistic)
        except WrongQuestion as error:
            yield Doubt("statistic", error.what, error.hint, error=True)
    if not isinstance(asked.config, ExecConfig):
        return
    if asked.config.prints == "json" and measure.label is None:
        yield Doubt(
            "label",
            "the program prints JSON, and the measure names nothing in it",
            "write label:",
            error=True,
        )
    if asked.config.prints == "plugin" and measure.statistic is not None:
        yield Doubt(
            "statistic",
            "a plugin prints no samples",
            "leave it out, or have the program print our JSON",
            error=True,
        )
    if asked.config.prints == "plugin" and measure.label is None and asked.unit:
        yield Doubt(
            "unit", "the state of a check is 0, 1 or 2, without a unit", "leave out the unit", error=True
        )
    sides = []
    for place in asked.places:
        try:
            values = {**place.variables, "environment": place.key}
            sides.append([fill(word, values, "command") for word in asked.config.command])
        except SourceError as error:
            yield Doubt("source", error.what, error.hint, error=True)
            return
    if len(sides) == 2 and sides[0] == sides[1]:
        what = f"its program is run alike for {asked.places[0].key} and {asked.places[1].key}, so a value would be compared with itself"
        yield Doubt("source", what, "hand it $environment", error=True)


# --- Monitoring Plugins -----------------------------------------------------------------------------


def _of_plugin(response: Response, measure: ExecMeasure, question: Question) -> Found:
    printed = read_plugin(response.body.decode("utf-8", "replace"))
    said = f": {printed.text}" if printed.text else ""
    if response.status == STATES.index("UNKNOWN"):
        raise SourceError(f"it says UNKNOWN{said}", hint="the program could not measure; run it by hand")
    if not 0 <= response.status < len(STATES):
        raise SourceError(
            f"it ended with exit code {response.status}{said}",
            hint="0 is OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN; or write prints: json",
        )
    if not response.body.strip():
        return missing(question, "the program printed nothing, so nobody knows what it looked at")
    facts: dict[str, str | int] = {"state": STATES[response.status], "said": printed.text}
    if measure.label is None:
        if (state := printed.state) is not None and STATES.index(state) > response.status:
            raise SourceError(
                f"it says {state} and ended with exit code {response.status}, which is {STATES[response.status]}{said}",
                hint="a script around a plugin, or a pipe, may lose its exit code; negate takes -s",
            )
        value, unit = in_unit(Decimal(response.status), "", question.unit)
        return Found(state="ok", measured_at=question.at, value=value, unit=unit, facts=facts)
    figure = printed.figures.get(measure.label)
    if figure is None or figure.value is None:
        return _no_figure(printed, measure.label, figure, question, STATES[response.status] + said)
    natural = question.unit if figure.unit is None else figure.unit
    value, unit = in_unit(figure.value, natural, question.unit)
    if figure.unit is None and question.unit:
        facts["unit"] = "as the benchmark says; the program tells none"
    if limits := [
        f"{name} {text}"
        for name, text in (("warning", figure.warning), ("critical", figure.critical))
        if text
    ]:
        facts["its_own_limits"] = ", ".join(limits)
    return Found(state="ok", measured_at=question.at, value=value, unit=unit, facts=facts)


def _no_figure(printed: Printed, label: str, figure: Figure | None, question: Question, said: str) -> Found:
    shown = safe_text(label, 60)
    if figure is not None:
        return missing(question, f"the program has no value for “{shown}” ({said})")
    return missing(question, f"the program prints no “{shown}”; {beside(label, printed.figures)} ({said})")


# --- our JSON ---------------------------------------------------------------------------------------


def _of_json(response: Response, measure: ExecMeasure, question: Question) -> Found:
    if response.status:
        raise SourceError(f"it ended with exit code {response.status}, so what it printed does not count")
    if measure.label is None:
        raise WrongQuestion("the measure names nothing in what the program prints", field="label")
    document = read_document(response.body)
    other = document.commit and question.commit and not same_commit(document.commit, question.commit)
    if other and question.role == "value":
        return missing(question, f"what the program prints is of commit {safe_text(document.commit[:7], 7)}")
    return answered(document, measure.label, measure.statistic, question, question.at)
