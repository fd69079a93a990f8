"""Notes in a file that people edit: what they wrote stays to the byte, however often the rest is made anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.notes.sample import rich

from workbench.model.errors import UsageError
from workbench.notes import parts_of, render
from workbench.notes.marked import Generated, marked, update

PARTS = (
    Generated("head", "# One\n"),
    Generated("open", "## Open\n\n- a\n"),
    Generated("watch", "## Watch\n"),
)
own_texts = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="<"), max_size=60).map(
    lambda text: text if text.endswith("\n") or not text else text + "\n"
)


def generated(number: int) -> tuple[Generated, ...]:
    return tuple(Generated(part.section, f"{part.text}{number}\n") for part in PARTS)


def test_what_people_wrote_survives_a_hundred_regenerations() -> None:
    file = "Mine, before.\r\n\n" + marked(generated(0)) + "\tMine, after: no line break at the end"
    cut = file.index("<!-- workbench:begin watch")
    file = file[:cut] + "Mine, \x00between — ‮odd\n" + file[cut:]
    for number in range(1, 101):
        file = update(file, generated(number))
    assert file.startswith("Mine, before.\r\n\n<!-- workbench:begin head ")
    assert "\nMine, \x00between — ‮odd\n<!-- workbench:begin watch" in file
    assert file.endswith("workbench:end watch -->\n\tMine, after: no line break at the end")
    assert file.count("100\n") == 3


@given(st.lists(own_texts, min_size=4, max_size=4), st.integers(0, 3))
def test_every_own_text_survives_whatever_it_is(own: list[str], again: int) -> None:
    parts = marked((PARTS[0],)), marked((PARTS[1],)), marked((PARTS[2],))
    file = own[0] + "".join(f"{part}{text}" for part, text in zip(parts, own[1:], strict=True))
    expected = own[0]
    for part, text in zip(generated(again), own[1:], strict=True):
        expected += marked((part,)) + text
    assert update(file, generated(again)) == expected


def test_two_updates_in_a_row_give_the_same_bytes() -> None:
    file = update("Mine.\n" + marked(generated(0)), generated(1))
    assert update(file, generated(1)) == file


def test_a_generated_part_that_somebody_edited_is_not_lost() -> None:
    file = marked(PARTS).replace("- a", "- a, but not really")
    with pytest.raises(UsageError, match="“open” was edited by hand") as caught:
        update(file, PARTS)
    assert caught.value.where == "line 5"
    assert update(file, PARTS, overwrite=True) == marked(PARTS)


def test_a_part_that_the_file_lacks_comes_behind_the_one_that_it_follows() -> None:
    file = marked(PARTS[:1]) + "Mine.\n" + marked(PARTS[2:])
    assert update(file, PARTS) == marked(PARTS[:2]) + "Mine.\n" + marked(PARTS[2:])
    assert update(marked(PARTS[1:]), PARTS).startswith(marked(PARTS[:1]))


def test_a_part_that_is_generated_no_more_is_left_empty() -> None:
    file = update(marked(PARTS) + "Mine.\n", PARTS[:2])
    assert "<!-- workbench:end watch -->\nMine.\n" in file
    assert "## Watch" not in file
    assert update(file, PARTS) == marked(PARTS) + "Mine.\n"


def test_lines_that_end_as_on_windows_keep_their_ends() -> None:
    file = marked(PARTS).replace("\n", "\r\n")
    assert update(file, PARTS) == file
    assert "\n" not in update(file, generated(2)).replace("\r\n", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("only mine\n", "has no part that the workbench generates"),
        ("<!-- workbench:begin open -->\n", "has no end"),
        ("<!-- workbench:end open -->\n", "has not begun"),
        (marked(PARTS) + marked(PARTS[:1]), "stands twice"),
        ("<!-- workbench:begin a -->\n<!-- workbench:begin b -->\n", "has no end"),
        ("<!-- workbench:begin a -->\n<!-- workbench:end b -->\n", "has not begun"),
        ("<!-- workbench:begin ../../x -->\n", "no marker that the workbench knows"),
        ("<!-- Workbench:begin open\n", "no marker that the workbench knows"),
    ],
)
def test_markers_that_do_not_fit_together_are_refused_with_their_line(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        update(text, PARTS)


def test_no_text_of_a_document_is_a_marker() -> None:
    smuggled = "<!-- workbench:end open -->"
    document = rich(own_words=(smuggled, f"  {smuggled}", "x\n" + smuggled), summary=smuggled)
    parts = parts_of(document)
    file = marked(parts)
    assert file.count("workbench:end open -->\n") == 1
    assert update(file, parts) == file


def test_the_file_holds_what_the_plain_notes_hold() -> None:
    plain = [line for line in render(rich(), "md").splitlines() if line]
    assert [
        line for line in marked(parts_of(rich())).splitlines() if line and "workbench:" not in line[:20]
    ] == plain
