"""Trials of Unleash, as unleash-server 6.10 answers."""

from tests.sources.support import body
from tests.sources.trials.frame import Case, ServerTrials


def strategy(rollout=None, disabled=False):
    parameters = {} if rollout is None else {"rollout": rollout, "stickiness": "default", "groupId": "x"}
    return {"name": "flexibleRollout", "parameters": parameters, "constraints": [], "disabled": disabled}


def _flag(*strategies, enabled=True):
    return body(
        {"name": "checkout-v2", "environment": "staging", "enabled": enabled, "strategies": [*strategies]}
    )


def _feature(name, on, environment="staging"):
    return {
        "name": name,
        "environments": [{"name": environment, "enabled": on}, {"name": "production", "enabled": True}],
    }


def _answer(asked):
    if asked.path.endswith("/features"):
        return body(
            {"version": 2, "features": [_feature("a", True), _feature("b", False), _feature("c", True)]}
        )
    return _flag(strategy("50"), strategy("20"), strategy("90", disabled=True))


def _case(answer, state="ok", *words, of="checkout-v2-rollout"):
    return Case(answer, state, words, of=of)


TRIALS = ServerTrials(
    right=_answer,
    expects={"checkout-v2-rollout": "50", "flags-on": "2"},
    empty=_case(body({"version": 2, "features": []}), "missing", "nothing was measured", of="flags-on"),
    partial="it tells all flags of a project at once",
    another=_case(body({"name": "checkout-v2", "environments": []}), "error", "enabled"),
    secrets=("UNLEASH_TOKEN",),
    more={
        "a roll-out that is no number": _case(_flag(strategy("half")), "error", "half"),
        "an environment that is not there": _case(
            body({"version": 2, "features": [_feature("a", True, "test")]}),
            "missing",
            "nothing",
            of="flags-on",
        ),
    },
)
