"""Pages: to the last one, never round in a circle, never for ever, never to another server."""

from __future__ import annotations

import asyncio
import itertools

import msgspec
import pytest

from workbench.model.errors import SourceError
from workbench.sources.client import Request, Response
from workbench.sources.paging import TooManyPages, by_link, pages

FIRST = Request(base="https://ci.example/api/v4", path="/jobs", params=(("per_page", "2"),))


def read(answers, following, most=5):
    sent = []

    async def send(request):
        sent.append(request)
        return answers(len(sent))

    async def run():
        return [response async for _, response in pages(send, FIRST, following, most)]

    return asyncio.run(run()), sent


def linked(target, relation="next", more=""):
    headers = {"link": f'<https://ci.example/api/v4/jobs>; rel="first", <{target}>; rel="{relation}"{more}'}
    return Response(200, "application/json", headers, b"[]")


def test_pages_are_read_to_the_last_one():
    answers = [linked("https://ci.example/api/v4/jobs?page=2&per_page=2"), Response(200, "", {}, b"[]")]
    found, sent = read(lambda number: answers[number - 1], by_link)
    assert len(found) == 2
    assert (sent[1].path, sent[1].params) == ("/jobs", (("page", "2"), ("per_page", "2")))


@pytest.mark.parametrize(
    "answer",
    [
        linked("https://ci.example/api/v4/jobs?page=2", "last"),
        linked("/api/v4/jobs?c=1", more='; results="false"'),
    ],
)
def test_other_links_lead_nowhere(answer):
    assert by_link(FIRST, answer) is None


def test_pages_that_never_end_end():
    with pytest.raises(TooManyPages, match="more than 5 pages"):
        read(lambda number: linked(f"/api/v4/jobs?page={number + 1}"), by_link)
    with pytest.raises(TooManyPages, match="in a circle"):
        read(lambda number: linked(f"/api/v4/jobs?page={number % 2}"), by_link)


def test_nothing_follows_a_refusal():
    found, _ = read(lambda _: Response(403, "", {}, b""), lambda request, _: request)
    assert [response.status for response in found] == [403]


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/api/v4/jobs?page=2",
        "http://ci.example/api/v4/jobs?page=2",
        "https://ci.example:8443/api/v4/jobs",
        "//elsewhere.example/api/v4/jobs",
        "/admin/jobs",
        "/api/v4/../../admin",
        "/api/v4/%2e%2e/admin",
        "/api/v4secrets/jobs",
    ],
)
def test_a_token_is_taken_to_no_other_place(target):
    with pytest.raises(SourceError, match="another server"):
        by_link(FIRST, linked(target))


def test_each_page_is_asked_for_as_the_last_one_says():
    def at_cursor(request, number):
        return msgspec.structs.replace(request, params=(*FIRST.params, ("cursor", str(number))))

    numbers = itertools.count(1)
    found, sent = read(
        lambda number: Response(200, "", {}, b"[]"),
        lambda request, _: at_cursor(request, number) if (number := next(numbers)) < 3 else None,
    )
    assert len(found) == 3
    assert sent[2].params == (("per_page", "2"), ("cursor", "2"))
