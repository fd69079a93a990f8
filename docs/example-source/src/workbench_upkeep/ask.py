"""Asks an Upkeep server how often a service answered."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from workbench.model.errors import SourceError
from workbench.model.times import to_text
from workbench.sources.channel import Channel, decoded, unusable
from workbench.sources.filling import filled
from workbench.sources.moments import moment_of_text
from workbench.sources.numbers import count_of
from workbench.sources.reading import Asker, Body, Found, Question, in_unit
from workbench_upkeep import UpkeepConfig, UpkeepMeasure


class _Looks(msgspec.Struct):
    """What Upkeep answers: how often it looked, how often the service answered, and when it last looked."""

    looks: int
    answered: int
    last: str | None
    paused: bool = False


class Upkeep(Asker):
    """Asks one server."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._config: UpkeepConfig = channel.config(UpkeepConfig)

    async def ask(self, question: Question) -> Found:
        """The share of looks in the window at which the service answered."""
        measure = question.ask
        if not isinstance(measure, UpkeepMeasure) or question.window is None:
            raise SourceError("an upkeep source is asked for a service and a window")
        request = self._channel.request(
            "/api/looks",
            params=(
                ("service", filled(measure.service, question, "service")),
                ("from", to_text(question.at - question.window)),
                ("to", to_text(question.at)),
            ),
            headers=await self._channel.bearer(self._config.token),
        )
        response = await self._channel.send(request)
        if response.status >= 400:
            raise unusable(request, response, "")
        found: _Looks = decoded(response.body, _Looks, request, response)
        looks, answered = count_of(found.looks, "looks"), count_of(found.answered, "answered")
        body = Body(response.media or "application/json", response.body)
        if not looks or found.last is None:
            why = f"Upkeep did not look at {measure.service} in this window"
            return Found(state="missing", measured_at=question.at, why=why, bodies=(body,))
        if answered > looks:
            said = f"{answered} answers in {looks} looks"
            raise SourceError(f"the answer contradicts itself: {said}", where=request.where)
        value, unit = in_unit(Decimal(answered) / looks, "share", question.unit)
        return Found(
            state="ok",
            measured_at=moment_of_text(found.last)[0],
            value=value,
            unit=unit,
            samples=looks,
            partial="looking is paused" if found.paused else None,
            bodies=(body,),
        )
