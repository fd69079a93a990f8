"""The kinds, and those that other packages add."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

import workbench
from workbench.model.errors import DefinitionError
from workbench.model.kinds import Registry, SourceKind
from workbench.sources.github_actions import GitHubConfig
from workbench.sources.kinds import KINDS, NAMES
from workbench.sources.manual import ManualConfig
from workbench.sources.prometheus import PrometheusConfig


def test_every_kind_refuses_unknown_fields_and_has_something_to_load():
    for name, kind in KINDS.items():
        assert kind.name == name
        for shape in (kind.config, kind.measure, kind.tests):
            if shape is not None:
                with pytest.raises(msgspec.ValidationError):
                    msgspec.convert({"no_such_field": 1}, shape)
        assert kind.by_hand == (name == "manual") and kind.from_record == (name == "record")
        assert (kind.load() is None) == (kind.by_hand or kind.from_record)


def test_a_kind_that_nothing_names_is_not_imported():
    code = (
        "import sys; from workbench.sources.kinds import KINDS; KINDS['junit']; "
        "print([name for name in KINDS if f'workbench.sources.{name}' in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['junit']"


def test_a_command_loads_the_kinds_that_the_project_names_and_no_other(tmp_path):
    (tmp_path / "workbench.yaml").write_text(
        "project: shop\nsources:\n  - {key: units, kind: junit, files: '*.xml'}\n", encoding="utf-8"
    )
    code = (
        "import sys; sys.argv = ['workbench', 'check']\n"
        "from workbench.__main__ import main\n"
        "from workbench.sources.kinds import NAMES\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in NAMES if f'workbench.sources.{name}' in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.strip().splitlines()[-1] == "['junit']"


def test_a_token_is_text_or_a_command():
    config = msgspec.convert({"url": "http://h", "token": {"command": "pass show x"}}, PrometheusConfig)
    assert config.token.command == "pass show x"
    assert msgspec.convert({"repository": "a/b"}, GitHubConfig).token == "${GITHUB_TOKEN}"
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"repository": "a/b/../c"}, GitHubConfig)


def made_anew() -> Registry[SourceKind]:
    return Registry("workbench.sources", NAMES, group="workbench.sources", made_by=SourceKind)


def entry(value: str) -> importlib.metadata.EntryPoint:
    return importlib.metadata.EntryPoint(name="other", value=value, group="workbench.sources")


OTHER = SourceKind(name="other", about="", config=ManualConfig, measure=None, load=lambda: None)


def test_others_are_looked_up_only_when_they_are_named(monkeypatch):
    looked = []

    def entry_points(*, group):
        looked.append(group)
        return [entry(f"{__name__}:OTHER")]

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)
    kinds = made_anew()
    assert kinds["junit"] is KINDS["junit"] and "manual" in kinds
    assert looked == []
    assert kinds["other"].name == "other"
    assert "absent" not in kinds
    assert list(kinds) == [*NAMES, "other"]
    assert looked == ["workbench.sources"]


@pytest.mark.parametrize("value", ["no.such.module:KIND", f"{__name__}:entry"])
def test_a_broken_package_is_a_clear_error(monkeypatch, value):
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda *, group: [entry(value)])
    with pytest.raises(DefinitionError, match="other"):
        made_anew()["other"]


def test_what_the_command_line_imports_is_light():
    code = (
        "import sys, workbench.sources.fetch, workbench.sources.kinds, workbench.sources.manual; "
        "print(sorted({'asyncio', 'httpx', 'subprocess', 'importlib.metadata', 'concurrent.futures', 'numpy'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# Names that are ordinary words, too, or formats that several kinds read or reports are written in: what counts is its module, and its name
# where a kind is chosen.
ORDINARY = (
    "http",
    "sql",
    "samples",
    "measurements",
    "otlp",
    "jaeger",
    "tempo",
    "configuration_files",
    "version_files",
    "dbt",
    "great_expectations",
    "policy_results",
    "sarif",
    "sbom",
    "soda",
    "terraform_plan",
    "pytest_benchmark",
    "trivy",
    "junit",
    "ctrf",
    "gitlab",
)


def mention_of(name):
    """What tells a kind in a file of Python: its module, or its name where one is chosen; prose may name any tool."""
    quoted = rf"sources[./]{name}\b|\"{name}\""
    chosen = rf"sources[./]{name}\b|kind[:=]\s*\"?{name}\b|^    \"{name}\",$"
    return re.compile(chosen if name in ORDINARY else quoted, re.MULTILINE)


@pytest.mark.parametrize("name", [name for name in NAMES if KINDS[name].load() is not None])
def test_a_kind_is_told_in_its_folder_and_in_the_list_only(name):
    """Deleting the folder leaves its line in the list, and no other mention."""
    top = Path(workbench.__file__).parent
    own = top / "sources" / name
    mention = mention_of(name)
    told = {
        path.relative_to(top).as_posix()
        for path in top.rglob("*.py")
        if own not in path.parents and mention.search(path.read_text(encoding="utf-8"))
    } - {path.relative_to(top).as_posix() for path in top.glob("probes/**/*.py")}  # which ask sources
    # A registry names an example; what was discovered, and what traces show, is asked by sources that are proposed;
    # OpenSLO and the shapes of tokens have names of products.
    others = {
        "model/kinds.py",
        "usecases/discovered.py",
        "usecases/discovering_sources.py",
        "usecases/flows_from_traces.py",
        "usecases/openslo.py",
        "sources/configuration/secrets.py",
    }
    assert told - others == {"sources/kinds.py"}
