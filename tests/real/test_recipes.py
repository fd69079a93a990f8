"""Recipes, tried with the servers that they are for: what they measure is what the server is known to have done."""

from __future__ import annotations

import contextlib
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.probes.asking import probe, ran, source
from tests.real import node_servers
from tests.real.conftest import needs
from tests.real.node_servers import ADMIN, NodeServer
from tests.real.postgresql import PostgreSQLServer
from tests.sources.support import ask
from tests.sources.trials import frame

from workbench.sources.reading import Reading
from workbench.sources.secrets import Secrets
from workbench.usecases import fetching
from workbench.usecases.evaluate import evaluate

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("postgresql")]


def measured(name: str, url: str, folder: Path, **secrets: str) -> dict[str, Reading]:
    """What the example of a recipe measures of a server, by benchmark."""
    trials = frame.trials_of(name)
    assert isinstance(trials, frame.ServerTrials)
    with build.shop(folder, frame.project_of(name, trials, url)) as context:
        sources = context.definitions.project.sources
        questions = [
            one for one in fetching.questions(context, evaluate(context).held) if one.role == "value"
        ]
    now = datetime.now(UTC)  # what a server keeps is of its own time
    asked = [msgspec.structs.replace(question, at=now) for question in questions]
    found = ask(list(sources), asked, secrets=Secrets(allow=True, environ=secrets))
    return {reading.subject: reading for reading in found.readings}


@pytest.fixture(scope="module")
def unleash(postgresql: PostgreSQLServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeServer]:
    needs(node_servers.UNLEASH.exists() and bool(shutil.which("node")), "unleash-server (make servers)")
    server = node_servers.unleash(tmp_path_factory.mktemp("unleash"), postgresql)
    flags = "/api/admin/projects/default/features"
    for name in ("checkout-v2", "refunds", "dark-mode"):
        server.call("POST", flags, {"name": name})
    for environment, percent in (("staging", "50"), ("development", "50"), ("production", "10")):
        roll_out(server, "checkout-v2", environment, percent)
        roll_out(server, "dark-mode", environment, "100")
    yield server
    server.stop()


def roll_out(server: NodeServer, flag: str, environment: str, percent: str) -> None:
    at = f"/api/admin/projects/default/features/{flag}/environments/{environment}"
    parameters = {"rollout": percent, "stickiness": "default", "groupId": flag}
    server.call("POST", f"{at}/strategies", {"name": "flexibleRollout", "parameters": parameters})
    server.call("POST", f"{at}/on")


def test_unleash_tells_how_far_a_flag_is_rolled_out(unleash, tmp_path):
    found = measured("unleash", unleash.url, tmp_path / "shop", UNLEASH_TOKEN=ADMIN)
    rollout, on = found["checkout-v2-rollout"], found["flags-on"]
    assert (rollout.state, rollout.value, rollout.why) == ("ok", 50, "")
    assert (on.state, on.value, on.samples) == ("ok", 2, 3)


def test_unleash_refuses_a_wrong_token(unleash, tmp_path):
    for reading in measured("unleash", unleash.url, tmp_path / "shop", UNLEASH_TOKEN="nobody").values():
        assert reading.state == "error" and "token" in reading.why


def test_the_probe_of_flags_finds_what_differs_between_unleashs_environments(unleash):
    sides, environ = {}, {}
    for name, environment in (("staging", "development"), ("production", "production")):
        wanted = {"tokenName": name, "type": "client", "environment": environment, "projects": ["default"]}
        environ[name.upper()] = unleash.call("POST", "/api/admin/api-tokens", wanted)["secret"]
        headers = {"Authorization": f"${{{name.upper()}}}"}
        sides[name] = source(f"flags-{name}", unleash.url, headers=headers)
    fields = {name: {"source": one.key, "path": "/api/client/features"} for name, one in sides.items()}
    (found,) = ran(
        [probe("flags", fields)], sources=sides.values(), secrets=Secrets(allow=True, environ=environ)
    )
    assert found.run.state != "error", found.run.why
    assert [(change.title, change.staging, change.production) for change in found.changes] == [
        ("flag checkout-v2: strategies.flexibleRollout.parameters.rollout", "50", "10")
    ]


@pytest.fixture
def wiremock(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NodeServer]:
    needs(node_servers.wiremock_jar() is not None, "wiremock (make servers) with Java")
    server = node_servers.wiremock(tmp_path, *getattr(request, "param", ()))
    yield server
    server.stop()


def knock(server: NodeServer, method: str, path: str) -> None:
    with contextlib.suppress(urllib.error.HTTPError):
        urllib.request.urlopen(urllib.request.Request(server.url + path, method=method), timeout=20).close()


def test_wiremock_tells_what_it_could_not_answer(wiremock, tmp_path):
    empty = measured("wiremock", wiremock.url, tmp_path / "empty")
    assert empty["unanswered"].state == "missing"
    stub = {"request": {"method": "GET", "url": "/pay"}, "response": {"status": 200}}
    wiremock.call("POST", "/__admin/mappings", stub)
    for method, path in (("GET", "/pay"), ("POST", "/pay"), ("GET", "/payment"), ("GET", "/pay")):
        knock(wiremock, method, path)
    found = measured("wiremock", wiremock.url, tmp_path / "shop")
    assert (found["unanswered"].value, found["unanswered"].samples) == (2, 4)
    assert (found["near-misses"].state, found["near-misses"].value) == ("ok", 2)


@pytest.mark.parametrize("wiremock", [("--no-request-journal",)], indirect=True)
def test_a_journal_that_is_switched_off_is_no_zero(wiremock, tmp_path):
    knock(wiremock, "GET", "/pay")
    for reading in measured("wiremock", wiremock.url, tmp_path / "shop").values():
        assert reading.state == "error", reading
