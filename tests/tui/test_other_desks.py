"""What another desk sends appears in the app while it is open, and what is kept aside is led to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.tui.driving import driven, press, second_writer, settle, shown, web_shop
from tests.tui.stories import contest, contest_by

from workbench.flows import model as flows
from workbench.parity import model as parity
from workbench.record.packs import encode_pack
from workbench.tui.screens.flow_page import FlowScreen
from workbench.usecases import exchanging, mapping, restoring
from workbench.usecases.context import Context
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def from_kim(root: Path, elsewhere: Path, *, spoiled: bool) -> Path:
    """A pack of kim's desk, which has given a high difference another value; one entry of it may be spoiled."""
    path = elsewhere.parent / "kim.pack"
    with second_writer(root) as here:
        exchanging.write_pack(here, path)
    elsewhere.mkdir()
    restoring.restore(Options(record=elsewhere / "record.db", project=root, as_person="kim"), path)
    with second_writer_of(root, elsewhere / "record.db") as there:
        stored, value = parity.find(there.record, "payment gateway")
        mapping.edit_difference(there, stored, msgspec.structs.replace(value, production="another one"))
        pack = there.record.pack()
    lines = pack.entries
    if spoiled:
        lines = tuple(line.replace(b'"production":"another one"', b'"production":1') for line in lines)
    path.write_bytes(encode_pack(msgspec.structs.replace(pack, entries=lines)))
    return path


@contextmanager
def second_writer_of(root: Path, record: Path) -> Iterator[Context]:
    """Kim, with a record that lies elsewhere."""
    context = open_context(Options(project=root, record=record, as_person="kim"))
    try:
        yield context
    finally:
        context.record.close()


async def test_what_another_desk_changed_appears_while_the_app_is_open(root: Path, tmp_path: Path) -> None:
    pack = from_kim(root, tmp_path / "elsewhere", spoiled=False)
    async with driven(root, size=(120, 40)) as pilot:
        await press(pilot, "2")
        await settle(pilot)
        assert "another one" not in shown(pilot)
        with second_writer(root) as other:
            assert exchanging.take(other, pack).taken.taken
        await pilot.app.poll()  # type: ignore[attr-defined]
        await settle(pilot)
        assert "another one" in shown(pilot), shown(pilot)


async def test_a_quarantined_entry_is_a_line_of_readiness_and_leads_to_repair(
    root: Path, tmp_path: Path
) -> None:
    pack = from_kim(root, tmp_path / "elsewhere", spoiled=True)
    async with driven(root, size=(120, 50)) as pilot:
        assert "quarantined" not in shown(pilot)
        with second_writer(root) as other:
            assert exchanging.take(other, pack).taken.new
        await pilot.app.poll()  # type: ignore[attr-defined]
        await settle(pilot)
        assert "quarantined: difference" in shown(pilot)
        await press(pilot, "slash", *"quarantined", "enter")
        await press(pilot, "enter")
        assert "workbench repair --enter" in shown(pilot)


async def test_two_versions_are_a_line_of_readiness(root: Path, tmp_path: Path) -> None:
    async with driven(root, size=(120, 50)) as pilot:
        contest(root, tmp_path / "copy", "payment gateway")
        await pilot.app.poll()  # type: ignore[attr-defined]
        await settle(pilot)
        assert "two versions" in shown(pilot)


def rename_checkout(context: Context, name: str) -> None:
    """One of two names that know nothing of each other."""
    stored, value = flows.find(context.record, "checkout")
    mapping.edit_flow(context, stored, msgspec.structs.replace(value, owner=name))


async def test_a_row_of_several_versions_says_so_on_its_screen_and_page_and_enter_chooses(
    root: Path, tmp_path: Path
) -> None:
    def here(context: Context) -> None:
        build.answer(context, "pre-production/data-masked")
        rename_checkout(context, "noor")

    def there(context: Context) -> None:
        build.answer(context, "pre-production/data-masked", "failed", comment="not masked")
        rename_checkout(context, "ilse")

    contest_by(root, tmp_path / "copy", here, there)
    async with driven(root, size=(80, 24)) as pilot:
        await press(pilot, "4", "slash", *"data", "enter")
        assert "✗ two versions · Data in staging" in shown(pilot)
        assert "two versions: enter chooses one" in shown(pilot), "beside the row, too"
        await press(pilot, "enter")
        assert "Two versions of answer" in shown(pilot)
        await press(pilot, "escape", "7", "slash", *"checkout", "enter")
        assert "✗ two versions · Check" in shown(pilot)
        await press(pilot, "enter")
        assert "Two versions of flow" in shown(pilot)
        await press(pilot, "escape")
        await pilot.app.push_screen(FlowScreen("checkout"))
        await settle(pilot)
        assert "two versions: enter chooses one" in shown(pilot)
        await press(pilot, "enter")
        assert "Two versions of flow" in shown(pilot)
