"""A gate as JUnit XML: one suite, one case for each line; what is not judged is skipped, never passed.

The dialect is what Jenkins, GitLab and most readers share: https://github.com/testmoapp/junitxml.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from workbench.model.times import to_text
from workbench.usecases.reporting.checks import Check, Checked, Outcome, safe
from workbench.usecases.reporting.words import ADVISORY, UNSEALED

_SKIPPED = (Outcome.EXCEPTED, Outcome.WAITING, Outcome.UNJUDGED, Outcome.LEFT_OUT)


def junit(said: Checked) -> str:
    """The whole file.  Its times are 0: a gate takes none that means anything."""
    counts = _attributes(
        tests=len(said.checks),
        failures=said.count(Outcome.FAILED),
        errors=said.count(Outcome.ERROR),
        skipped=said.count(*_SKIPPED),
        time="0",
    )
    name = f"{said.subject} (advisory)" if said.advisory else said.subject
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites name={quoteattr(name)}{counts}>",
        f"  <testsuite name={quoteattr(name)}{counts}{_attributes(timestamp=to_text(said.found.made_at))}>",
        "    <properties>",
        *(
            f"      <property name={quoteattr(key)} value={quoteattr(value)}/>"
            for key, value in _properties(said)
        ),
        "    </properties>",
        *(line for check in said.checks for line in _case(said, check)),
        "  </testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _attributes(**values: object) -> str:
    return "".join(f" {name}={quoteattr(str(value))}" for name, value in values.items())


def _properties(said: Checked) -> Iterator[tuple[str, str]]:
    found = said.found
    yield "project", safe(found.project_key, 200)
    yield "release", safe(found.version, 200)
    yield "gate", said.gate.key
    yield "state", said.gate.state.value
    yield "exit_code", str(said.exit_code)
    if found.candidate:
        yield "commit", safe(found.candidate.commit, 64)
    yield "ledger_head", found.head
    if said.advisory:
        yield "advisory", ADVISORY
    if found.unsealed:
        yield "unsealed", UNSEALED
    if found.demonstration:
        yield "demonstration", "its clock is set, its measurements are replayed"


def _case(said: Checked, check: Check) -> Iterator[str]:
    place = _attributes(file=check.place.file, line=check.place.line) if check.place else ""
    group = safe(f"{said.gate.key}.{check.rule}")
    name = check.named if check.key in (check.rule, "") else f"{check.named} [{check.key}]"
    head = f"    <testcase name={quoteattr(name)} classname={quoteattr(group)}{place}"
    inside = "".join(_inside(check))
    yield f'{head} time="0"/>' if not inside else f'{head} time="0">{inside}</testcase>'


def _inside(check: Check) -> Iterator[str]:
    why = quoteattr(check.why)
    match check.outcome:
        case Outcome.PASSED:
            return
        case Outcome.FAILED:
            yield f'<failure type="blocked" message={why}>{escape(_more(check))}</failure>'
        case Outcome.ERROR:
            yield f'<error type="not_asked" message={why}>{escape(_more(check))}</error>'
        case _:
            yield f"<skipped message={quoteattr(f'{check.outcome.value}: {check.why}')}/>"


def _more(check: Check) -> str:
    return f"{check.why}\nfix: {check.fix}" if check.fix else check.why
