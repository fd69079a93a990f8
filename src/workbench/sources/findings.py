"""What scanners find: each finding once, by severity, open or set aside, whatever wrote it down.

Tools use other words for the same: levels and a score, capital letters, ``Negligible``.  Here there are four
severities, and *unknown* where a tool gives none: that counts as high, for nobody has said that it is less, and the
answer says so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Literal, get_args

import msgspec
from msgspec import field

from workbench.model.fields import Shape
from workbench.model.text import number_of, safe_text
from workbench.sources.reading import LISTS, Found, Question, in_unit

Severity = Literal["critical", "high", "medium", "low", "unknown"]

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_COUNTS_AS: Mapping[Severity, Severity] = {"unknown": "high"}
_SHOWN = 3  # findings that the line of a gate names
_NAMED = 20  # findings that the facts name
LISTED_AT_MOST = 200  # findings that are listed one by one for a gate
# What tools call them.  A word that is not here is unknown, never low.
_WORDS: Mapping[str, Severity] = {
    "critical": "critical", "blocker": "critical", "fatal": "critical",
    "high": "high", "error": "high", "major": "high", "important": "high", "serious": "high",
    "medium": "medium", "moderate": "medium", "warning": "medium", "warn": "medium",
    "low": "low", "minor": "low", "note": "low", "info": "low", "informational": "low", "information": "low",
    "negligible": "low", "none": "low",
}  # fmt: skip


class Listed(msgspec.Struct, frozen=True, omit_defaults=True):
    """An open finding or issue as an answer lists it: its severity, what it is in words, and whether it is a secret."""

    severity: Severity
    words: str
    secret: bool = False


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a scanner found.

    ``rule`` is what was broken (``B608``, ``CVE-2026-1234``), ``place`` where (a file and its line, a
    package and its version).  ``suppressed`` says why somebody set it aside; ``""`` is open.  ``graded`` is
    false where the tool's words do not tell critical from high.  ``secret`` says that it is a secret that lies open.  Two findings with the same ``identity`` are one: two
    files may tell of it.
    """

    severity: Severity
    rule: str
    title: str = ""
    place: str = ""
    suppressed: str = ""
    graded: bool = True
    secret: bool = False
    identity: tuple[str, ...] = ()

    @property
    def known_by(self) -> tuple[str, ...]:
        return self.identity or (self.rule, self.place, self.title)

    @property
    def words(self) -> str:
        """``B608 in shop/db.py:12``."""
        return safe_text(
            f"{self.rule or self.title} in {self.place}" if self.place else self.rule or self.title, 200
        )


class FindingsMeasure(Shape, frozen=True, kw_only=True):
    """How many findings there are."""

    read: Literal["open", "suppressed", "total"] = "open"
    """Findings that are open, that somebody has set aside, or both."""
    severity: list[Severity] = field(default_factory=list)
    """Only findings of these severities count; all unless set. One whose severity is unknown counts as high."""
    rules: list[str] = field(default_factory=list)
    """Only findings of these rules count, such as ``CVE-*``; all unless set."""
    incomplete: Literal["refuse", "show"] = "refuse"
    """What to do with a scan that did not see everything: nothing is measured, or what it saw counts and is marked as partial."""


def severity_of_word(word: object) -> Severity:
    """What a tool's word for a severity means here; ``unknown`` for one that nobody has defined."""
    return _WORDS.get(str(word).strip().lower(), "unknown") if word is not None else "unknown"


def severity_of_score(score: Decimal) -> Severity:
    """The severity of a CVSS score, by the bands of CVSS 3.1: 9.0 critical, 7.0 high, 4.0 medium; 0 is none.

    https://www.first.org/cvss/v3.1/specification-document#Qualitative-Severity-Rating-Scale; a score that is
    not between 0 and 10 is unknown.
    """
    if not 0 <= score <= 10:
        return "unknown"
    return "critical" if score >= 9 else "high" if score >= 7 else "medium" if score >= 4 else "low"


def one_each(findings: Iterable[Finding]) -> list[Finding]:
    """Every finding once; one that is open anywhere is open, and the more severe word for it stands."""
    found: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        other = found.get(finding.known_by)
        if other is None or _weight(finding) < _weight(other):
            found[finding.known_by] = finding
    return list(found.values())


def _weight(finding: Finding) -> tuple[bool, int]:
    return bool(finding.suppressed), _rank(finding)


def _rank(finding: Finding) -> int:
    return SEVERITIES.index(_COUNTS_AS.get(finding.severity, finding.severity))


def count(
    findings: Iterable[Finding],
    measure: FindingsMeasure,
    question: Question,
    *,
    measured_at: datetime,
    flaws: Iterable[str] = (),
    facts: Mapping[str, str | int] = {},
    secrets: bool = False,
) -> Found:
    """The answer to a question about findings.

    ``flaws`` say what kept the scanner from seeing everything: then nothing is measured, for there may be
    more, and the answer is *missing* with what was found until then in its words; unless the measure wants it shown.
    ``secrets`` says that what scanned looks for secrets, too.
    """
    one = [finding for finding in one_each(findings) if _asked_rule(finding, measure.rules)]
    counted = [finding for finding in one if _counts(finding, measure)]
    told = {**facts, **_facts(one, counted)}
    if question.role in LISTS:
        told |= _listed(counted, secrets)
    summary = _summary(counted)
    flaws = tuple(dict.fromkeys(flaws))
    if flaws and measure.incomplete == "refuse":
        why = "; ".join(
            [*flaws[:3], f"found until then: {summary}" if summary else "nothing was found until then"]
        )
        return Found(
            state="missing", measured_at=measured_at, why=f"the scan is not complete: {why}", facts=told
        )
    value, unit = in_unit(Decimal(len(counted)), "", question.unit)
    return Found(
        state="ok",
        measured_at=measured_at,
        value=value,
        unit=unit,
        why=summary,
        partial="; ".join([*flaws[:3], *_may_be_more(one, measure)]) or None,
        facts=told,
    )


def _listed(counted: list[Finding], secrets: bool) -> dict[str, str | int]:
    """What a gate counts one by one: how many there are of each severity, and the worst of them by name."""
    by = Counter(finding.severity for finding in counted)
    worst = [Listed(one.severity, one.words, one.secret) for one in _worst(counted)]
    secret = [one for one in worst[LISTED_AT_MOST:] if one.secret]
    kept = worst[:LISTED_AT_MOST] + secret[:LISTED_AT_MOST]
    return {
        "listed": msgspec.json.encode(kept).decode(),
        "unknown": by["unknown"],
        "ungraded": sum(not finding.graded or finding.severity == "unknown" for finding in counted),
        "secrets": sum(one.secret for one in worst),
        "looks_for_secrets": "yes" if secrets or any(one.secret for one in worst) else "no",
    }


def listed_in(facts: Mapping[str, object]) -> tuple[Listed, ...]:
    """What the facts of an answer list; of very many only the worst."""
    text = facts.get("listed")
    return msgspec.json.decode(text, type=tuple[Listed, ...]) if isinstance(text, str) else ()


def _asked_rule(finding: Finding, rules: list[str]) -> bool:
    return not rules or any(fnmatchcase(finding.rule, rule) for rule in rules)


def _counts(finding: Finding, measure: FindingsMeasure) -> bool:
    if measure.read != "total" and bool(finding.suppressed) is (measure.read == "open"):
        return False
    return not measure.severity or finding.severity in measure.severity or _as(finding) in measure.severity


def _as(finding: Finding) -> Severity:
    return _COUNTS_AS.get(finding.severity, finding.severity)


def _may_be_more(findings: list[Finding], measure: FindingsMeasure) -> Iterable[str]:
    """What to say of findings that may be critical, where only critical ones are counted and nothing grades them."""
    if measure.severity != ["critical"]:
        return
    open_ = [finding for finding in findings if not finding.suppressed]
    may_be = sum(finding.severity == "unknown" or not finding.graded for finding in open_)
    if may_be:
        yield f"{number_of(may_be, 'finding')} without a score may be critical, and count as high"


def _facts(findings: list[Finding], counted: list[Finding]) -> dict[str, str | int]:
    is_open = Counter(finding.severity for finding in findings if not finding.suppressed)
    facts: dict[str, str | int] = {
        "findings": len(findings),
        **{severity: is_open[severity] for severity in SEVERITIES if severity != "unknown"},
        "suppressed": sum(bool(finding.suppressed) for finding in findings),
    }
    if is_open["unknown"]:
        facts["without_severity"] = f"{is_open['unknown']:,}, counted as high"
    if counted:
        facts["found"] = safe_text("; ".join(each.words for each in _worst(counted)[:_NAMED]), 1000)
    return facts


def _worst(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (_rank(finding), finding.rule, finding.place))


def _summary(counted: list[Finding]) -> str:
    """``1 critical, 2 high: B608 in shop/db.py:12, …``."""
    by = Counter(finding.severity for finding in counted)
    numbers = ", ".join(
        f"{by[severity]:,} {'without a severity' if severity == 'unknown' else severity}"
        for severity in SEVERITIES
        if by[severity]
    )
    if not numbers:
        return ""
    named = ", ".join(finding.words for finding in _worst(counted)[:_SHOWN])
    more = len(counted) - _SHOWN
    return f"{numbers}: {named}{f' and {more:,} more' if more > 0 else ''}"
