"""Evidence of anything: found by what it belongs to, told by what it is attached to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests import building as build

from workbench.evidence.model import ENTITIES, Attachment, attachment_change, attachments
from workbench.model.errors import UsageError
from workbench.usecases.context import commit

NOW = datetime(2026, 9, 15, 10, tzinfo=UTC)


def piece(subject: str, title: str = "the run") -> Attachment:
    return Attachment(
        subject=subject, kind="link", title=title, by="kim", at=NOW, link="https://ci.example/7"
    )


def test_evidence_needs_a_title() -> None:
    with pytest.raises(UsageError):
        attachment_change(piece("answer:x", " "))


def test_it_is_found_by_what_it_belongs_to(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as shop:
        for subject in (
            "answer:r_1/a/b",
            "answer:r_1/a/c",
            "answer:rx1/a/b",
            "difference:d1",
            "difference:d1",
        ):
            commit(shop, [attachment_change(piece(subject))])
        found = attachments(shop.record, "answer:r_1/")
        assert sorted(found) == ["answer:r_1/a/b", "answer:r_1/a/c"]
        assert len(attachments(shop.record, "difference:d1")["difference:d1"]) == 2


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("answer:r1/ready/notes", "the run to Notes are written"),
        ("answer:r1/ready/gone", "the run"),
        ("benchmark:p95", "the run to Checkout p95"),
        ("difference:d1", "the run"),
    ],
)
def test_it_is_told_with_what_it_is_attached_to(subject: str, words: str) -> None:
    titles = {("item", "ready/notes"): "Notes are written", ("benchmark", "p95"): "Checkout p95"}
    (noun,) = ENTITIES
    value = {"subject": subject, "title": "the run"}
    assert noun.title("x", value, lambda kind, key: titles.get((kind, key), "")) == words
