"""The recipes of docs/record-format.md check a proof with Python, and its head with ssh-keygen and jq alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.ssh import make_key, person, public_line

from workbench.record import Checkpoint, merkle
from workbench.signoff.checkpoints import Note
from workbench.signoff.proofs import digest_of, inclusion_proof
from workbench.signoff.ssh_signatures import Namespace, allowed_signers
from workbench.usecases.ssh_signing import sign_bytes

PAGE = (Path(__file__).parents[2] / "docs" / "record-format.md").read_text(encoding="utf-8")
ENTRIES = [f'{{"number":{number},"said":"ja, schön"}}' for number in range(11)]


def recipe(language: str) -> str:
    (found,) = re.findall(
        rf"^```{language}\n(.*?)^```$", PAGE.partition("## A proof")[2], re.DOTALL | re.MULTILINE
    )[:1]
    return str(found)


def proof(folder: Path, index: int, *, bare: bool = False) -> tuple[Path, Path]:
    leaves = [bytes.fromhex(digest_of(each)) for each in ENTRIES]
    note = Note(Checkpoint("workbench/record/desk", len(leaves), merkle.root(leaves).hex()))
    key = make_key(folder, f"key{index}{bare}")
    note = note.signed("lena", sign_bytes(note.text, key, Namespace.CHECKPOINT, asks=False).armored)
    path, signers = folder / f"proof-{index}-{bare}.json", folder / "signers"
    path.write_bytes(inclusion_proof(leaves, index, "" if bare else ENTRIES[index], note).written)
    signers.write_text(allowed_signers([person("lena", public_line(key))]))
    return path, signers


def python(script: Path, path: Path) -> int:
    return subprocess.run(
        [sys.executable, str(script), str(path)], capture_output=True, check=False
    ).returncode


def test_python_alone_checks_a_proof(tmp_path: Path) -> None:
    script = tmp_path / "check.py"
    script.write_text(recipe("python"), encoding="utf-8")
    for index in (0, 7, 10):
        path, _ = proof(tmp_path, index)
        assert python(script, path) == 0
        document = json.loads(path.read_text(encoding="utf-8"))
        changes: list[dict[str, object]] = [
            {"index": (index + 1) % 11},
            {"path": document["path"][1:]},
            {"entry": document["entry"] + " "},
            {"digest": "ab" * 32},
        ]
        for change in changes:
            path.write_text(json.dumps({**document, **change}), encoding="utf-8")
            assert python(script, path) != 0, change
    assert python(script, proof(tmp_path, 3, bare=True)[0]) == 0


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is not installed")
def test_ssh_keygen_and_jq_check_who_signed_the_head(tmp_path: Path) -> None:
    path, signers = proof(tmp_path, 5)
    environment = {**os.environ, "PROOF": str(path), "SIGNERS": str(signers), "LENA": "lena"}

    def run() -> int:
        words = ["bash", "-euo", "pipefail", "-c", recipe("sh")]
        return subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, check=False
        ).returncode

    assert run() == 0
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("desk\\n11\\n", "desk\\n12\\n"), encoding="utf-8")
    assert run() != 0
