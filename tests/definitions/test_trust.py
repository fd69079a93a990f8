"""What a project would run, read and reach, and the answers that are kept."""

from __future__ import annotations

import pytest
from tests.definitions.shop import SHOP, changed, loaded

from workbench.definitions.scripts import scripts_of
from workbench.definitions.trust import TrustRequest, TrustStore, trust_request
from workbench.model.errors import DefinitionError
from workbench.model.hosts import host_of, origin_of, shown_host

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
    assert found.hosts == ("http://[::1]:8080", "https://metrics.example.com:9090")
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
        ("https://metrics.example.com", "http://metrics.example.com", False),
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


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://A.example/x", "https://a.example"),
        ("HTTP://a.example:81/x", "http://a.example:81"),
        ("a.example", "https://a.example"),
        ("http://${HOST}/x", "http://${HOST}/x"),
        ("http://[::1]:1/x", "http://[::1]:1"),
    ],
)
def test_origins(url, origin):
    assert origin_of(url) == origin
    assert origin_of(origin) == origin


@pytest.mark.parametrize(
    ("origin", "shown"),
    [
        ("https://a.example", "https://a.example"),
        ("http://a.example:81", "http://a.example:81, unencrypted"),
        ("http://localhost:9090", "http://localhost:9090"),
        ("http://[::1]:9090", "http://[::1]:9090"),
        ("http://localhost.example.com", "http://localhost.example.com, unencrypted"),
        ("https://bücher.example:8", "https://bücher.example:8 (xn--bcher-kva.example:8)"),
    ],
)
def test_a_host_is_shown_to_people_as_it_is_reached(origin, shown):
    assert shown_host(origin) == shown


def with_command(command: str) -> str:
    return changed("${METRICS_TOKEN}", '{command: "' + command.replace('"', '\\"') + '"}')


@pytest.mark.parametrize(
    "command",
    [
        "./tools/token.sh",
        "tools/token.sh --quiet",
        "sh tools/token.sh",
        "sh -c './tools/token.sh | head -1'",
        "env X=1 bash ./tools/../tools/token.sh",
        "cat --file=tools/token.sh",
        "python3 -m tools.token",
        "sh tools",
    ],
)
@pytest.mark.parametrize("name", ["token.sh", "token.py", "beside.sh"])
def test_a_change_of_a_script_or_of_its_neighbours_asks_again(tmp_path, command, name):
    folder = tmp_path / "tools"
    folder.mkdir()
    for each in ("token.sh", "token.py", "beside.sh"):
        (folder / each).write_text("echo first")
    before = request(tmp_path, with_command(command))
    assert f"tools/{name}" in before.scripts
    assert before.digest == request(tmp_path, with_command(command)).digest
    (folder / name).write_text("echo second")
    assert before.digest != request(tmp_path, with_command(command)).digest


def test_a_script_beside_the_project_file_counts_alone(tmp_path):
    (tmp_path / "token.sh").write_text("echo first")
    (tmp_path / "README.md").write_text("read me")
    assert request(tmp_path, with_command("./token.sh")).scripts == ("token.sh",)


def test_a_script_that_appears_later_asks_again(tmp_path):
    before = request(tmp_path, with_command("sh token.sh"))
    (tmp_path / "token.sh").write_text("echo first")
    assert before.digest != request(tmp_path, with_command("sh token.sh")).digest


def test_a_link_counts_with_what_it_leads_to(tmp_path):
    (tmp_path / "project").mkdir()
    outside = tmp_path / "outside.sh"
    outside.write_text("echo first")
    (tmp_path / "project" / "token.sh").symlink_to(outside)
    before = request(tmp_path / "project", with_command("./token.sh"))
    outside.write_text("echo second")
    assert before.scripts == ("token.sh",)
    assert before.digest != request(tmp_path / "project", with_command("./token.sh")).digest


@pytest.mark.parametrize(
    "command", ["pass show metrics", "/usr/bin/env", "cat \\0", "cat . ..", "cat ../other"]
)
def test_programs_of_the_machine_are_no_scripts_of_the_project(tmp_path, command):
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "pass").write_text("")
    (tmp_path / "other").write_text("")
    assert scripts_of(tmp_path / "project", command) == {}


@pytest.mark.parametrize(
    "command", ["make token", "npm run -s token", "/usr/bin/make -s token", "uv run token.py"]
)
def test_what_runs_whatever_the_project_says_is_refused(tmp_path, command):
    with pytest.raises(DefinitionError, match="which nobody could agree to here"):
        request(tmp_path, with_command(command))
