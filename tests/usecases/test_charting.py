"""A benchmark over time in a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.model.errors import UsageError
from workbench.usecases import charting
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        build.measured(context, "errors", "0.4")
        yield context


def written(context: Context, form: str, key: str = "errors") -> str:
    return charting.written(context, evaluate(context), key, form)


def test_in_characters_it_has_the_drawing_and_what_happened_in_words(shop: Context) -> None:
    text = written(shop, "txt")
    assert text.startswith("Checkout errors  (errors)\n0.6 points to spare")
    assert "◆" in text and "deployment: 2.0.0 rc1, commit 7c4e19f" in text
    assert max(map(len, text.splitlines())) <= 100


def test_as_json_it_has_every_number(shop: Context) -> None:
    found = msgspec.json.decode(written(shop, "json"))
    assert found["schema"] == "workbench.chart.1" and found["benchmark"] == "errors"
    assert found["points"][0]["value"] == 0.4 and found["limit_high"] == 1 and found["histograms"] is None


def test_a_file_says_by_its_ending_what_it_is(shop: Context, tmp_path: Path) -> None:
    evaluation = evaluate(shop)
    for name, begins in (("a.svg", "<svg "), ("a.txt", "Checkout"), ("a.json", "{")):
        path = charting.export(shop, evaluation, "errors", charting.form_of(Path(name)), tmp_path / name)
        assert path.read_text(encoding="utf-8").startswith(begins)
    assert charting.export(shop, evaluation, "errors", "svg", tmp_path) == tmp_path / "errors.svg"
    with pytest.raises(UsageError, match="exists already"):
        charting.export(shop, evaluation, "errors", "svg", tmp_path)
    charting.export(shop, evaluation, "errors", "svg", tmp_path, overwrite=True)
    with pytest.raises(UsageError, match="is not a format"):
        charting.form_of(Path("a.png"))


def test_what_was_never_measured_has_no_drawing(shop: Context) -> None:
    with pytest.raises(UsageError, match="was never measured"):
        written(shop, "svg", "p95")
    assert msgspec.json.decode(written(shop, "json", "p95"))["points"] == []
    with pytest.raises(UsageError, match="there is no benchmark"):
        written(shop, "svg", "p59")
