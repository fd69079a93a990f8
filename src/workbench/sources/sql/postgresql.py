"""PostgreSQL, over libpq: one statement at a time by the extended protocol, in a read-only transaction.

What other people wrote is sent as the query of a cursor, so that the server's own parser sees to it
that it is one ``SELECT``: ``COPY … TO PROGRAM``, ``SET``, ``COMMIT``, ``DO`` and writing ``WITH`` cannot stand
there.  A superuser's session takes on the rights of ``pg_read_all_data``, and people are warned.  The server
is told how long a statement may take, and we hang up by ourselves once that time is over.
"""

from __future__ import annotations

import re
import selectors
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.sql.driver import driver
from workbench.sources.sql.session import AT_ONCE, Answer, Form, Limits, Session
from workbench.sources.sql.statements import check_reads, one_statement

_LOOK_EVERY = 0.1  # seconds between two looks at the clock
_CONNECT_WITHIN = 15.0
_SETTINGS = {
    "lock_timeout": "5s",
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "iso_8601",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "application_name": "workbench",
}
_FORMS: Mapping[int, Form] = {
    16: "bool", 17: "bytes", 20: "number", 21: "number", 23: "number", 26: "number", 1700: "number",
    700: "float", 701: "float", 18: "text", 19: "text", 25: "text", 1042: "text", 1043: "text",
    1082: "time", 1083: "other", 1114: "time", 1184: "time",
}  # fmt: skip
_TOO_MUCH = (
    "SELECT string_agg(rolname, ', ' ORDER BY rolname) FROM pg_roles WHERE rolname IN "
    "('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files') "
    "AND pg_has_role(current_user, oid, 'MEMBER')"
)


class PostgreSQL(Session):
    """A session with a server."""

    dialect = "postgresql"

    def __init__(self, server: Mapping[str, str], limits: Limits) -> None:
        self._driver = driver()
        self._pq: Any = self._driver.pq
        self._limits = limits
        self._connection: Any = None
        self._role = ""
        try:
            self._connect(server)
            self._look_around()
        except self._driver.Error as error:
            self.close()
            raise SourceError(f"the database cannot be reached: {_reason(str(error))}") from None
        except BaseException:
            self.close()
            raise

    def rows(self, query: str, values: Sequence[str | None] = ()) -> Answer:
        """The answer of a statement of ours, in a transaction of its own."""
        self._begin()
        return _answer(self._run(query, values))

    def stream(self, query: str) -> Iterator[Answer]:
        """See :meth:`Session.stream`."""
        check_reads(query)
        self._begin()
        self._run(f"DECLARE workbench NO SCROLL CURSOR FOR {one_statement(query)}")
        while True:
            part = _answer(self._run(f"FETCH FORWARD {AT_ONCE} FROM workbench"))
            yield part
            if len(part.rows) < AT_ONCE:
                return

    def plan(self, query: str) -> str:
        """What ``EXPLAIN (FORMAT JSON)`` says."""
        check_reads(query)
        self._begin()
        declared = f"DECLARE workbench NO SCROLL CURSOR FOR {one_statement(query)}"
        answer = _answer(self._run(f"EXPLAIN (FORMAT JSON) {declared}"))
        return answer.rows[0][0] or ""

    def close(self) -> None:
        """Ends the session; a statement that is still running there is told to end."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if connection.transaction_status == self._pq.TransactionStatus.ACTIVE:
            cancel = connection.get_cancel()
            told = threading.Thread(target=_tell, args=(cancel,), daemon=True)
            told.start()  # a server that hangs may never answer this, either
            told.join(1.0)
        connection.finish()

    def _connect(self, server: Mapping[str, str]) -> None:
        self._limits.begin(_CONNECT_WITHIN)
        # An empty password is none: without it, libpq would send what the environment holds for another server.
        asked = {"password": "", "client_encoding": "UTF8", "application_name": "workbench"} | dict(server)
        text = " ".join(f"{name}={_quoted(value)}" for name, value in asked.items())
        connection = self._connection = self._pq.PGconn.connect_start(text.encode())
        polling = self._pq.PollingStatus
        state = polling.WRITING
        while state != polling.OK:
            if connection.status == self._pq.ConnStatus.BAD or state == polling.FAILED:
                reason = _reason(connection.get_error_message())
                raise SourceError(
                    f"the database refuses us: {reason}", hint="check the address, the user and the password"
                )
            self._wait(writing=state == polling.WRITING)
            state = connection.connect_poll()
        connection.nonblocking = 1

    def _look_around(self) -> None:
        version = (self._connection.parameter_status(b"server_version") or b"").decode()
        self.server = safe_text(f"PostgreSQL {version.split(' ')[0]}", 60)
        if self._connection.parameter_status(b"is_superuser") == b"on":
            less = self._connection.server_version >= 140000
            self._role = "pg_read_all_data" if less else ""
            asked = "; it is asked with the rights of pg_read_all_data" if less else ""
            self.notes = (
                "the user of this database is a superuser, who could start programs on the server: use one "
                f"who may only read{asked}",
            )
        elif found := self.rows(_TOO_MUCH).rows[0][0]:
            self.notes = (
                f"the user of this database may do more than read ({found}): use one who may only read",
            )

    def _begin(self) -> None:
        """A new transaction, in which nothing of an earlier one holds: not its settings, nor its rights."""
        self._limits.begin()
        settings = dict(_SETTINGS, statement_timeout=f"{max(1, int(self._limits.statement * 1000))}ms")
        commands = ["ROLLBACK"] if self._open else []
        commands.append("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        commands += [f"SET LOCAL {name} = '{value}'" for name, value in settings.items()]
        if self._role:
            commands.append(f"SET LOCAL ROLE {self._role}")
        self._sent(self._connection.send_query, "; ".join(commands).encode())

    @property
    def _open(self) -> bool:
        idle = self._pq.TransactionStatus.IDLE
        return bool(self._connection.transaction_status != idle)

    def _run(self, query: str, values: Sequence[str | None] = ()) -> Any:
        """The result of one statement by the extended protocol, which takes no second one."""
        if "\0" in query:
            raise SourceError("the query holds a character that no query can hold (NUL)")
        self._limits.begin()
        sent = [None if value is None else value.encode() for value in values]
        return self._sent(self._connection.send_query_params, query.encode("utf-8", "replace"), sent)[-1]

    def _sent(self, send: Callable[..., None], *what: object) -> list[Any]:
        try:
            send(*what)
            return self._results()
        except self._driver.Error as error:
            raise SourceError(f"the database broke off: {_reason(str(error))}") from None

    def _results(self) -> list[Any]:
        connection = self._connection
        while connection.flush():
            self._wait(writing=True)
        found = []
        while True:
            while connection.is_busy():
                self._wait()
                connection.consume_input()
            result = connection.get_result()
            if result is None:
                break
            found.append(result)
        for result in found:
            if result.status in (self._pq.ExecStatus.FATAL_ERROR, self._pq.ExecStatus.BAD_RESPONSE):
                raise self._refused(result)
        return found

    def _refused(self, result: Any) -> SourceError:
        reason = _reason(result.get_error_message())
        state = (result.error_field(self._pq.DiagnosticField.SQLSTATE) or b"").decode()
        if state == "57014":
            return SourceError(
                f"the database did not answer within {self._limits.statement:g} s",
                hint="ask for less, or allow more time: timeout of the source or probe",
            )
        if state == "25006":
            return SourceError(f"the query does more than read: {reason}")
        if state.startswith("22"):  # about a value, which may belong to a person: it is quoted and not told
            reason = re.sub(r'"[^"]*"', "“…”", reason)
        return SourceError(f"the database refuses the query: {reason}")

    def _wait(self, *, writing: bool = False) -> None:
        """Waits for the server, no longer than the statement may take."""
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if writing else 0)
        with selectors.DefaultSelector() as selector:
            selector.register(self._connection.socket, wanted)
            while True:
                self._limits.check()
                if selector.select(_LOOK_EVERY):
                    return


def _tell(cancel: Any) -> None:
    try:
        cancel.cancel()
    except Exception:  # the connection is closed next, whatever the server makes of this
        return


def _answer(result: Any) -> Answer:
    columns = tuple(
        (result.fname(place) or b"").decode("utf-8", "replace") for place in range(result.nfields)
    )
    forms = tuple(_FORMS.get(result.ftype(place), "other") for place in range(result.nfields))
    places = range(result.nfields)
    value = result.get_value
    rows = [
        [None if (data := value(row, place)) is None else data.decode("utf-8", "replace") for place in places]
        for row in range(result.ntuples)
    ]
    return Answer(columns, forms, rows)


def _quoted(value: str) -> str:
    """A value as libpq's connection strings take it."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _reason(message: str) -> str:
    """A server's message in one line."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    text = "; ".join(lines[:3]).removeprefix("ERROR:").strip()
    return safe_text(text or "it says nothing", 400)
