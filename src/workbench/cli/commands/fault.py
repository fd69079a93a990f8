"""``workbench fault``: faults that flows are put under."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.evidence import evidence_options
from workbench.cli.lazy import Family
from workbench.cli.options import WRITING, Settings, common, pass_settings
from workbench.model.errors import UsageError
from workbench.usecases import faults
from workbench.usecases.answering import evidence_for
from workbench.usecases.flow_names import wanted_flows
from workbench.usecases.views.marks import Mark


@click.group(cls=Family)
def fault() -> None:
    """Faults that flows are put under, and what came of it."""


@fault.command("list")
@click.option("--flow", metavar="KEY", help="Only those of this flow.")
@common("project", "record", "now", "release", "json")
@pass_settings
def list_(settings: Settings, flow: str | None) -> None:
    """List the project's fault scenarios, how a flow is to behave, and what came of each for the candidate."""
    with session.reading(settings) as context:
        (wanted,) = wanted_flows(context, [flow]) if flow is not None else ("",)
        found = faults.read_scenarios(context, wanted)
    if settings.json:
        output.emit(_document(found))
        return
    marks = {"passed": Mark.DONE, "failed": Mark.BLOCKS, "not tried": Mark.OPEN}
    output.table(
        ("", "scenario", "flow", "fault", "result", "expected"),
        [(marks[one.result].symbol, one.key, one.flow, one.fault, one.result, one.expected) for one in found],
        empty="no fault scenarios; list some under faults: in workbench.yaml",
    )


@fault.command("tried")
@click.argument("key")
@click.option("--passed", is_flag=True, help="The flow behaved as expected.")
@click.option("--failed", is_flag=True, help="It did not.")
@evidence_options
@common(*WRITING)
@pass_settings
def tried(
    settings: Settings,
    key: str,
    passed: bool,
    failed: bool,
    link: str,
    file: Path | None,
    note: str,
    title: str,
) -> None:
    """Record what came of a fault scenario for this candidate; it needs evidence."""
    if passed is failed:
        raise UsageError("say what came of it", hint="--passed or --failed")
    with session.acting(settings) as context:
        faults.find_scenario(context, key)
        evidence = evidence_for(context, f"fault:{key}", link=link, file=file, note=note, title=title)
        faults.tried(context, key, passed=passed, evidence=evidence)
        found = faults.read_scenarios(context)
    words = f"{key}: {'passed' if passed else 'failed'}"
    output.done(settings, words, _document(found), hint="workbench fault list")


def _document(found: Sequence[faults.ScenarioLine]) -> dict[str, Any]:
    rows = [{**output.fields(one), "result": one.result} for one in found]
    return {"schema": "workbench.faults.1", "faults": rows}
