"""What a project would run, read and reach, and the answers that are kept."""

from __future__ import annotations

import pytest
from tests.definitions.shop import SHOP, changed, loaded

from workbench.definitions.trust import TrustRequest, TrustStore, host_of, trust_request

SECOND = """\
  - key: other
    kind: metrics
    url: http://[::1]:8080/x
    token: {command: pass show other}
    headers: {X-Key: "Bearer ${OTHER_KEY}"}
people:
"""


def request(folder, text: str = SHOP) -> TrustRequest:
    return trust_request(loaded(folder, text))


def test_commands_variables_and_hosts_are_found(tmp_path):
    found = request(tmp_path, changed("people:\n", SECOND))
    assert found.commands == ("pass show other",)
    assert found.variables == ("METRICS_TOKEN", "OTHER_KEY")
    assert found.hosts == ("[::1]:8080", "metrics.example.com:9090")
    assert [use.where for use in found.uses] == ["sources/metrics", "sources/other"]


def test_variables_in_questions_are_found(tmp_path):
    assert "HOME" in request(tmp_path, changed("p95(checkout)", "p95(${HOME})")).variables


def test_a_project_that_uses_nothing_asks_nobody(tmp_path):
    found = request(tmp_path, "project: shop\n")
    assert found.empty
    assert TrustStore(tmp_path / "state").is_trusted(tmp_path, found)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("title: Go", "title: Gone", True),
        ("p95(checkout)", "p99(checkout)", True),
        ("metrics.example.com:9090", "metrics.example.org:9090", False),
        ("metrics.example.com:9090", "metrics.example.com:9091", False),
        ("METRICS_TOKEN", "AWS_SECRET", False),
        ("${METRICS_TOKEN}", "{command: cat token}", False),
    ],
)
def test_what_asks_again(tmp_path, old, new, same):
    before, after = request(tmp_path), request(tmp_path, changed(old, new))
    assert (before.digest == after.digest) is same


def test_exchanging_two_tokens_between_hosts_asks_again(tmp_path):
    before = changed("people:\n", SECOND.replace("{command: pass show other}", "null"))
    swapped = (
        before.replace("METRICS_TOKEN", "X")
        .replace("OTHER_KEY", "METRICS_TOKEN")
        .replace("${X}", "${OTHER_KEY}")
    )
    first, second = request(tmp_path, before), request(tmp_path, swapped)
    assert (first.variables, first.hosts) == (second.variables, second.hosts)
    assert first.digest != second.digest


def test_answers_are_kept_for_one_project_and_one_request(tmp_path):
    store, project, other = TrustStore(tmp_path / "state"), tmp_path / "a", tmp_path / "b"
    project.mkdir()
    other.mkdir()
    asked = request(project)
    assert not store.is_trusted(project, asked)
    store.remember(project, asked)
    assert TrustStore(tmp_path / "state").is_trusted(project, asked)
    assert not store.is_trusted(other, asked)
    assert not store.is_trusted(project, request(project, changed("METRICS_TOKEN", "AWS_SECRET")))
    assert list(project.rglob("*.json")) == []
    store.forget(project)
    store.forget(project)
    assert not store.is_trusted(project, asked)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"project": 1, "digest": ""}'])
def test_a_damaged_answer_is_no_answer(tmp_path, content):
    store, asked = TrustStore(tmp_path), request(tmp_path)
    store.remember(tmp_path, asked)
    (kept,) = (tmp_path / "trust").iterdir()
    kept.write_bytes(content)
    assert not store.is_trusted(tmp_path, asked)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.example/x", "a.example"),
        ("http://a.example:81", "a.example:81"),
        ("http://${HOST}/x", "http://${HOST}/x"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_hosts(url, host):
    assert host_of(url) == host
