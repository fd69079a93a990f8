"""``init`` offers the sources that it finds signs of: results that lie about, services, settings of tools."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from workbench.definitions import load
from workbench.usecases import starter_file
from workbench.usecases.project import kinds
from workbench.usecases.source_drafting import choices
from workbench.usecases.surveying import Findings, survey

GENERATED = Path(__file__).parents[1] / "data" / "generated"
COMPOSE = """services:
  bank:
    image: docker.io/wiremock/wiremock:3.9.1
  traces:
    image: grafana/tempo:2.6.0
  web:
    image: nginx
"""


def remarks(found: Findings) -> str:
    return "\n".join(line for proposal in found.proposals for line in proposal.remarks)


def a_summary_of_k6() -> Path:
    return sorted((GENERATED / "k6").glob("*summary*.json"))[0]


def test_results_services_and_settings_are_offered(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(COMPOSE, encoding="utf-8")
    (tmp_path / "dbt_project.yml").write_text("name: shop\n", encoding="utf-8")
    (tmp_path / "locustfile.py").write_text("", encoding="utf-8")
    (tmp_path / "results").mkdir()
    shutil.copy(a_summary_of_k6(), tmp_path / "results" / "load.json")
    (tmp_path / "package.json").write_text('{"name": "shop"}', encoding="utf-8")
    told = remarks(survey(tmp_path))
    for command, seen in (
        ("wiremock", "a service “bank”: compose.yaml"),
        ("tempo", "a service “traces”: compose.yaml"),
        ("dbt", "its settings: dbt_project.yml"),
        ("locust", "its settings: locustfile.py"),
        ("k6 --at results/load.json", "a summary of k6"),
    ):
        assert f"#  workbench source new {command}\n#    {seen}" in told
    assert "nginx" not in told and "package.json" not in told
    for line in told.splitlines():
        if line.startswith("#  workbench source new "):
            assert choices(line.split()[4]).line


def test_the_first_that_was_seen_is_among_what_to_type_next(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    shutil.copy(a_summary_of_k6(), tmp_path / "results" / "load test.json")
    (tmp_path / "locustfile.py").write_text("", encoding="utf-8")
    (found,) = [proposal.then for proposal in survey(tmp_path).proposals if proposal.then]
    assert found == (
        "workbench source new k6 --at 'results/load test.json'",
        "a source for results/load test.json; 1 more in workbench.yaml",
    )


def test_a_place_is_said_where_the_draft_would_look_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "load").mkdir()
    for name, at in (("summary.json", " --at load/summary.json"), ("staging.json", "")):
        shutil.copy(a_summary_of_k6(), tmp_path / "load" / name)
        assert f"#  workbench source new k6{at}\n" in remarks(survey(tmp_path))
        (tmp_path / "load" / name).unlink()


def test_a_drafted_source_reads_all_files_of_its_kind_that_lie_together(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    for number in range(3):
        shutil.copy(GENERATED / "bandit" / "found.sarif", tmp_path / "reports" / f"part-{number}.sarif")
    shutil.copytree(GENERATED / "pytest_reports" / "allure-green", tmp_path / "out")
    told = remarks(survey(tmp_path))
    assert "#  workbench source new allure --at 'out/*.json'\n" in told
    assert "#  workbench source new sarif\n" in told, "as its example has it: reports/*.sarif"


def test_what_is_under_version_control_is_no_result(tmp_path: Path) -> None:
    shutil.copy(a_summary_of_k6(), tmp_path / "load.json")
    for words in (("init", "-q"), ("add", "load.json")):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    assert "load.json" not in remarks(survey(tmp_path))


def test_an_ordinary_folder_gets_no_offer(tmp_path: Path) -> None:
    (tmp_path / "http.json").write_text("{}", encoding="utf-8")
    (tmp_path / "record.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "large.json").write_bytes(b"[" + b" " * 3_000_000 + b"]")
    assert "Also seen here" not in remarks(survey(tmp_path))


def test_a_starter_file_with_offers_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(COMPOSE, encoding="utf-8")
    found = survey(tmp_path)
    (tmp_path / "workbench.yaml").write_text(starter_file.starter_text(found), encoding="utf-8")
    assert load(tmp_path, kinds()).project.sources


def test_results_in_a_folder_that_a_tool_calls_after_itself_are_offered(tmp_path: Path) -> None:
    for place, name in (
        ("allure-results", "pytest_reports/allure-green/0-result.json"),
        ("ctrf", "pytest_reports/green.ctrf.json"),
    ):
        (tmp_path / place).mkdir()
        shutil.copy(GENERATED / name, tmp_path / place / "first.json")
    (tmp_path / ".coveragerc").write_text("[run]\n", encoding="utf-8")
    told = remarks(survey(tmp_path))
    assert (
        "new allure --at allure-results/first.json\n#    an Allure result: allure-results/first.json" in told
    )
    assert "new ctrf\n#    a CTRF report: ctrf/first.json" in told
    assert "new coverage_py\n#    its settings: .coveragerc" in told
