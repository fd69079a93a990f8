"""Two desks exchange packs for a simulated month, and converge whatever happens to the packs."""

from __future__ import annotations

import random
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from tests.record.months import World

DAYS = 30


@pytest.mark.parametrize("seed", range(3))
def test_two_desks_converge_after_a_month(tmp_path: Path, seed: int) -> None:
    """One clock is two hours ahead; a bad entry is planted every week; one desk goes back to a copy once."""
    dice = random.Random(seed)
    world = World(tmp_path, dice)
    restored = 0
    for day in range(DAYS):
        for hour in range(8, 18, 2):
            world.now += timedelta(hours=2)
            for desk in (0, 1):
                if dice.random() < 0.6:
                    world.do(desk)
            if hour in (12, 16):
                world.send(0, 1)
                world.send(1, 0)
            while world.mail and dice.random() < 0.55:
                world.deliver()
        world.now += timedelta(hours=14)
        if day % 7 == 3:
            planted = len(world.planted)
            for _ in range(50):
                world.send(0, 1)
                world.spoil()
                if len(world.planted) > planted:
                    break
            assert len(world.planted) > planted
            world.take(*world.mail.pop())  # it arrives, and before the true one
        if day == 11:
            world.back_up(1)
        if day == 14:
            before = world.desks[1].record.info.desk
            world.restore(1)
            restored += world.desks[1].record.info.desk != before
    assert restored == 1
    world.converge()
    world.check()
    assert world.told_bad, "what was planted was told"
    assert len(world.acknowledged) > 50
    # The desk that went back, and the one that it was, are both there, and it says what it followed.
    desks = {one.id: one for one in world.desks[0].record.desks_seen()}
    own = world.desks[1].record.info.desk
    assert desks[own].follows is not None and desks[own].follows.desk in desks
    for desk_ in world.desks:  # nothing but what was planted looks like a fork
        assert {one.digest for fork in desk_.record.forks() for one in fork.there} <= world.planted
    world.close()


class Exchanging(RuleBasedStateMachine):
    """Any order of acts, packs, losses, copies and restores."""

    @initialize(seed=st.integers(0, 2**16), count=st.integers(2, 3))
    def start(self, seed: int, count: int) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name), random.Random(seed), (0, 2, -1)[:count])

    @rule(desk=st.integers(0, 2))
    def act(self, desk: int) -> None:
        self.world.do(desk % len(self.world.desks))

    @rule(desk=st.integers(0, 2), to=st.integers(1, 2))
    def send(self, desk: int, to: int) -> None:
        count = len(self.world.desks)
        if to % count:
            self.world.send(desk % count, (desk + to) % count)

    @rule()
    def deliver(self) -> None:
        self.world.deliver()

    @rule()
    def spoil(self) -> None:
        self.world.spoil()

    @rule(desk=st.integers(0, 2))
    def back_up(self, desk: int) -> None:
        self.world.back_up(desk % len(self.world.desks))

    @rule(desk=st.integers(0, 2))
    def restore(self, desk: int) -> None:
        self.world.restore(desk % len(self.world.desks))

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.converge()
            self.world.check()
            self.world.close()
            self.folder.cleanup()


Exchanging.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to make an example smaller would take minutes
)
test_any_order_of_acts_packs_and_restores_converges = Exchanging.TestCase
