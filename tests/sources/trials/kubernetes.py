"""Trials of Kubernetes' lists, as its API reference has them."""

from tests.sources.support import body
from tests.sources.trials.frame import Case, ServerTrials


def _list(kind, *items, more=""):
    meta = {"resourceVersion": "1", **({"continue": more} if more else {})}
    return body({"kind": kind, "apiVersion": "v1", "metadata": meta, "items": [*items]})


def _deployment(**status):
    seen = {"observedGeneration": 4, "replicas": 3, **status}
    return {"metadata": {"name": "cart", "generation": 4}, "spec": {"replicas": 3}, "status": seen}


def _pod(*restarts):
    counts = [{"name": "web", "restartCount": count} for count in restarts]
    return {
        "metadata": {"name": "cart-1"},
        "status": {"phase": "Running", **({"containerStatuses": counts} if counts else {})},
    }


def _answer(asked):
    if asked.path.endswith("/pods"):
        return _list("PodList", _pod(1, 0), _pod(4))
    return _list("DeploymentList", _deployment(availableReplicas=3), _deployment(unavailableReplicas=2))


TRIALS = ServerTrials(
    right=_answer,
    expects={"replicas": "2", "restarts": "5"},
    empty=Case(_list("DeploymentList"), "missing", ("nothing was measured",)),
    partial=Case(_list("DeploymentList", _deployment(), more="eyJ2Ij"), "ok", ("goes on after this page",)),
    another=Case(body({"kind": "APIResourceList", "resources": []}), "error", ("no list of deployments",)),
    secrets=("CLUSTER_TOKEN",),
    more={
        "a deployment that was just changed": Case(
            _list("DeploymentList", _deployment(observedGeneration=3)), "missing", ("not known yet",)
        ),
        "a deployment without any state": Case(
            _list("DeploymentList", {"metadata": {"generation": 1}}), "missing", ("not known yet",)
        ),
        "another list": Case(_list("PodList", {}), "error", ("no list of deployments",)),
        "a list without pods": Case(_list("EventList", {}), "error", ("no list of pods",), of="restarts"),
        "a pod that waits": Case(_list("PodList", _pod(2), _pod()), "ok", ("1 of 2",), of="restarts"),
        "no pod has begun": Case(_list("PodList", _pod()), "missing", ("null",), of="restarts"),
    },
)
