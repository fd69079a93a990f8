"""``workbench baseline``: what each benchmark is compared with, pinned and invalid baselines."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.lazy import Family
from workbench.cli.options import WRITING, Settings, common, pass_settings
from workbench.usecases import baselines
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.baselines import facts_of, mark_of, stands, value_words


@click.group(cls=Family)
def baseline() -> None:
    """Baselines: what each benchmark is compared with."""


@baseline.command("list")
@common("project", "record", "now", "release", "json")
@pass_settings
def list_(settings: Settings) -> None:
    """List what each benchmark is compared with, and every pinned baseline."""
    with session.reading(settings) as context:
        found, zone = baselines.read_baselines(context, evaluate(context)), context.zone
    if settings.json:
        output.emit({"schema": "workbench.baselines.1", "baselines": [output.fields(one) for one in found]})
        return
    output.table(
        ("", "benchmark", "baseline", "value", "standing"),
        [
            (mark_of(one).symbol, one.benchmark, one.kind, value_words(one), stands(one, zone))
            for one in found
        ],
        empty="no benchmark is compared with anything",
    )


@baseline.command("show")
@click.argument("key")
@common("project", "record", "now", "release", "json")
@pass_settings
def show(settings: Settings, key: str) -> None:
    """Show what one benchmark is compared with: window, samples, question, digest, and what speaks against it."""
    with session.reading(settings) as context:
        evaluation, zone = evaluate(context), context.zone
        found = baselines.find_baselines(context, evaluation, key)
        begun = list(baselines.read_phases(context, evaluation, key))
    if settings.json:
        rows = [{**output.fields(one.phase), "counts": one.counts, "present": one.present} for one in begun]
        document = {"baselines": [output.fields(one) for one in found], "phases": rows}
        output.emit({"schema": "workbench.baseline.1", "benchmark": key, **document})
        return
    for one in found:
        output.line(f"{one.title}: {one.kind}")
        output.pairs((fact.label.lower(), fact.text) for fact in facts_of(one, zone))


@baseline.command("pin")
@click.argument("key")
@click.option(
    "--measurement",
    default="",
    metavar="REF",
    help="Which measurement; what it is compared with now, unless said.",
)
@click.option("--name", metavar="NAME", help="Under which name; the one that its file asks for, unless said.")
@click.option("--reason", required=True, metavar="TEXT", help="Why this one.")
@common(*WRITING)
@pass_settings
def pin(settings: Settings, key: str, measurement: str, name: str | None, reason: str) -> None:
    """Pin one measurement as a benchmark's baseline.

    REF is as `benchmark show` prints it, KEY for the newest one, or KEY:2 for the one below that.  What
    failed, was overridden or is invalid cannot be pinned.  Of a blocking benchmark it counts once a second person has approved it.
    """
    with session.acting(settings) as context:
        found = baselines.pin(context, evaluate(context), key, reason=reason, name=name, ref=measurement)
    value = found.value
    words = f"pinned {value.value} {value.unit}".strip() + f" as baseline of {value.title}"
    if value.second:
        words = f"proposed: {words}; it counts once somebody else has approved it"
    elif not found.used:
        asked = f"pinned {value.name}".strip()
        words += f"; it is compared with it once its file says baseline: {asked}"
    document = {
        "schema": "workbench.pinned.1",
        "benchmark": key,
        "name": value.name,
        "measurement": value.measurement,
        "digest": value.digest,
        "change": found.change,
        "waits": value.second,
        "used": found.used,
    }
    hint = f"workbench approve baseline/{key} --as PERSON" if value.second else ""
    output.done(settings, words, document, hint=hint)


@baseline.command("invalidate")
@click.argument("key")
@click.option(
    "--name",
    metavar="NAME",
    help="Under which name it was pinned; the one that its file asks for, unless said.",
)
@click.option("--reason", required=True, metavar="TEXT", help="Why it does not count.")
@common(*WRITING)
@pass_settings
def invalidate(settings: Settings, key: str, name: str | None, reason: str) -> None:
    """Say that a benchmark's baseline does not count."""
    with session.acting(settings) as context:
        commit = baselines.invalidate(context, evaluate(context), key, reason=reason, name=name)
    document = {"schema": "workbench.baseline-invalidated.1", "benchmark": key, "change": commit.change_id}
    output.done(settings, f"the baseline of {key} is marked invalid", document, hint="workbench gate")
