"""A stranger checks a bundle: exactly the commands of its README, with coreutils, ssh-keygen and jq alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.bundles import Keys, bundled, copy, make_keys, signed_shop, signers_file

from workbench.model.canonical import sha256

# Of the coreutils what a shell may need; the others are no part of them.
TOOLS = ("sha256sum", "sort", "comm", "cut", "cat", "tr", "head", "tail", "env", "ssh-keygen", "jq")
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Stranger:
    """Somebody with a clean folder, few tools, and a list of signers of their own."""

    def __init__(self, folder: Path, signers: Path) -> None:
        self.signers = signers
        self.path = folder / "bin"
        self.path.mkdir()
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found is not None, tool
            (self.path / tool).symlink_to(found)
        bash = shutil.which("bash")
        assert bash is not None
        self.bash = bash
        self.home = folder / "home"
        self.home.mkdir()

    def checks(self, bundle: Path, readme: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Runs the commands of the README, one after the other, as one would paste them."""
        blocks = BLOCK.findall((readme or bundle / "README.md").read_text(encoding="utf-8"))
        assert len(blocks) >= 5
        return subprocess.run(
            [self.bash, "-c", "\n".join(blocks)],
            cwd=bundle,
            env={"PATH": str(self.path), "HOME": str(self.home), "SIGNERS": str(self.signers)},
            capture_output=True,
            text=True,
            check=False,
        )


class Case:
    """A signed bundle, and a stranger."""

    def __init__(self, folder: Path, bundle: Path, stranger: Stranger) -> None:
        self.folder = folder
        self.bundle = bundle
        self.stranger = stranger
        self._copies = 0

    def copied(self) -> Path:
        self._copies += 1
        return copy(self.bundle, self.folder / f"copy-{self._copies}")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return make_keys(tmp_path_factory.mktemp("keys") / "keys")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("stranger")
    old = os.environ.get("WORKBENCH_DATA")
    os.environ["WORKBENCH_DATA"] = str(folder / "data")
    try:
        with signed_shop(folder, keys) as context:
            bundled(context, folder / "bundle", keys)
            stranger = Stranger(folder, signers_file(context, folder / "signers"))
        yield Case(folder, folder / "bundle", stranger)
    finally:
        if old is not None:
            os.environ["WORKBENCH_DATA"] = old


def resummed(bundle: Path) -> None:
    """A bundle whose sums and index fit again after an edit, as somebody makes them who knows the format."""
    index = json.loads((bundle / "index.json").read_text())
    for line in index["files"]:
        data = (bundle / line["path"]).read_bytes()
        line["sha256"], line["size"] = sha256(data), len(data)
    (bundle / "index.json").write_text(json.dumps(index, indent=2, ensure_ascii=False))
    lines = []
    for path in sorted(one for one in bundle.rglob("*") if one.is_file() and one.name != "SHA256SUMS"):
        lines.append(f"{sha256(path.read_bytes())}  {path.relative_to(bundle).as_posix()}\n")
    (bundle / "SHA256SUMS").write_text("".join(lines))


def statement_of(bundle: Path, person: str) -> Path:
    (found,) = (
        path
        for path in (bundle / "statements").glob("*.json")
        if json.loads(path.read_text())["person"] == person
    )
    return found


def test_a_bundle_is_checked_by_the_commands_of_its_readme_alone(case: Case) -> None:
    done = case.stranger.checks(case.bundle)
    assert done.returncode == 0, done.stderr
    assert 'Good "workbench.bundle" signature for kim' in done.stdout
    assert done.stdout.count('Good "workbench.statement" signature for') == 3
    assert "benchmarks: approve by robin (signed with a key)" in done.stdout
    assert "go: signed" in done.stdout
    assert "go: approve by sam as product-owner" in done.stdout


@pytest.mark.parametrize("file", ["README.md", "index.json", "record/entries.jsonl", "gates/go.json"])
def test_a_changed_file_is_found(case: Case, file: str) -> None:
    bundle = case.copied()
    readme = case.bundle / "README.md"  # as it was made: what is run is not what was changed
    with (bundle / file).open("ab") as changed:
        changed.write(b" ")
    assert case.stranger.checks(bundle, readme).returncode != 0


def test_a_missing_file_and_an_added_file_are_found(case: Case) -> None:
    bundle = case.copied()
    (bundle / "gates" / "go.md").unlink()
    assert case.stranger.checks(bundle).returncode != 0
    bundle = case.copied()
    (bundle / "evidence").mkdir(exist_ok=True)
    (bundle / "evidence" / "another.txt").write_text("x")
    assert case.stranger.checks(bundle).returncode != 0


def test_an_index_that_was_made_to_fit_again_is_found_by_its_signature(case: Case) -> None:
    bundle = case.copied()
    text = (bundle / "notes" / "release-notes.md").read_text()
    (bundle / "notes" / "release-notes.md").write_text(text.replace("2.0.0", "2.0.1"))
    resummed(bundle)
    done = case.stranger.checks(bundle)
    assert done.returncode != 0
    assert "Good" not in done.stdout


def test_a_signature_of_another_statement_is_found(case: Case) -> None:
    bundle = case.copied()
    kim, sam = statement_of(bundle, "kim"), statement_of(bundle, "sam")
    (bundle / f"{kim}.sig").write_bytes((bundle / f"{sam}.sig").read_bytes())
    unsigned(bundle)
    resummed(bundle)
    assert case.stranger.checks(bundle).returncode != 0


def unsigned(bundle: Path) -> None:
    """The bundle without the signature of its index, and a README that asks for none."""
    (bundle / "index.json.sig").unlink()
    readme = (bundle / "README.md").read_text()
    start = readme.index("```sh\nssh-keygen -Y verify")
    (bundle / "README.md").write_text(readme[:start] + readme[readme.index("```\n", start + 5) + 4 :])


def test_a_statement_that_was_rewritten_fits_no_entry(case: Case) -> None:
    bundle = case.copied()
    unsigned(bundle)
    resummed(bundle)
    assert case.stranger.checks(bundle).returncode == 0
    path = statement_of(bundle, "kim")
    data = path.read_bytes().replace(b'"decision":"approve"', b'"decision":"reject"')
    index = json.loads((bundle / "index.json").read_text())
    new = f"statements/{sha256(data)}.json"
    old = path.relative_to(bundle).as_posix()
    for line in index["files"]:
        line["path"] = line["path"].replace(old, new)
    for line in index["signoffs"]:
        if line["statement"] == old:
            line |= {"statement": new, "signature": "", "decision": "reject"}
    path.unlink()
    (bundle / new).write_bytes(data)
    path.with_name(path.name + ".sig").rename(bundle / f"{new}.sig")
    (bundle / "index.json").write_text(json.dumps(index))
    resummed(bundle)
    assert case.stranger.checks(bundle).returncode != 0


def test_signers_come_from_the_strangers_own_list(case: Case, keys: Keys, tmp_path: Path) -> None:
    own = tmp_path / "signers"
    key = (keys.folder / "stranger.pub").read_text()
    own.write_text(f'kim namespaces="workbench.*" {key}')
    stranger = Stranger(tmp_path, own)
    done = stranger.checks(case.bundle)
    assert done.returncode != 0
    assert "Good" not in done.stdout
