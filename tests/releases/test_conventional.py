"""What a commit's message says by convention."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.releases.conventional import (
    MOST_OF_A_LINE,
    Group,
    numbers,
    read_message,
    references,
)


def test_type_scope_and_text_are_read() -> None:
    found = read_message("fix(cart): the total rounds as the till does (#41)\n\nA body.\n")
    assert (found.type, found.scope, found.group) == ("fix", "cart", Group.FIXES)
    assert found.text == "the total rounds as the till does (#41)"
    assert found.refs == ("#41",)


@pytest.mark.parametrize(
    ("message", "group", "breaks"),
    [
        ("feat!: no more v1", Group.BREAKING, ("no more v1",)),
        ("feat(api)!: no more v1", Group.BREAKING, ("no more v1",)),
        ("fix: x\n\nBREAKING CHANGE: the\n  second line\n\nRefs: #1", Group.BREAKING, ("the second line",)),
        ("fix: x\n\nBREAKING-CHANGE: y\nRefs: #1", Group.BREAKING, ("y",)),
        ("a plain line\n\nBREAKING CHANGE: y", Group.BREAKING, ("y",)),
        ("feat: breaking change of mind", Group.FEATURES, ()),
        ("Perf: faster", Group.PERFORMANCE, ()),
        ("security: CVE-2026-1", Group.SECURITY, ()),
    ],
)
def test_what_breaks_something_stands_first_whatever_its_type(
    message: str, group: Group, breaks: tuple[str, ...]
) -> None:
    found = read_message(message)
    assert (found.group, found.breaks) == (group, breaks)


@pytest.mark.parametrize(
    "subject", ["wip: later", "Fix the total", "fix:no blank", "12: number", "http://x: y", ""]
)
def test_a_message_of_another_form_is_told_as_it_stands(subject: str) -> None:
    found = read_message(subject)
    assert (found.type, found.text, found.group) == ("", subject, Group.OTHER)


def test_reverts_name_their_commits() -> None:
    one, two = "a" * 40, "b" * 40
    assert read_message(f'Revert "feat: x"\n\nThis reverts commit {one}.').reverts == (one,)
    assert read_message(f"revert: y\n\nThis reverts commits {one} and {two}.").reverts == (one, two)
    assert read_message('Revert "feat: x" (#9)\n\nReverts shop/web#8').reverts_text == "feat: x"


def test_co_authors_are_names_without_addresses() -> None:
    message = "feat: x\n\nCo-authored-by: Kim Ito <kim@shop.example>\nco-authored-by: Lena\n"
    assert read_message(message).co_authors == ("Kim Ito", "Lena")


def test_merges_that_git_writes_are_known() -> None:
    for subject in (
        "Merge branch 'x'",
        "Merge pull request #3 from a/b",
        "Merge remote-tracking branch 'o/x'",
    ):
        assert read_message(subject).routine_merge
    assert not read_message("Merge the two carts of a customer").routine_merge


def test_references_are_kept_as_text() -> None:
    found = references("#12, shop/web#3, !7, GH-4, PAY-12, and a#b, C-3")
    assert found == ("#12", "shop/web#3", "!7", "GH-4", "PAY-12")
    assert numbers(found) == {"12", "3", "7", "4", "pay-12"}


@given(st.text(max_size=400))
def test_any_text_is_read_and_bounded(message: str) -> None:
    found = read_message(message)
    assert len(found.text) <= MOST_OF_A_LINE
    assert "\n" not in found.text
    assert bool(found.text) == bool(message.strip())
