"""Probes that ask real servers on the loopback interface, for tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from tests.sources.support import AT, Pauses

from workbench.definitions.shapes import Probe, Source
from workbench.model.times import Clock
from workbench.probes.hiding import Hide
from workbench.probes.kinds import KINDS
from workbench.probes.prober import Around
from workbench.probes.running import Job, Ran, Running, run
from workbench.sources.http import HttpConfig
from workbench.sources.secrets import Secrets
from workbench.sources.tuning import Tuning

HIDE = Hide(b"k" * 32)
ALONE = Around()


def source(key: str, url: str, **config: Any) -> Source:
    return Source(key=key, kind="http", config=HttpConfig(url=url, **config))


def probe(kind: str, fields: dict[str, Any], **common: Any) -> Probe:
    config = msgspec.convert(fields, KINDS[kind].config)
    return Probe(**{"key": kind, "kind": kind, "config": config, **common})


def quick() -> Tuning:
    """No waiting, and a stopwatch that stands still."""
    return Tuning(pause=Pauses(), random=lambda: 0.5, now=lambda: AT, tick=lambda: 0.0)


def ran(
    probes: Iterable[Probe],
    *,
    root: Path = Path(),
    sources: Iterable[Source] = (),
    around: Around = ALONE,
    **settings: Any,
) -> list[Ran]:
    """What the probes did, in the order given."""
    found: dict[str, Ran] = {}
    probes = list(probes)
    run(
        Running(
            **{
                "jobs": tuple(
                    Job(probe=one, environment="staging", against="production", around=around)
                    for one in probes
                ),
                "sources": tuple(sources),
                "root": root,
                "clock": Clock(fixed=AT, real=lambda: AT),
                "secrets": Secrets(allow=True, environ={}),
                "hide": HIDE.again,
                "on_ran": lambda one: found.__setitem__(one.run.probe, one),
                "kinds": KINDS,
                "tuning": quick(),
                **settings,
            }
        )
    )
    return [found[one.key] for one in probes]
