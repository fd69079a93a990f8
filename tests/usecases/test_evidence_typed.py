"""Evidence in one typed line: what looks like a path has to be there."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from workbench.model.errors import UsageError
from workbench.usecases.evidence_typed import Given, read_evidence


def test_a_link_a_file_and_a_note(tmp_path: Path) -> None:
    report = tmp_path / "masking report.pdf"
    report.write_bytes(b"%PDF")
    assert read_evidence(" https://ci.example/4711 ") == Given(link="https://ci.example/4711")
    assert read_evidence("masking report.pdf", tmp_path) == Given(file=report)
    assert read_evidence(str(report)) == Given(file=report)
    assert read_evidence("run 4711, 2 of 3 tables; looked at on 15/9 w/o findings", tmp_path) == Given(
        note="run 4711, 2 of 3 tables; looked at on 15/9 w/o findings"
    )


@pytest.mark.parametrize(
    "text",
    [
        "reports/masking-2026-09-15.pdf", "./run", "../run", "~/run", "/var/run", "masking.pdf",
        "the masking report.PDF", "reports/masking.pdf, page 3", "ci.example/4711", "C:\\reports\\run",
    ],
)  # fmt: skip
def test_what_looks_like_a_path_and_is_none_is_refused_with_what_to_do(text: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file") as refused:
        read_evidence(text, tmp_path)
    assert "note:" in str(refused.value.hint)
    assert read_evidence(f"note: {text}", tmp_path) == Given(note=text)


@pytest.mark.parametrize("text", ["agreed mail of security", "v2.14.0", "seen: 3.1 % of rows", "e.g. 4711"])
def test_words_are_a_note(text: str, tmp_path: Path) -> None:
    assert read_evidence(text, tmp_path) == Given(note=text)


@pytest.mark.parametrize("text", ["\0", "~nobody-here/x.pdf", "a" * 5000, "/" + "a" * 3000])
def test_odd_text_is_no_mistake_of_ours(text: str, tmp_path: Path) -> None:
    with suppress(UsageError):
        read_evidence(text, tmp_path)
