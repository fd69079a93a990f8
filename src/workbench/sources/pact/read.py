"""What Pact's verifier wrote, and the pacts that it had to verify.

The results are those of the verifier in Rust, which Pact for Python, JavaScript, Go and others share; see
https://docs.pact.io/implementation_guides/rust/pact_verifier and, for pacts, https://docs.pact.io/getting_started/specification.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from workbench.model.errors import SourceError
from workbench.model.files import open_regular
from workbench.model.text import safe_text
from workbench.sources.channel import Channel
from workbench.sources.check_runs import CheckReports, CheckRun
from workbench.sources.checks import Check, ChecksMeasure, measure
from workbench.sources.filling import filled
from workbench.sources.pact import PactConfig
from workbench.sources.project_files import find
from workbench.sources.reading import Found, Question
from workbench.sources.report_files import File, Report, oldest

_LARGEST = 8 * 2**20  # bytes of one pact


class _Result(msgspec.Struct, frozen=True, rename="camel"):
    consumer: str
    provider: str
    description: str
    result: str
    pending: bool = False
    provider_states: list[str] = []


class _Results(msgspec.Struct, frozen=True, rename="camel"):
    result: bool
    interaction_results: list[_Result]


class _Party(msgspec.Struct, frozen=True):
    name: str


class _State(msgspec.Struct, frozen=True):
    name: str


class _Interaction(msgspec.Struct, frozen=True, rename="camel"):
    description: str
    provider_states: list[_State] = []
    provider_state: str | None = None


class _Pact(msgspec.Struct, frozen=True):
    consumer: _Party
    provider: _Party
    interactions: list[_Interaction] = []
    messages: list[_Interaction] = []


class Pact(CheckReports):
    """Reads the results of one source."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._pacts = channel.config(PactConfig).pacts

    def read(self, file: File) -> CheckRun:
        """The interactions that were verified; ``SourceError`` for what is no such file."""
        found: _Results = file.json(_Results, self.largest)
        checks = [_check(one) for one in found.interaction_results]
        failed = any(check.outcome == "failed" for check in checks)
        flaws = []
        if failed is found.result:
            flaws.append(
                f"{safe_text(file.name, 100)} says that it {'passed' if found.result else 'failed'}, and its interactions do not"
            )
        return CheckRun(checks=checks, flaws=flaws, without="the verifier verified nothing")

    def answer(self, reports: Sequence[Report[CheckRun]], question: Question) -> Found:
        """One number about the interactions, those of the pacts that no result names among them."""
        asked = question.ask
        if not isinstance(asked, ChecksMeasure):
            raise SourceError("pacts answer “read” only: pass_rate, failed and others")
        # What was verified twice, with another provider's build or by another job, failed if it failed once.
        order = ("failed", "errored", "not_evaluated", "passed")
        checks: dict[str, Check] = {}
        for report in reports:
            for check in report.read.checks:
                before = checks.get(check.name)
                if before is None or order.index(check.outcome) < order.index(before.outcome):
                    checks[check.name] = check
        for name in self._agreed(question):
            checks.setdefault(name, Check(name=name, outcome="not_evaluated", why="no result names it"))
        return measure(
            checks.values(),
            asked,
            question,
            measured_at=oldest(reports),
            flaws=[flaw for report in reports for flaw in report.read.flaws],
            without=next((report.read.without for report in reports if report.read.without), ""),
        )

    def _agreed(self, question: Question) -> Iterator[str]:
        """The interactions of the pacts that had to be verified."""
        if self._pacts is None:
            return
        patterns = [self._pacts] if isinstance(self._pacts, str) else self._pacts
        wanted = [filled(pattern, question, "files") for pattern in patterns]
        paths = find(self._root, wanted)
        if not paths:
            raise SourceError(f"no pact matches {safe_text(', '.join(wanted), 200)}")
        for path in paths:
            name = path.relative_to(self._root).as_posix()
            if not path.resolve().is_relative_to(self._root):
                raise SourceError(f"{safe_text(name, 200)} is a link that leads out of the project")
            try:
                with open_regular(path) as file:
                    data = file.read(_LARGEST + 1)
                if len(data) > _LARGEST:
                    raise SourceError(f"{safe_text(name, 200)} is larger than {_LARGEST // 2**20} MiB")
                pact = msgspec.json.decode(data, type=_Pact)
            except OSError as error:
                raise SourceError(f"{safe_text(name, 200)} cannot be read: {error.strerror}") from None
            except (msgspec.DecodeError, ValueError, RecursionError) as error:
                raise SourceError(f"{safe_text(name, 200)} is no pact: {safe_text(error, 200)}") from None
            for one in (*pact.interactions, *pact.messages):
                states = [state.name for state in one.provider_states]
                states += [one.provider_state] if one.provider_state else []
                yield _name(pact.consumer.name, pact.provider.name, one.description, states)


def _check(one: _Result) -> Check:
    name = _name(one.consumer, one.provider, one.description, one.provider_states)
    if one.result == "OK":
        return Check(name=name, outcome="passed")
    if one.pending:
        return Check(name=name, outcome="not_evaluated", why="pending: it was never verified, and failed")
    return Check(name=name, outcome="failed")


def _name(consumer: str, provider: str, description: str, states: Sequence[str]) -> str:
    given = f" given {' and '.join(sorted(states))}" if states else ""
    return safe_text(f"{consumer}/{provider}: {description}{given}", 300)
