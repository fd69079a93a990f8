"""Any byte that is changed anywhere in a bundle is found, and whatever is swapped, left out or made up."""

from __future__ import annotations

import json
import random
import re
import shutil
from pathlib import Path

from workbench.model.canonical import sha256
from workbench.usecases.bundling.checking import check

from .conftest import Bundles


def test_an_untouched_bundle_is_intact_and_vouched_for_in_each_form(bundles: Bundles) -> None:
    for path in bundles.all:
        found = check(path, bundles.signers)
        assert (found.problems, found.notes, found.vouched, found.exit_code) == ((), (), "kim", 0)
        assert found.statements == 3
        assert all(signed.holds for signed in found.signatures)


def test_one_byte_changed_anywhere_is_found_a_thousand_times_of_a_thousand(
    bundles: Bundles, tmp_path: Path
) -> None:
    chance = random.Random(13)
    folder = tmp_path / "bundle"
    shutil.copytree(bundles.folder, folder)
    archives = [Path(shutil.copy(path, tmp_path)) for path in (bundles.zip, bundles.tar)]
    inside = sorted(path for path in folder.rglob("*") if path.is_file())
    sizes = [path.stat().st_size for path in inside]
    unseen = []
    for number in range(1000):
        if number % 3:
            changed = checked = archives[number % 3 - 1]
        else:  # small files are changed as often as they should be; each is, some time
            changed = inside[number // 3] if number // 3 < len(inside) else chance.choices(inside, sizes)[0]
            checked = folder
        data = changed.read_bytes()
        at = chance.randrange(len(data))
        other = data[at] ^ chance.randrange(1, 256)
        changed.write_bytes(data[:at] + bytes([other]) + data[at + 1 :])
        if check(checked, bundles.signers).intact:
            unseen.append((changed.name, at, data[at], other))
        changed.write_bytes(data)
    assert unseen == []
    for path in (folder, *archives):
        assert check(path, bundles.signers).exit_code == 0


def left_out(bundle: Path, pattern: str) -> None:
    """A bundle without the files whose names begin so, whose index and sums fit again; nobody has signed it."""
    (bundle / "index.json.sig").unlink()
    index = json.loads((bundle / "index.json").read_text())
    gone = [line["path"] for line in index["files"] if re.match(pattern, line["path"])]
    assert gone
    for path in gone:
        (bundle / path).unlink()
    index["files"] = [line for line in index["files"] if line["path"] not in gone]
    (bundle / "index.json").write_text(json.dumps(index))
    found = sorted(one for one in bundle.rglob("*") if one.is_file() and one.name != "SHA256SUMS")
    sums = (f"{sha256(path.read_bytes())}  {path.relative_to(bundle).as_posix()}\n" for path in found)
    (bundle / "SHA256SUMS").write_text("".join(sums))


def test_what_is_left_out_is_missed_although_everything_else_fits(bundles: Bundles, tmp_path: Path) -> None:
    for number, (pattern, words) in enumerate(
        (
            ("statements/", "is missing: an entry names it"),
            ("documents/", "is missing: an entry names it"),
            ("proofs/continues-", "the ledger does not continue the end that"),
            ("proofs/[0-9a-f]{64}", "nothing proves that the entry"),
            ("proofs/entries", "“proofs/entries.json” is missing"),
            ("record/checkpoint.txt", "“record/checkpoint.txt” is missing"),
            ("record/entries.jsonl", "“record/entries.jsonl” is missing"),
            ("gates/go.md", "“gates/go.md” says something else than the entries do"),
            ("definitions/resolved.json", "are of another definitions"),
        )
    ):
        bundle = tmp_path / str(number)
        shutil.copytree(bundles.folder, bundle)
        left_out(bundle, pattern)
        assert words in "; ".join(check(bundle, bundles.signers).problems), pattern


def test_a_missing_and_an_added_file_are_named(bundles: Bundles, tmp_path: Path) -> None:
    bundle = tmp_path / "b"
    shutil.copytree(bundles.folder, bundle)
    (bundle / "gates" / "go.md").unlink()
    (bundle / "gates" / "more.md").write_text("x")
    found = check(bundle, bundles.signers).problems
    assert found[:2] == ("“gates/go.md” is missing", "“gates/more.md” was added: the index does not list it")
