"""Two people who sign at the same instant, from two processes of their own; and what changed between showing and signing."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build
from tests.building import later, who
from tests.usecases.policies import gate, opened, project, sign

from workbench.model.errors import NotAllowed
from workbench.usecases import signing
from workbench.usecases.evaluate import evaluate

ROOT = Path(__file__).parents[2]
TWO = "{roles: [{role: owner}, {role: security}]}"


def at_once(root: Path, *people: str) -> list[str]:
    """What each of several processes says that signs the first gate when the shot is given."""
    shot = root / "shot"
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.usecases.signer_once", str(root), person, "one", str(shot)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for person in people
    ]  # fmt: skip
    try:
        for one in running:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        shot.touch()
        done = [one.communicate(timeout=120) for one in running]
    finally:
        for one in running:
            one.kill()
            one.wait()
    assert not [err for _, err in done if err]
    return [out.strip() for out, _ in done]


def test_two_people_who_sign_at_the_same_instant_are_both_recorded(tmp_path: Path) -> None:
    root = tmp_path / "p"
    with opened(root, project(TWO)):
        pass
    said = at_once(root, "kim", "sam")
    assert all(words.startswith("recorded: ") for words in said), said
    with build.opened(root) as context:
        views = gate(context, "one").signoffs
        assert sorted((view.signoff.person, view.counts) for view in views) == [("kim", True), ("sam", True)]
        assert gate(context, "one").through
        assert context.record.verify().ok


def test_one_person_in_two_windows_signs_once_and_is_told_in_the_other(tmp_path: Path) -> None:
    root = tmp_path / "p"
    with opened(root, project(TWO)):
        pass
    said = sorted(at_once(root, "kim", "kim"))
    assert said[0].startswith("recorded: ")
    assert said[1].startswith("told: ")
    with build.opened(root) as context:
        assert [view.signoff.person for view in gate(context, "one").signoffs] == ["kim"]


@pytest.mark.parametrize(
    "change",
    [
        ("{role: owner}, ", "{role: owner}, {role: developer}, "),
        ("not_frozen: {}", "release_described: {}"),
        ("key: one, title: One,", "key: one, title: One, into: staging,"),
    ],
)
def test_what_changed_in_the_files_between_showing_and_signing_is_not_signed(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    with opened(tmp_path / "p", project(TWO)) as context:
        here = who(context, "kim")
        shown = signing.prepare(here, evaluate(here), "one")
        changed = who(build.rewrite(context, *change), "kim")
        with pytest.raises(NotAllowed):
            signing.sign(changed, shown, signing.Answer(decision=signing.Decision.APPROVE))
        assert gate(context, "one").signoffs == ()


def test_a_clock_that_was_put_back_does_not_bring_back_what_has_ended(tmp_path: Path) -> None:
    """A condition that was due stays due on a machine whose clock was put back by a week."""
    with opened(tmp_path / "p", project("{roles: [{role: owner}]}")) as context:
        due = later(context, days=2).now
        sign(
            context,
            "one",
            "kim",
            "approve_with_conditions",
            conditions="the queue is drained",
            conditions_due=due,
        )
        after = later(context, days=3)
        assert not gate(after, "one").through
        sign(after, "one", "robin", "reject", comment="the queue is not drained", role="owner")
    with build.opened(tmp_path / "p", now=None) as again:
        put_back = build.msgspec.structs.replace(
            again.clock, real=lambda: build.NOW - timedelta(days=7), floor=again.clock.floor
        )
        context = build.msgspec.structs.replace(again, clock=put_back)
        assert context.now >= due
        assert not gate(context, "one").signoffs[0].counts
