"""A gate for GitHub Actions: annotations in the job's log, and a summary of the job.

Format: https://docs.github.com/actions/reference/workflow-commands-for-github-actions.  GitHub shows ten
annotations of a kind for each step, and refuses a summary of more than 1 MiB.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.model.ci_log import break_commands
from workbench.usecases.reporting.as_markdown import markdown_report
from workbench.usecases.reporting.as_text import text_report
from workbench.usecases.reporting.checks import Check, Checked, Outcome
from workbench.usecases.reporting.words import ADVISORY

MOST = 10  # annotations of a kind that GitHub shows of a step
SUMMARY_LIMIT = 1024 * 1024  # bytes of a step's summary
_CUT = "\n\n_The report is longer than GitHub shows: write it to a file with `--report markdown=FILE`._\n"


def log(said: Checked, reader: str = "") -> str:
    """What the job prints: the report as text in a group, then the annotations."""
    text = break_commands(text_report(said.found, said.gate, reader, advisory=said.advisory))
    return "\n".join([f"::group::{data(said.subject)}", text, "::endgroup::", *commands(said)]) + "\n"


def commands(said: Checked) -> Iterator[str]:
    """The workflow commands, at most ten of a kind; the last says how many more there are."""
    errors = [check for check in said.checks if check.outcome in (Outcome.FAILED, Outcome.ERROR)]
    waiting = [check for check in said.checks if check.outcome is Outcome.WAITING]
    notices = [check for check in said.checks if check.outcome in (Outcome.EXCEPTED, Outcome.UNJUDGED)]
    if said.advisory:
        yield f"::notice title={value(said.subject)}::{data(ADVISORY)}"
        yield from _some("warning", [*errors, *waiting])
        yield from _some("notice", notices, MOST - 1)
        return
    yield from _some("error", errors)
    yield from _some("warning", waiting)
    yield from _some("notice", notices)


def _some(kind: str, checks: Sequence[Check], most: int = MOST) -> Iterator[str]:
    shown = checks if len(checks) <= most else checks[: most - 1]
    for check in shown:
        place = f"file={value(check.place.file)},line={check.place.line}," if check.place else ""
        words = f"{check.outcome.value}: {check.why}" + (f" (fix: {check.fix})" if check.fix else "")
        yield f"::{kind} {place}title={value(check.named)}::{data(words)}"
    if left := len(checks) - len(shown):
        yield f"::{kind} title={left} more::{left} more of this kind are in the report of the job"


def data(text: str) -> str:
    """Text for the part after the second ``::``."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def value(text: str) -> str:
    """Text for a property of a command."""
    return data(text).replace(":", "%3A").replace(",", "%2C")


def summary(said: Checked, room: int = SUMMARY_LIMIT) -> str:
    """The report as Markdown for the job's page, cut at a line where it needs more than ``room`` bytes.

    Empty where not even that it was cut can be said.
    """
    text = break_commands(markdown_report(said.found, said.gate, advisory=said.advisory))
    raw = text.encode()
    if len(raw) <= room:
        return text
    kept = raw[: max(0, room - len(_CUT.encode()))].rpartition(b"\n")[0].decode("utf-8", "ignore")
    return kept + _CUT if kept else ""
