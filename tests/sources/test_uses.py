"""Whatever a kind's fields would run, read or reach is declared, so that people are asked before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import msgspec.inspect as mi
import pytest

from workbench.model.kinds import Kind, SourceKind, Uses
from workbench.sources.channel import Channel
from workbench.sources.github_actions import GitHubConfig
from workbench.sources.prometheus import PrometheusConfig, PrometheusMeasure
from workbench.sources.reading import Asker, Found, Question, SourceSpec
from workbench.sources.secrets import Secrets
from workbench.sources.server import Command, Server
from workbench.usecases.project import kinds

from .support import AT, ask

# What a text looks like that runs, reads or reaches something, by its field's title or name.
TITLES = {
    "url": "https://told.example",
    "command": "told command",
    "secret": "${TOLD}",
    "header": "${TOLD}",
    "database": "postgresql://told.example",
}
NAMES = re.compile(
    r"(^|_)(urls?|hosts?|hostname|server|address|dsn|port|commands?|run|token|password|socket)(_|$)"
)
ALL = [(kind, shape) for registry in kinds().values() for kind in registry.values() for shape in (
    kind.config, getattr(kind, "measure", None), getattr(kind, "tests", None),
) if shape is not None]  # fmt: skip


def told(kind: mi.Type, name: str) -> Iterator[tuple[Any, str]]:
    """Values of a field that would use something, and what has to be declared for each."""
    if isinstance(kind, mi.Metadata):
        title = (kind.extra_json_schema or {}).get("title")
        if title in TITLES:
            yield TITLES[title], TITLES[title].strip("${}")
        else:
            yield from told(kind.type, name)
    elif isinstance(kind, mi.UnionType):
        for one in kind.types:
            yield from told(one, name)
    elif isinstance(kind, mi.ListType):
        yield from (([value], mark) for value, mark in told(kind.item_type, name))
    elif isinstance(kind, mi.DictType):
        yield from (({"X": value}, mark) for value, mark in told(kind.value_type, name))
    elif isinstance(kind, mi.StructType):
        for field in kind.fields:
            for value, mark in told(field.type, field.name):
                yield {field.encode_name: value}, mark
    elif isinstance(kind, mi.StrType) and NAMES.search(name):
        yield "told.example", "told.example"


def filled(shape: type[msgspec.Struct]) -> dict[str, Any]:
    """The least that a shape needs."""
    return {
        field.encode_name: "none/none"
        for field in mi.type_info(shape).fields  # type: ignore[attr-defined]
        if field.required and isinstance(field.type, mi.StrType | mi.Metadata | mi.UnionType)
    }


@pytest.mark.parametrize(("kind", "shape"), ALL, ids=lambda value: getattr(value, "__name__", ""))
def test_every_field_that_uses_something_is_declared(kind: Kind, shape: type[msgspec.Struct]) -> None:
    for field in mi.type_info(shape).fields:  # type: ignore[attr-defined]
        for value, mark in told(field.type, field.name):
            config = msgspec.convert(filled(shape) | {field.encode_name: value}, shape)
            used = kind.uses(config)
            declared = " ".join([*used.hosts, *used.commands, *used.variables, *used.files])
            assert mark in declared, f"{kind.name}: {shape.__name__}.{field.name} is not declared"


def test_the_walk_finds_what_is_not_declared() -> None:
    class Queue(msgspec.Struct):
        host: str
        headers: dict[str, str] = {}

    found = [mark for field in mi.type_info(Queue).fields for _, mark in told(field.type, field.name)]
    assert found == ["told.example"]


def test_what_a_server_uses() -> None:
    sources = kinds()["sources"]
    config = PrometheusConfig(url="https://m.example/x", token="${T}", headers={"A": "Bearer ${H}"})
    used = sources["prometheus"].uses(config)
    assert used == Uses(hosts=("https://m.example/x",), variables=("H", "T"))
    assert sources["prometheus"].uses(PrometheusMeasure(query='up{env="${environment}"}')) == Uses()
    hub = GitHubConfig(repository="a/b", token=Command(command="pass show x"))
    assert sources["github_actions"].uses(hub) == Uses(
        hosts=("https://api.github.com",), commands=("pass show x",)
    )


def test_files_of_the_project_and_people_need_no_trust() -> None:
    for name in ("junit", "manual"):
        kind = kinds()["sources"][name]
        assert not kind.uses(msgspec.convert({"files": "x"} if name == "junit" else {}, kind.config))


class Forgetful(Asker):
    """Asks a host and reads a variable that its kind has not declared."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._config = channel.config(Server)

    async def ask(self, question: Question) -> Found:
        if self._config.token is not None:
            await self._channel.bearer(self._config.token)
        await self._channel.send(self._channel.request("/"))
        raise AssertionError("nothing may be sent")


def forgetful(**config: Any) -> str:
    kind = SourceKind("forgetful", "", Server, None, lambda: Forgetful)
    fetched = ask(
        [SourceSpec("s", "forgetful", Server(**config))],
        [Question(subject="b", source="s", at=AT)],
        secrets=Secrets(allow=True, environ={"OPEN": "sesame"}),
        kinds={"forgetful": kind},
    )
    return fetched.one.why


def test_what_is_not_declared_is_not_used(serve) -> None:
    server = serve(lambda asked: (200, {}, b""))
    assert "asks 127.0.0.1" in forgetful(url=server.url)
    assert "reads the environment variable OPEN without declaring it" in forgetful(
        url=server.url, token="${OPEN}"
    )
    assert "runs “echo x”" in forgetful(url=server.url, token=Command(command="echo x"))
    assert server.asked == []
