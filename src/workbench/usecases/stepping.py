"""GT-17: the gates that lead into an environment."""

from __future__ import annotations

from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.usecases.evaluate import Evaluation


def gate_into(evaluation: Evaluation, environment: str) -> str:
    """The key of the gate into an environment: the first that has not passed, else the last."""
    leading = {item.gate.into for item in evaluation.gates if item.gate.into}
    found = [item for item in evaluation.gates if item.gate.into == environment]
    if not found:
        meant = nearest(environment, sorted(leading))
        known = f"gates lead into: {', '.join(sorted(leading))}" if leading else "say into: in a gate"
        raise UsageError(
            f"no gate leads into “{environment}”", hint=f"did you mean {meant}?" if meant else known
        )
    return next((item.key for item in found if not item.through), found[-1].key)
