"""A sync in words: each obstacle says what happened, what waits, and what to do."""

from __future__ import annotations

import pytest

from workbench.usecases.sharing.synced import AGAIN_LATER, Obstacle, Refused, Synced, Unsent
from workbench.usecases.views.sharing import sync as views

DESK = "019f2b60-4c10-7000-8000-0000000000ff"


def stopped(why: Obstacle, **said: object) -> Synced:
    return Synced(unsent=Unsent(why=why, desk=DESK, number=7, person="kim", **said))  # type: ignore[arg-type]


@pytest.mark.parametrize("why", Obstacle)
def test_every_obstacle_says_what_happened_how_much_waits_and_what_to_do(why: Obstacle) -> None:
    lines = list(views.synced_lines(stopped(why, entries=3)))
    assert lines[0] == "nothing new was received"
    whose = "" if why in (Obstacle.TWO_LINES, Obstacle.OTHER_ROLE) else " of this desk"
    assert lines[1].startswith("stopped: ") and lines[1].endswith(f"; 3 entries{whose} wait here")
    (hint,) = views.advice(stopped(why))
    assert "workbench" in hint and "{" not in hint


@pytest.mark.parametrize("why", Obstacle)
def test_what_passes_by_itself_has_exit_code_3_and_what_a_person_has_to_see_to_1(why: Obstacle) -> None:
    expected = 3 if why in AGAIN_LATER else 130 if why is Obstacle.STOPPED else 1
    assert views.exit_code(stopped(why)) == expected


@pytest.mark.parametrize(
    ("done", "code"),
    [
        (Synced(), 0),
        (Synced(sent=3, received=4, contested=1, waiting=2), 0),
        (Synced(faults=("the server withholds packs",)), 1),
        (Synced(refused=(Refused(4, DESK, "it lies"),)), 1),
        (Synced(new_desk=DESK), 1),
        (Synced(refused=(Refused(4, DESK, "it lies"),), unsent=Unsent(why=Obstacle.LOST)), 1),
    ],
)
def test_exit_codes(done: Synced, code: int) -> None:
    assert views.exit_code(done) == code


def test_one_entry_waits_and_several_wait() -> None:
    assert "1 entry of this desk waits here" in views.obstacle(Unsent(why=Obstacle.FULL, entries=1))
    assert "wait" not in views.obstacle(Unsent(why=Obstacle.FULL))


def test_what_a_server_says_is_no_control_code() -> None:
    said = views.obstacle(Unsent(why=Obstacle.LOST, said="\x1b[2Jgone\n\x00"))
    assert "\x1b" not in said and "\x00" not in said and "\n" not in said


def test_what_was_sent_and_received_is_one_line() -> None:
    assert list(views.synced_lines(Synced(sent=1, received=1200))) == ["sent 1 entry, received 1,200"]
    assert list(views.synced_lines(Synced())) == ["all is sent and received"]


def test_of_very_many_refused_packs_the_first_are_told() -> None:
    done = Synced(refused=tuple(Refused(number, DESK, "it lies") for number in range(1, 31)))
    lines = list(views.synced_lines(done))
    assert "refused  pack 1 of the desk 0000000000ff, because it lies" in lines
    assert lines[-1] == "refused  and 10 packs more"
