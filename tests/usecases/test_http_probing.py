"""A probe of two real servers, from the project's files to a score, a proposal and the gate's word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests import building as build
from tests.sources.conftest import serve
from tests.sources.support import Answer, Asked, Server, body

from workbench.definitions.trust import TrustStore, trust_request
from workbench.model.errors import NotTrusted
from workbench.probes import runs as kept
from workbench.usecases import probing, proposing
from workbench.usecases.context import Context

__all__ = ["serve"]
Serve = Callable[[Callable[[Asked], Answer]], Server]
PROBES = """\
sources:
  - {{key: ours, kind: http, url: '{ours}', token: '${{OURS}}'}}
  - {{key: theirs, kind: http, url: '{theirs}'}}
probes:
  - key: orders
    kind: http
    title: Orders are answered as in production
    staging: ours
    production: theirs
    flows: [login]
    requests: [/orders]
  - {{key: versions, kind: versions, staging: ours, production: theirs, within: minor}}
"""


def api(version: str, *, total: bool = True) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        if asked.path == "/version":
            return body({"version": version})
        return body(
            {"id": 1, **({"total": 5} if total else {}), "echo": asked.headers.get("authorization", "")}
        )

    return answer


@pytest.fixture
def shop(tmp_path: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setenv("OURS", "sesame-of-staging")
    text = PROBES.format(ours=serve(api("1.4.0", total=False)).url, theirs=serve(api("1.5.2")).url)
    with build.shop(
        tmp_path / "shop",
        build.HEAD.replace("kind: staging}", "kind: staging, staging_kind: scaled-down}") + text,
    ) as context:
        yield context


def agree(context: Context) -> None:
    TrustStore(context.data_folder).remember(context.root, trust_request(context.definitions))


def test_nothing_is_sent_before_the_project_is_trusted(shop: Context) -> None:
    with pytest.raises(NotTrusted):
        probing.probe(shop)


def test_two_servers_are_compared_and_nothing_secret_is_kept(shop: Context, tmp_path: Path) -> None:
    agree(shop)
    build.add_flow(shop, "login", core=True)
    done = probing.probe(shop, prove=True, record_to=tmp_path / "kept")
    orders, versions = done.runs
    assert [(change.path, change.staging, change.production) for change in orders.changes] == [
        ("orders/body/total", None, "number")
    ]
    (score,) = orders.scores
    assert (score.key, float(score.value), float(score.limit or 0), score.of) == (
        "behavioural_parity",
        0.5,
        0.7,
        2,
    )
    assert (versions.state, versions.compared) == ("pass", 1)
    assert all(proof.whole for proof in done.proofs.values())
    assert [one.path for one in proposing.read_proposals(shop)] == ["orders/body/total"]
    assert set(kept.latest_runs(shop.record)) == {"orders", "versions"}
    files = [path for place in (tmp_path, shop.root) for path in place.rglob("*") if path.is_file()]
    assert files and not any(b"sesame-of-staging" in path.read_bytes() for path in files)
    again = probing.probe(shop, replay=tmp_path / "kept").runs
    assert [run.changes for run in again] == [run.changes for run in done.runs]
    assert {run.mark for run in again} == {"replayed"}
