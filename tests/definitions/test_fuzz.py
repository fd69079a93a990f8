"""Whatever stands in the files, loading ends, and in nothing but definitions or their mistakes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.definitions.shop import KINDS, SHOP, SMOKE, write

from workbench.definitions import load
from workbench.definitions.reading import PROBLEM_LIMIT
from workbench.definitions.trust import trust_request
from workbench.model.errors import DefinitionError

LINES = SHOP.splitlines(keepends=True)
PIECES = st.sampled_from(
    ["*a", "&a ", "[", "]", "{", "}", "? ", "- ", ": ", "\t", "\n", "<<: ", "!!str ", "|", ">", "~", "'", '"', "\\",
     "---\n", "%", "no", "010", "1e999", "9" * 40, "\u2028", "\x85", "\ufeff", "😀", "\u202e", "${", "é", "../", "*.yaml",
     "key: ", "include: ", "gates: ", "[[[[", "null", "\x1b[31m"]
)  # fmt: skip


def survives(folder, data: bytes, name: str = "workbench.yaml") -> None:
    (folder / name).write_bytes(data)
    try:
        found = load(folder, KINDS)
    except DefinitionError as error:
        assert 0 < len(error.problems) <= 3 * PROBLEM_LIMIT
        assert all(problem.line >= 0 and problem.column >= 0 for problem in error.problems)
        assert all(len(problem.what) < 1000 for problem in error.problems)
        assert not any("\x1b" in problem.what + str(problem.hint) for problem in error.problems)
    else:
        assert len(found.digest) == 64
        trust_request(found)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write(tmp_path_factory.mktemp("shop"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_random_bytes(folder, data):
    survives(folder, data)


@settings(max_examples=300, deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, len(SHOP)), st.integers(0, 12), PIECES), min_size=1, max_size=5)
)
@example(changes=[(0, 0, "<<: ")])
def test_the_shop_with_pieces_put_in_and_taken_out(folder, changes):
    text = SHOP
    for at, gone, piece in changes:
        text = text[:at] + piece + text[at + gone :]
    survives(folder, text.encode("utf-8", "surrogatepass"))


@settings(max_examples=200, deadline=None)
@given(order=st.lists(st.integers(0, len(LINES) - 1), max_size=60), indent=st.integers(0, 4))
def test_lines_in_another_order(folder, order, indent):
    survives(folder, "".join(" " * (indent * (n % 2)) + LINES[n] for n in order).encode())


VALUES = st.recursive(
    st.one_of(
        st.text(max_size=8), st.sampled_from(["staging", "metrics", "smoke", "low", "1.5", "yes", "~"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda items: "[" + ", ".join(items) + "]"),
        st.dictionaries(
            st.sampled_from(["key", "kind", "title", "role", "source", "checklist"]), inner, max_size=4
        ).map(lambda items: "{" + ", ".join(f"{name}: {value}" for name, value in items.items()) + "}"),
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(values=st.dictionaries(st.sampled_from(
    ["project", "timezone", "include", "environments", "sources", "people", "benchmarks", "gates", "checklists",
     "start_from", "change_freezes", "about"]), VALUES))  # fmt: skip
def test_values_of_the_wrong_shape(folder, values):
    survives(folder, "".join(f"{name}: {value}\n" for name, value in values.items()).encode())


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, len(SMOKE)), gone=st.integers(0, 9), piece=PIECES)
def test_a_checklist_with_pieces_put_in_and_taken_out(folder, at, gone, piece):
    write(folder)
    text = SMOKE[:at] + piece + SMOKE[at + gone :]
    survives(folder, text.encode(), "lists/smoke.yaml")
    write(folder)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 900_000,
        "a: " + "x:" * 400_000,
        "- &a x\n" + "- *a\n" * 150_000,
        "".join(f"- &a{n} [*a{n - 1}, *a{n - 1}]\n" if n else "- &a0 x\n" for n in range(200)),
        "project: " + "x" * 900_000,
        "timezone: " + "x/" * 400_000,
        "benchmarks: [" + "{max_age: " + "9" * 400_000 + "}]",
        "benchmarks: [{measure: {unit: " + "m" * 400_000 + "}}]",
        "benchmarks: [{pass: " + "within " * 100_000 + "}]",
        "environments: [" + "{}," * 20_000 + "]",
        "\n".join(f"field{n}: 1" for n in range(15_000)),
        "people: [" + ",".join("{key: a}" for _ in range(8_000)) + "]",
    ],
    ids=range(12),
)
def test_large_and_wrong(folder, text):
    survives(folder, text.encode())
