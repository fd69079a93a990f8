"""What was kept when somebody acted is found again, and laid out as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build

from workbench.model.canonical import encode
from workbench.model.errors import UsageError
from workbench.model.times import zone_of
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.kept_documents import What, find_act, read_kept
from workbench.usecases.reporting.keeping import encode as encode_report
from workbench.usecases.reporting.whole import report_of
from workbench.usecases.views.kept import lay_out, read_shown, signature_of

ZONE = zone_of("Europe/Amsterdam")


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[Context]:
    """A shop whose last gate kim has signed."""
    with build.shop(tmp_path / "shop") as context:
        ident = build.add_difference(context, "cache size", staging="1", production="2")
        build.decide(context, ident, "close", reason="both get the same")
        build.clear(context)
        build.sign(context, "benchmarks", "robin")
        build.sign(context, "go", "kim")
        yield context


def test_a_signature_is_shown_again_by_gate_and_person(signed: Context) -> None:
    found = read_shown(signed, "go/kim")
    text = "\n".join(found.lines)
    assert found.act.startswith("kim approved gate Go") and found.schema == "workbench.shown.1"
    assert "shop 2.0.0" in text and "✓ Go: ready" in text and "✓ Not frozen" in text
    assert "cache size: closing" in text and "Production: 2" in text
    assert not found.remark


def test_it_stays_as_it_was(signed: Context) -> None:
    before = read_shown(signed, "go/kim").lines
    ident = build.add_difference(signed, "no load balancer")
    build.decide(signed, ident, "close")
    build.measured(signed, "p95", "0.9")
    assert read_shown(signed, "go/kim").lines == before


def test_by_the_digest_of_an_entry_or_its_beginning(signed: Context) -> None:
    entry = find_act(signed, "go/kim")
    for ref in (entry.digest, entry.digest[:12].upper()):
        assert find_act(signed, ref).digest == entry.digest
    with pytest.raises(UsageError, match="nothing kept is called"):
        find_act(signed, "abc")
    with pytest.raises(UsageError, match="nothing kept is called"):
        find_act(signed, "go/sam")


def test_a_signature_that_was_taken_back_shows_what_was_signed(signed: Context) -> None:
    from workbench.usecases import signing

    before = find_act(signed, "go/kim")
    signing.revoke(signed, evaluate(signed), "go", "I mixed up the builds")
    assert find_act(signed, "go/kim").digest == before.digest


def test_what_decides_is_shown_section_by_section(signed: Context) -> None:
    found = read_shown(signed, "go/kim", What.BASIS)
    assert found.schema == "workbench.basis.2"
    text = "\n".join(found.lines)
    assert "• candidate" in text and f"commit: {build.SHA}" in text
    assert "differences decided" in text and "decision: close" in text


def test_an_entry_that_kept_nothing_says_what_is_kept_and_what_not(signed: Context) -> None:
    entry = signed.record.history("difference", limit=1)[0]
    found = read_shown(signed, entry.digest)
    assert found.lines == () and found.kept.digest == ""
    assert "nothing that was on screen is kept with this act" in found.remark


def test_what_was_purged_is_said(signed: Context) -> None:
    entry = find_act(signed, "go/kim")
    digest = read_kept(signed, entry, What.DOCUMENT).digest
    signed.record.purge(digest, "a password stood in it", signed.author(), signed.clock)
    found = read_shown(signed, "go/kim")
    assert "it was purged" in found.remark and found.kept.digest == digest and not found.lines


def test_the_line_of_a_signature_leads_to_it(signed: Context) -> None:
    found = report_of(signed, evaluate(signed))
    ident = find_act(signed, "go/kim").id
    assert signature_of(found, f"signoff/{ident}") == signature_of(found, "sign/go/release-owner") == ident
    assert signature_of(found, "sign/go/product-owner") is None
    assert signature_of(found, "difference/x") is None


def test_a_report_is_laid_out_as_the_notes(signed: Context) -> None:
    schema, lines, remark = lay_out(encode_report(report_of(signed, evaluate(signed))), What.DOCUMENT, ZONE)
    assert schema == "workbench.report.1" and not remark
    assert lines[0] == "shop 2.0.0" and any("cache size" in line for line in lines)


def test_definitions_are_laid_out_like_the_files(signed: Context) -> None:
    _, lines, remark = lay_out(signed.definitions.document, What.DEFINITIONS, ZONE)
    text = "\n".join(lines)
    assert not remark and "- key: kim" in text and "roles:" in text and "{" not in text


@pytest.mark.parametrize(
    ("document", "remark"),
    [
        ({"schema": "workbench.shown.9", "gate": "go"}, "cannot lay out “workbench.shown.9”"),
        ({"schema": "workbench.shown.1", "title": 7}, "cannot lay out “workbench.shown.1”"),
        ({"schema": "workbench.basis.2", "sections": 3}, "cannot lay out “workbench.basis.2”"),
        ([1, 2], "cannot lay out this kind of document"),
    ],
)
def test_what_this_version_cannot_lay_out_stands_as_its_json(document: Any, remark: str) -> None:
    _, lines, said = lay_out(encode(document), What.DOCUMENT, ZONE)
    assert remark in said
    assert msgspec.json.decode("\n".join(lines)) == document


def test_what_is_no_document_is_shown_as_text() -> None:
    _, lines, remark = lay_out(b"\xff\x1b[31mred", What.DOCUMENT, ZONE)
    assert "no document" in remark and "\x1b" not in "".join(lines)
