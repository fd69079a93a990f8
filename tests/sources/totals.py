"""A kind of source made for tests: one number in a JSON file, with its commit and its moment where it has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from workbench.model.fields import Shape
from workbench.model.kinds import SourceKind
from workbench.sources.files_config import FilesConfig
from workbench.sources.reading import Found, Question
from workbench.sources.report_files import File, Report, Reports, Told, newest


class Totals(msgspec.Struct):
    """What a file says."""

    value: int
    commit: str = ""
    at: datetime | None = None


class TotalsMeasure(Shape, frozen=True, kw_only=True):
    """What is asked of it."""

    read: Literal["value"] = "value"


class TotalsReader(Reports[Totals]):
    """Takes the newest."""

    largest = 1_000

    def read(self, file: File) -> Totals:
        found: Totals = file.json(Totals, self.largest)
        return found

    def told(self, read: Totals) -> Told:
        return Told(commit=read.commit, measured_at=read.at, tool="totals 1.0")

    def answer(self, reports: Sequence[Report[Totals]], question: Question) -> Found:
        last, facts = newest(reports)
        return Found(state="ok", measured_at=last.measured_at, value=Decimal(last.read.value), facts=facts)


KIND = SourceKind(
    name="totals",
    about="one number in a file, made for tests",
    config=FilesConfig,
    measure=TotalsMeasure,
    load=lambda: TotalsReader,
    recognise=lambda: lambda sample: "totals" if "value" in sample.keys else "",
)
