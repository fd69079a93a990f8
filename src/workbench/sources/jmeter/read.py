"""JMeter's JTL: every sample, of requests and of transactions."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.sources.jmeter.files import read_csv, read_xml
from workbench.sources.jmeter.labels import Labels, observed
from workbench.sources.load_tests import RequestsMeasure
from workbench.sources.load_tests.observed import answered, moment
from workbench.sources.of_samples import Told as Goes
from workbench.sources.reading import Found, Question, missing
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File, Report, Reports, Told, oldest


class JMeter(Reports[Labels]):
    """Reads what JMeter wrote."""

    media = "text/plain"
    largest = 2**30

    def read(self, file: File) -> Labels:
        """The samples of one file."""
        with file.open() as binary:
            xml = binary.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        return read_xml(file) if xml else read_csv(file)

    def told(self, read: Labels) -> Told:
        """When the last sample ended."""
        return Told(tool="JMeter", measured_at=None if read.last is None else moment(read.last))

    def answer(self, reports: Sequence[Report[Labels]], question: Question) -> Found:
        """A statistic of the samples of all files together: each machine of a test writes its own."""
        measure = question.ask
        assert isinstance(measure, RequestsMeasure)
        files = [one.read for one in reports]
        if not any(file.found for file in files):
            return missing(question, "the run has no sample")
        told = Goes(at=oldest(reports))
        return answered(observed(files, measure.request), measure.statistic, question, told)


def recognise(sample: Sample) -> str:
    """What a file is, "" where JMeter did not write it."""
    if sample.xml_root == "testResults":
        return "samples of JMeter, as XML"
    header = next(iter(sample.first_lines(1)), "")
    names = {name.strip().strip('"') for name in header.replace(";", ",").replace("\t", ",").split(",")}
    return "samples of JMeter, as a table" if {"timeStamp", "elapsed", "label"} <= names else ""
