"""From what git listed to lines: reverts folded, fragments before commits, nothing dropped."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.releases.change_lines import Known, arrange
from workbench.releases.commit_log import Listed, LoggedCommit
from workbench.releases.conventional import Group, read_message
from workbench.releases.fragments import read_fragment


def logged(number: int, message: str, parents: int = 1, author: str = "Jo") -> LoggedCommit:
    return LoggedCommit(
        commit=f"{number:040x}", parents=parents, author=author, message=read_message(message)
    )


def arranged(*commits: LoggedCommit, **more: object):
    """The newest commit is given first."""
    return arrange(Listed(commits=commits, **more), since="f" * 40, since_version="1.0", until="e" * 40)


def test_lines_stand_in_the_order_of_their_kinds() -> None:
    found = arranged(logged(3, "anything"), logged(2, "fix: b"), logged(1, "feat!: a"))
    assert [line.group for line in found.lines] == [Group.BREAKING, Group.FIXES, Group.OTHER]
    assert (found.coverage.commits, found.coverage.told, found.coverage.other) == (3, 2, 1)
    assert found.coverage.known is Known.WHOLE


def test_a_change_and_its_revert_are_folded_away() -> None:
    found = arranged(logged(2, f'Revert "feat: a"\n\nThis reverts commit {1:040x}.'), logged(1, "feat: a"))
    assert found.lines == ()
    assert found.coverage.reverted == 2


def test_a_revert_of_a_revert_brings_the_change_back() -> None:
    found = arranged(
        logged(3, f"revert: again\n\nThis reverts commit {2:040x}."),
        logged(2, f'Revert "feat: a"\n\nThis reverts commit {1:040x}.'),
        logged(1, "feat: a"),
    )
    assert [line.text for line in found.lines] == ["a"]
    assert found.coverage.reverted == 2


def test_a_revert_of_what_runs_in_production_is_told() -> None:
    found = arranged(logged(2, f'Revert "feat: old"\n\nThis reverts commit {99:040x}.'))
    assert [line.group for line in found.lines] == [Group.REVERTED]


def test_a_revert_without_digits_goes_by_the_first_line() -> None:
    found = arranged(
        logged(2, 'Revert "feat(cart): a" (#9)\n\nReverts shop/web#8'), logged(1, "feat(cart): a")
    )
    assert found.coverage.reverted == 2


def test_merges_that_git_wrote_are_counted_and_others_are_told() -> None:
    found = arranged(logged(2, "Merge branch 'x'", 2), logged(1, "feat: by a merge (#4)", 2))
    assert [line.text for line in found.lines] == ["by a merge (#4)"]
    assert found.coverage.merges == 1


def test_a_fragment_tells_the_commits_that_wrote_it_and_those_of_its_issue() -> None:
    fragment = read_fragment("changelog.d/12.fix.md", "b" * 40, b"The total is right.\n", (f"{1:040x}",))
    found = arranged(
        logged(3, "fix: more of it (#12)", author="Kim"),
        logged(2, "docs: other"),
        logged(1, "work"),
        fragments=(fragment,),
    )
    assert [line.key for line in found.lines] == ["12.fix.md", f"{2:040x}"[:12]]
    assert found.lines[0].people == ("Kim", "Jo")
    assert (found.coverage.by_fragment, found.coverage.conventional, found.coverage.other) == (2, 1, 0)


def test_what_is_wrong_with_a_fragment_is_said_and_it_is_never_left_out() -> None:
    cases = {
        b"": "it is empty",
        b"x" * 20_001: "it is larger than 20,000 bytes",
    }
    for data, problem in cases.items():
        assert read_fragment("changelog.d/1.fix.md", "b", data).problem == problem
    assert "link" in read_fragment("changelog.d/1.fix.md", "b", None).problem
    assert read_fragment("changelog.d/1.fxi.md", "b", b"x").problem.endswith("fix is meant?")
    odd = read_fragment("changelog.d/notes.md", "b", b"x")
    assert odd.group is Group.OTHER
    assert "ID.KIND.md" in odd.problem
    assert [line.text for line in arranged(fragments=(odd,)).lines] == ["x"]


def test_a_cut_history_and_what_is_too_much_are_known_in_part() -> None:
    found = arranged(logged(1, "feat: a"), shallow=True, beyond=7)
    assert found.coverage.known is Known.PART
    assert len(found.coverage.why) == 2
    assert found.coverage.commits == 8


def brute_force(history: list[int | None]) -> set[int]:
    """Which changes are in at the end: each entry, oldest first, is a change or reverts the entry at a place."""

    def active(place: int) -> bool:
        return not any(history[later] == place and active(later) for later in range(place + 1, len(history)))

    return {place for place, reverts in enumerate(history) if reverts is None and active(place)}


@given(st.data())
def test_what_is_left_after_reverts_agrees_with_trying_each_one(data: st.DataObject) -> None:
    history: list[int | None] = []
    for place in range(data.draw(st.integers(1, 9))):
        history.append(data.draw(st.none() | st.integers(0, place - 1)) if place else None)
    commits = [
        logged(
            place,
            f"feat: {place}" if reverts is None else f"revert: x\n\nThis reverts commit {reverts:040x}.",
        )
        for place, reverts in enumerate(history)
    ]
    found = arranged(*reversed(commits))
    told = {int(line.text) for line in found.lines if line.group is Group.FEATURES}
    assert told == brute_force(history)
    coverage = found.coverage
    parts = (coverage.conventional, coverage.by_fragment, coverage.merges, coverage.reverted, coverage.other)
    assert sum(parts) == coverage.commits == len(history)
