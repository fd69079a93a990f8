"""Trials of the Pact Broker, as the documentation of can-i-deploy answers."""

from tests.sources.support import body
from tests.sources.trials.frame import Case, ServerTrials


def _answer(deployable, success=0, failed=0, unknown=0):
    counts = {"success": success, "failed": failed, "unknown": unknown}
    return body({"summary": {"deployable": deployable, "reason": "…", **counts}, "notices": [], "matrix": []})


TRIALS = ServerTrials(
    right=_answer(None, success=3, failed=1, unknown=2),
    expects={"deployable": "3"},
    empty=Case(body({"matrix": []}), "error", ("summary",)),
    partial="unknown verifications are counted",
    another=Case(body({"summary": {"deployable": True}}), "error", ("failed",)),
    secrets=("PACT_BROKER_TOKEN",),
    more={
        "a version that it does not know": Case(
            body({"errors": ["No pacticipant version 7c4e19f found"]}), "error", ("No pacticipant version",)
        ),
        "no pact": Case(_answer(True), "missing", ("there is no pact",)),
        "everything is verified": Case(_answer(True, success=4), "ok", ()),
    },
)
