"""``init``: what is found in a folder, the project that is written for it, and its first gate."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.usecases.projects import NOW, at

from workbench.definitions import load
from workbench.definitions.trust import trust_request
from workbench.model.errors import UsageError, WorkbenchError
from workbench.releases.model import Candidate
from workbench.sources.github_actions.found import proposal
from workbench.sources.github_actions.triggers import Workflow
from workbench.sources.github_actions.workflows import repository_of
from workbench.usecases import releasing
from workbench.usecases.columns import columns_of
from workbench.usecases.comparing import plan
from workbench.usecases.evaluate import evaluate
from workbench.usecases.fetching import fetch
from workbench.usecases.git import read_remote
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options, kinds
from workbench.usecases.starter_file import starter_text
from workbench.usecases.starting import Wish, init
from workbench.usecases.surveying import Findings, survey
from workbench.usecases.tables import read_table

NEWCOMER = Path(__file__).parents[1] / "data" / "newcomer"


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path, monkeypatch):
    """A data folder of our own, and a git that knows nobody from outside of the test."""
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.delenv("WORKBENCH_AS", raising=False)


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def checkout(folder: Path, name: str = "Petra Müller", email: str = "petra@ample.example") -> Path:
    """A git checkout of everything in a folder but its reports, by one person."""
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "user.name", name)
    git(folder, "config", "user.email", email)
    (folder / ".git" / "info" / "exclude").write_text("/reports/\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "first")
    return folder


@pytest.fixture
def newcomer(tmp_path) -> Path:
    return checkout(shutil.copytree(NEWCOMER, tmp_path / "invoices"))


def loads(folder: Path) -> None:
    assert not load(folder, kinds()).warnings


def seen(findings: Findings) -> list[tuple[str, str]]:
    return [pair for proposal in findings.proposals for pair in proposal.seen]


# --- looking -----------------------------------------------------------------------------


def test_the_newcomers_folder_is_understood(newcomer):
    git(newcomer, "remote", "add", "origin", "git@github.com:ample/invoices.git")
    (newcomer / "compose.yaml").write_text("services: {}\n")
    (newcomer / "deploy" / "k8s").mkdir(parents=True)
    (newcomer / "deploy" / "k8s" / "app.yaml").write_text("kind: Deployment\n")
    found = survey(newcomer)
    assert found.host == "github.com"
    assert seen(found) == [
        ("repository", "ample/invoices on github.com"),
        ("pipeline", "GitHub, on every push to main: ci.yml"),
        ("test reports", "reports/junit.xml"),
    ]
    assert found.tables == ("differences.csv",)
    assert found.deployment == ("compose.yaml", "deploy/k8s/")
    assert (found.user_name, found.user_email, found.committed_by) == (
        "Petra Müller", "petra@ample.example", "petra@ample.example",
    )  # fmt: skip
    assert found.commit and len(found.commit) == 40


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("git@github.com:ample/shop.git", ("github.com", "ample/shop")),
        ("https://github.com/ample/shop", ("github.com", "ample/shop")),
        ("https://x:secret@github.com/ample/shop.git", ("github.com", "ample/shop")),
        ("ssh://git@ssh.github.com:443/ample/shop.git", ("github.com", "ample/shop")),
        ("https://github.ample.example/a/b", ("github.ample.example", "a/b")),
        ("git@gitlab.com:ample/group/shop.git", ("gitlab.com", None)),
        ("https://github.com/ample/shop/more", ("github.com", None)),
        ("https://[broken/x", (None, None)),
        ("/srv/git/shop.git", (None, None)),
    ],
)
def test_remotes_are_read(address, found):
    assert repository_of(*read_remote(address)) == found


def test_a_password_in_the_remotes_address_goes_nowhere(newcomer):
    git(newcomer, "remote", "add", "origin", "https://petra:hunter2secret@github.com/ample/invoices.git")
    begun = init(newcomer)
    assert "hunter2" not in repr(begun)
    assert b"hunter2" not in b"".join(p.read_bytes() for p in newcomer.glob("*.y*ml"))
    loads(newcomer)


def test_reports_are_told_from_other_xml_and_put_into_patterns(tmp_path):
    surefire = tmp_path / "app" / "target" / "surefire-reports"
    surefire.mkdir(parents=True)
    for name in ("TEST-a.xml", "TEST-b.xml"):
        (surefire / name).write_text("<testsuite/>")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "coverage.xml").write_text("<coverage/>")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "junit.xml").write_text("<testsuite/>")
    assert seen(survey(tmp_path)) == [("test reports", "app/target/surefire-reports/TEST-*.xml")]


def test_a_fixture_that_came_with_the_checkout_does_not_become_the_gate(tmp_path):
    fixture = tmp_path / "shop" / "tests" / "fixtures" / "junit.xml"
    fixture.parent.mkdir(parents=True)
    fixture.write_text("<testsuite tests='1'><testcase name='a'/></testsuite>")
    begun = init(checkout(tmp_path / "shop"))
    loads(begun.root)
    assert "junit.xml" not in begun.file.read_text(encoding="utf-8")
    assert any("no test run" in line for line in begun.found)
    assert any(command.startswith("workbench benchmark enter") for command, _ in begun.steps)


def test_links_are_not_followed(tmp_path):
    outside = tmp_path / "outside" / "reports"
    outside.mkdir(parents=True)
    (outside / "junit.xml").write_text("<testsuite/>")
    (outside / "d.csv").write_text("what differs,staging\na,b\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "reports").symlink_to(outside)
    (inside / "junit.xml").symlink_to(outside / "junit.xml")
    (inside / "d.csv").symlink_to(outside / "d.csv")
    (inside / ".github").mkdir()
    (inside / ".github" / "workflows").symlink_to(outside)
    found = survey(inside)
    assert (seen(found), found.tables) == ([], ())


def test_a_folder_with_too_many_files_is_cut_short(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.usecases.surveying.MOST_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.txt").touch()
    assert survey(tmp_path).cut_short


# --- writing -----------------------------------------------------------------------------


def test_the_newcomer_gets_a_first_gate_that_is_true(newcomer):
    begun = init(newcomer)
    loads(newcomer)
    assert (begun.person, begun.release, begun.candidate) == ("petra", "0.1.0", begun.findings.commit)
    assert [command for command, _ in begun.steps] == [
        "workbench fetch", "workbench gate", "workbench import differences differences.csv", "workbench",
    ]  # fmt: skip
    context = at(open_context(Options(project=newcomer)), NOW)
    try:
        assert context.author().actor == "petra"
        evaluation = evaluate(context)
        assert [item.gate.key for item in evaluation.gates] == ["ci", "differences", "go"]
        assert evaluation.held.candidate and evaluation.held.candidate.author == "petra"
        assert first_part(context).why == "no test run fetched for this candidate"
        fetch(context)
        assert evaluate(context).gate("ci").through
    finally:
        context.record.close()
    later = open_context(Options(project=newcomer, now=NOW.replace(day=17)))
    try:
        assert "too old" in first_part(later).why  # the report says nothing about today
    finally:
        later.record.close()


def first_part(context):
    return evaluate(context).gates[0].requirements[0].parts[0]


def test_github_is_asked_about_exactly_this_commit(newcomer):
    git(newcomer, "remote", "add", "origin", "https://github.com/ample/invoices")
    begun = init(newcomer)
    loads(newcomer)
    definitions = load(newcomer, kinds())
    source = definitions.source("ci")
    assert (source.kind, source.config.repository, source.config.workflow) == (
        "github_actions", "ample/invoices", None,
    )  # fmt: skip
    assert trust_request(definitions).variables == ("GITHUB_TOKEN",)
    assert definitions.gate("ci").requires[0].config.source == "ci"
    assert "workbench trust" in [command for command, _ in begun.steps]


@pytest.mark.parametrize(
    ("host", "api"),
    [
        ("github.ample.example", "https://github.ample.example/api/v3"),
        ("ample.ghe.com", "https://api.ample.ghe.com"),
    ],
)
def test_an_enterprise_is_asked_at_its_own_address(newcomer, host, api):
    git(newcomer, "remote", "add", "origin", f"https://{host}/ample/invoices")
    init(newcomer)
    loads(newcomer)
    source = load(newcomer, kinds()).source("ci")
    assert source.config.url == api


def test_where_nothing_is_found_a_person_says_how_the_pipeline_went(tmp_path):
    folder = tmp_path / "bare"
    folder.mkdir()
    (folder / ".gitlab-ci.yml").write_text("test: {script: make test}\n")
    checkout(folder)
    begun = init(folder)
    loads(folder)
    assert any(".gitlab-ci.yml" in line for line in begun.found)
    assert ".gitlab-ci.yml" in begun.file.read_text(encoding="utf-8")
    assert any(command.startswith("workbench benchmark enter failed-jobs") for command, _ in begun.steps)
    context = open_context(Options(project=folder, now=NOW))
    try:
        assert first_part(context).state.value == "not_met"
    finally:
        context.record.close()


def test_a_folder_without_git_has_no_candidate_yet(tmp_path):
    folder = tmp_path / "日本"
    folder.mkdir()
    begun = init(folder)
    loads(folder)
    assert begun.candidate is None
    assert ("workbench release candidate COMMIT" in [c for c, _ in begun.steps]) and begun.release == "0.1.0"


def test_an_existing_project_is_not_touched(newcomer):
    (newcomer / "workbench.yaml").write_text("project: mine\n")
    with pytest.raises(UsageError) as caught:
        init(newcomer)
    assert "--force" in (caught.value.hint or "")
    assert (newcomer / "workbench.yaml").read_text() == "project: mine\n"
    assert not (newcomer / ".workbench").exists()


def test_force_keeps_what_was_there(newcomer):
    (newcomer / "workbench.yaml").write_text("project: mine\n")
    init(newcomer, Wish(force=True))
    assert (newcomer / "workbench.yaml.before").read_text() == "project: mine\n"
    first = init(newcomer, Wish(force=True))  # the record and its release stay
    assert first.release == "0.1.0"


def test_a_beginning_that_fails_leaves_nothing_in_the_way(newcomer):
    (newcomer / ".workbench").write_text("a file where the record's folder should be\n")
    with pytest.raises(WorkbenchError):
        init(newcomer)
    assert not (newcomer / "workbench.yaml").exists()


def test_only_the_project_file_is_added_to_the_checkout(newcomer):
    init(newcomer)
    status = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all"],
        cwd=newcomer,
        capture_output=True,
        text=True,
        check=True,
    )
    assert status.stdout == "?? workbench.yaml\n"


def test_the_version_can_be_said_also_afterwards(newcomer):
    assert init(newcomer).release == "0.1.0"
    assert init(newcomer, Wish(force=True, version="3.24.0")).release == "3.24.0"
    again = init(newcomer, Wish(force=True))  # what is in hand stays
    assert again.release == "3.24.0"
    assert "release      3.24.0: already the current release" in again.found
    context = open_context(Options(project=newcomer))
    try:
        assert context.record.count("release") == 1  # nothing is left of the other one
        releasing.propose(context, releasing.find(context), Candidate(release="", number=0, commit="a" * 40))
    finally:
        context.record.close()
    before = (newcomer / "workbench.yaml").read_text(encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        init(newcomer, Wish(force=True, version="4.0"))
    assert "workbench release new" in (caught.value.hint or "")
    assert (newcomer / "workbench.yaml").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("version", ["", "  ", "1\x1b[31m", "x" * 81])
def test_a_version_that_is_none_is_refused(newcomer, version):
    with pytest.raises(UsageError, match="not a version"):
        init(newcomer, Wish(version=version))


def test_without_a_network_no_server_is_asked(newcomer):
    git(newcomer, "remote", "add", "origin", "https://github.com/ample/invoices")
    begun = init(newcomer)
    assert begun.offline == "workbench init --force --offline"
    begun = init(newcomer, Wish(force=True, offline=True))
    loads(newcomer)
    definitions = load(newcomer, kinds())
    assert trust_request(definitions).empty
    assert begun.offline == ""
    assert definitions.gate("ci").requires[0].config.source == "reports"
    assert "workbench trust" not in [command for command, _ in begun.steps]
    assert ("workbench fetch", "the last test run") in begun.steps


def test_checklists_are_copied_to_be_edited(newcomer):
    init(newcomer, Wish(checklists=True))
    (warning,) = load(newcomer, kinds()).warnings
    assert warning.what == "nobody has the role “security”"  # true of one person alone
    names = {"incident", "pre-production", "production-readiness"}
    assert {item.checklist for item in load(newcomer, kinds()).checklists} == names
    (newcomer / "checklists" / "incident.yaml").write_text("checklist: incident\ntitle: Ours\nitems: []\n")
    init(newcomer, Wish(force=True, checklists=True))
    assert "Ours" in (newcomer / "checklists" / "incident.yaml").read_text()


@pytest.mark.parametrize(
    "name",
    [
        b"a\nsources: []\n/compose.yaml", b"\xff/k8s/x.yaml", b"\xff/production/a.yaml", b"q\n/staging.env",
        b"r\xff/junit.xml", b"d\xff.csv", b"\xe2\x80\xae/k8s/x.yaml", b"\x1b[31m/Chart.yaml", b"# x/compose.yaml",
        b"'\"/fly.toml", b"%{a}/*.tf", b"- [/staging.env",
    ],
)  # fmt: skip
def test_names_of_files_write_nothing_into_the_project(newcomer, name):
    import os

    counterpart = name.replace(b"staging", b"prod").replace(b"production", b"staging")
    for place in {name, counterpart}:
        path = os.path.join(os.fsencode(newcomer), place)  # noqa: PTH118  # bytes that are no text
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(b"services: {prometheus: {image: prom/prometheus}}\n# " + place)
    begun = init(newcomer)
    loads(newcomer)
    assert all(line.isprintable() for line in begun.found)


def test_a_table_among_tests_is_not_the_teams(newcomer):
    for folder in ("docs", "tests/fixtures"):
        (newcomer / folder).mkdir(parents=True)
        shutil.copy(newcomer / "differences.csv", newcomer / folder / "differences.csv")
    assert survey(newcomer).tables == ("differences.csv", "docs/differences.csv")


def test_a_commit_that_is_not_pushed_is_said_to_be_so(newcomer, tmp_path):
    git(tmp_path, "clone", "-q", str(newcomer), str(tmp_path / "clone"))
    clone = tmp_path / "clone"
    assert survey(newcomer).pushed  # it knows of no other place
    assert survey(clone).pushed
    git(
        clone,
        "-c",
        "user.name=K",
        "-c",
        "user.email=k@x.example",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "mine",
    )
    assert any("not pushed yet" in line for line in init(clone).found)
    git(clone, "remote", "set-url", "origin", "https://github.com/ample/invoices")
    again = init(clone, Wish(force=True))
    assert [command for command, _ in again.steps][:3] == ["workbench trust", "git push", "workbench fetch"]


def test_every_file_points_at_a_schema_that_is_there(newcomer):
    init(newcomer, Wish(checklists=True))
    for path in (newcomer / "workbench.yaml", *(newcomer / "checklists").glob("*.yaml")):
        first, _, _ = path.read_text(encoding="utf-8").partition("\n")
        schema = path.parent / first.removeprefix("# yaml-language-server: $schema=")
        assert schema.resolve().is_file(), first


def test_pairs_of_files_become_the_first_map(newcomer):
    for side in ("staging", "production"):
        (newcomer / "apps" / side).mkdir(parents=True)
        (newcomer / "apps" / side / "values.yaml").write_text(f"host: podinfo.{side}\n")
    begun = init(newcomer)
    assert "pairs        apps/staging/values.yaml and apps/production/values.yaml" in begun.found
    assert "workbench parity discover" in [command for command, _ in begun.steps]
    context = open_context(Options(project=newcomer))
    try:
        table = read_table(newcomer / ".workbench" / "pairs.csv", "pairs.csv")
        planned = plan(context, table, "differences", columns_of(context, table, "differences").mapping)
        assert not planned.problems
        assert [step.title for step in planned.new] == ["apps/*/values.yaml"]
    finally:
        context.record.close()


def test_the_settings_of_a_prometheus_are_seen(tmp_path):
    folder = tmp_path / "shop"
    (folder / "monitoring").mkdir(parents=True)
    (folder / "monitoring" / "prometheus.yml").write_text("global: {}\n")
    seen = [pair for proposal in survey(folder).proposals for pair in proposal.seen]
    assert ("metrics", "the settings of a Prometheus in monitoring/prometheus.yml") in seen


def test_a_prometheus_of_a_compose_file_is_written_down(newcomer):
    (newcomer / "compose.yaml").write_text(
        "services:\n  prometheus:\n    image: ${PROMETHEUS_IMAGE}\n    ports:\n"
        '      - "${PROMETHEUS_PORT:-9090}:9090"\n'
    )
    (newcomer / ".env").write_text(
        "PROMETHEUS_IMAGE=quay.io/prometheus/prometheus:v3.5.0\nPROMETHEUS_PORT=9191\n"
    )
    begun = init(newcomer)
    loads(newcomer)
    assert any(line.startswith("metrics      Prometheus in compose.yaml, port 9191") for line in begun.found)
    text = begun.file.read_text(encoding="utf-8")
    offered = "  - {key: metrics, kind: prometheus, url: http://localhost:9191}"
    assert f"#{offered}" in text
    begun.file.write_text(text.replace(f"#{offered}", offered), encoding="utf-8")
    assert load(newcomer, kinds()).source("metrics").config.url == "http://localhost:9191"


HOSTILE = st.text(min_size=1, max_size=40) | st.sampled_from(
    [
        "no",
        "null",
        "- x",
        "a: b",
        "# c",
        '"',
        "'",
        "{",
        "[/x]",
        "\x1b[31m",
        "\u202e",
        "&a",
        "*a",
        "!!python",
        "%",
        "@",
    ]
)


@settings(deadline=None, max_examples=60)
@given(HOSTILE, HOSTILE, st.sampled_from([("a", "b/c"), ("github.com", "o/n"), (None, None)]), st.booleans())
def test_the_starter_file_loads_whatever_names_there_are(name, email, remote, workflows):
    """Names of people, folders and files are data, whatever they look like in YAML."""
    import tempfile

    folder = Path("/nowhere") / (name.replace("/", "_").replace("\0", "") or "x")
    proposed = proposal(*repository_of(*remote), (Workflow(file="ci.yml"),) if workflows else ())
    findings = Findings(
        folder=folder, git=True, host=remote[0], user_name=name, user_email=email,
        proposals=(proposed,) if proposed else (), deployment=("compose.yaml",),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "workbench.yaml").write_text(starter_text(findings), encoding="utf-8")
        loads(Path(place))
