"""The loop that keeps a desk and its server in step: what it does after what, and what it tells, without any server."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from workbench.mailbox.errors import ServerUnavailable
from workbench.mailbox.looking import ServerDesk
from workbench.model.errors import NotAllowed
from workbench.usecases.sharing.going import Going, Tell
from workbench.usecases.sharing.keeping_up import KeepingUp, Standing
from workbench.usecases.sharing.pacing import GAP, Happened, Phase
from workbench.usecases.sharing.synced import Obstacle, Synced, Unsent

AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
DESK = ServerDesk(desk="a", role="kim", named="", joined_at=AT, left_at=None, packs=1, sent_at=AT)
T = TypeVar("T")


def _play(moves: list[T | Exception]) -> T | None:
    """The next move: what it gives, or the error that it is."""
    move = moves.pop(0) if moves else None
    if isinstance(move, Exception):
        raise move
    return move


class Hastening(KeepingUp):
    """The loop, off-line without waiting: the time is over at once."""

    def __init__(self, world: World) -> None:
        super().__init__(world.open_here, world.told.append, seconds=lambda: world.clock, now=world.now)
        self._world = world

    def _sleep(self, seconds: float) -> None:
        self._world.clock += seconds


class World:
    """A desk and a server that do what the test says: each exchange, wait and attempt to connect takes the next one.

    Its clock moves on by what somebody would have waited, so that nothing here waits.
    """

    def __init__(
        self,
        connects: Iterable[Exception | None] = (),
        exchanges: Iterable[Synced | Exception] = (),
        waits: Iterable[Happened | Exception | None] = (),
        unsent: int = 0,
    ) -> None:
        self.connects: list[Exception | None] = list(connects)
        self.exchanges: list[Synced | Exception] = list(exchanges)
        self.waits: list[Happened | Exception | None] = list(waits)
        self.did: list[str] = []
        self.told: list[Standing] = []
        self.clock = 0.0
        self.unsent = unsent
        self.closed = 0
        self.going: list[tuple[float, Going]] = []  # how far an exchange is after so many seconds
        self.takes: list[
            tuple[bool, float]
        ] = []  # what an exchange takes: whether the server answered, after how long
        self.silent: list[bool] = []
        self.replaced: list[bool] = []
        self.loop = Hastening(self)

    def now(self) -> datetime:
        return AT + timedelta(seconds=self.clock)

    def open_here(self) -> World:
        self.did.append("open")
        return self

    def connect(self) -> World:
        self.did.append("connect")
        _play(self.connects)
        return self

    def exchange(self, stop: Callable[[], bool], tell: Tell) -> Synced:
        self.did.append("exchange")
        for seconds, going in self.going:
            self.clock += seconds
            tell(going)
        for answers, seconds in self.takes:
            self.clock += seconds
            if answers:
                stop()
            self.silent.append(self.loop.is_silent)
        return _play(self.exchanges) or Synced()

    def desks(self) -> tuple[ServerDesk, ...]:
        self.did.append("desks")
        return (DESK,)

    def wait(self, seconds: float, wake: socket.socket) -> bool:
        """What happens while one waits: packs come, somebody writes, or nothing until the time is over."""
        self.did.append("wait")
        if not self.waits:
            self.loop.say(Happened.LEAVING)
            return False
        happened = _play(self.waits)
        if happened is None:
            self.clock += seconds
        elif happened is not Happened.HEARD:
            self.loop.say(happened)
        return happened is Happened.HEARD

    def is_current(self) -> bool:
        return not self.replaced.pop() if self.replaced else True

    def to_send(self) -> int:
        return self.unsent

    def close(self) -> None:
        self.closed += 1

    def run(self) -> World:
        self.loop.run("a desk")
        return self

    def phases(self) -> list[Phase]:
        return [standing.phase for standing in self.told]


def test_it_connects_exchanges_and_waits_until_the_app_is_left() -> None:
    world = World().run()
    assert world.did == ["open", "connect", "exchange", "desks", "wait"]
    assert world.closed == 2, "the connection and the record"
    assert world.phases()[-1] is Phase.LIVE


def test_what_is_written_here_and_asked_for_is_exchanged_at_once() -> None:
    world = World(waits=[Happened.WRITTEN, Happened.ASKED]).run()
    assert world.did.count("exchange") == 3
    assert world.did[-1] == "wait" and world.clock == 0.0


def test_a_flood_of_news_is_one_exchange() -> None:
    world = World(waits=[*[Happened.HEARD] * 500, None]).run()
    assert world.did.count("exchange") == 2
    assert world.clock == GAP


def test_it_looks_again_where_nothing_is_heard() -> None:
    world = World(waits=[None, None]).run()
    assert world.did.count("exchange") == 3
    assert world.clock >= 2 * 50


def test_a_lost_connection_is_told_with_since_when_and_made_again() -> None:
    world = World(exchanges=[Synced(), ServerUnavailable("it went away"), Synced()], waits=[Happened.WRITTEN])
    world.run()
    assert world.phases() == [Phase.LIVE, Phase.LIVE, Phase.OFF_LINE, Phase.LIVE, Phase.LIVE]
    lost = next(one for one in world.told if one.phase is Phase.OFF_LINE)
    assert lost.what == "it went away" and lost.since == AT
    assert world.told[-1].what == "" and world.told[-1].since is not None


def test_off_line_it_tries_again_and_again_ever_more_seldom() -> None:
    gone = [ServerUnavailable("no server")] * 12
    world = World(connects=gone)
    world.run()
    assert world.did.count("connect") == 13
    assert 90 < world.clock < 12 * 15, "seldom, and never so seldom that a server that is back waits for long"
    assert {one.phase for one in world.told[:-2]} == {Phase.OFF_LINE}
    assert len({one.since for one in world.told if one.phase is Phase.OFF_LINE}) == 1


def test_off_line_it_is_told_once_not_at_each_attempt() -> None:
    world = World(connects=[ServerUnavailable("no server")] * 5)
    world.run()
    assert world.phases().count(Phase.OFF_LINE) == 1


def test_what_waits_to_be_sent_is_counted_off_line() -> None:
    world = World(connects=[ServerUnavailable("no server")], unsent=3)
    world.run()
    assert world.told[0].to_send == 3


def test_a_server_that_refuses_is_told_in_its_words() -> None:
    world = World(connects=[NotAllowed("the role may not", hint="ask the keeper")])
    world.run()
    assert world.told[0].phase is Phase.REFUSED
    assert (world.told[0].what, world.told[0].hint) == ("the role may not", "ask the keeper")
    assert world.clock > 100


def test_a_mistake_of_ours_ends_nothing() -> None:
    world = World(exchanges=[ZeroDivisionError("no")])
    world.run()
    assert world.told[1].phase is Phase.REFUSED and "mistake of ours" in world.told[1].what
    assert world.told[-1].phase is Phase.LIVE


@pytest.mark.parametrize("why", [Obstacle.FULL, Obstacle.READ_ONLY, Obstacle.LAGS])
def test_a_server_that_takes_nothing_now_is_asked_again_soon_on_the_same_connection(why: Obstacle) -> None:
    full = Synced(unsent=Unsent(why=why, entries=2, said="no room"))
    world = World(exchanges=[full, full, Synced()], waits=[None, None]).run()
    assert world.did.count("connect") == 1 and world.did.count("exchange") == 3
    assert world.clock < 10
    assert any(one.phase is Phase.LIVE and one.what == "no room" for one in world.told)


def test_leaving_is_at_once_also_before_anything_was_connected() -> None:
    world = World()
    world.loop.say(Happened.LEAVING)
    assert world.run().did == []


def test_nothing_is_told_to_an_app_that_is_being_left() -> None:
    world = World()

    def exchange(stop: Callable[[], bool], tell: Tell) -> Synced:
        world.loop.say(Happened.LEAVING)
        assert stop()
        return Synced(received=3)

    world.exchange = exchange  # type: ignore[method-assign]
    world.run()
    assert all(one.synced is None for one in world.told)


def test_a_loop_that_has_ended_can_be_told_anything() -> None:
    loop = World().run().loop
    loop.say(Happened.WRITTEN)


def test_what_came_is_told_with_when() -> None:
    world = World(exchanges=[Synced(received=2)], waits=[None]).run()
    came = [one for one in world.told if one.synced and one.synced.received]
    assert [one.received_at for one in came] == [AT]
    assert world.told[-1].received_at == AT and world.told[-1].at != AT


def test_the_desks_are_asked_for_once_in_a_while_and_where_a_person_asks() -> None:
    world = World(waits=[Happened.HEARD, None, Happened.WRITTEN, Happened.ASKED, None]).run()
    assert world.did.count("exchange") == 5 and world.did.count("desks") == 3
    assert world.told[-1].desks == (DESK,)


def test_a_record_whose_file_was_replaced_is_opened_anew() -> None:
    world = World(waits=[Happened.WRITTEN])
    world.replaced = [True, False]
    world.run()
    assert world.did == [
        "open",
        "connect",
        "exchange",
        "desks",
        "wait",
        "open",
        "connect",
        "exchange",
        "wait",
    ]
    assert {one.phase for one in world.told} == {Phase.LIVE}


def test_what_was_refused_is_read_anew_at_the_next_attempt() -> None:
    world = World(exchanges=[NotAllowed("no")], waits=[None]).run()
    assert world.did.count("open") == 2


def test_how_far_an_exchange_is_is_told_once_a_second_and_no_more_once_it_is_over() -> None:
    world = World()
    world.going = [(0.4, Going("received", 10 * step, 100, "packs")) for step in range(1, 11)]
    world.run()
    told = [one.going.done for one in world.told if one.going is not None]
    assert told == [30, 60, 90]
    assert world.told[-1].going is None and world.told[-1].phase is Phase.LIVE


def test_an_exchange_that_is_over_within_a_second_says_nothing_of_how_far_it_is() -> None:
    world = World()
    world.going = [(0.3, Going("received", 1, 3, "packs")), (0.3, Going("received", 2, 3, "packs"))]
    world.run()
    assert all(one.going is None for one in world.told)


def test_a_server_that_does_not_answer_for_a_while_is_noticed_meanwhile() -> None:
    world = World()
    world.takes = [(True, 1.0), (False, 2.5), (False, 0.6), (True, 1.5), (False, 2.9)]
    world.run()
    assert world.silent[:5] == [False, False, True, False, False]
    assert not world.loop.is_silent


def test_a_server_that_was_lost_meanwhile_is_asked_nothing_more() -> None:
    lost = Synced(unsent=Unsent(why=Obstacle.LOST, said="it went away"))
    world = World(exchanges=[lost])
    world.run()
    assert world.did[:4] == ["open", "connect", "exchange", "connect"]
    assert next(one.what for one in world.told if one.phase is Phase.OFF_LINE) == "it went away"
