"""What a review asks for is drafted as a file that ``check`` accepts, whatever people typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import building as build
from tests.incidents.recording import happened

from workbench.definitions import Definitions
from workbench.model.errors import NotAllowed
from workbench.usecases.context import Context
from workbench.usecases.incident_reviews import review
from workbench.usecases.project import Options, read_definitions
from workbench.usecases.review_drafts import draft
from workbench.usecases.views.incident_reviews import document, read

INCLUDE = "include: [draft-*.yaml]\n"
EMPTY = {"draft-none.yaml": "people: []\n"}
NASTY = 'a "quoted": #thing\n- key: other\n\x1b[31m{x: [y]} \u202e* & ! | > %'


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", build.SHOP + INCLUDE, **EMPTY) as context:
        build.add_difference(context, title="Payment gateway", category="services")
        yield context


def drafted(context: Context, title: str = "Payments fail with 503", **given: Any) -> Definitions:
    """The project with the draft among its files; there must be nothing that ``check`` minds."""
    subject = f"incident/{happened(context, title)}"
    review(context, subject, {"add_words": "payments that fail", **given})
    made = draft(context, subject)
    (context.root / f"draft-{made.key}.yaml").write_text(made.text, encoding="utf-8")
    _, definitions = read_definitions(Options(project=context.root))
    assert not [item for item in definitions.warnings if item.file.startswith("draft-")], made.text
    return definitions


def test_a_benchmark_is_drafted_with_the_flow_and_what_it_has_to_show(shop: Context) -> None:
    found = drafted(shop, add_kind="benchmark", why_not="mocked").benchmark("payments-fail-with-503")
    assert found is not None and found.flow == "checkout" and found.title == "Payments that fail"
    assert found.about == (
        "Payments fail with 503, 15 Sep 2026. Staging would not have shown it: what failed is mocked or simulated in staging."
    )
    assert found.measure.source == "hand" and found.mode.value == "advisory"


def test_a_project_without_a_source_by_hand_gets_one(tmp_path: Path) -> None:
    text = build.SHOP.replace("  - {key: hand, kind: manual}\n", "") + INCLUDE
    with build.shop(tmp_path / "shop", text, **EMPTY) as context:
        found = drafted(context, add_kind="benchmark").benchmark("payments-fail-with-503")
    assert found is not None and found.measure.source == "by-hand"


def test_a_probe_is_drafted_for_what_the_difference_is_about(shop: Context) -> None:
    found = drafted(shop, add_kind="probe", differences=["gateway"], add_key="gateway-is-real")
    probe = found.probe("gateway-is-real")
    assert probe is not None and (probe.kind, probe.flows) == ("versions", ["checkout"])
    assert drafted(shop, "Cart is slow", add_kind="probe").probe("cart-is-slow") is not None


@pytest.mark.parametrize("kind", ["benchmark", "probe"])
def test_whatever_people_typed_is_text_and_nothing_else(shop: Context, kind: str) -> None:
    words = {"add_words": NASTY, "why_not": "other", "why_not_words": NASTY}
    found = drafted(shop, NASTY, add_kind=kind, **words)
    things = found.project.benchmarks if kind == "benchmark" else found.project.probes
    (made,) = [item for item in things if item.key not in ("p95", "errors")]
    assert "\n" not in made.title and "\x1b" not in made.title and '"quoted": #thing' in made.title
    assert found.benchmark("other") is None


def test_a_key_that_is_taken_gets_a_number(shop: Context) -> None:
    assert drafted(shop, "Errors", add_kind="benchmark").benchmark("errors-2") is not None


def test_the_review_says_once_it_stands_in_the_files(shop: Context) -> None:
    subject = f"incident/{happened(shop)}"
    review(shop, subject, {"add_kind": "benchmark", "add_key": "p95"})
    assert document(shop, read(shop, subject))["added"]
    review(shop, subject, {"add_key": "not-there"})
    assert not document(shop, read(shop, subject))["added"]


def test_without_a_key_it_gets_one_so_that_the_review_knows_the_draft_again(shop: Context) -> None:
    subject = f"incident/{happened(shop)}"
    value = review(shop, subject, {"add_kind": "probe"})
    assert value.add_key == "payments-fail-with-503" and draft(shop, subject).key == value.add_key


def test_where_nothing_is_to_be_added_nothing_is_drafted(shop: Context) -> None:
    subject = f"incident/{happened(shop)}"
    with pytest.raises(NotAllowed, match="asks for no benchmark"):
        draft(shop, subject)
