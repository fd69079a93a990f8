"""Reads Cobertura XML, as a stream.

Format: ``coverage-04.dtd`` of Cobertura, which tools of other languages write, too.
"""

from __future__ import annotations

import re
from typing import ClassVar

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.code_coverage.covered import Code, Covered
from workbench.sources.code_coverage.reading import CoverageReports
from workbench.sources.moments import moment_of_number
from workbench.sources.numbers import count_of, number_of
from workbench.sources.recognising import Sample
from workbench.sources.report_files import File
from workbench.sources.xml_files import DEPTH, Refused, XmlReader, attributes, local, read_xml

_CONDITIONS = re.compile(r"\((\d{1,6})/(\d{1,6})\)")


class Cobertura(CoverageReports):
    """Reads one source's files, in pieces."""

    media = "application/xml"
    largest = 2**40

    def read(self, file: File) -> Covered:
        """What one report covers."""
        covered, _ = read_xml(file.open, file.name, _Reader)
        return covered


def recognise(sample: Sample) -> str:
    """What a file is: Clover's reports begin with the same element and have no rates."""
    return "a Cobertura report" if sample.xml_root == "coverage" and b"line-rate=" in sample.head else ""


class _Reader(XmlReader[Covered]):
    doctype: ClassVar[bool] = True

    def __init__(self) -> None:
        self._covered = Covered()
        self._depth = 0
        self._code: Code | None = None
        self._rated = False

    def start(self, tag: str, pairs: list[str]) -> None:
        name = local(tag)
        if self._depth >= DEPTH:
            raise Refused(f"it is nested more than {DEPTH} deep")
        if not self._depth and name != "coverage":
            raise Refused(f"it is no Cobertura report: it begins with <{safe_text(name, 40)}>")
        self._depth += 1
        try:
            if name == "line" and self._code is not None:
                self._line(self._code, attributes(pairs))
            elif name == "class":
                self._code = self._covered.file(attributes(pairs).get("filename", ""))
            elif name == "coverage":
                self._root(attributes(pairs))
        except SourceError as error:
            raise Refused(error.what) from None

    def end(self, tag: str) -> None:
        self._depth -= 1
        if local(tag) == "class":
            self._code = None

    def finish(self) -> Covered:
        if not self._rated:
            raise Refused("it is no Cobertura report: it gives no line-rate")
        return self._covered

    def _root(self, about: dict[str, str]) -> None:
        self._rated = "line-rate" in about
        ran, of = (about.get(name) for name in ("lines-covered", "lines-valid"))
        if of and count_of(of, "lines-valid"):
            self._covered.claimed = count_of(ran, "lines-covered") / count_of(of, "lines-valid")
        elif (rate := number_of(about.get("line-rate"), "line-rate")) is not None:
            self._covered.claimed = float(rate)
        if stamp := number_of(about.get("timestamp") or None, "its timestamp"):
            self._covered.timestamp = moment_of_number(stamp, where="its timestamp")

    def _line(self, code: Code, about: dict[str, str]) -> None:
        number = count_of(about.get("number"), "a line's number")
        code.add_line(number, ran=count_of(about.get("hits"), "how often a line ran") > 0)
        if about.get("branch", "").lower() == "true" and (
            found := _CONDITIONS.search(about.get("condition-coverage", ""))
        ):
            code.add_branches(number, int(found[1]), int(found[2]))
