"""From a real project and its record to the notes, and to a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import web_shop

from workbench.criteria import Verdict
from workbench.definitions.shapes import Mode, Severity
from workbench.gates.model import State, Weight
from workbench.model.errors import UsageError
from workbench.notes import render
from workbench.parity.decisions import Decision as Fate
from workbench.signoff.model import Decision
from workbench.usecases import noting, shipping, signing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    context = open_context(Options(project=web_shop.copied(tmp_path / "shop")))
    yield context
    context.record.close()


def test_the_web_shop_is_not_ready_and_says_why(shop: Context) -> None:
    document = noting.document(shop, evaluate(shop))
    assert (document.version, document.through, document.demonstration) == ("2.14.0", False, shop.now)
    blocks = [line.title for line in document.open if line.weight is Weight.BLOCKS]
    assert blocks == ["Checkout p95", "Payment faults", "payment gateway mocked"]
    assert document.candidate is not None
    assert document.candidate.artifacts[0].digest.startswith("sha256:9c41b7e0")
    assert [str(line.approver) for line in document.overrides] == ["Kim"]
    assert document.proof.head == shop.record.head.chain
    assert document.proof.definitions == shop.definitions.digest


def test_benchmarks_come_blocking_first_and_worst_first(shop: Context) -> None:
    rows = noting.document(shop, evaluate(shop)).benchmarks
    assert [row.title for row in rows][:4] == [
        "Checkout p95",
        "Payment faults",
        "Refund p95",
        "Login error rate",
    ]
    modes = [row.mode for row in rows]
    assert modes == sorted(modes, key=lambda mode: mode is not Mode.BLOCKING)
    checkout, faults, refund = rows[:3]
    assert checkout.verdict is Verdict.FAIL
    assert str(checkout.accepts_to) == checkout.limit_text.split()[0] == "0.54"
    assert (str(faults.accepts_from), faults.accepts_to) == ("5", None)
    assert refund.overridden_until is not None
    assert refund.overridden_until > shop.now


def test_the_statement_counts_and_names_what_the_map_holds(shop: Context) -> None:
    parity = noting.document(shop, evaluate(shop)).parity
    words = " ".join(parity.statement)
    assert "11 known ways (3 high, 5 medium, 3 low)" in words
    assert "High severity, undecided: payment gateway mocked (stand-in in staging" in words
    # Its end is midnight in Amsterdam, which is still the day before in UTC.
    assert "accepted until 1 Dec 2026" in words
    assert "The map has not been reviewed for this release." in words
    assert [gap.severity for gap in parity.gaps[:3]] == [Severity.HIGH] * 3
    assert parity.gaps[0].decision is Fate.UNDECIDED
    assert (len(parity.gaps), parity.no_matter, parity.gaps_left_out) == (10, 1, 0)


def test_a_checklist_that_no_gate_asks_for_is_left_out(shop: Context) -> None:
    lists = noting.document(shop, evaluate(shop)).checklists
    assert [item.key for item in lists] == ["pre-production", "production-readiness"]
    first = lists[0]
    assert first.done + len(first.open) + len(first.failed) + len(first.not_applicable) == first.total
    assert "Data in staging is current and masked" in [item.title for item in first.open]


def test_the_same_record_and_clock_give_the_same_bytes(shop: Context) -> None:
    again = open_context(Options(project=shop.root))
    try:
        for format in ("md", "html", "json", "txt"):
            one = render(noting.document(shop, evaluate(shop)), format)
            other = render(noting.document(again, evaluate(again)), format)
            assert one.encode() == other.encode()
    finally:
        again.record.close()


def test_a_signature_is_printed_with_its_identity_as_asserted(shop: Context) -> None:
    evaluation = evaluate(shop)
    shown = signing.prepare(shop, evaluation, "sign-off")
    answer = signing.Answer(decision=Decision.REJECT, comment="not with this checkout")
    signing.sign(shop, shown, answer)
    document = noting.document(shop, evaluate(shop))
    (line,) = document.signatures
    assert (str(line.person), line.role, line.decision) == ("Robin", "release-owner", Decision.REJECT)
    assert line.identity.startswith("asserted identity")
    text = render(document, "txt")
    assert "✗ Robin, release owner: rejects Sign-off" in text
    assert "Comment: not with this checkout" in text


def test_what_went_out_all_the_same_says_so(shop: Context) -> None:
    shipping.ship(shop, reason="the vendor switches off v2 today")
    document = noting.document(shop, evaluate(shop))
    assert document.ending is not None
    assert "although not every gate had passed" in render(document, "md")


def test_gates_carry_their_requirements_in_words(shop: Context) -> None:
    gates = noting.document(shop, evaluate(shop)).gates
    assert [gate.title for gate in gates][:2] == ["Inventory", "Pre-production"]
    assert gates[0].through
    assert gates[2].requirements[0].state is State.NOT_MET


def test_a_folder_takes_the_default_name(shop: Context, tmp_path: Path) -> None:
    path = noting.export(shop, evaluate(shop), "md", tmp_path)
    assert path == tmp_path / "release-notes-2.14.0.md"
    first, second = path.read_text(encoding="utf-8").splitlines()[:2]
    assert first.startswith("<!-- workbench:begin head ")
    assert second == "# Web shop 2.14.0"


def test_a_file_that_is_there_is_left_alone_unless_told(shop: Context, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="exists already; nothing was written"):
        noting.export(shop, evaluate(shop), "txt", path)
    assert path.read_text(encoding="utf-8") == "mine"
    assert noting.export(shop, evaluate(shop), "txt", path, overwrite=True) == path
    assert path.read_text(encoding="utf-8").startswith("Web shop 2.14.0\n=")
    assert [item.name for item in tmp_path.iterdir() if item.name.endswith(".part")] == []


def test_a_folder_that_is_not_there_is_named(shop: Context, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder") as caught:
        noting.export(shop, evaluate(shop), "md", tmp_path / "nowhere" / "notes.md")
    assert caught.value.where == str(tmp_path / "nowhere" / "notes.md")


@pytest.mark.parametrize("name", ["x" * 300, "nul\0", "release.txt/notes.md"])
def test_a_name_that_the_disk_refuses_is_a_clear_error(shop: Context, tmp_path: Path, name: str) -> None:
    (tmp_path / "release.txt").write_text("a file, no folder", encoding="utf-8")
    with pytest.raises(UsageError, match=r"cannot be written|there is no folder") as caught:
        noting.export(shop, evaluate(shop), "md", tmp_path / name)
    assert caught.value.hint
    assert not [item for item in tmp_path.iterdir() if item.name.endswith(".part")]


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("2.14.0", "release-notes-2.14.0.md"),
        ("../../etc/passwd", "release-notes-etc-passwd.md"),
        ("v1 <b>\x1b", "release-notes-v1-b.md"),
        ("…", "release-notes-unnamed.md"),
        ("9" * 300, f"release-notes-{'9' * 80}.md"),
    ],
)
def test_the_default_name_is_a_plain_file_name(version: str, name: str) -> None:
    assert noting.default_name(version, "md") == name


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such permissions")
def test_a_folder_without_permission_is_a_clear_error(shop: Context, tmp_path: Path) -> None:
    import os

    if os.geteuid() == 0:
        pytest.skip("the administrator may write everywhere")
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    with pytest.raises(UsageError, match="cannot be written"):
        noting.export(shop, evaluate(shop), "md", folder)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("notes.md", "md"),
        ("notes.HTML", "html"),
        ("notes", "md"),
        ("notes-2.14.0", "md"),
        ("a.b/notes.txt", "txt"),
    ],
)
def test_a_files_ending_says_the_form(name: str, form: str) -> None:
    assert noting.form_of(Path(name)) == form


@pytest.mark.parametrize("name", ["notes.docx", "notes.pdf", "notes.markdown"])
def test_an_ending_that_is_no_form_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is not a format this command writes") as caught:
        noting.form_of(Path(name))
    assert ".md, .html, .json, .txt" in (caught.value.hint or "")
