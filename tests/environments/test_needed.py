"""Is staging needed for a change: every rule, and what nobody knows never leaves it out."""

from __future__ import annotations

from itertools import product

import pytest

from workbench.environments.needed import QUESTIONS, Fidelity, Known, Need, Needed, needed

NO = {one.key: False for one in QUESTIONS}


def found(**said: bool | None) -> Needed:
    return needed({key: Known(answer) for key, answer in {**NO, **said}.items()})


@pytest.mark.parametrize(
    ("said", "need", "fidelity", "because"),
    [
        ({"schema": True, "api": True}, Need.YES, Fidelity.USUAL, "schema and an API"),
        ({"schema": True}, Need.YES, Fidelity.USUAL, "nothing says that it can be left out"),
        ({"isolated": True, "tests": True}, Need.OPTIONAL, Fidelity.USUAL, "isolated"),
        ({"isolated": True, "tests": False}, Need.YES, Fidelity.USUAL, "nothing says"),
        ({"isolated": True, "tests": True, "regulated": True}, Need.YES, Fidelity.USUAL, "personal data"),
        ({"scale": True}, Need.YES, Fidelity.USUAL, "performance or scale is unknown"),
        ({"risky": True, "flagged": True}, Need.YES, Fidelity.HIGH, "big change"),
        ({"irreversible": True}, Need.YES, Fidelity.HIGH, "hard to roll back"),
        ({"flagged": True}, Need.YES, Fidelity.LOWER, "nothing says"),
        ({"prototype": True}, Need.LIGHT, Fidelity.USUAL, "prototype"),
        ({"prototype": True, "stakes": True}, Need.LIGHT, Fidelity.HIGH, "higher fidelity"),
        ({"rehearse": True}, Need.YES, Fidelity.USUAL, "rehearsed"),
    ],
)
def test_each_rule_decides_as_it_says(
    said: dict[str, bool], need: Need, fidelity: Fidelity, because: str
) -> None:
    concluded = found(**said)
    assert (concluded.need, concluded.fidelity) == (need, fidelity)
    assert because in "; ".join(concluded.because)


def test_what_goes_with_it_is_said() -> None:
    assert "controls on the data" in found(regulated=True).controls[0]
    assert "targeted performance test" in found(scale=True).controls[0]
    assert found(flagged=True).controls == ("schema and integrity checks stay",)
    assert found(prototype=True).controls == ("schema and integrity checks stay",)


def test_with_no_answer_at_all_staging_is_needed_and_every_question_is_open() -> None:
    concluded = needed({})
    assert concluded.need is Need.YES
    assert {one.key for one in concluded.open} == set(NO) - {"stakes", "flagged"}


@pytest.mark.parametrize("key", ["schema", "api", "regulated", "scale", "risky", "irreversible", "rehearse"])
def test_one_open_question_keeps_it_needed(key: str) -> None:
    both = {"schema": True, "api": True} if key in ("schema", "api") else {}
    concluded = found(isolated=True, tests=True, **{**both, key: None})
    assert concluded.need is Need.YES
    assert key in {one.key for one in concluded.open}
    assert concluded.because == ("a question is open whose answer could make it necessary",)


def test_learning_more_never_makes_an_unknown_matter_less() -> None:
    """Wherever it may be left out, it may be so for every answer to the questions that are not answered."""
    keys = ("schema", "regulated", "isolated", "tests", "prototype")
    for answers in product((True, False, None), repeat=len(keys)):
        said = dict(zip(keys, answers, strict=True))
        if found(api=True, **said).need is Need.YES:
            continue
        for key in (each for each in ("schema", "regulated") if said[each] is None):
            assert found(api=True, **{**said, key: True}).need is not Need.YES
