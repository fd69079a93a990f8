"""What others changed is shown at once; where that takes long, people keep most of the time for their keys."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.tui.spacing import REST, SHORT, Spacing


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def spaced(took: float) -> tuple[Spacing, Clock]:
    clock = Clock()
    spacing = Spacing(seconds=clock)
    begun = clock.now
    clock.now += took
    spacing.took(begun)
    return spacing, clock


def test_the_first_change_is_shown_at_once() -> None:
    assert Spacing(seconds=Clock()).wait() == 0


@given(st.floats(0, SHORT * 0.99))
def test_what_is_quick_is_shown_each_time(took: float) -> None:
    assert spaced(took)[0].wait() == 0


@given(st.floats(SHORT * 1.01, 30))
def test_what_takes_long_leaves_most_of_the_time_to_keys(took: float) -> None:
    spacing, clock = spaced(took)
    assert abs(spacing.wait() - REST * took) < 1e-6
    clock.now += REST * took + 1e-6
    assert spacing.wait() == 0
