"""SQL databases: PostgreSQL, and SQLite files of the project.  They are only ever read."""

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec import Meta

from workbench.model.fields import DurationText, Shape
from workbench.model.hosts import host_of
from workbench.model.kinds import NOTHING, Approach, Asked, Doubt, Proof, SourceKind, Uses, later
from workbench.model.tokens import variables_in

DatabaseText = Annotated[
    str, Meta(title="database", examples=["${STAGING_DB}", "postgresql://reader@db.example.com/shop"])
]


class SqlConfig(Shape, frozen=True, kw_only=True):
    """A database, asked as a user who may read and nothing else."""

    url: DatabaseText
    """``postgresql://user:${PASSWORD}@host/name``, ``sqlite:path/in/the/project.db``, or ``${NAME}`` that holds either."""
    timeout: DurationText = "30s"
    """How long one query may take; the server is told, and the workbench hangs up."""


class SqlMeasure(Shape, frozen=True, kw_only=True):
    """One query whose answer is one number."""

    query: str
    """A ``SELECT`` that gives one row with one number."""


def uses(config: Any) -> Uses:
    """The server with the variables of its address; a file of the project and a query use nothing."""
    if not isinstance(config, SqlConfig):
        return NOTHING
    return Uses(
        hosts=(origin,) if (origin := origin_in(config.url)) else (), variables=variables_in(config.url)
    )


def origin_in(url: str) -> str:
    """The server in an address as people agree to it; "" for a file, and for what a variable holds."""
    scheme, found, rest = url.partition("://")
    if not found or scheme not in ("postgresql", "postgres"):
        return ""
    return f"postgresql://{host_of('postgresql://' + rest.split('/')[0].rpartition('@')[2])}"


_DOUBTS = later("workbench.sources.sql.statements:doubts")


def question_doubts(measure: SqlMeasure, asked: Asked) -> Iterable[Doubt]:
    """What can be said of a query before it is asked."""
    found: Iterable[Doubt] = _DOUBTS()(measure.query)
    return found


KIND = SourceKind(
    name="sql",
    about="SQL databases: PostgreSQL, and SQLite files of the project",
    config=SqlConfig,
    measure=SqlMeasure,
    load=later("workbench.sources.sql.ask:Sql"),
    uses=uses,
    shorthand="url",
    one_place=True,
    question_doubts=question_doubts,
    approach=Approach.QUERIES,
    proof=Proof.REAL,
)
