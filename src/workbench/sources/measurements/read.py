"""Files of our own JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from workbench.model.errors import SourceError
from workbench.model.kinds import Asked, Doubt
from workbench.model.text import safe_text
from workbench.sources.files_config import FilesConfig
from workbench.sources.measurements import MeasurementsMeasure
from workbench.sources.of_samples import statistic_of
from workbench.sources.own_json import SCHEMA, Document, answered, moment_of, read_document
from workbench.sources.reading import Found, Question, WrongQuestion
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File, Report, Reports, Told, newest, same_files


class Measurements(Reports[Document]):
    """Reads files of our own JSON."""

    def read(self, file: File) -> Document:
        """One document, whose moments are moments."""
        try:
            document = read_document(file.bytes(self.largest).removeprefix(b"\xef\xbb\xbf"))
            for one in document.measurements:
                moment_of(one, file.written)
        except SourceError as error:
            raise file.wrong(f"cannot be read: {error.what}", hint=error.hint) from None
        return document

    def told(self, read: Document) -> Told:
        """Its commit, and what wrote it."""
        return Told(commit=read.commit, tool=safe_text(read.tool, 100))

    def answer(self, reports: Sequence[Report[Document]], question: Question) -> Found:
        """What the newest file that has the measurement says of it."""
        measure = question.ask
        assert isinstance(measure, MeasurementsMeasure)
        having = [one for one in reports if any(each.name == measure.name for each in one.read.measurements)]
        last, facts = newest(having or reports)
        found = answered(last.read, measure.name, measure.statistic, question, last.measured_at)
        return msgspec.structs.replace(found, facts={**found.facts, **facts})


def recognise(sample: Sample) -> str:
    """What a file is, "" where it is none of ours."""
    known = {"schema", "measurements"} <= sample.keys and sample.value("schema") == SCHEMA
    return "measurements in our own JSON" if known else ""


def doubts(measure: MeasurementsMeasure, asked: Asked) -> Iterable[Doubt]:
    """Mistakes that can be proved."""
    if measure.statistic is not None:
        try:
            statistic_of(measure.statistic)
        except WrongQuestion as error:
            yield Doubt("statistic", error.what, error.hint, error=True)
    if isinstance(asked.config, FilesConfig):
        yield from same_files(asked.config, asked)
