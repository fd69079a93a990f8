"""Sources: many small questions, and one large answer."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench import loopback
from bench.large import SEED
from bench.large_answer import memory
from bench.measuring import Row, paired
from bench.setting import Setting
from workbench.model.times import Clock
from workbench.sources.asking import fetch
from workbench.sources.fetch import Fetch
from workbench.sources.kinds import KINDS
from workbench.sources.prometheus import PrometheusConfig, PrometheusMeasure
from workbench.sources.prometheus.answer import decode
from workbench.sources.reading import Question, SourceSpec
from workbench.sources.secrets import Secrets
from workbench.sources.tuning import Tuning

QUERIES = 1000
LARGE = 50_000_000


def fetching(setting: Setting) -> Iterator[Row]:
    """1,000 queries to a server that takes 20 ms for each."""
    import httpx

    limit = Tuning().at_once
    asks = [PrometheusMeasure(query=f"value_{n}") for n in range(QUERIES)]
    with loopback.server() as url:
        source = SourceSpec("metrics", "prometheus", PrometheusConfig(url=url))

        def ours() -> None:
            now = datetime.now(UTC)
            questions = [Question(subject=ask.query, source="metrics", at=now, ask=ask) for ask in asks]
            asked = Fetch(
                sources=(source,),
                questions=tuple(questions),
                root=Path(),
                clock=Clock(),
                secrets=Secrets(allow=True, environ={}),
                kinds=KINDS,
            )
            summary = fetch(asked)
            assert summary.ok == QUERIES, summary.problems

        async def bare() -> None:
            """Ten workers that take the next query; a client made once."""
            left = iter(range(QUERIES))
            limits = httpx.Limits(max_connections=limit)
            async with httpx.AsyncClient(limits=limits, trust_env=False) as client:

                async def worker() -> None:
                    for n in left:
                        form = {"query": f"value_{n}", "time": str(time.time())}
                        answer = await client.post(f"{url}/api/v1/query", data=form)
                        answer.raise_for_status()

                await asyncio.gather(*(worker() for _ in range(limit)))

        found = paired(ours, lambda: asyncio.run(bare()), 5)
    yield found.row(
        "fetch",
        "speed of 1,000 queries to a server that takes 20 ms",
        f"bare httpx loop, {limit} at once",
        0.9,
        least=True,
    )


class _Series(msgspec.Struct):
    metric: dict[str, str]
    values: list[tuple[float, str]]


class _Matrix(msgspec.Struct):
    resultType: str
    result: list[_Series]


class _Body(msgspec.Struct):
    status: str
    data: _Matrix


def parsing(setting: Setting) -> Iterator[Row]:
    """A range response of 50 MB, of a source that allows it: several series, and one."""
    decoder = msgspec.json.Decoder(_Body)
    for series in (35, 1):
        body = range_response(series)
        found = paired(lambda data=body: decode(data), lambda data=body: decoder.decode(data), 5)  # type: ignore[misc]
        yield found.row(
            f"parse-{series}",
            f"parsing {len(body) / 1e6:.0f} MB, {'one series' if series == 1 else f'{series} series'}",
            "msgspec alone, into typed structs",
            1.2,
        )
        if series == 1:
            yield from memory(body)


def range_response(series: int) -> bytes:
    """A matrix of ``series`` series, about 50 MB in all."""
    chance = random.Random(SEED)
    points = LARGE // series // 32
    parts = []
    for number in range(series):
        values = ",".join(
            f'[{1_790_000_000 + 15 * place},"{chance.random():.12f}"]' for place in range(points)
        )
        parts.append(f'{{"metric":{{"instance":"host-{number}"}},"values":[{values}]}}')
    return ('{"status":"success","data":{"resultType":"matrix","result":[' + ",".join(parts) + "]}}").encode()
