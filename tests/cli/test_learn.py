"""``workbench learn`` and ``workbench review``: what they print, and what they refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests import building as build
from tests.cli.conftest import Type
from tests.learning.records import DAY, Filling

from workbench.incidents.reviews import Known, of_incident
from workbench.releases.model import Outcome
from workbench.usecases.context import Context

NOW = build.NOW.isoformat()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve releases: one was rolled back, one had an incident to which a difference contributed; one is watched still."""
    root = tmp_path_factory.mktemp("learn") / "shop"
    with build.shop(root) as context:
        fill(context)
    return root


def fill(context: Context) -> None:
    filling = Filling(context)
    mock = build.add_difference(context, "The gateway\x1b[31m is mocked")
    ids = [filling.release(f"1.{n}.0", 200 - 15 * n, hours=24) for n in range(10)]
    back = {"outcome": Outcome.ROLLED_BACK, "outcome_at": context.now - 20 * DAY}
    filling.release("1.10.0", 21, **back)
    filling.release("1.11.0", 3)
    at = context.now - 100 * DAY
    incident = filling.incident("Checkout answers 503", at, ids[6], mitigated_at=at)
    filling.review(
        of_incident(incident), at, contributed=Known.YES, differences=(mock,), caused_by_release=Known.YES
    )
    filling.stop(ids[3], "benchmark/p95", "false_alarm", context.now - 140 * DAY, "2")


@pytest.fixture
def at_shop(project: Path, type_in: Type) -> Type:
    """Type a command in the shop, at the moment at which its record was made."""
    return lambda *words, code=0: type_in(*words, "--project", project, "--now", NOW, code=code)


def test_a_figure_is_told_with_its_denominator_and_its_interval(at_shop: Type) -> None:
    found = at_shop("learn")
    assert found.out.startswith(
        "staging was right about 9 of 11 releases (52–95 %); 11 releases watched to the end"
    )
    assert re.search(r"Staging was right +9 of 11 +82 %, 52–95 % +1 left out", found.out)
    assert re.search(r"False alarms +1 of 1 +too few to say", found.out)
    assert "\x1b" not in found.out


def test_why_says_what_it_counts_and_leaves_out(at_shop: Type) -> None:
    told = at_shop("learn", "--section", "staging", "--why").out
    assert "counts: releases that had no trouble in production" in told
    assert "left out: its watching has not ended: 1.11.0" in told
    assert "Delivery" not in told


def test_json_names_what_each_figure_rests_on(at_shop: Type) -> None:
    found = at_shop("learn", "--json").json
    right = next(one for one in found["figures"] if one["key"] == "right")
    assert (right["numerator"], right["denominator"], right["n"], right["too_few"]) == (9, 11, 11, False)
    assert len(right["ids"]) == 9 and set(right["ids"]) < set(right["of"])
    assert {found["names"][id] for id in set(right["of"]) - set(right["ids"])} == {"1.6.0", "1.10.0"}
    assert right["left_out"][0]["why"] == "its watching has not ended"
    assert [one["title"] for one in found["differences"]] == ["The gateway\x1b[31m is mocked"]


def test_a_quarter_says_too_few_and_what_there_is_to_decide(at_shop: Type) -> None:
    told = at_shop("review", "--quarter", "this")
    assert "shop 2026 Q3" in told.out and "The quarter is not over" in told.out
    assert "too few to say" in told.out
    assert at_shop("review", "--quarter", "2026-Q2", "--format", "md").out.startswith("# shop 2026 Q2\n")


def test_unless_said_it_is_the_last_quarter_that_is_over(at_shop: Type) -> None:
    assert at_shop("review").out.startswith("shop 2026 Q2\n")


def test_the_page_is_one_file_without_scripts_and_nothing_is_overwritten(
    at_shop: Type, tmp_path: Path
) -> None:
    place = tmp_path / "out"
    at_shop("review", "--html", f"{place}/")
    page = (place / "quarterly-review-2026-Q2.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page and "<script" not in page and "\x1b" not in page
    assert re.search(r'<svg viewBox="0 0 100 10" role="img" aria-label="82 %, between 52 % and 95 %">', page)
    assert "exists already" in at_shop("review", "--html", f"{place}/", code=2).err
    at_shop("review", "--html", f"{place}/", "--overwrite")


@pytest.mark.parametrize("command", [("learn", "--quarter", "2026-Q5"), ("review", "--quarter", "soon")])
def test_what_is_no_quarter_is_refused(at_shop: Type, command: tuple[str, ...]) -> None:
    assert "is not a quarter" in at_shop(*command, code=2).err


def test_nothing_is_known_yet(tmp_path: Path, type_in: Type) -> None:
    with build.shop(tmp_path / "shop"):
        pass
    words = ("learn", "--project", tmp_path / "shop", "--now", NOW)
    assert type_in(*words).out.startswith("0 releases watched to the end")
    assert all(one["too_few"] for one in type_in(*words, "--json").json["figures"])


def test_too_many_values_are_not_looked_back_on_and_it_says_so(
    at_shop: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.usecases.learning_measured.MOST", 11)
    told = at_shop("learn", "--section", "limits").out
    assert "12 measured values are too many to look back on" in told
