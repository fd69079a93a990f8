"""Which files belong to a flow."""

from __future__ import annotations

import pytest

from workbench.flows.model import Flow
from workbench.flows.paths import belongs, touch


def flow(*paths: str, services: tuple[str, ...] = ()) -> Flow:
    return Flow(key="checkout", name="Checkout", paths=paths, services=services)


@pytest.mark.parametrize(
    ("pattern", "file", "belongs_to_it"),
    [
        ("src/checkout/**", "src/checkout/cart/total.py", True),
        ("src/checkout", "src/checkout/cart/total.py", True),
        ("src/checkout/", "src/checkout/total.py", True),
        ("/src/checkout", "src/checkout/total.py", True),
        ("src/checkout", "old/src/checkout/total.py", False),
        ("src/checkout", "src/checkout2/total.py", False),
        ("src/*/total.py", "src/checkout/total.py", True),
        ("src/*/total.py", "src/a/b/total.py", False),
        ("src/**/total.py", "src/a/b/total.py", True),
        ("src/**/total.py", "src/total.py", True),
        ("*.sql", "db/migrations/0042.sql", True),
        ("*.sql", "db/notes.sqlite", False),
        ("checkout", "services/checkout/main.go", True),
        ("v?", "api/v2/openapi.yaml", True),
        ("a+b(c)", "a+b(c)/x", True),
        ("[x]", "x/y", False),
    ],
)
def test_a_pattern_reads_as_in_a_gitignore(pattern: str, file: str, belongs_to_it: bool) -> None:
    assert (touch(flow(pattern), (file,)) is not None) is belongs_to_it


def test_it_says_how_many_which_first_and_why() -> None:
    found = touch(flow("src/checkout/"), ("README.md", "src/checkout/a.py", "src/checkout/b.py"))
    assert found is not None
    assert (found.files, found.first, found.why) == (2, "src/checkout/a.py", "by its paths")


def test_a_folder_with_the_name_of_a_service_belongs_to_the_flow() -> None:
    paid = flow(services=("payment",))
    found = touch(paid, ("services/Payment/gateway.py",))
    assert found is not None
    assert found.why == "by a folder with the name of its service"
    assert touch(paid, ("services/payments/gateway.py", "payment.md")) is None


def test_a_flow_that_names_nothing_is_touched_by_nothing() -> None:
    assert touch(flow(), ("a.py",)) is None
    assert touch(flow("**"), ()) is None
    assert not belongs([flow()], "a.py")
