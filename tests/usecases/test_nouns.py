"""A noun stands in one place: what is judged, held in excerpts and told follows from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build

from workbench.model.errors import RecordError, UsageError
from workbench.record import Change, Column, EntityKind, Titles
from workbench.usecases import excerpts, nouns, safekeeping, soundness
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import Options
from workbench.usecases.views import history
from workbench.usecases.views.history import read_page, sentence


class Rumour(msgspec.Struct, frozen=True):
    """Something that nobody has described anywhere else."""

    words: str
    gate: str = ""


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return f"{value['words']} about {titles('gate', value['gate']) or 'nothing'}"


RUMOUR = EntityKind(
    "rumour",
    Rumour,
    columns=(Column("words"),),
    thing="a rumour:",
    title=_title,
    verbs={"heard": "picked up"},
    judged=True,
    excerpt=True,
)
HEARD = Change("rumour", "r1", "heard", Rumour("the cart is slow", "benchmarks"))


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A shop whose record knows a noun more: one line."""
    monkeypatch.setattr(nouns, "NOUNS", (*nouns.NOUNS, RUMOUR))
    with build.shop(tmp_path / "shop") as context:
        commit(context, [HEARD])
        yield context


def excerpt(shop: Context, tmp_path: Path) -> Path:
    path = tmp_path / "record.excerpt.jsonl"
    path.write_bytes(excerpts.excerpt(shop))
    return path


def test_its_rows_are_looked_at_before_a_judgement(shop: Context) -> None:
    evaluate(shop)
    with sqlite3.connect(shop.record.path) as other:
        other.execute("UPDATE e_rumour SET words = 'all is well'")
    with pytest.raises(RecordError, match=r"row “r1” of the table e_rumour"):
        evaluate(shop)


def test_the_excerpt_holds_it_and_reads_it_back(shop: Context, tmp_path: Path) -> None:
    elsewhere = excerpts.from_excerpt(Options(project=shop.root), excerpt(shop, tmp_path))
    (stored,) = elsewhere.record.all("rumour")
    assert stored.decode(Rumour) == Rumour("the cart is slow", "benchmarks")
    elsewhere.record.close()


def test_an_excerpt_with_a_value_of_another_shape_is_refused(shop: Context, tmp_path: Path) -> None:
    path = excerpt(shop, tmp_path)
    path.write_bytes(build.resealed(path.read_bytes().replace(b'"words":', b'"word":')))
    with pytest.raises(UsageError, match="holds something that cannot be read"):
        excerpts.from_excerpt(Options(project=shop.root), path)


def test_the_history_tells_it_by_its_title(shop: Context) -> None:
    page = read_page(shop, limit=1)
    (entry,) = page.entries
    assert sentence(entry, page.names) == "picked up a rumour: the cart is slow about Benchmarks met"


def test_every_noun_says_what_its_values_are() -> None:
    without = {"batch", "imported_difference", "imported_flow"}  # their values are plain mappings
    assert {noun.name for noun in nouns.NOUNS if noun.shape is dict} == without


def test_what_goes_over_all_nouns_names_none() -> None:
    text = "".join(
        Path(str(module.__file__)).read_text(encoding="utf-8")
        for module in (safekeeping, soundness, nouns, history)
    )
    # Others go by their titles; an excerpt says which release is in hand, and reviews name their incident by its id.
    titled = {"release", "candidate", "incident"}
    assert not [noun.name for noun in nouns.NOUNS if f'"{noun.name}"' in text and noun.name not in titled]
