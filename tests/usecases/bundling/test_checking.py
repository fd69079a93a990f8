"""Any byte that is changed anywhere in a bundle is found, and whatever is swapped, left out or made up."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

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
