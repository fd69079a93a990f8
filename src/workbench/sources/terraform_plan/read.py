"""Plans of Terraform: how many managed resources drifted from the code, and how many it would change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fnmatch import fnmatchcase

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text, some_of
from workbench.sources.moments import moment_of_text
from workbench.sources.reading import Found, Question, in_unit
from workbench.sources.report_files import File, Report, Reports, Told, oldest
from workbench.sources.terraform_plan import TerraformPlanMeasure
from workbench.sources.terraform_plan.shapes import Change, Plan, Resource, decoded, kept

_SHOWN = 5
_NOTHING = frozenset({"no-op", "read"})
_WAYS: Mapping[str, Callable[[frozenset[str]], bool]] = {
    "changes": lambda actions: True,
    "created": lambda actions: actions == {"create"},
    "updated": lambda actions: actions == {"update"},
    "replaced": lambda actions: actions == {"create", "delete"},
    "destroyed": lambda actions: "create" not in actions and bool(actions & {"delete", "forget"}),
}


class TerraformPlan(Reports[Plan]):
    """Reads the plans of one source; those of several folders count together."""

    def read(self, file: File) -> Plan:
        """What a plan would change; ``SourceError`` for another version of the format."""
        try:
            plan = decoded(file.bytes(self.largest))
        except RecursionError:
            raise file.wrong("is nested too deep") from None
        except (msgspec.DecodeError, ValueError) as error:
            raise file.wrong(f"cannot be read: {safe_text(error, 200)}") from None
        if plan.format_version.partition(".")[0] not in ("0", "1"):
            raise file.wrong(
                f"has format {safe_text(plan.format_version, 20)} of plans, and only 0 and 1 are read"
            )
        for one in (*(plan.resource_drift or ()), *(plan.resource_changes or ())):
            if not (one.change and one.change.actions):
                raise file.wrong(f"does not say what happens to {safe_text(one.address, 100)}")
        if plan.resource_changes is None and plan.planned_values is None and plan.resource_drift is None:
            raise file.wrong("is no plan", hint="write it with: terraform show -json PLAN")
        return plan

    def evidence(self, file: File) -> bytes:
        """Which resources change, and no value: sensitive ones stand in a plan in plain text."""
        return kept(file.bytes(self.largest))

    def told(self, read: Plan) -> Told:
        """When the plan was made, and by which version."""
        at = moment_of_text(read.timestamp, "the time of the plan")[0] if read.timestamp else None
        return Told(measured_at=at, tool=safe_text(f"Terraform {read.terraform_version or ''}".strip(), 60))

    def answer(self, reports: Sequence[Report[Plan]], question: Question) -> Found:
        """How many resources there are of those asked about."""
        measure = question.ask
        if not isinstance(measure, TerraformPlanMeasure):
            raise SourceError("a plan answers “read” only: drifted, changes and others")
        at = oldest(reports)
        if why := _why_not(reports):
            return Found(state="missing", measured_at=at, why=why)
        found = [name for report in reports for name in _asked(report.read, measure)]
        value, unit = in_unit(Decimal(len(found)), "", question.unit)
        named = some_of([safe_text(name, 100) for name in found], _SHOWN)
        return Found(
            state="ok",
            measured_at=at,
            value=value,
            unit=unit,
            why=named,
            facts={
                **({"found": named} if found else {}),
                "drifted": sum(len(_changing(report.read.resource_drift)) for report in reports),
                "changes": sum(len(_changing(report.read.resource_changes)) for report in reports),
            },
        )


def _why_not(reports: Sequence[Report[Plan]]) -> str:
    for report in reports:
        name = safe_text(report.name, 100)
        if report.read.errored:
            return f"the plan {name} says that it failed"
        if report.read.complete is False:
            return f"the plan {name} says that it is not complete"
    return ""


def _changing(resources: list[Resource] | None) -> list[tuple[str, frozenset[str]]]:
    """Managed resources that something happens to, and what; what is only read belongs to somebody else."""
    found = []
    for one in resources or ():
        actions = frozenset((one.change or Change()).actions or ()) - _NOTHING
        if one.mode != "data" and actions:
            found.append((one.address, actions))
    return found


def _asked(plan: Plan, measure: TerraformPlanMeasure) -> Iterator[str]:
    drifted = measure.read == "drifted"
    fits = _WAYS["changes" if drifted else measure.read]
    for address, actions in _changing(plan.resource_drift if drifted else plan.resource_changes):
        wanted = not measure.resources or any(fnmatchcase(address, one) for one in measure.resources)
        if wanted and fits(actions):
            yield address
