"""A benchmark's number from a database: one query, one row, one number."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.model.errors import SourceError
from workbench.model.quantity import read_number
from workbench.model.text import safe_text
from workbench.model.times import parse_duration
from workbench.sources.channel import Channel, decoded
from workbench.sources.client import Request, Response
from workbench.sources.reading import Asker, Body, Found, Question, WrongQuestion
from workbench.sources.sql import SqlConfig, SqlMeasure
from workbench.sources.sql.opening import in_session
from workbench.sources.sql.session import Answer, Session

_MEDIA = "application/json"


class Sql(Asker):
    """Asks one database."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._config: SqlConfig = channel.config(SqlConfig)
        self._server = ""

    async def ask(self, question: Question) -> Found:
        """The number that a query gives."""
        measure = question.ask
        if not isinstance(measure, SqlMeasure):
            raise SourceError("a database answers queries only", hint="give the measure a query")
        seconds = parse_duration(self._config.timeout).total_seconds()
        request = Request(
            base=self._channel.source.key, path="/query", form=(("query", measure.query),), seconds=seconds
        )

        async def answer() -> Response:
            found = await in_session(
                self._channel, lambda session: self._asked(session, measure.query), seconds=seconds
            )
            return Response(200, _MEDIA, {}, msgspec.json.encode(found))

        response = await self._channel.through(request, answer)
        table: Answer = decoded(response.body, Answer, request, response)
        return msgspec.structs.replace(_number(table, question.at), bodies=(Body(_MEDIA, response.body),))

    async def server(self) -> str:
        """The server's name and version."""
        return self._server

    def _asked(self, session: Session, query: str) -> Answer:
        self._server = session.server
        return session.ask(query, most=1_000)


def _number(table: Answer, at: datetime) -> Found:
    if not table.rows:
        return Found(state="missing", measured_at=at, why="the query gives no row")
    if len(table.rows) > 1 or len(table.columns) != 1:
        raise WrongQuestion(
            f"the query gives {len(table.rows)} rows of {len(table.columns)} columns, and one number is expected",
            field="query",
            hint="aggregate, for example SELECT count(*)",
        )
    text = table.rows[0][0]
    if text is None:
        return Found(state="missing", measured_at=at, why="the query gives NULL: there was nothing to count")
    try:
        return Found(state="ok", measured_at=at, value=read_number(text))
    except ValueError:
        raise WrongQuestion(
            f"the query gives “{safe_text(text, 40)}”, which is no number", field="query"
        ) from None
