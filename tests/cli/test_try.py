"""``workbench try`` on files: histories and samples, as text and as JSON."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from scipy import stats
from tests.cli.conftest import Type

STATISTICAL = {"statistic", "p", "effect", "interval", "limits", "rules_fired"}


def write(path: Path, numbers: list[float]) -> Path:
    path.write_text("".join(f"{number}\n" for number in numbers))
    return path


def durations(n: int, median: float, seed: int) -> list[float]:
    chance = random.Random(seed)
    return [round(median * chance.lognormvariate(0, 0.2), 4) for _ in range(n)]


def test_the_limits_of_a_history(tmp_path: Path, type_in: Type) -> None:
    history = write(tmp_path / "history", [10, 50, 40, 30])
    words = ["try", "in control", "--value", "30", "--history", history, "--chart", "xmr", "--json"]
    found = type_in(*words, code=1).json
    assert (found["verdict"], found["needed"]) == ("learning", 4)
    assert found["limits"] == {"centre": 32.5, "lower": -20.7, "upper": 85.7}
    assert set(found) >= STATISTICAL


def test_a_value_outside_its_chart(tmp_path: Path, type_in: Type) -> None:
    history = write(tmp_path / "history", durations(40, 0.4, 1))
    words = ["try", "in control", "--value", "1.2", "--unit", "s", "--history", history, "--better", "lower"]
    found = type_in(*words, "--json", code=1).json
    assert found["verdict"] == "fail" and found["limit"] == found["limits"]["upper"]
    assert found["rules_fired"][0]["rule"] == "western_electric_1"
    said = type_in(*words, code=1).out
    assert "over its limit" in said and "chart " in said and "fired " in said
    assert type_in(*words, "--scale", "log", "--chart", "prediction", code=1).out.count("log scale") == 2
    fine = type_in(*words[:3], "0.4", *words[4:], "--json").json
    assert (fine["verdict"], fine["rules_fired"]) == ("pass", [])


def test_samples_against_samples(tmp_path: Path, type_in: Type) -> None:
    own, base = durations(120, 0.6, 2), durations(150, 0.4, 3)
    files = ["--samples", write(tmp_path / "a", own), "--baseline-samples", write(tmp_path / "b", base)]
    found = type_in("try", "not worse than baseline by 25%", *files, "--unit", "s", "--json", code=1).json
    theirs = stats.mannwhitneyu(own, base, method="asymptotic")
    assert found["verdict"] == "fail" and found["statistic"] == theirs.statistic
    assert found["p"] == pytest.approx(float(theirs.pvalue), rel=1e-9)
    assert found["interval"][0] < 1.5 < found["interval"][1] and found["ratio"] is True
    higher = type_in("try", "not worse than baseline by 25%", *files, "--better", "higher", "--json").json
    assert higher["verdict"] == "pass"
    assert "would tell" in type_in("try", "not worse than baseline by 50%", *files, code=1).out


@pytest.mark.parametrize("value", ["nan", "NaN", "inf", "-inf"])
def test_no_number_is_missing(value: str, type_in: Type) -> None:
    assert type_in("try", "<= 5", "--value", value, "--json", code=1).json["verdict"] == "missing"


def test_what_cannot_be_read(tmp_path: Path, type_in: Type) -> None:
    bad = tmp_path / "bad"
    bad.write_text("1\n2\nthree\n")
    assert "bad" in type_in("try", "in control", "--value", "1", "--history", bad, code=2).err
    bad.write_text("1\nnan\n")
    assert type_in("try", "in control", "--value", "1", "--history", bad, code=2).err
    assert "--value" in type_in("try", "in control", code=2).err
    assert type_in("try", "in control", "--value", "1", "--history", tmp_path / "none", code=2).err
    assert type_in("try", "<= 5", "--value", "1", "--chart", "magic", code=2).err
    missing = type_in("try", "not worse than baseline", "--value", "1", "--json", code=1).json
    assert missing["verdict"] == "missing" and set(missing) >= STATISTICAL
    other = type_in("try", "in control and <= 5", "--value", "9", "--json", code=1).json
    assert (other["verdict"], other["rule"]) == ("fail", "<= 5") and set(other) >= STATISTICAL
