"""Trials of OpenCost, as the documentation of its allocation API answers."""

from tests.sources.support import body
from tests.sources.trials.frame import Case, ServerTrials


def _cost(data, code=200, **more):
    return body({"code": code, "status": "success", "data": data, **more})


STEP = {
    "shop-staging": {"name": "shop-staging", "minutes": 1440, "totalCost": 31.25},
    "__idle__": {"totalCost": 2},
}

TRIALS = ServerTrials(
    right=_cost([STEP]),
    expects={"staging-cost": "31.25"},
    empty=Case(_cost([{}]), "missing", ("nothing was measured",)),
    partial=Case(_cost([STEP], warning="one hour was not counted"), "ok", ("one hour was not counted",)),
    another=Case(_cost([{"shop-production": {"totalCost": 3}}]), "error", ("shop-staging",)),
    more={
        "an error of status 200": Case(
            _cost(None, 400, message="invalid window"), "error", ("invalid window",)
        ),
        "several steps": Case(_cost([STEP, STEP]), "error", ("several steps",)),
        "no step": Case(_cost([]), "missing", ()),
    },
)
