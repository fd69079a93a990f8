"""What a decision is called."""

from __future__ import annotations

import pytest

from workbench.parity.decisions import Decision
from workbench.parity.words import decision_words, short_decision


@pytest.mark.parametrize(
    ("decision", "end", "ended", "words", "short"),
    [
        (Decision.UNDECIDED, "", False, "undecided", "undecided"),
        (Decision.IRRELEVANT, "", False, "irrelevant", "irrelevant"),
        (Decision.MITIGATE, "", False, "mitigated", "mitigated"),
        (Decision.ACCEPT, "1 Dec", False, "accepted until 1 Dec", "accepted, 1 Dec"),
        (Decision.ACCEPT, "1 Dec", True, "undecided again: “accepted” ended on 1 Dec", "ended 1 Dec"),
    ],
)
def test_a_decision_in_words(decision: Decision, end: str, ended: bool, words: str, short: str) -> None:
    assert decision_words(decision, end, ended) == words
    assert short_decision(decision, end, ended) == short
