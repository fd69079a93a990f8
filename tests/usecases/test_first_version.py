"""The version of the first release, chosen from tags and from the project's own files."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from workbench.releases.versions import read_version
from workbench.usecases.first_version import Tags, choose, first_version
from workbench.usecases.project_files import Named

DAY = date(2026, 11, 25)


def tags(*anywhere: str, here: tuple[str, ...] = (), below: tuple[str, ...] | None = None) -> Tags:
    return Tags(here=here, below=anywhere if below is None else below, anywhere=anywhere, day=DAY)


def named(version: str, *files: str) -> Named:
    read = read_version(version)
    assert read is not None
    return Named(read, files or ("package.json",))


@pytest.mark.parametrize(
    ("known", "files", "version", "why"),
    [
        (tags(), None, "0.1.0", "there is no tag yet"),
        (tags("nightly"), None, "0.1.0", "the tag nightly is not a version"),
        (tags("nightly", "sic-jss"), None, "0.1.0", "no tag names a version of the whole project"),
        (tags("v2.3.9", here=("v2.3.9",)), None, "2.3.9", "the tag v2.3.9"),
        (tags("v2.3.9"), None, "2.3.10", "the next after the tag v2.3.9"),
        # v3 was moved on to this commit; 3.0.0 is still the last release
        (tags("v3", "v3.0.0", here=("v3",)), None, "3.0.1", "the next after the tag v3.0.0"),
        (tags("v3", "v3.0.1", "v3.0.0", here=("v3", "v3.0.1")), None, "3.0.1", "the tag v3.0.1"),
        (tags("v2.0.0-beta2", here=("v2.0.0-beta2",)), None, "2.0.0-beta2", "the tag v2.0.0-beta2"),
        (tags("1.2.3+build5", here=("1.2.3+build5",)), None, "1.2.3+build5", "the tag 1.2.3+build5"),
        (tags("1.0rc1", here=("1.0rc1",)), None, "1.0rc1", "the tag 1.0rc1"),
        (
            tags("release-2026-11-20", here=("release-2026-11-20",)), None,
            "2026-11-20", "the tag release-2026-11-20",
        ),
        (tags("release-2026-11-20"), None, "2026-11-25", "the next after the tag release-2026-11-20"),
        (tags("3.21.0-a.0"), None, "3.21.0-a.1", "the next after the tag 3.21.0-a.0"),
        (
            tags("3.21.0-a.0", "3.23.2", below=("3.21.0-a.0",)),
            named("3.24.0-a.0", "pyproject.toml", "package.json"),
            "3.24.0-a.0", "pyproject.toml and package.json say so",
        ),
        (tags("sic-jss"), named("0.10.6", "helm-chart/Chart.yaml"), "0.10.6", "helm-chart/Chart.yaml says so"),
        (tags(), named("1.0.0"), "1.0.0", "package.json says so"),
        # what the files say is out already
        (tags("v20.1.1"), named("20.1.1"), "20.1.2", "the next after the tag v20.1.1"),
        (tags("v0.10.6", below=()), named("0.10.6"), "0.10.7", "the next after the tag v0.10.6"),
        # the files were not kept up
        (tags("v3.0.0"), named("1.0.0"), "3.0.1", "the next after the tag v3.0.0"),
        (tags("v4.5", below=()), None, "4.6", "the next after the tag v4.5, of another branch"),
    ],
)  # fmt: skip
def test_the_version_is_chosen(known: Tags, files: Named | None, version: str, why: str) -> None:
    chosen = choose(known, files)
    assert (chosen.text, chosen.why) == (version, why)


def test_without_git_that_is_said() -> None:
    assert choose(Tags(), None, git=False).why == "this is not a git checkout"


def test_git_is_asked_for_tags_of_this_commit_and_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    folder = tmp_path / "shop"
    folder.mkdir()

    def git(*words: str) -> None:
        who = ("-c", "user.name=Kim", "-c", "user.email=kim@example.com")
        subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    assert first_version(folder, (), git=True).why == "there is no tag yet"
    git("commit", "-q", "--allow-empty", "-m", "first")
    git("tag", "v1.0.0")
    git("switch", "-q", "-c", "other")
    git("commit", "-q", "--allow-empty", "-m", "elsewhere")
    git("tag", "-a", "v9.0.0", "-m", "elsewhere")
    git("switch", "-q", "main")
    assert first_version(folder, (), git=True).text == "1.0.0"
    git("commit", "-q", "--allow-empty", "-m", "second")
    assert first_version(folder, (), git=True).text == "1.0.1"
    git("tag", "-a", "shop-v2.0.0", "-m", "named after the folder")
    assert first_version(folder, (), git=True).text == "2.0.0"
