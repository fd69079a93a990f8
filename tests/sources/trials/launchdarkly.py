"""Trials of LaunchDarkly, as the documentation of its REST API answers."""

from tests.sources.support import body
from tests.sources.trials.frame import Case, ServerTrials

SPLIT = {"rollout": {"variations": [{"variation": 0, "weight": 60000}, {"variation": 1, "weight": 40000}]}}


def _flag(on=True, fallthrough=SPLIT, environment="staging"):
    return {
        "key": "checkout-v2",
        "environments": {environment: {"on": on, "fallthrough": fallthrough, "offVariation": 1}},
    }


def _list(*flags, more=False):
    links = {
        "self": {"href": "/api/v2/flags/shop"},
        **({"next": {"href": "/api/v2/flags/shop?offset=100"}} if more else {}),
    }
    return body({"items": [*flags], "_links": links, "totalCount": len(flags)})


def _answer(asked):
    return _list(_flag(), _flag(False), _flag()) if asked.path.endswith("/shop") else body(_flag())


TRIALS = ServerTrials(
    right=_answer,
    expects={"checkout-v2-rollout": "60000", "flags-on": "2"},
    empty=Case(_list(), "missing", ("nothing was measured",), of="flags-on"),
    partial=Case(_list(_flag(), more=True), "ok", ("more flags than one page holds",), of="flags-on"),
    another=Case(body(_flag(environment="production")), "error", ("does not say whether the flag is on",)),
    secrets=("LAUNCHDARKLY_TOKEN",),
    more={
        "a summary only": Case(
            body({"key": "x", "environments": {"staging": {}}}), "error", ("does not say",)
        ),
        "another environment": Case(
            _list(_flag(environment="test")), "error", ("of every flag",), of="flags-on"
        ),
        "one for everybody": Case(body(_flag(fallthrough={"variation": 0})), "ok", ()),
    },
)
