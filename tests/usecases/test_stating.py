"""What somebody said and was shown is kept in documents that can be read without the record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.building import clear

from workbench.model.canonical import encode, plain, sha256
from workbench.signoff.statement import Act, read_statement
from workbench.usecases import stating
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        clear(context)
        yield context


def test_a_statement_names_everything_that_is_kept_beside_it(shop: Context) -> None:
    found = evaluate(shop)
    concluded = found.gate("benchmarks")
    documents = stating.documents_of(found, concluded)
    stated = stating.state(shop, found, Act.SIGN, documents, gate="benchmarks", words="I read it")
    said, kept = stated.statement, {blob.digest: blob.data for blob in stated.blobs}
    assert set(kept) == {said.shown, said.basis, said.definitions, stated.digest}
    assert said.definitions == shop.definitions.digest
    assert said.frontier == shop.record.frontier() and said.frontier[0].digest == shop.record.head.digest
    assert (said.record, said.release) == (shop.record.info.record_id, found.held.release.version)


def test_a_statement_reads_back_as_it_was_written(shop: Context) -> None:
    found = evaluate(shop)
    documents = stating.documents_of(found, found.gate("go"))
    stated = stating.state(shop, found, Act.OVERRIDE, documents, part="büro", replaces=("a", "b"))
    data = stated.statement.blob().data
    assert read_statement(data) == stated.statement
    assert sha256(data) == stated.digest and encode(msgspec.json.decode(data)) == data


def test_another_document_is_no_statement(shop: Context) -> None:
    found = evaluate(shop)
    stated = stating.state(shop, found, Act.ASK, stating.documents_of(found, found.gate("go")))
    other = plain(stated.statement) | {"schema": "workbench.statement.9"}
    with pytest.raises(ValueError, match=r"no workbench\.statement\.1"):
        read_statement(encode(other))
