"""Journals of Chaos Toolkit: which of the experiments were tried, and which were passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from workbench.model.quantity import UNITS
from workbench.model.text import safe_text
from workbench.sources.chaostoolkit import ChaosToolkitMeasure
from workbench.sources.chaostoolkit.journal import Journal, why_not_passed
from workbench.sources.moments import moment_of_text
from workbench.sources.reading import Found, Question, in_unit, missing
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File, Report, Reports, Told, oldest

_SHOWN = 5  # experiments in a sentence
_NO_JOURNAL = "there is no journal of it: did it crash?"


class ChaosToolkit(Reports[Journal]):
    """Reads what Chaos Toolkit wrote."""

    def read(self, file: File) -> Journal:
        """One journal."""
        journal: Journal = file.json(Journal, self.largest)
        moment_of_text(journal.end or journal.start, f"the moment of {file.name}")
        return journal

    def told(self, read: Journal) -> Told:
        """When it ended; a journal names no commit."""
        at, _ = moment_of_text(read.end or read.start)
        return Told(tool=f"Chaos Toolkit {safe_text(read.version, 40)}", measured_at=at)

    def answer(self, reports: Sequence[Report[Journal]], question: Question) -> Found:
        """How many experiments; of one that was tried again the last time counts."""
        measure = question.ask
        assert isinstance(measure, ChaosToolkitMeasure)
        chosen = [
            one for one in reports if measure.tag is None or measure.tag in (one.read.experiment.tags or ())
        ]
        last = {one.read.experiment.title: one for one in chosen}  # the newest comes last
        if not last and not measure.experiments:
            return missing(
                question, f"no journal is of an experiment with the tag {safe_text(measure.tag, 100)}"
            )
        verdicts = {title: why_not_passed(one.read) for title, one in last.items()}
        verdicts |= {title: _NO_JOURNAL for title in measure.experiments if title not in verdicts}
        tried = sum(one.read.tried for one in last.values())
        value, unit = _value(measure, verdicts, tried, question)
        return Found(
            state="ok",
            measured_at=oldest(last.values() or reports),
            value=value,
            unit=unit,
            facts=_facts(verdicts, tried, len(chosen) - len(last)),
        )


def recognise(sample: Sample) -> str:
    """What a file is, "" where it is no journal."""
    known = {"chaoslib-version", "experiment", "steady_states", "run"} <= sample.keys
    return "a journal of Chaos Toolkit" if known else ""


def _value(
    measure: ChaosToolkitMeasure, verdicts: Mapping[str, str], tried: int, question: Question
) -> tuple[Decimal, str]:
    passed = sum(not why for why in verdicts.values())
    if measure.read == "pass_rate":
        return in_unit(Decimal(passed) / len(verdicts), UNITS["share"].symbol, question.unit)
    counts = {"passed": passed, "not_passed": len(verdicts) - passed, "tried": tried}
    return in_unit(Decimal(counts[measure.read]), "", question.unit)


def _facts(verdicts: Mapping[str, str], tried: int, earlier: int) -> dict[str, str | int]:
    facts: dict[str, str | int] = {"experiments": len(verdicts), "tried": tried}
    broken = [f"“{safe_text(title, 60)}”: {why}" for title, why in verdicts.items() if why]
    if broken:
        more = f"; and {len(broken) - _SHOWN} more" if len(broken) > _SHOWN else ""
        facts["not_passed"] = "; ".join(broken[:_SHOWN]) + more
    if earlier:
        facts["note"] = (
            f"{earlier} earlier {'journal' if earlier == 1 else 'journals'} of the same experiments not counted"
        )
    return facts
