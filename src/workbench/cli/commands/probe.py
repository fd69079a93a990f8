"""``workbench probe``: looks for differences between the environments, and proves that it can find them."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.interrupting import CANCELLED, interruptible
from workbench.cli.options import Settings, common, pass_settings
from workbench.cli.progress import Progress
from workbench.model.text import number_of
from workbench.usecases.probing import Wanted, wanted_probes
from workbench.usecases.probing import probe as look
from workbench.usecases.views.probe_list import Bearing, read_probes
from workbench.usecases.views.probes import STATES, RunView, run_views

_MOST = 20  # differences of one probe that are listed


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option(
    "--list", "only_list", is_flag=True, help="Run nothing: how each probe stands, and its last runs."
)
@click.option("--prove", is_flag=True, help="Plant differences into what was captured: each has to be found.")
@click.option(
    "--environment", "environments", multiple=True, metavar="KEY", help="Only probes of this environment."
)
@click.option("--flow", "flows", multiple=True, metavar="KEY", help="Only probes that watch over this flow.")
@click.option("--region", "regions", multiple=True, metavar="NAME", help="Only probes of this region.")
@click.option(
    "--keep-answers",
    "record_to",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep what was captured as recordings in this folder, secrets as fingerprints.",
)
@click.option(
    "--replay",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Look at recordings instead; such runs are marked.",
)
@common("project", "record", "as_person", "now", "release", "json")
@pass_settings
def probe(
    settings: Settings,
    names: tuple[str, ...],
    only_list: bool,
    prove: bool,
    environments: tuple[str, ...],
    flows: tuple[str, ...],
    regions: tuple[str, ...],
    record_to: Path | None,
    replay: Path | None,
) -> int:
    """Look for differences between the environments.

    Runs the project's probes, all of them unless some are named; ctrl+c keeps what came.  Exits with 1
    if a probe found differences that nobody has taken care of, or one was to be proven and was not, and
    with 3 if one could not look.
    """
    if only_list:
        return _list(settings, names)
    wanted = Wanted(probes=names, environments=environments, flows=flows, regions=regions)
    opened = session.reading if settings.now and record_to else session.acting
    with opened(settings) as context, interruptible() as interrupted, Progress() as progress:
        probed = look(
            context,
            wanted,
            prove=prove,
            record_to=record_to,
            replay=replay,
            progress=progress.show,
            cancelled=lambda: bool(interrupted),
        )
        views = run_views(context, probed.runs, probed.proofs)
    _print(settings, views, prove)
    if probed.cancelled:
        output.talk("cancelled; what had arrived is kept")
        return CANCELLED
    if any(view.open or (prove and not view.proven) for view in views):
        return 1
    return 3 if any(view.state == "error" for view in views) else 0


def _list(settings: Settings, names: tuple[str, ...]) -> int:
    with session.reading(settings) as context:
        wanted = {one.key for one in wanted_probes(context, Wanted(probes=names))}
        lines = [line for line in read_probes(context, Bearing()).lines if line.key in wanted]
    if settings.json:
        rows = [
            {
                "probe": line.key,
                "title": line.title,
                "kind": line.kind,
                "state": line.state,
                "said": line.said.text,
                "proof": line.proof.text,
                "runs": line.pattern,
                "at": line.at,
            }
            for line in lines
        ]
        output.emit({"schema": "workbench.probes.1", "probes": rows})
        return 0
    output.table(
        ("", "probe", "state", "last runs", "proof", "ran", "kind"),
        [
            (
                line.said.mark.symbol,
                line.key,
                line.said.text,
                line.pattern,
                line.proof.text,
                line.ran,
                line.kind,
            )
            for line in lines
        ],
        empty="no probes; list some under probes: in workbench.yaml",
    )
    return 0


def _print(settings: Settings, views: list[RunView], prove: bool) -> None:
    if settings.json:
        planted = [one for view in views if view.proof for one in view.proof.planted]
        document = {
            "schema": "workbench.probe.1",
            "runs": [_document(view) for view in views],
            "planted": len(planted),
            "found": sum(one.found for one in planted),
        }
        output.emit(document)
        return
    for view in views:
        output.line(f"{STATES[view.state]:<15}{view.probe}  {view.words}")
        for change in view.changes[:_MOST]:
            output.line(f"    {change.title or change.path}: {change.words}")
        if len(view.changes) > _MOST:
            output.line(f"    … {len(view.changes) - _MOST} more")
        if view.ignore_rule:
            output.line("    noise, as a rule to paste into the probe:")
            output.lines(f"      {line}" for line in view.ignore_rule.splitlines())
        if prove or not view.proven:
            output.line(f"    {view.proof_words}")
        for one in view.proof.planted if view.proof else ():
            if not one.found:
                output.line(f"    not found: {one.title}")
    failed = sum(bool(view.open) for view in views)
    if failed:
        output.talk(
            f"{number_of(failed, 'probe')} found differences that nobody has decided; next: workbench parity proposals"
        )


def _document(view: RunView) -> dict[str, object]:
    """A run with all its fields, also those of its changes: a side that has nothing is ``null``."""
    return {**output.fields(view), "changes": [output.fields(change) for change in view.changes]}
