"""Comparing configuration: two trees of 10,000 parameters, from their bytes to what differs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from statistics import median

from bench.measuring import ROUNDS, Row
from bench.setting import Setting
from workbench.probes.captured import Capture, Change, Piece
from workbench.probes.hiding import Hide
from workbench.probes.kinds.configuration.probing import ConfigurationProber

FILES, EACH = 100, 100


def rows(setting: Setting) -> Iterator[Row]:
    """The same tree as YAML, as JSON and as variables, each against one with 100 other values."""
    for form, text in (("YAML", _yaml), ("JSON", _json), (".env", _env)):
        trees = [_tree(form, text, moved) for moved in (False, True)]
        taken = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            found = compared(*trees)
            taken.append(time.perf_counter() - start)
            assert len(found) == FILES
        yield Row(
            name=f"configuration-{form.strip('.').lower()}",
            what=f"comparing two trees of {FILES * EACH:,} parameters, {form}, of which {FILES} differ",
            peer="limit of 1 s",
            measured=median(taken),
            target=1,
            unit=" s",
            times=f"{min(taken):.2f} to {max(taken):.2f} s",
        )


def compared(staging: Capture, production: Capture) -> tuple[Change, ...]:
    """What differs between two captures, read and compared as a probe does."""
    prober, hide = ConfigurationProber(None, None), Hide(b"k" * 32)  # type: ignore[arg-type]
    return prober.compare(prober.read(staging, hide), prober.read(production, hide))


def _tree(form: str, text: Callable[[dict[str, str]], str], moved: bool) -> Capture:
    suffix = form.strip(".").lower()
    return Capture(
        tuple(
            Piece(f"service-{number}.{suffix}", "", text(_values(number, moved)).encode())
            for number in range(FILES)
        )
    )


def _values(number: int, moved: bool) -> dict[str, str]:
    values = {
        f"PARAMETER_{at}": f"https://service-{number}.shop.example/{at}?size={at}" for at in range(EACH)
    }
    return values | ({"PARAMETER_7": "another"} if moved else {})


def _yaml(values: dict[str, str]) -> str:
    return "settings:\n" + "".join(f"  {name}: {value}\n" for name, value in values.items())


def _json(values: dict[str, str]) -> str:
    return json.dumps({"settings": values}, indent=2)


def _env(values: dict[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in values.items())
