"""Notes about a record's file: kept, sealed, and looked at by verify."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.record.exchanging import NOUNS, begin

from workbench.model.errors import RecordError
from workbench.record import Record


def test_a_note_is_kept_with_the_file_and_changes_nothing_of_the_ledger(tmp_path: Path) -> None:
    (record,) = begin(tmp_path, 1)
    head = record.head
    assert record.noted("shared") == ""
    record.keep_note("shared", '{"url":"postgresql://kim@db/releases"}')
    assert record.noted("shared") == '{"url":"postgresql://kim@db/releases"}'
    assert record.head == head and record.verify().ok
    record.keep_note("shared", "")
    assert record.noted("shared") == ""
    assert record.verify().ok
    record.close()


def test_a_note_that_was_changed_is_refused_and_told_by_verify(tmp_path: Path) -> None:
    (record,) = begin(tmp_path, 1)
    record.keep_note("shared", "one server")
    path = record.path
    record.close()
    raw = sqlite3.connect(path)
    raw.execute("UPDATE meta SET value = replace(value, 'one', 'another') WHERE key = 'note/shared'")
    raw.commit()
    raw.close()
    with Record.open(path, NOUNS) as record:
        with pytest.raises(RecordError, match="was changed"):
            record.noted("shared")
        assert "note/shared" in (record.verify().problem or "")
