"""Flows as people name them, by key or by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.usecases.context import Context


def flow_names(context: Context) -> dict[str, str]:
    """The names of the flows of the inventory, by key."""
    return dict(context.record.query("SELECT key, name FROM e_flow"))


def flow_keys(context: Context, texts: Sequence[str], kept: Sequence[str] = ()) -> tuple[str, ...]:
    """Flows as people name them, by key or name, as keys; those ``kept`` may be unknown.

    ``UsageError`` for any other that the inventory does not have.
    """
    names = flow_names(context)
    known = known_flows(names, kept)
    found = []
    for text in texts:
        key = known.get(_folded(text))
        if key is None:
            raise UsageError(f"there is no flow “{text}”", hint=meant_flow(text, names))
        found.append(key)
    return tuple(dict.fromkeys(found))


def wanted_flows(context: Context, texts: Sequence[str]) -> tuple[str, ...]:
    """Flows to look for, as keys: benchmarks and differences may name some that the inventory lacks.

    ``UsageError`` for one that nothing knows.
    """
    if not texts:
        return ()
    on_map = "SELECT DISTINCT j.value FROM e_difference, json_each(e_difference.value, '$.flows') AS j"
    named = [str(key) for (key,) in context.record.query(on_map)]
    named += [item.flow for item in context.definitions.project.benchmarks if item.flow]
    return flow_keys(context, texts, named)


def known_flows(names: Mapping[str, str], kept: Sequence[str] = ()) -> dict[str, str]:
    """The keys of flows by what people write for them, in one case and with single spaces."""
    known = {_folded(key): key for key in kept}
    known.update({_folded(name): key for key, name in names.items()})
    known.update({_folded(key): key for key in names})
    return known


def meant_flow(text: str, names: Mapping[str, str]) -> str:
    """The flow that was probably meant, in words; else those that there are."""
    meant = nearest(text, [*names, *names.values()])
    return f"did you mean {meant}?" if meant else f"known: {', '.join(names) or 'no flow yet'}"


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
