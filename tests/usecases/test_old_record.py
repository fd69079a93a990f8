"""A record that an earlier workbench made opens, verifies and says what it said then.

``tests/record/data/format-1/make.py`` says how it was made.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.building import who

from workbench.gates.model import GateState
from workbench.releases.model import ReleaseState
from workbench.releases.shipment import Shipment
from workbench.signoff.holding import Currency
from workbench.usecases import approving, parity_map, safekeeping, undoing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options

FORMAT_1 = Path(__file__).parents[1] / "record" / "data" / "format-1"
# With the shipment of 2.14.0, its report, what it rested on and the definitions, kept on first
# opening by the desk that begins with the copied file.
ENTRIES, EVIDENCE = 111 + 2, 75 + 3


def _unpack(root: Path) -> None:
    for left in (root / ".workbench").glob("record.db*"):
        left.unlink()
    (root / ".workbench" / "record.db").write_bytes(gzip.decompress((FORMAT_1 / "record.db.gz").read_bytes()))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    """The kept project with its record unpacked where a record lies."""
    root = tmp_path / "shop"
    shutil.copytree(FORMAT_1, root, ignore=shutil.ignore_patterns("*.py", "*.gz"))
    (root / ".workbench").mkdir()
    _unpack(root)
    context = open_context(Options(project=root, as_person="robin"))
    try:
        yield context
    finally:
        context.record.close()


def test_a_command_that_only_reads_brings_it_up_to_date_first(shop: Context, data_folder: Path) -> None:
    shop.record.close()
    _unpack(shop.root)
    shutil.rmtree(data_folder)  # what was seen of the record that is replaced
    context = open_context(Options(project=shop.root), readonly=True)
    with context.record:
        assert context.record.info.readonly
        assert evaluate(context, "2.14.0").gate("sign-off").through


def signatures(evaluation: Evaluation) -> dict[str, Currency]:
    return {view.signoff.person: view.currency for view in evaluation.gate("sign-off").signoffs}


def test_it_opens_and_verifies(shop: Context) -> None:
    report = safekeeping.verify(shop)
    assert (report.ok, report.problem, report.entries, report.blobs) == (True, None, ENTRIES, EVIDENCE)


def test_a_shipped_release_stands_as_it_was_signed(shop: Context) -> None:
    found = evaluate(shop, "2.14.0")
    assert found.state is ReleaseState.WATCHING
    assert {item.gate.key: item.state for item in found.gates} == {
        "inventory": GateState.READY,
        "pre-production": GateState.READY,
        "benchmarks": GateState.READY,
        "parity": GateState.READY,
        "production-readiness": GateState.READY,
        "sign-off": GateState.SIGNED,
    }
    assert signatures(found) == dict.fromkeys(("robin", "kim", "sam"), Currency.CURRENT)


def test_what_went_out_before_shipments_were_recorded_is_kept_once_and_says_so(shop: Context) -> None:
    for _ in range(2):
        with open_context(Options(project=shop.root), readonly=True).record as record:
            (stored,) = record.all("shipment")
            value = stored.decode(Shipment)
            assert (stored.actor, value.version, value.by) == ("workbench", "2.14.0", "robin")
            assert value.afterwards and value.through and value.run == "https://ci.shop.example/runs/7351"
            assert record.blob(value.report) and record.blob(value.basis)


def test_an_approver_typed_by_the_author_counts_for_what_is_shipped_alone(shop: Context) -> None:
    assert [item.approver for item in evaluate(shop, "2.14.0").overrides] == ["kim"]
    found = evaluate(shop, "2.15.0")
    assert not found.overrides
    (waits,) = found.proposals
    assert waits.why == "override waiting for approval by kim"
    assert signatures(found)["robin"] is Currency.OUT_OF_DATE


def test_what_was_signed_of_the_open_release_holds_or_not_as_before_once_kim_has_approved(
    shop: Context,
) -> None:
    kim = who(shop, "kim")
    approving.approve(kim, evaluate(kim, "2.15.0"), "refund-p95")
    found = evaluate(shop, "2.15.0")
    assert found.state is ReleaseState.BLOCKED
    assert found.gate("sign-off").state is GateState.BLOCKED  # mika has rejected it
    assert signatures(found) == {
        "lena": Currency.OUT_OF_DATE,
        "robin": Currency.CURRENT,
        "mika": Currency.CURRENT,
    }
    lena = next(v for v in found.gate("sign-off").signoffs if v.signoff.person == "lena")
    assert "Refund p95" in lena.why
    assert "refund-p95" in {value.part.rpartition("/")[2] for value in found.overrides}


def test_what_lies_in_it_can_be_read(shop: Context) -> None:
    assert len(parity_map.read_map(shop).lines) == 11
    items = evaluate(shop, "2.15.0").checklists["pre-production"]
    assert all(item.complete for item in items)
    digests = [piece.digest for item in items for piece in item.evidence if piece.digest]
    assert digests and all(shop.record.blob(digest) for digest in digests)
    assert len(shop.record.history(limit=1000)) == ENTRIES
    restored = evaluate(shop, "2.15.0").checklists["production-readiness"]
    assert any(piece.kind == "file" for item in restored for piece in item.evidence)


def test_it_can_be_written_to(shop: Context) -> None:
    done = undoing.undo(shop, None)
    assert done.change_id
    assert safekeeping.verify(shop).ok
