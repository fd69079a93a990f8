"""SARIF files: what scanners found, and whether they saw everything."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.model.text import number_of, safe_text
from workbench.sources.findings import Finding
from workbench.sources.moments import moment_of_text
from workbench.sources.report_files import File, Told
from workbench.sources.sarif.keeping import kept
from workbench.sources.sarif.leaks import is_secret, looks_for_secrets
from workbench.sources.sarif.levels import Rules
from workbench.sources.sarif.places import words_of
from workbench.sources.sarif.shapes import Invocation, Log, Message, Notification, Result, Run, Tool
from workbench.sources.scans import Scan, ScanReports

_NO_PROBLEM = frozenset({"pass", "notApplicable", "informational"})


class Sarif(ScanReports):
    """Reads the SARIF files of one source."""

    media = "application/sarif+json"

    def read(self, file: File) -> Scan:
        """The findings of all its runs; ``SourceError`` for another version of SARIF."""
        log: Log = file.json(Log, self.largest)
        if not log.version.startswith("2.1"):
            raise file.wrong(
                f"is SARIF {safe_text(log.version, 20)}, and only 2.1.0 is read",
                hint="let the scanner write SARIF 2.1.0",
            )
        runs = log.runs or []
        flaws = [flaw for run in runs for flaw in _flaws(run)]
        return Scan(
            findings=[finding for run in runs for finding in _findings(run)],
            secrets=any(map(looks_for_secrets, runs)),
            flaws=flaws if runs else [f"{safe_text(file.name, 200)} holds no run of a scanner"],
            told=_told(runs),
        )

    def evidence(self, file: File) -> bytes:
        """The file without the code that it quotes."""
        return kept(file.bytes(self.largest))


def _findings(run: Run) -> Iterator[Finding]:
    rules = Rules(run)
    for result in run.results or ():
        # An absent result stood in an earlier run and was not found again.
        if result.kind not in _NO_PROBLEM and result.baseline_state != "absent":
            yield _finding(run, result, rules)


def _finding(run: Run, result: Result, rules: Rules) -> Finding:
    rule = rules.of(result)
    severity, graded = rules.severity(result, rule)
    name = result.rule_id or (rule.id if rule else None) or (result.rule.id if result.rule else None) or ""
    place, exact = words_of(run, result.locations)
    title = _text(result.message) or (_text(rule.short_description) if rule else "")
    return Finding(
        severity=severity,
        graded=graded,
        rule=safe_text(name, 200),
        title=safe_text(title, 300),
        place=safe_text(place, 300),
        suppressed=_suppressed(result),
        secret=is_secret(run, rule),
        identity=(_name(run.tool), name, exact, title),
    )


def _text(message: Message | None) -> str:
    if message is None:
        return ""
    if message.text or message.markdown:
        return message.text or message.markdown or ""
    return " ".join([message.id or "", *(message.arguments or ())]).strip()


def _suppressed(result: Result) -> str:
    """Why a result was set aside; one whose suppression is still looked at, or was rejected, is open."""
    suppressions = result.suppressions or []
    if not suppressions or any((one.status or one.state or "accepted") != "accepted" for one in suppressions):
        return ""
    first = suppressions[0]
    return safe_text(first.justification or ("in the source" if first.kind == "inSource" else "outside"), 200)


def _name(tool: Tool | None) -> str:
    return (tool.driver.name if tool and tool.driver else None) or "the scanner"


def _flaws(run: Run) -> Iterator[str]:
    """Why a run did not see everything."""
    name = safe_text(_name(run.tool), 100)
    if run.results is None:
        elsewhere = (run.external_property_file_references or {}).get("results")
        yield (
            f"the results of {name} stand in other files"
            if elsewhere
            else f"{name} says that it did not scan"
        )
    for invocation in run.invocations or ():
        if invocation.execution_successful is False:
            yield f"{name} says that it did not succeed"
        yield from _troubles(run, name, invocation)
    if _no_line(run):
        yield f"{name} looked at no line of code"


def _troubles(run: Run, name: str, invocation: Invocation) -> Iterator[str]:
    """What a scanner says that it could not do.

    semgrep only warns of a file that it cannot read; bandit calls that an error of its configuration.
    """
    told = [
        *(one for one in invocation.tool_execution_notifications or () if one.level not in ("note", "none")),
        *(one for one in invocation.tool_configuration_notifications or () if one.level == "error"),
    ]
    if told:
        more = f" (and {number_of(len(told) - 1, 'more problem')})" if len(told) > 1 else ""
        yield f"{name}: {_said(run, told[0])}{more}"


def _said(run: Run, notification: Notification) -> str:
    place, _ = words_of(run, notification.locations)
    text = _text(notification.message) or "something went wrong"
    return safe_text(f"{text} ({place})" if place else text, 200)


def _no_line(run: Run) -> bool:
    """Whether bandit counted no line of code: the folder was empty or another one."""
    metrics = (run.properties or {}).get("metrics")
    totals = metrics.get("_totals") if isinstance(metrics, dict) else None
    return isinstance(totals, dict) and totals.get("loc") == 0


def _told(runs: list[Run]) -> Told:
    named = [
        {one.revision_id for one in run.version_control_provenance or () if one.revision_id} for run in runs
    ]
    # A run that names none, or several since it looked at several repositories, does not say that it is the candidate's.
    commits = sorted({commit for each in named if len(each) == 1 for commit in each})
    times = [
        moment_of_text(text, "the end of the scan")[0]
        for run in runs
        for invocation in run.invocations or ()
        if (text := invocation.end_time_utc or invocation.start_time_utc)
    ]
    tools = dict.fromkeys(_tool(run.tool) for run in runs if run.tool)
    return Told(
        commit=commits[0] if commits and all(len(each) == 1 for each in named) else "",
        more_commits=tuple(commits),
        measured_at=min(times, default=None),
        tool=", ".join(tools),
    )


def _tool(tool: Tool) -> str:
    driver = tool.driver
    version = (driver.semantic_version or driver.version) if driver else None
    return safe_text(f"{_name(tool)} {version or ''}".strip(), 60)
