"""Runs of probes put straight into a record, with what they saw; and the kinds of probe that tests name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.probes.lines import LINES

from workbench.definitions.shapes import Probe
from workbench.model.kinds import ProbeKind
from workbench.probes import runs
from workbench.probes.captured import Change, Parameter, Snapshot
from workbench.probes.kinds import KINDS
from workbench.probes.prober import by_path
from workbench.probes.runs import KeptScore, Planted, ProbeProof, ProbeRun, SideSeen
from workbench.usecases.context import Context, commit

PROBES = """\
probes:
  - {key: settings, kind: lines, title: Settings are alike, staging: staging.env, production: production.env}
"""


def know_kinds(monkeypatch: pytest.MonkeyPatch, **kinds: ProbeKind) -> None:
    """The registry knows some kinds of probe more; ``lines`` at least."""
    known = {"lines": LINES, **kinds}
    monkeypatch.setattr(KINDS, "_names", tuple(dict.fromkeys((*KINDS, *known))))
    for name, kind in known.items():
        monkeypatch.setitem(KINDS._kinds, name, msgspec.structs.replace(kind, name=name))


def probe_named(context: Context, key: str = "settings") -> Probe:
    probe = context.definitions.probe(key)
    assert probe is not None
    return probe


def snapshot(values: Mapping[str, str], secrets: tuple[str, ...] = ()) -> Snapshot:
    return Snapshot({path: Parameter(text, path in secrets) for path, text in values.items()})


def ran(
    context: Context,
    staging: Mapping[str, str] | None = None,
    production: Mapping[str, str] | None = None,
    *,
    probe: str = "settings",
    ago: timedelta = timedelta(),
    build: str | None = None,
    production_build: str | None = None,
    secrets: tuple[str, ...] = (),
    scores: tuple[KeptScore, ...] = (),
    changes: tuple[Change, ...] | None = None,
    **fields: Any,
) -> str:
    """Puts one run of a probe into the record, which saw these values; returns its id."""
    defined = context.definitions.probe(probe)
    ours, theirs = snapshot(staging or {}, secrets), snapshot(production or {}, secrets)
    noise = fields.get("noise", ())
    found = changes if changes is not None else by_path(ours, theirs)
    found = tuple(change for change in found if change.path not in noise)
    blobs = [runs.snapshot_blob(ours), runs.snapshot_blob(theirs)]
    run = ProbeRun(
        **{
            "probe": probe,
            "kind": defined.kind if defined else "lines",
            "state": "fail" if found else "pass",
            "at": context.now - ago,
            "environment": (defined.environment if defined else None) or "staging",
            "against": (defined.against if defined else None) or "production",
            "region": (defined.region if defined else None) or "",
            "compared": len(ours.parameters.keys() | theirs.parameters.keys()),
            "staging": SideSeen(snapshot=blobs[0].digest, parameters=len(ours.parameters), build=build),
            "production": SideSeen(
                snapshot=blobs[1].digest, parameters=len(theirs.parameters), build=production_build
            ),
            "scores": scores,
            "definition": runs.definition_of(defined) if defined else "",
            **fields,
        }
    )
    change, more = runs.run_change(run, found, context.now - ago)
    commit(context, [change], blobs=[*blobs, *more])
    return change.id


def failed(context: Context, why: str, *, probe: str = "settings", **fields: Any) -> str:
    """A run that could not look."""
    return ran(context, probe=probe, state="error", why=why, staging={}, production={}, **fields)


def proved(context: Context, *, probe: str = "settings", found: bool = True) -> None:
    """A proof of a probe as it is defined."""
    proof = ProbeProof(
        probe=probe,
        kind=probe_named(context, probe).kind,
        at=context.now,
        definition=runs.definition_of(probe_named(context, probe)),
        planted=(Planted(key="changed", title="POOL is changed", found=found),),
    )
    commit(context, [runs.proof_change(proof, context.now)])


def shop_text(probes: str = PROBES, gate: str = "") -> str:
    """The shop's files with probes, and with one gate that asks for one thing, if said."""
    text = build.SHOP
    if gate:
        head = text.partition("gates:\n")[0]
        text = f"{head}gates:\n  - key: gate\n    title: Gate\n    requires:\n      - {gate}\n"
    return text + probes
