"""Flows from a Backstage catalog and CODEOWNERS."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.model.errors import UsageError
from workbench.usecases.catalog_tables import is_catalog, owners_of
from workbench.usecases.tables import read_table

SYSTEM = """\
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: checkout, title: Checkout, description: A customer pays}
spec: {owner: group:default/team-checkout}
"""
PAYMENT = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: payment
  annotations: {backstage.io/source-location: 'url:https://github.com/acme/shop/tree/main/services/payment/'}
spec: {type: service, owner: team-checkout, system: checkout, providesApis: [payments]}
"""
CART = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: cart}
spec: {type: website, owner: team-checkout, system: default/checkout, consumesApis: [payments], dependsOn: ['resource:default/db']}
"""


def rows(folder: Path, *entities: str) -> tuple[list[dict[str, str]], tuple[str, ...]]:
    file = folder / "catalog-info.yaml"
    file.write_text("---\n".join(entities))
    table = read_table(file, "catalog-info.yaml")
    return [dict(zip(table.columns, row.cells, strict=True)) for row in table.rows], table.notes


def test_a_system_is_a_flow_of_its_components_who_asks_first(tmp_path: Path) -> None:
    (tmp_path / "CODEOWNERS").write_text(
        "* @acme/all\n/services/cart/ @acme/team-checkout\n*.sql @acme/data\n"
    )
    (row,), notes = rows(tmp_path, SYSTEM, PAYMENT, CART)
    assert row == {
        "key": "checkout",
        "name": "Checkout",
        "owner": "team-checkout",
        "services": "cart; payment",
        "outcome": "A customer pays",
        "paths": "services/payment/**; services/cart/**",
    }
    assert notes == ()


def test_without_systems_a_component_that_asks_others_begins_a_flow(tmp_path: Path) -> None:
    def part(name: str, *asks: str) -> str:
        refs = ", ".join(f"'component:default/{one}'" for one in asks)
        return (
            f"apiVersion: backstage.io/v1beta1\nkind: Component\nmetadata: {{name: {name}}}\n"
            f"spec: {{type: service, owner: user:kim, dependsOn: [{refs}]}}\n"
        )

    found, _ = rows(
        tmp_path, part("web", "cart"), part("cart", "stock", "web"), part("stock"), part("shop", "cart")
    )
    assert [(row["key"], row["services"], row["owner"]) for row in found] == [
        ("shop", "shop; cart; web; stock", "kim")
    ]


def test_what_is_in_no_flow_and_what_is_elsewhere_is_told(tmp_path: Path) -> None:
    other = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: more}\nspec: {targets: [./more.yaml]}\n"
    alone = PAYMENT.replace("name: payment", "name: mail").replace("system: checkout, ", "")
    library = CART.replace("website", "library").replace("name: cart", "name: words")
    (row,), notes = rows(tmp_path, SYSTEM, PAYMENT, alone, library, other)
    assert row["services"] == "payment"
    assert notes == (
        "1 location names further files of the catalog: import these, too",
        "in no system of this file, so in no flow: mail",
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (CART, "names no system with components"),
        (SYSTEM, "names no system with components"),
        (CART.replace("name: cart", "title: cart"), "has no metadata.name"),
        (CART + "  - x", "."),
    ],
)
def test_a_catalog_without_flows_says_why(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        rows(tmp_path, text)


@pytest.mark.parametrize(
    "location", ["url:https://github.com/acme/shop/tree/main/../../etc", "dir:../..", "dir:.", "x"]
)
def test_a_location_leads_nowhere_out_of_the_repository(tmp_path: Path, location: str) -> None:
    text = PAYMENT.replace("url:https://github.com/acme/shop/tree/main/services/payment/", location)
    (row,), _ = rows(tmp_path, SYSTEM, text)
    assert row["paths"] == ""


def test_a_table_in_yaml_is_no_catalog(tmp_path: Path) -> None:
    assert not is_catalog("- name: checkout\n  note: 'apiVersion: backstage.io/v1'\n")


def test_codeowners_by_owner() -> None:
    text = (
        "# all\n* @acme/all\n[Payments] @acme/pay\n/services/pay @acme/Team-Pay kim@acme.example  # theirs\n"
        "docs/ @kim\n*.tf @acme/ops\n!keep.tf @acme/ops\n/a\\ b/ @kim\n*.tf @acme/infra\n/nobody/\n"
    )
    assert owners_of(text) == {
        "team-pay": ("services/pay/**",),
        "kim@acme.example": ("services/pay/**",),
        "kim": ("docs/**", "a b/**"),
        "infra": ("**/*.tf",),
    }
