"""What the probe that watches a difference has seen of it: the last runs, at its path."""

from __future__ import annotations

import msgspec

from workbench.model.times import from_text
from workbench.parity.model import Difference
from workbench.usecases.context import Context
from workbench.usecases.views.pattern import SHOWN, Beat


class _At(msgspec.Struct, frozen=True):
    path: str


class _Looked(msgspec.Struct, frozen=True):
    """A run as far as it is needed; what else it says is not even decoded."""

    state: str
    changes: tuple[_At, ...] = ()
    all_changes: str | None = None
    noise: tuple[str, ...] = ()


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """A probe and a path: ``title`` of the probe, "" where the project has it no more.

    Of each of the last runs ``beats`` say whether the difference was found (``fail``), was not
    (``pass``), or the probe could not look (``error``); ``noise`` that the last run left it out.
    """

    probe: str
    path: str
    title: str
    beats: tuple[Beat, ...] = ()
    noise: bool = False


_decode = msgspec.json.Decoder(_Looked).decode


def watch_of(context: Context, difference: Difference) -> Watch | None:
    """What is seen of a difference; ``None`` where no probe watches it."""
    if not difference.probe:
        return None
    return read_watch(context, difference.probe, difference.path)


def read_watch(context: Context, probe: str, path: str) -> Watch:
    """What the last runs of a probe have seen at a path."""
    rows = context.record.query(
        f"SELECT at, value FROM e_probe_run WHERE probe = ? ORDER BY id DESC LIMIT {SHOWN}", (probe,)
    )
    looked = [(from_text(at), _decode(value)) for at, value in rows]
    defined = context.definitions.probe(probe)
    return Watch(
        probe=probe,
        path=path,
        title=(defined.title or probe) if defined else "",
        beats=tuple(Beat(_state(run, path), at) for at, run in reversed(looked)),
        noise=bool(looked) and path in looked[0][1].noise,
    )


def _state(run: _Looked, path: str) -> str:
    """Whether a run found the path; where its entry holds only the first of very many, nobody can tell."""
    if run.state == "error" or any(each.path == path for each in run.changes):
        return "error" if run.state == "error" else "fail"
    return "error" if run.all_changes else "pass"
