"""A body is decompressed once, in steps, and never beyond its limit."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator

import pytest

from workbench.model.errors import SourceError
from workbench.sources import bodies

from .support import ask, buildinfo_or, prometheus, question, vector

WORDS = b"four sources answered in time, " * 1000
GZIPPED = gzip.compress(WORDS, mtime=0)


def read(data: bytes, encoding: str = "gzip", limit: int = 1_000_000, size: int = 65_536) -> bytes:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(data), size):
            yield data[start : start + size]

    return asyncio.run(bodies.read(chunks(), encoding, limit))


@pytest.mark.parametrize("size", [1, 7, 65_536])
@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (WORDS, ""),
        (WORDS, "identity"),
        (GZIPPED, "gzip"),
        (GZIPPED, "identity, X-GZIP"),
        (zlib.compress(WORDS), "deflate"),
        (GZIPPED + b"\0" * 100, "gzip"),
    ],
    ids=["plain", "identity", "gzip", "x-gzip", "deflate", "padded"],
)
def test_a_body_comes_whole_however_it_is_cut(data: bytes, encoding: str, size: int) -> None:
    assert read(data, encoding, size=size) == WORDS


def test_no_body_at_all_is_empty() -> None:
    assert read(b"") == b""


@pytest.mark.parametrize(
    ("data", "encoding", "words"),
    [
        (gzip.compress(GZIPPED), "gzip, gzip", "compressed 2 times"),
        (WORDS, "gzip,deflate,br", "compressed 3 times"),
        (WORDS, "br", "encoded as br, which was not asked for"),
        (WORDS, "gzip", "garbled"),
        (GZIPPED[:-20], "gzip", "cut short"),
        (GZIPPED[:40] + b"xxxx" + GZIPPED[44:], "gzip", "garbled"),
    ],
    ids=["twice", "thrice", "brotli", "not compressed", "cut short", "damaged"],
)
def test_what_cannot_be_decompressed_is_refused_in_words(data: bytes, encoding: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read(data, encoding)


@pytest.mark.parametrize(
    "data",
    [gzip.compress(b"0" * 50_000_000), GZIPPED + b"\0" * 2_000_000, WORDS * 100],
    ids=["bomb", "padding without end", "plain"],
)
def test_beyond_the_limit_nothing_is_kept(data: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(bodies.TooLarge):
            read(data, "" if data[:2] != b"\x1f\x8b" else "gzip")
        assert tracemalloc.get_traced_memory()[1] < 6_000_000
    finally:
        tracemalloc.stop()


def test_a_deadline_is_kept_while_a_body_is_decompressed() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield gzip.compress(b"0" * 30_000_000)

    async def late() -> None:
        async with asyncio.timeout(0):
            await bodies.read(chunks(), "gzip", 64_000_000)

    with pytest.raises(TimeoutError):
        asyncio.run(late())


def test_a_server_is_asked_for_one_compression_and_may_not_send_two(serve) -> None:
    status, headers, data = vector(({}, "1"))
    twice = (status, {**headers, "Content-Encoding": "gzip, gzip"}, gzip.compress(gzip.compress(data)))
    server = serve(buildinfo_or(lambda _: twice))
    reading = ask([prometheus(server.url)], [question()]).one
    assert reading.state == "error" and "compressed 2 times" in reading.why
    assert {asked.headers["accept-encoding"] for asked in server.asked} == {"gzip"}
