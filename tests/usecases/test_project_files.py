"""The version that a project's own files name."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.usecases.project_files import version_in_files

FILES = [
    ("pyproject.toml", '[project]\nname = "shop"\nversion = "3.24.0-a.0"\n', "3.24.0-a.0"),
    ("pyproject.toml", '[tool.poetry]\nversion = "1.4.0rc1"\n', "1.4.0rc1"),
    ("package.json", '{"name": "shop", "version": "20.1.1"}', "20.1.1"),
    ("package.json", '\ufeff{"version": "v2.0.0-beta.2"}', "2.0.0-beta.2"),
    ("Cargo.toml", '[package]\nversion = "0.4.2"\n', "0.4.2"),
    ("Cargo.toml", '[workspace.package]\nversion = "0.4.3"\n', "0.4.3"),
    (
        "pom.xml",
        "<project><parent><version>9.9</version></parent><version>3.0.0-SNAPSHOT</version>"
        "<dependencies><dependency><version>1.0</version></dependency></dependencies></project>",
        "3.0.0",
    ),
    ("pom.xml", "<project><parent><version>9.9.1</version></parent></project>", "9.9.1"),
    ("pom.xml", "<parent>" * 20_000 + "<version>1.0</version>", "1.0"),
    ("mix.exs", '@version "0.7.1"\n  [version: @version]\n', "0.7.1"),
    (
        "pom.xml",
        "<project><version>${revision}</version><properties><revision>4.1</revision></properties></project>",
        "4.1",
    ),
    ("gradle.properties", "org.gradle.caching=true\nversion=5.0.1-SNAPSHOT\n", "5.0.1"),
    ("build.gradle.kts", 'plugins {}\nversion = "1.9.0"\n', "1.9.0"),
    ("setup.cfg", "[metadata]\nversion = 2.2\n", "2.2"),
    ("setup.py", "setup(name='x', version='1.2.3.dev0')\n", "1.2.3"),
    ("composer.json", '{"version": "1.1.0"}', "1.1.0"),
    ("mix.exs", 'def project do\n  [app: :x,\n   version: "0.7.0"]\n', "0.7.0"),
    ("shop.gemspec", "s.version = '4.5.6'\n", "4.5.6"),
    ("Directory.Build.props", "<Project><Version>8.0.0</Version></Project>", "8.0.0"),
    ("CMakeLists.txt", "project(shop\n  VERSION 1.2.3\n  LANGUAGES CXX)\n", "1.2.3"),
    ("meson.build", "project('shop', 'c', version: '1.5.0')\n", "1.5.0"),
    ("VERSION", "2.7.0\n", "2.7.0"),
    ("version.txt", "v2.7.1\n", "2.7.1"),
    ("Chart.yaml", 'apiVersion: v2\nversion: 0.10.6\nappVersion: "v0.9"\n', "0.10.6"),
    ("helm-chart/Chart.yaml", "version: 0.10.6\n", "0.10.6"),
]
NAMELESS = [
    ("pyproject.toml", '[project]\nname = "x"\ndynamic = ["version"]\n'),
    ("pyproject.toml", "[project\n"),
    ("package.json", '{"version": "0.0.0-development"}'),
    ("package.json", "[" * 100_000),
    ("package.json", '{"version": 3}'),
    ("package.json", '{"version": "workspace:*"}'),
    ("pom.xml", "<project><version>${revision}</version></project>"),
    ("setup.cfg", "[metadata]\nversion = attr: x.__version__\n"),
    ("VERSION", "see the tags\n"),
    ("src/web/package.json", '{"version": "1.0.0"}'),  # a part of the project
    ("examples/a/b/Chart.yaml", "version: 1.0.0\n"),
]


def write(folder: Path, *files: tuple[str, str]) -> list[str]:
    for name, text in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return [name for name, _ in files]


@pytest.mark.parametrize(("name", "text", "version"), FILES)
def test_a_file_names_the_version(tmp_path: Path, name: str, text: str, version: str) -> None:
    found = version_in_files(tmp_path, write(tmp_path, (name, text)))
    assert found is not None
    assert (found.version.text, found.files) == (version, (name,))


@pytest.mark.parametrize(("name", "text"), NAMELESS)
def test_a_file_without_a_version_names_none(tmp_path: Path, name: str, text: str) -> None:
    assert version_in_files(tmp_path, write(tmp_path, (name, text))) is None


def test_files_that_agree_are_all_named(tmp_path: Path) -> None:
    names = write(
        tmp_path,
        ("package.json", '{"version": "3.24.0-a.0"}'),
        ("pyproject.toml", '[project]\nversion = "3.24.0-a.0"\n'),
        ("Chart.yaml", "version: 1.0.0\n"),
    )
    found = version_in_files(tmp_path, names)
    assert found is not None
    assert found.files == ("pyproject.toml", "package.json")


def test_charts_that_disagree_name_no_version(tmp_path: Path) -> None:
    names = write(
        tmp_path, ("charts/a/Chart.yaml", "version: 1.0.0\n"), ("charts/b/Chart.yaml", "version: 2.0.0\n")
    )
    assert version_in_files(tmp_path, names) is None


def test_links_and_large_files_are_not_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        ("outside.json", '{"version": "1.0.0"}'),
        ("Cargo.toml", "#" * 1_000_001 + '\n[package]\nversion = "1.0"'),
    )
    (tmp_path / "package.json").symlink_to(tmp_path / "outside.json")
    assert version_in_files(tmp_path, ["package.json", "Cargo.toml"]) is None
