"""What a database answered, garbled: said as such, never a crash, and never for long."""

from __future__ import annotations

import pytest
from tests.probes.asking import HIDE, probe

from workbench.model.errors import SourceError
from workbench.probes.captured import Capture, Piece
from workbench.probes.databases import decoded, records, told
from workbench.probes.kinds import KINDS
from workbench.probes.kinds.data_profile.figure import count

SESSION = Piece(
    "session",
    "application/json",
    b'{"columns":["what","value"],"forms":["text","text"],"rows":[["dialect","sqlite"]]}',
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"columns":["a"],"forms":[],"rows":[]}',
        b'{"columns":["a"],"forms":["text"],"rows":[[]]}',
    ],
)
def test_a_table_that_is_none(data: bytes) -> None:
    with pytest.raises(SourceError, match="garbled"):
        decoded(Piece("t", "application/json", data))


def test_a_column_that_is_not_there() -> None:
    capture = Capture((Piece("t", "application/json", b'{"columns":["a"],"forms":["text"],"rows":[["1"]]}'),))
    with pytest.raises(SourceError, match="it has no column b"):
        [row["b"] for row in records(capture, "t")]
    assert told(Capture((SESSION,))).dialect == "sqlite"


@pytest.mark.parametrize("text", ["x", "-1", "1e999999", "9" * 400, "0x10", "1.5", "nan"])
def test_a_count_that_is_none(text: str) -> None:
    with pytest.raises(SourceError, match="where a count was expected"):
        count(text)


def test_a_number_that_is_too_large_is_compared_as_it_is_written() -> None:
    answer = b'{"columns":["n"],"forms":["number"],"rows":[["1e999999999"]]}'
    one = probe("same_queries", {"staging": "a", "production": "b", "queries": {"q": "SELECT 1"}})
    prober = KINDS["same_queries"].load()(one.config, one)
    snapshot = prober.read(Capture((SESSION, Piece("q", "application/json", answer))), HIDE.again())
    assert snapshot.parameters["q/n"].text == "1e999999999"
