"""The kinds, and those that other packages add."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys

import msgspec
import pytest

from workbench.model.errors import DefinitionError
from workbench.model.kinds import SourceKind
from workbench.sources.kinds import KINDS, GitHubConfig, ManualConfig, PrometheusConfig, all_kinds


def test_every_kind_refuses_unknown_fields_and_has_something_to_load():
    for name, kind in KINDS.items():
        assert kind.name == name
        for shape in (kind.config, kind.measure, kind.tests):
            if shape is not None:
                with pytest.raises(msgspec.ValidationError):
                    msgspec.convert({"no_such_field": 1}, shape)
        assert (kind.load() is None) == (name == "manual")


def test_a_token_is_text_or_a_command():
    config = msgspec.convert({"url": "http://h", "token": {"command": "pass show x"}}, PrometheusConfig)
    assert config.token.command == "pass show x"
    assert msgspec.convert({"repository": "a/b"}, GitHubConfig).token == "${GITHUB_TOKEN}"
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"repository": "a/b/../c"}, GitHubConfig)


def entry(value: str) -> importlib.metadata.EntryPoint:
    return importlib.metadata.EntryPoint(name="other", value=value, group="workbench.sources")


OTHER = SourceKind(name="other", about="", config=ManualConfig, measure=None, load=lambda: None)


def test_others_are_looked_up_only_when_they_are_named(monkeypatch):
    looked = []

    def entry_points(*, group):
        looked.append(group)
        return [entry(f"{__name__}:OTHER")]

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)
    kinds = all_kinds()
    assert kinds["junit"] is KINDS["junit"] and "manual" in kinds
    assert looked == []
    assert kinds["other"].name == "other"
    assert "absent" not in kinds
    assert list(kinds) == [*KINDS, "other"]
    assert looked == ["workbench.sources"]


@pytest.mark.parametrize("value", ["no.such.module:KIND", f"{__name__}:entry"])
def test_a_broken_package_is_a_clear_error(monkeypatch, value):
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda *, group: [entry(value)])
    with pytest.raises(DefinitionError, match="other"):
        all_kinds()["other"]


def test_what_the_command_line_imports_is_light():
    code = (
        "import sys, workbench.sources.fetch, workbench.sources.kinds, workbench.sources.manual; "
        "print(sorted({'asyncio', 'httpx', 'subprocess', 'importlib.metadata', 'concurrent.futures', 'numpy'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
