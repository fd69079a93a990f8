"""Lists of components: what stands in them, and how they differ from those of another environment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import number_of, safe_text
from workbench.sources.findings import FindingsMeasure, count
from workbench.sources.reading import Body, Found, Question, in_unit
from workbench.sources.report_files import Chosen, File, Report, Reports, Told, oldest
from workbench.sources.sbom import COMPARING, SbomConfig, SbomMeasure, cyclonedx, spdx
from workbench.sources.sbom.comparing import by_name, compare, farthest
from workbench.sources.sbom.components import Component, Components

_CYCLONEDX = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
_SPDX = ("SPDX-2.2", "SPDX-2.3")


class _Format(msgspec.Struct, frozen=True, rename={"bom": "bomFormat", "version": "specVersion"}):
    bom: str | None = None
    version: str | None = None


class Sbom(Reports[Components]):
    """Reads the lists of one source; several of one environment count together."""

    def read(self, file: File) -> Components:
        """The components of a list; ``SourceError`` for another format or version."""
        if file.bytes(self.largest).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
            raise file.wrong(
                "is XML, and lists of components are read as JSON", hint="let the tool write JSON"
            )
        told: _Format = file.json(_Format, self.largest)
        if told.bom != "CycloneDX":
            return _spdx(file, file.json(spdx.Document, self.largest))
        if told.version not in _CYCLONEDX:
            known = f"{_CYCLONEDX[0]} to {_CYCLONEDX[-1]} are read"
            raise file.wrong(f"is CycloneDX {safe_text(told.version or '', 20)}, and {known}")
        return cyclonedx.read(file.json(cyclonedx.Bom, self.largest))

    def told(self, read: Components) -> Told:
        """What the list says of itself."""
        return read.told

    def conclude(self, chosen: Chosen[Components], question: Question) -> Found:
        """The answer of one side, or of both: what is compared is read with it."""
        measure = question.ask
        if not isinstance(measure, SbomMeasure):
            raise SourceError("lists of components answer “read” only: differing, components and others")
        if measure.read not in COMPARING or chosen.broken or not chosen.reports:
            return super().conclude(chosen, question)
        if question.role == "baseline":
            raise SourceError(f"{measure.read} compares two environments itself, so it has no baseline")
        return self._compared(chosen.reports, measure, question)

    def answer(self, reports: Sequence[Report[Components]], question: Question) -> Found:
        """One number about one side."""
        measure = question.ask
        assert isinstance(measure, SbomMeasure)
        if why := _why_not(reports, measure):
            return _missing(reports, why)
        if measure.read == "open_findings":
            return _findings(reports, measure, question)
        names = by_name(_components(reports), measure.components)
        if not names:
            return _missing(reports, f"no component is called {', '.join(measure.components)}")
        without = sum("" in versions for versions in names.values())
        value = without if measure.read == "without_version" else len(names)
        return _number(Decimal(value), "", reports, measure, question, {"components": len(names)})

    def _compared(
        self, ours: Sequence[Report[Components]], measure: SbomMeasure, question: Question
    ) -> Found:
        config = self._config
        assert isinstance(config, SbomConfig)
        other = msgspec.structs.replace(question, role="baseline", environment=config.compared_with)
        named = self._named(other)
        if not named.files:
            return self.no_file(named, other)
        theirs = self._chosen(named, other)
        if theirs.broken:
            raise next(iter(theirs.broken.values()))
        both = [*ours, *theirs.reports]
        if why := _why_not(ours, measure) or _why_not(theirs.reports, measure):
            return _missing(both, why)
        return _difference(ours, theirs.reports, measure, question)


def _spdx(file: File, document: spdx.Document) -> Components:
    document = document.sbom or document
    if document.spdx_version not in _SPDX:
        version = (
            f"is {safe_text(document.spdx_version, 20)}"
            if document.spdx_version
            else "is no list of components"
        )
        raise file.wrong(f"{version}, and CycloneDX and {' and '.join(_SPDX)} are read", hint="as JSON")
    return spdx.read(document)


def _components(reports: Iterable[Report[Components]]) -> Iterable[Component]:
    return (one for report in reports for one in report.read.components)


def _why_not(reports: Sequence[Report[Components]], measure: SbomMeasure) -> str:
    """Why nothing can be said of one side: an empty list is no environment without components."""
    for report in reports:
        name = safe_text(report.name, 100)
        if not report.read.components:
            return f"{name} lists no component"
        if report.read.flaws and measure.incomplete == "refuse":
            return f"{name}: {report.read.flaws[0]}"
    return ""


def _findings(reports: Sequence[Report[Components]], measure: SbomMeasure, question: Question) -> Found:
    unseen = [safe_text(one.name, 100) for one in reports if one.read.findings is None]
    if unseen:
        return _missing(reports, f"{unseen[0]} says nothing of vulnerabilities: nobody looked for them")
    return count(
        (finding for report in reports for finding in report.read.findings or ()),
        FindingsMeasure(severity=measure.severity, incomplete=measure.incomplete),
        question,
        measured_at=oldest(reports),
        flaws=_flaws(reports),
    )


def _difference(
    ours: Sequence[Report[Components]],
    theirs: Sequence[Report[Components]],
    measure: SbomMeasure,
    question: Question,
) -> Found:
    here, there = (by_name(_components(side), measure.components) for side in (ours, theirs))
    if not here and not there:
        return _missing([*ours, *theirs], f"no component is called {', '.join(measure.components)}")
    found = compare(here, there)
    both = [*ours, *theirs]
    if measure.read in ("changed", "version_distance") and not here.keys() & there.keys():
        return _missing(both, "the two lists have no component in common, so no version can be compared")
    facts = {"components": len(here), "components_there": len(there), **found.facts, **_tools(ours, theirs)}
    if measure.read == "version_distance":
        far, words = farthest(found)
        if far is None:
            return _missing(both, words)
        alone = len(found.added) + len(found.removed)
        partial = (
            f"{number_of(alone, 'component')} that only one side has cannot be compared" if alone else None
        )
        told = {**facts, "farthest": words} if words else facts
        return msgspec.structs.replace(
            _number(far, "patch", both, measure, question, told, words), partial=partial
        )
    sizes = {
        "changed": len(found.changed) + len(found.untold),
        "added": len(found.added),
        "removed": len(found.removed),
    }
    value = sizes.get(measure.read, sum(sizes.values()))
    words = ", ".join(f"{size:,} {name}" for name, size in sizes.items() if size)
    return _number(Decimal(value), "", both, measure, question, facts, words)


def _number(
    value: Decimal,
    natural: str,
    reports: Sequence[Report[Components]],
    measure: SbomMeasure,
    question: Question,
    facts: dict[str, str | int],
    why: str = "",
) -> Found:
    number, unit = in_unit(value, natural, question.unit)
    return Found(
        state="ok",
        measured_at=oldest(reports),
        value=number,
        unit=unit,
        why=why,
        partial="; ".join(_flaws(reports)) or None,
        facts=facts,
        bodies=_bodies(reports),
    )


def _missing(reports: Sequence[Report[Components]], why: str) -> Found:
    return Found(state="missing", measured_at=oldest(reports), why=why, bodies=_bodies(reports))


def _bodies(reports: Sequence[Report[Components]]) -> tuple[Body, ...]:
    return tuple(report.body for report in reports if report.body)


def _flaws(reports: Sequence[Report[Components]]) -> list[str]:
    return [f"{safe_text(one.name, 100)}: {flaw}" for one in reports for flaw in one.read.flaws[:1]][:3]


def _tools(ours: Sequence[Report[Components]], theirs: Sequence[Report[Components]]) -> dict[str, str]:
    """A note where the two sides were written by different programs: they may name one thing differently."""
    sides = [{one.told.tool for one in side if one.told.tool} for side in (ours, theirs)]
    if not all(sides) or sides[0] == sides[1]:
        return {}
    names = [" and ".join(sorted(side)) for side in sides]
    return {"note": f"written by {names[0]}, there by {names[1]}, which may name things differently"}
