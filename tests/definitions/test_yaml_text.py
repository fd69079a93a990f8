"""YAML as text: places, limits and mistakes of syntax."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from workbench.definitions.files import Unusable, decode, read_text
from workbench.definitions.yaml_text import DEPTH_LIMIT, NODE_LIMIT, Mapping, Scalar, Sequence, parse


def only(text: str) -> tuple[int, int, str]:
    (problem,) = parse(text, "a.yaml").problems
    assert problem.file == "a.yaml"
    return problem.line, problem.column, problem.what


def test_scalars_stay_the_text_that_was_written():
    text = "no: [no, on, 010, 1.10, 12:30:00, 2026-12-01, 0x1f, 1e3, ~, .nan, 'yes', !!str 7]"
    root = parse(text, "a.yaml").root
    assert isinstance(root, Mapping)
    items = root.get("no")
    assert isinstance(items, Sequence)
    written = [(item.text, item.plain) for item in items.items if isinstance(item, Scalar)]
    assert [text for text, plain in written if plain] == [
        "no", "on", "010", "1.10", "12:30:00", "2026-12-01", "0x1f", "1e3", "~", ".nan",
    ]  # fmt: skip
    assert [text for text, plain in written if not plain] == ["yes", "7"]


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("a: [1, 2\nb: 3\n", 1, 4, "this list [ … is not closed: “,” or “]” is expected"),
        ("a: {b: 1\n", 1, 4, "this block { … is not closed: “,” or “}” is expected"),
        ("a:\n\tb: 1\n", 2, 1, "a tab stands here; YAML is indented with blanks only"),
        ("a:\n  b: 1\n\tc: 1\n", 3, 1, "a tab stands here; YAML is indented with blanks only"),
        ('a: 1\nb: "x\n', 2, 4, "this text in quotes is never closed"),
        ("a: b: c\n", 1, 5, "a “:” is not expected here"),
        ("a: - b\n", 1, 4, "a “-” is not expected here"),
        ("- a\nb: 1\n", 2, 1, "a list goes on here, so a “-” is expected"),
        ("a: @x\n", 1, 4, "text cannot begin with “@” here"),
        ("warn: % 5\n", 1, 7, "text cannot begin with “%” here"),
        ("a: 'it's'\n", 1, 8, "text goes on after its closing quote"),
        ("a: *x\n", 1, 4, "*x refers to nothing: there is no &x above it"),
        ("a: &x [*x]\n", 1, 8, "*x stands inside &x, so it would contain itself"),
        ('a: "\\q"\n', 1, 5, "a backslash in double quotes begins an escape that YAML does not know"),
        ("a: [1]]\n", 1, 7, "this does not fit the lines above: a name and “:” are expected"),
        ("a: >= 5\n", 1, 5, "a “>” or “|” begins a block of text, which starts on the next line"),
        ("  a: 1\nb: 2\n", 2, 1, "this stands further left than the file's first line"),
        ("a: !!python/object/apply:os.system [x]\n", 1, 4, "the tag !!python/object/apply:os.system is not understood here"),
        ("a: !!int 3\n", 1, 4, "the tag !!int is not understood here"),
        ("a: b\n---\nc: d\n", 2, 1, "a second document begins here"),
        ("a: {{ x }}\n", 1, 5, "a name was expected here, not a list or a block"),
        ("<<: 3\n", 1, 1, "<< must be followed by a block of fields, such as *defaults"),
        ("a: 1\nb: 2\na: 3\n", 3, 1, "“a” stands here a second time; the first is on line 1"),
        ("", 0, 0, "the file is empty"),
        ("# nothing\n---\n", 0, 0, "the file is empty"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_at_its_place(text, line, column, what):
    assert only(text) == (line, column, what)


def test_every_duplicate_is_told():
    document = parse("a: 1\na: 2\nb: {c: 1, c: 2}\n", "a.yaml")
    assert [(p.line, p.column) for p in document.problems] == [(2, 1), (3, 11)]


def test_nesting_is_limited_before_the_parser_is():
    deep = "[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT
    assert parse(deep, "a.yaml").problems == []
    assert only("[" * (DEPTH_LIMIT + 1) + "]" * (DEPTH_LIMIT + 1)) == (
        1, DEPTH_LIMIT + 1, "nested more than 60 levels deep",
    )  # fmt: skip
    assert only("- " * 400_000)[2] == "nested more than 60 levels deep"


def test_aliases_are_counted_in_full():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    line, _, what = only("\n".join(lines))
    assert "grows beyond 50,000 values" in what
    assert line == 5  # 10 to the power of 4 fits, the next does not


def test_a_chain_of_aliases_cannot_overflow_the_reader():
    lines = ["- &a0 x"] + [f"- &a{n} [*a{n - 1}]" for n in range(1, 2000)]
    assert "grows beyond" in only("\n".join(lines))[2]


def test_values_without_aliases_are_counted_too():
    assert "grows beyond" in only("[" + "a," * (NODE_LIMIT + 1) + "]")[2]


def test_merge_keys_fill_what_is_left_out():
    root = parse("base: &b {a: 1, b: 2}\nother: &o {c: 3}\nx: {<<: [*b, *o], b: 9}\n", "a.yaml").root
    assert isinstance(root, Mapping)
    x = root.get("x")
    assert isinstance(x, Mapping)
    assert {name: x.text(name) for name in x.entries} == {"b": "9", "a": "1", "c": "3"}


@pytest.mark.parametrize("loader", ["with libyaml", "without libyaml"])
def test_both_parsers_give_the_same_nodes(loader, monkeypatch):
    if loader == "without libyaml":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    root = parse('a: [no, "no", ~]\n', "a.yaml").root
    assert isinstance(root, Mapping)
    items = root.get("a")
    assert isinstance(items, Sequence)
    assert [(n.text, n.plain, n.line, n.column) for n in items.items if isinstance(n, Scalar)] == [
        ("no", True, 1, 5),
        ("no", False, 1, 9),
        ("~", True, 1, 15),
    ]
    assert len(parse("a: [1\nb: 2", "a.yaml").problems) == 1


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("project: shop\n".encode("utf-16"), "the file is not UTF-8: it looks like UTF-16"),
        ("project: shop\n".encode("utf-16-le"), "the file is not UTF-8: it looks like UTF-16"),
        ("project: shop\n".encode("utf-16-be"), "the file is not UTF-8: it looks like UTF-16"),
        ("project: shop\n".encode("utf-32"), "the file is not UTF-8: it looks like UTF-32"),
        ("project: shop\n".encode("utf-32-be"), "the file is not UTF-8: it looks like UTF-32"),
    ],
)
def test_other_encodings_are_named(data, what):
    with pytest.raises(Unusable) as error:
        decode(data)
    assert error.value.what == what
    assert error.value.hint == "save it as UTF-8"


def test_a_latin_1_byte_is_pointed_at():
    with pytest.raises(Unusable) as error:
        decode("a: 1\ntitle: Bücher\n".encode("latin-1"))
    assert (error.value.line, error.value.column) == (2, 9)
    assert "0xfc looks like Windows-1252 or Latin-1" in error.value.what


def test_a_control_character_is_pointed_at():
    with pytest.raises(Unusable) as error:
        decode(b"a: 1\nb: x\x00y\n")
    assert (error.value.line, error.value.column) == (2, 5)
    assert "U+0000" in error.value.what


def test_a_byte_order_mark_changes_no_column():
    assert decode("\ufeffa: 1".encode()) == "a: 1"


def test_a_file_above_one_megabyte_is_not_parsed(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"#" * 1_000_000)
    assert len(read_text(path)) == 1_000_000
    path.write_bytes(b"[" * 1_000_001)
    with pytest.raises(Unusable, match="larger than 1 MB and was not read"):
        read_text(path)


@given(st.text(max_size=200))
def test_any_text_gives_a_node_or_problems(text):
    document = parse(text, "a.yaml")
    assert (document.root is None) <= bool(document.problems)
