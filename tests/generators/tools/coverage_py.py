"""coverage.py: one measurement as JSON, Cobertura and LCOV, with branches and without; two runs of half of the tests each."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop

CART = '''
def total(prices):
    """The sum."""
    result = 0
    for price in prices:
        result += price
    return result


def discount(prices):
    if len(prices) > 3:
        return 0.1
    return 0


def refund():
    return -1
'''
PAY = "def pay(amount):\n    if amount:\n        return True\n    return False\n"
TESTS = """
from shop.cart import discount, total
from shop.pay import pay

def test_total():
    assert total([1, 2]) == 3

def test_discount():
    assert discount([1, 2, 3, 4]) == 0.1
    assert discount([]) == 0

def test_pay():
    assert pay(1)
"""
KNOWN = "of shop/cart.py 10 of 11 lines and 4 of 4 branches run, of shop/pay.py 3 of 4 and 1 of 2; of shop/unused.py none of 2"


def make(work: Workshop) -> None:
    """All tests with branches and without, then each half alone."""
    work.write("pytest.ini", "[pytest]\n")
    work.write("shop/__init__.py", "")
    work.write("shop/cart.py", CART)
    work.write("shop/pay.py", PAY)
    work.write("shop/unused.py", "def unused():\n    return 1\n")
    work.write("test_shop.py", TESTS)
    for name, words, only in (
        ("branches", ("--branch",), "test"),
        ("lines", (), "test"),
        ("first-half", ("--branch",), "total"),
        ("second-half", ("--branch",), "discount or pay"),
    ):
        data = f"--data-file={name}.data"
        tests = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", only)
        work.run("coverage", "run", *words, "--source=shop", data, *tests)
        work.run("coverage", "json", data, "-o", f"{name}.json")
        work.run("coverage", "xml", data, "-o", f"{name}.xml")
        work.run("coverage", "lcov", data, "-o", f"{name}.lcov")
        known = KNOWN if only == "test" else f"the tests whose names hold {only}"
        for end in ("json", "xml", "lcov"):
            work.keep(f"{name}.{end}", known)


TOOL = Tool(name="coverage_py", make=make, python=["coverage==7.11.3", "pytest==9.0.1"])
