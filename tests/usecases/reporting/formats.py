"""A gate's checks as tests ask for them."""

from __future__ import annotations

from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.checks import Checked, checked
from workbench.usecases.reporting.making import judgement_of_gate
from workbench.usecases.reporting.places import places_of

# Everything that a title can hold to be taken for markup, a command, a link or a formula.
HOSTILE = "x\x1b[31m\x00\r\n::error::forged\u202e ]]> <b> \"'& [link](https://evil.example) {0} ##vso[a] =1"


def said(context: Context, gate: str = "benchmarks", *, advisory: bool = False) -> Checked:
    """The checks of a gate as the command line makes them."""
    found = judgement_of_gate(evaluate(context), gate)
    chosen = found.gate(gate)
    places = places_of(context.definitions, chosen.key, environ={})
    return checked(found, chosen, places, advisory=advisory)
