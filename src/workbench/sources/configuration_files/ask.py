"""A number of an environment's configuration, as its files say it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fnmatch import fnmatchcase

import msgspec

from workbench.model.errors import SourceError
from workbench.model.keys import nearest
from workbench.model.kinds import Asked, Doubt
from workbench.model.quantity import find_unit, read_number
from workbench.model.text import safe_text, some_of
from workbench.sources import environment_files
from workbench.sources.channel import Channel
from workbench.sources.configuration.flatten import Value
from workbench.sources.configuration.reading import read
from workbench.sources.configuration.tree import Unreadable
from workbench.sources.configuration_files import ConfigurationConfig, ConfigurationMeasure
from workbench.sources.environment_files import Named, other_files, own_files
from workbench.sources.reading import Asker, Body, Found, Question, WrongQuestion, in_unit, missing

_SHOWN = 5
_MEDIA = "application/json"


class Configuration(Asker):
    """Reads the files of one environment, or compares those of two."""

    def __init__(self, channel: Channel) -> None:
        self._config: ConfigurationConfig = channel.config(ConfigurationConfig)
        self._root = channel.root

    async def ask(self, question: Question) -> Found:
        """What one parameter says, or how many parameters differ."""
        measure = question.ask
        if not isinstance(measure, ConfigurationMeasure):
            raise SourceError("a source of configuration answers measures only", hint="give it a parameter")
        return await asyncio.to_thread(self._found, measure, question)

    def _found(self, measure: ConfigurationMeasure, question: Question) -> Found:
        ours = own_files(self._root, self._config, question)
        if not ours:
            return missing(question, f"there is no file of {question.environment or 'this environment'}")
        if measure.parameter is not None:
            return _number(settings_of(ours).values, measure.parameter, question)
        theirs = other_files(self._root, self._config, question)
        if not theirs:
            return missing(question, f"there is no file of {self._config.compared_with}")
        return _differing(settings_of(ours), settings_of(theirs), measure.differing or "*", question)


class Settings(msgspec.Struct, frozen=True):
    """All parameters of one side by path, which begins with the file's name, and the files that nothing here reads."""

    values: dict[str, Value]
    whole: frozenset[str]


def settings_of(files: Iterable[Named]) -> Settings:
    """What some files set; ``SourceError`` where one cannot be read, or none sets anything."""
    found: dict[str, Value] = {}
    whole = set()
    names = []
    for file in files:
        names.append(safe_text(file.file, 200))
        try:
            reading = read(file.file, file.data)
        except Unreadable as error:
            raise SourceError(
                error.what, where=f"{names[-1]}:{error.line}" if error.line else names[-1]
            ) from None
        if reading.whole:
            whole.add(file.name)
        for path, value in reading.values.items():
            found[f"{file.name}/{path}" if path else file.name] = value
    if not any(value.text or value.members for value in found.values()):
        raise SourceError("nothing is set there", where=", ".join(names[:_SHOWN]))
    return Settings(found, frozenset(whole))


def _number(values: Mapping[str, Value], path: str, question: Question) -> Found:
    value = values.get(path)
    if value is None:
        meant = nearest(path, values)
        hint = f"did you mean {safe_text(meant, 100)}?" if meant else None
        raise WrongQuestion(f"no file has the parameter {safe_text(path, 100)}", field="parameter", hint=hint)
    if value.secret:
        raise WrongQuestion(f"{safe_text(path, 100)} is a secret, which is never read out", field="parameter")
    number, unit = _quantity(value.text, path, question)
    said = msgspec.json.encode({"environment": question.environment, "parameter": path, "value": value.text})
    return Found(
        state="ok",
        measured_at=question.at,
        value=number,
        unit=unit,
        facts={"parameter": safe_text(path, 200)},
        bodies=(Body(_MEDIA, said),),
    )


def _quantity(text: str, path: str, question: Question) -> tuple[Decimal, str | None]:
    """The number of a value in the unit that is asked for; a value without a unit is taken to be in that unit."""
    digits = text.strip().rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ%/µμ ")
    symbol = text.strip()[len(digits) :].strip()
    try:
        number = read_number(digits)
        natural = find_unit(symbol).symbol if symbol else ""
    except ValueError:
        raise SourceError(
            f"{safe_text(path, 100)} says “{safe_text(text, 60)}”, which is no number"
        ) from None
    return in_unit(number, natural, question.unit) if symbol else (number, None)


def _differing(left: Settings, right: Settings, pattern: str, question: Question) -> Found:
    ours, theirs = left.values, right.values
    for name in left.whole ^ right.whole:
        if any(path.startswith(f"{name}/") for path in (*ours, *theirs)):
            raise SourceError(
                f"{safe_text(name, 200)} can be read in one environment only, so nothing is compared"
            )
    if not ours.keys() & theirs.keys():
        raise SourceError(
            "the two environments have no parameter in common",
            hint="are these the same files? a parameter's path begins with the name of its file",
        )
    paths = sorted(path for path in ours.keys() | theirs.keys() if fnmatchcase(path, pattern))
    if not paths:
        raise WrongQuestion(f"no parameter matches {safe_text(pattern, 100)}", field="differing")
    apart = [path for path in paths if not _same(ours.get(path), theirs.get(path))]
    alone = sum(path not in ours or path not in theirs for path in apart)
    facts: dict[str, str | int] = {"compared": len(paths), "only_in_one": alone}
    if apart:
        facts["differing"] = some_of([safe_text(path, 80) for path in apart], _SHOWN)
    # The names alone: values would be kept with the evidence, and some of them are secrets.
    said = msgspec.json.encode({"compared": paths, "differing": apart})
    return Found(
        state="ok",
        measured_at=question.at,
        value=Decimal(len(apart)),
        unit="",
        samples=len(paths),
        facts=facts,
        bodies=(Body(_MEDIA, said),),
    )


def _same(one: Value | None, other: Value | None) -> bool:
    if one is None or other is None:
        return False
    mine, theirs = list(_members(one)), list(_members(other))
    if not (one.ordered or other.ordered):
        mine, theirs = sorted(mine), sorted(theirs)
    return (one.text, mine) == (other.text, theirs)


def _members(value: Value) -> Iterator[list[tuple[str, str]]]:
    """The members of a list, each by what stands in it."""
    for member in value.members:
        yield sorted((path, held.text) for path, held in member.items())


def doubts(measure: ConfigurationMeasure, asked: Asked) -> Iterator[Doubt]:
    """A measure that asks for nothing, or for two things; files that are compared with themselves."""
    if (measure.parameter is None) == (measure.differing is None):
        yield Doubt("parameter", "a measure has a parameter or differing, one of them", error=True)
    if isinstance(asked.config, ConfigurationConfig) and (
        measure.differing is not None or len(asked.places) > 1
    ):
        yield from environment_files.doubts(asked.config, asked)
