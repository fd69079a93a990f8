"""Trials of WireMock's journal, as WireMock 3.13 answers."""

from tests.sources.support import body
from tests.sources.trials.frame import Case, ServerTrials


def _journal(*matched, disabled=False):
    requests = [{"id": str(place), "wasMatched": one} for place, one in enumerate(matched)]
    return {"requests": requests, "meta": {"total": 99}, "requestJournalDisabled": disabled}


def _answer(asked):
    if asked.path.endswith("near-misses"):
        return body({"nearMisses": [{"request": {}, "matchResult": {"distance": 0.1}}]})
    return body(_journal(True, False, True, False))


TRIALS = ServerTrials(
    right=_answer,
    expects={"unanswered": "2", "near-misses": "1"},
    empty=Case(body(_journal()), "missing", ("nothing was measured",)),
    partial="the journal does not say what it has dropped",
    another=Case(body({"requests": [{"matched": False}], "meta": {}}), "error", ("wasMatched",)),
    more={
        "a journal that is off": Case(body(_journal(disabled=True)), "error", ("switched off",)),
        "every request fits": Case(body(_journal(True, True)), "ok", ()),
    },
)
