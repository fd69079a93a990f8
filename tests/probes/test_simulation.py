"""A simulated service, a real server on the loopback interface, against what the real one was recorded to answer."""

from __future__ import annotations

import base64
import json
from decimal import Decimal

import pytest
from tests.probes.asking import probe, ran, source
from tests.sources.support import body

from workbench.model.errors import SourceError
from workbench.probes.kinds.simulation import SimulationProbe, doubts
from workbench.probes.kinds.simulation.described import described_in
from workbench.probes.kinds.simulation.pairs import pairs_in


def pair(path, status, answer, method="GET", **request):
    return {
        "request": {"method": method, "path": path, **request},
        "response": {"status": status, "body": answer},
    }


ACCOUNT = {"id": 7, "balance": 12.5, "owner": {"name": "A"}}
REAL = [
    pair("/accounts/7", 200, ACCOUNT),
    pair("/accounts/8", 404, {"error": "unknown"}),
    pair("/payments", 422, {"error": "amount"}, "POST", body={"amount": -1}),
    pair("/payments", 201, {"id": "p1"}, "POST", body={"amount": 5}),
]


def good(asked):
    if asked.path == "/payments":
        return body({"error": "amount"}, 422) if b"-1" in asked.body else body({"id": "p9"}, 201)
    return body(ACCOUNT) if asked.path.endswith("7") else body({"error": "none"}, 404)


def happy(asked):
    return body({"id": "p"}, 201) if asked.path == "/payments" else body(ACCOUNT)


def looked(serve, tmp_path, simulated=good, real=REAL, proving=False, **fields):
    (tmp_path / "bank.json").write_text(json.dumps(real))
    config = {"staging": "bank", "production": "bank.json", **fields}
    server = serve(simulated)
    (found,) = ran(
        [probe("simulation", config)], sources=[source("bank", server.url)], root=tmp_path, proving=proving
    )
    return found


def test_a_faithful_simulation_passes(serve, tmp_path):
    found = looked(serve, tmp_path)
    assert (found.run.why, found.changes, found.run.state) == ("", (), "pass")
    assert [(score.key, score.value, score.of) for score in found.run.scores] == [
        ("simulation_accuracy", 1, 4),
        ("simulation_coverage", 1, 4),
    ]


def test_happy_paths_only_are_flagged_and_lower_both_scores(serve, tmp_path):
    found = looked(serve, tmp_path, happy, accuracy=95, coverage=80)
    assert {change.title for change in found.changes} >= {
        "the simulation answers happy paths only",
        "the status differs in accounts.8",
    }
    accuracy, coverage = found.run.scores
    assert (accuracy.value, accuracy.limit, accuracy.met) == (Decimal("0.5"), Decimal("0.95"), False)
    assert (coverage.value, coverage.limit) == (Decimal("0.5"), Decimal("0.8"))
    assert coverage.words == "left out: GET /accounts/* 404, POST /payments 422"


def test_a_recording_without_errors_does_not_hide_that_the_simulation_has_none(serve, tmp_path):
    found = looked(serve, tmp_path, happy, REAL[:1])
    assert [change.title for change in found.changes] == ["the simulation answers happy paths only"]
    assert any("no error of the real service was recorded" in note for note in found.run.notes)


def test_what_the_real_service_has_besides_is_coverage(serve, tmp_path):
    endpoints = {"GET /accounts/*": [200, 404, 429], "DELETE /accounts/*": [204]}
    found = looked(serve, tmp_path, endpoints=endpoints)
    assert [change.title for change in found.changes] == [
        "DELETE /accounts/* can answer 204, and the simulation was never seen to",
        "GET /accounts/* can answer 429, and the simulation was never seen to",
    ]
    assert found.run.scores[1].value == Decimal(4) / 6


DESCRIBED = """
openapi: 3.1.0
paths:
  /accounts/{id}:
    parameters: [{name: id, in: path}]
    get: {responses: {'200': {description: ok}, '404': {}, '429': {}, default: {}, 5XX: {}}}
  /payments:
    post: {responses: {201: {}, 422: {}}}
"""


def test_what_an_openapi_description_names_is_coverage(serve, tmp_path):
    assert described_in(DESCRIBED.encode(), "bank.yaml") == {
        "GET /accounts/*": [200, 404, 429],
        "POST /payments": [201, 422],
    }
    (tmp_path / "openapi.yaml").write_text(DESCRIBED)
    found = looked(serve, tmp_path, openapi="openapi.yaml")
    assert [change.title for change in found.changes] == [
        "GET /accounts/* can answer 429, and the simulation was never seen to"
    ]
    (tmp_path / "openapi.yaml").write_text("swagger\n")
    assert "it has no paths" in looked(serve, tmp_path, openapi="openapi.yaml").run.why


def test_a_dropped_field_and_a_value(serve, tmp_path):
    found = looked(
        serve,
        tmp_path,
        lambda asked: good(asked) if "7" not in asked.path else body({"id": 7, "balance": "1"}),
    )
    assert [change.path for change in found.changes] == [
        "accounts.7/body/balance",
        "accounts.7/body/owner",
    ]
    valued = looked(serve, tmp_path, same=["id"])
    assert [(change.staging, change.production) for change in valued.changes] == [('"p9"', '"p1"')]


def test_every_planted_difference_is_found(serve, tmp_path):
    for simulated in (good, happy):
        proof = looked(serve, tmp_path, simulated, proving=True, endpoints={"GET /accounts/*": [429]}).proof
        assert proof is not None
        assert [plant.title for plant in proof.planted if not plant.found] == []
        assert proof.whole and len(proof.planted) > 15


def test_recordings_of_the_simulation_do_as_well(tmp_path):
    (tmp_path / "real.json").write_text(json.dumps(REAL))
    (tmp_path / "simulated.json").write_text(json.dumps(REAL[:3]))
    (found,) = ran(
        [probe("simulation", {"staging": "simulated.json", "production": "real.json"})], root=tmp_path
    )
    assert {change.path.rpartition("/")[2] for change in found.changes} == {"status", "body"}
    assert found.run.scores[0].value == Decimal("0.75")


def test_one_request_with_several_answers_is_sent_as_often(serve, tmp_path):
    limited = [pair("/x", 200, {}), pair("/x", 429, {})]
    count = iter(range(9))
    assert (
        looked(serve, tmp_path, lambda _: body({}, 200 if next(count) % 2 else 429), limited).run.state
        == "pass"
    )
    found = looked(serve, tmp_path, lambda _: body({}), limited)
    assert ("x/status", "200", "200 or 429") in [
        (change.path, change.staging, change.production) for change in found.changes
    ]


HAR = {
    "log": {
        "entries": [
            {
                "request": {
                    "method": "POST",
                    "url": "https://bank.example/pay?a=1&token=s3cr3ts3cr3t",
                    "postData": {"mimeType": "text/plain", "text": "x"},
                },
                "response": {
                    "status": 200,
                    "headers": [{"name": "Retry-After", "value": "5"}],
                    "content": {"mimeType": "application/json", "text": base64.b64encode(b"{}").decode(), "encoding": "base64"},
                },
            }
        ]
    }
}  # fmt: skip


def test_har_files_and_mappings_of_wiremock():
    (found,) = pairs_in(json.dumps(HAR).encode(), "f")
    assert (found.method, found.path, found.body, found.media) == (
        "POST",
        "/pay?a=1&token=s3cr3ts3cr3t",
        b"x",
        "text/plain",
    )
    assert (found.status, found.answer, found.answer_media, found.guessed) == (
        200,
        b"{}",
        "application/json",
        False,
    )
    assert found.headers == {"retry-after": "5"} and "s3cr3t" not in found.name
    mapping = {
        "mappings": [
            {"request": {"method": "GET", "urlPath": "/a"}, "response": {"status": 200, "jsonBody": {"n": 1}}}
        ]
    }
    (mapped,) = pairs_in(json.dumps(mapping).encode(), "f")
    assert (mapped.path, mapped.answer, mapped.guessed) == ("/a", b'{"n":1}', True)
    lines = b'{"request": {"path": "/a"}, "response": {"body": "plain"}}\n\n{"request": {"path": "b"}, "response": {}}\n'
    assert [(one.path, one.answer_media, one.status) for one in pairs_in(lines, "f")] == [
        ("/a", "text/plain", 200),
        ("/b", "", 200),
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "holds no request"),
        (b"{oops", "it is no JSON"),
        (b'[{"request": {}, "response": {}}]', "needs a method and a path"),
        (b'[{"request": {"path": "/"}, "response": {"status": "ok"}}]', "needs a method and a path"),
        (b"\xff\xff", "it is no JSON"),
        (b"[" * 200_000, ""),
    ],
    ids=range(6),
)
def test_a_recording_that_cannot_be_read(data, why):
    with pytest.raises((SourceError, RecursionError)) as error:
        pairs_in(data, "bank.json")
    assert why in str(error.value)


def test_endpoints_have_a_method_and_statuses():
    config = SimulationProbe(
        staging="a", production="b", endpoints={"/x": [200], "GET /y": [], "GET /z": [200]}
    )
    assert [doubt.what for doubt in doubts(config, None)] == ["“/x” is no endpoint", "GET /y has no status"]
