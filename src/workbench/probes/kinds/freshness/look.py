"""The newest moment in each column, against what the service level allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.model.times import duration_text, parse_duration
from workbench.probes.captured import Capture, Change, Parameter, Piece, Plant, Score, Side, Snapshot
from workbench.probes.databases import (
    SESSION,
    Database,
    column_sql,
    decoded,
    named,
    piece_of,
    text_sql,
    told,
    with_rows,
)
from workbench.probes.hiding import Hide
from workbench.probes.kinds.data_profile.figure import count
from workbench.probes.kinds.freshness import FreshnessConfig
from workbench.probes.queries import named_query
from workbench.probes.reach import Reach
from workbench.sources.sql.session import Answer, Session

_GROWTH = Decimal("0.01")  # of new rows a day, from which a shorter cadence is advised
_HOUR = 3600


class Fresh(Snapshot, frozen=True):
    """A snapshot with the moments it tells of: the newest of each column, and when it was asked."""

    newest: Mapping[str, datetime | None] = {}
    asked: datetime | None = None


class Freshness(Database):
    """Whether staging's data is fresh."""

    planted_in = "staging"
    config: FreshnessConfig

    async def capture(self, side: Side, reach: Reach) -> Capture:
        """The newest moments; of production none where no source is named."""
        if side == "production" and self.config.production is None:
            return Capture(())
        return await super().capture(side, reach)

    def pieces(self, session: Session, side: Side, reach: Reach) -> Iterator[Piece]:
        """The newest moment of each column or query, and of columns how many rows are a day old at most."""
        asked = reach.now.isoformat()
        for column in self.config.columns:
            with named_query(column):
                yield piece_of(column, _of_column(session, column, reach.now), asked=asked)
        for name, query in self.config.queries.items():
            with named_query(name):
                yield piece_of(name, session.ask(query, most=10), asked=asked)

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """A parameter for each: its newest moment."""
        newest: dict[str, datetime | None] = {}
        notes = list(told(capture).notes) if named(capture, SESSION) else []
        asked = None
        for piece in capture.pieces:
            if piece.name == SESSION:
                continue
            answer = decoded(piece)
            newest[piece.name] = _moment(answer, piece.name)
            asked = datetime.fromisoformat(str(piece.facts["asked"])) if "asked" in piece.facts else asked
            notes += _growth(piece.name, answer)
        parameters = {name: Parameter(_shown(moment)) for name, moment in newest.items()}
        return Fresh(parameters, tuple(notes), newest, asked)

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """Where the newest row is older than it may be, or there is none."""
        assert isinstance(staging, Fresh) and isinstance(production, Fresh)
        allowed = parse_duration(self.config.within)
        changes = []
        for name in sorted(staging.newest):
            behind = _behind(name, staging, production)
            if behind is None or behind > allowed:
                changes.append(self._stale(name, staging, production, behind))
        return tuple(changes)

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """Data that is older than it may be, and none at all."""
        allowed = parse_duration(self.config.within)
        for piece in capture.pieces:
            if piece.name == SESSION or not decoded(piece).rows:
                continue
            moment = _moment(decoded(piece), piece.name) or datetime(2000, 1, 2, tzinfo=UTC)
            for back in (allowed + timedelta(hours=1), allowed * 30):
                older = (moment - back).isoformat()
                title = f"{piece.name} is {duration_text(back)} older"
                yield Plant("old-data", title, _with_newest(capture, piece.name, older))
            yield Plant("no-data", f"{piece.name} has no row", _with_newest(capture, piece.name, None))

    def scores(self, staging: Snapshot, production: Snapshot, changes: tuple[Change, ...]) -> Iterable[Score]:
        """BM-11: the age of the oldest of the newest rows, in hours."""
        assert isinstance(staging, Fresh) and isinstance(production, Fresh)
        ages = [age for name in staging.newest if (age := _behind(name, staging, production)) is not None]
        if ages and len(ages) == len(staging.newest):
            yield Score(
                key="data_freshness",
                value=_hours(max(ages)),
                of=len(ages),
                unit="h",
                limit=_hours(parse_duration(self.config.within)),
                better="lower",
                words="age of the newest data",
            )

    def _stale(self, name: str, staging: Fresh, production: Fresh, behind: timedelta | None) -> Change:
        theirs = production.newest.get(name)
        if behind is None:
            title = f"{name} holds no moment in staging"
        else:
            # Without how far: it becomes the title of a row on the map, which outlives the figure.
            title = f"{name} is more than {self.config.within} {'behind production' if theirs else 'old'}"
        return Change(
            path=name,
            staging=staging.parameters[name].text,
            production=_shown(theirs) if theirs else f"at most {self.config.within} old",
            title=title,
            gap=None if behind is None else _hours(behind),
        )


def _of_column(session: Session, name: str, now: datetime) -> Answer:
    place, moment = column_sql(name)
    yesterday = text_sql((now - timedelta(days=1)).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"))
    recent = f"sum(CASE WHEN {moment} >= {yesterday} THEN 1 ELSE 0 END)"
    return session.rows(f"SELECT max({moment}) AS newest, count(*) AS rows, {recent} AS recent FROM {place}")


def _moment(answer: Answer, name: str) -> datetime | None:
    """The moment in an answer: ISO text, in UTC unless it says otherwise, or Unix seconds."""
    text = answer.rows[0][0] if answer.rows else None
    if text is None:
        return None
    try:
        if text.isdecimal() and len(text) > 8:
            return datetime.fromtimestamp(int(text[:10]), UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        raise SourceError(
            f"“{safe_text(text, 40)}” is no moment",
            where=f"query {name}",
            hint="write a date and a time: max(placed)",
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _behind(name: str, staging: Fresh, production: Fresh) -> timedelta | None:
    """How far staging's newest is behind production's, or behind the moment of asking; ``None`` where there is none."""
    moment, theirs = staging.newest.get(name), production.newest.get(name)
    until = theirs or staging.asked
    return None if moment is None or until is None else max(timedelta(0), until - moment)


def _growth(name: str, answer: Answer) -> Iterator[str]:
    """Advice where so much comes in a day that data ages fast."""
    if answer.columns[1:] != ("rows", "recent") or not answer.rows:
        return
    rows, recent = count(answer.rows[0][1]), count(answer.rows[0][2])
    before = rows - recent
    if before and Decimal(recent) / before >= _GROWTH:
        share = Decimal(100) * recent / before
        yield f"{name.rpartition('.')[0]} grew by {share:.1f} % in the last day: refresh staging more often"


def _with_newest(capture: Capture, name: str, moment: str | None) -> Capture:
    return with_rows(capture, name, lambda table: [[moment, *table.rows[0][1:]]])


def _shown(moment: datetime | None) -> str:
    return "no row" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def _hours(length: timedelta) -> Decimal:
    return round(Decimal(length.total_seconds()) / _HOUR, 2)
