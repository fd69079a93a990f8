"""The desks of the team, spread over processes: each desk lives in one of them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

from tests.simulation.desk import Place, SimulatedDesk
from tests.simulation.malice import MaliciousDesk

_HERE: dict[int, SimulatedDesk] = {}


def _add(place: Place) -> None:
    made = MaliciousDesk if place.person == "mallory" else SimulatedDesk
    _HERE[place.number] = made(place)


def _do(number: int, name: str, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
    return getattr(_HERE[number], name)(*arguments, **options)


class Crew:
    """Calls desks by their numbers; without ``jobs`` in this process."""

    def __init__(self, jobs: int = 0) -> None:
        context = multiprocessing.get_context("spawn")
        self._pools = [ProcessPoolExecutor(1, mp_context=context) for _ in range(jobs)]
        self._numbers: list[int] = []

    def add(self, place: Place) -> None:
        self._numbers.append(place.number)
        pool = self._pool(place.number)
        if pool is None:
            _add(place)
        else:
            pool.submit(_add, place).result()

    def call(self, number: int, name: str, *arguments: Any, **options: Any) -> Any:
        """One desk does something, and everybody waits for it."""
        pool = self._pool(number)
        if pool is None:
            return _do(number, name, arguments, options)
        return pool.submit(_do, number, name, arguments, options).result()

    def each(self, numbers: Iterable[int], name: str, *arguments: Any) -> dict[int, Any]:
        """Several desks do the same, those of different processes at once."""
        chosen: Sequence[int] = list(numbers)
        if not self._pools:
            return {number: _do(number, name, arguments, {}) for number in chosen}
        waiting: dict[int, Future[Any]] = {}
        for number in chosen:
            pool = self._pool(number)
            assert pool is not None
            waiting[number] = pool.submit(_do, number, name, arguments, {})
        return {number: future.result() for number, future in waiting.items()}

    def close(self) -> None:
        for number in self._numbers:
            self.call(number, "close")
        for pool in self._pools:
            pool.shutdown()
        if not self._pools:
            _HERE.clear()

    def _pool(self, number: int) -> ProcessPoolExecutor | None:
        return self._pools[number % len(self._pools)] if self._pools else None
