"""The text of a first ``workbench.yaml``: short, commented, with three gates."""

from __future__ import annotations

import json

from workbench.model.keys import is_slug, slug
from workbench.model.text import safe_text
from workbench.sources.kinds import KINDS
from workbench.sources.proposing import Proposal
from workbench.usecases.identity import system_user
from workbench.usecases.schemas import schema_comment
from workbench.usecases.surveying import Findings

ROLE = "release-owner"
_MOST_SHOWN = 12
_LONGEST = 300  # characters of a text
# Where no source can be asked for test results, a person types them.
_TYPED = Proposal(
    tests=("      - benchmarks: {benchmark: failed-jobs}",),
    about="The pipeline is green for exactly this commit.",
)
_NO_LETTERS = slug("")  # what a text without Latin letters or digits becomes


def starter_text(findings: Findings, *, checklists: bool = False) -> str:
    """A short, commented ``workbench.yaml`` with three gates."""
    title = safe_text(findings.folder.name, 80) or "project"
    return "\n".join(
        [
            schema_comment("project"),
            "# What the workbench knows about this project.  It reads this file and never writes to it.",
            "# workbench check checks it.  With the line above, an editor with a YAML language server completes it.",
            f"project: {yaml_key(slug(title) if slug(title) != _NO_LETTERS else 'project')}",
            f"title: {yaml_text(title)}",
            "timezone: UTC  # the days in your tables are days of this zone, for example Europe/Amsterdam",
            "",
            *_people(findings),
            "",
            *_environments(findings),
            "",
            *_sources(findings),
            "",
            *_checklists(checklists),
            "",
            *_benchmarks(findings),
            *_gates(findings),
            "",
        ]
    )


def yaml_text(text: str) -> str:
    """A text in double quotes, which YAML reads as JSON does."""
    return json.dumps(safe_text(text, _LONGEST), ensure_ascii=False)


def yaml_key(key: str) -> str:
    """A key, in quotes where YAML would take it for something else than text."""
    words = {"null", "yes", "no", "on", "off", "true", "false", "y", "n"}
    return key if is_slug(key) and key[0].isalpha() and key not in words else yaml_text(key)


def person_here(findings: Findings) -> tuple[str, str]:
    """Key and name of the person who sits here."""
    name = safe_text(findings.user_name or "", 80).strip() or system_user() or "me"
    known = (name.split()[0], (findings.user_email or "").partition("@")[0], "me")
    return next(key for text in known if (key := slug(text)) != _NO_LETTERS), name


def _people(findings: Findings) -> list[str]:
    key, name = person_here(findings)
    email = f", email: {yaml_text(findings.user_email)}" if findings.user_email else ""
    return [
        "# Who may act.  Roles have names of your own; the gates below ask for them.",
        "people:",
        f"  - {{key: {yaml_key(key)}, name: {yaml_text(name)}, roles: [{ROLE}]{email}}}",
    ]


def _environments(findings: Findings) -> list[str]:
    more = len(findings.deployment) - _MOST_SHOWN
    names = [*findings.deployment[:_MOST_SHOWN], *([f"and {more} more"] if more > 0 else [])]
    seen = [f"# Seen here: {safe_text(', '.join(names), 1_000)}"] if names else []
    return [
        "# The two that are compared.",
        *seen,
        "environments:",
        "  - {key: production, kind: production}",
        "  - {key: staging, kind: staging}",
    ]


def _sources(findings: Findings) -> list[str]:
    later = [proposal.later for proposal in findings.proposals if proposal.later]
    lines = ["  ".join(["# Where answers come from.", *later])]
    remarks = [line for proposal in findings.proposals for line in proposal.remarks]
    entries = [line for proposal in findings.proposals for line in proposal.entry]
    return [*lines, "sources:", *(entries or [f"  - {{key: hand, kind: {_by_hand()}}}"]), *remarks]


def _by_hand() -> str:
    """The kind of source that a person answers."""
    return next(name for name, kind in KINDS.items() if kind.by_hand)


def _checklists(copied: bool) -> list[str]:
    if copied:
        return [
            "# Copied from those that come with the workbench, and yours to edit.",
            "checklists: [checklists/*.yaml]",
        ]
    return [
        "# Three checklists come with the workbench, and a gate may ask for one (checklist: pre-production).",
        "# workbench init --force --checklists copies them here, to be edited; to take them as they are:",
        "# checklists: [pre-production, production-readiness, incident]",
    ]


def is_asked(findings: Findings) -> bool:
    """Whether a source can be asked for test results; else a person types them."""
    return any(proposal.tests for proposal in findings.proposals)


def _benchmarks(findings: Findings) -> list[str]:
    if is_asked(findings):
        return []
    where = f" ({', '.join(findings.other_pipelines)})" if findings.other_pipelines else ""
    how = f"Open the pipeline{where} of this commit and count the jobs that failed."
    return [
        "# Nothing was found that could be asked for test results, so a person types them, with a link as evidence:",
        "#   workbench benchmark enter failed-jobs 0 --link https://…",
        "benchmarks:",
        "  - key: failed-jobs",
        "    title: Failed jobs of the pipeline",
        "    environment: staging",
        "    measure:",
        "      source: hand",
        f"      how: {yaml_text(how)}",
        '    pass: "== 0"',
        "    mode: blocking",
        "    max_age: this candidate",
        "",
    ]


def _gates(findings: Findings) -> list[str]:
    asked = next((proposal for proposal in findings.proposals if proposal.tests), _TYPED)
    return [
        "# What a release has to pass, in order.",
        "gates:",
        "  - key: ci",
        "    title: CI",
        f"    about: {asked.about}",
        "    requires:",
        *asked.tests,
        "  - key: differences",
        "    title: Differences",
        "    about: We know what staging cannot tell us, and what we do about it.",
        "    requires:",
        "      - parity_reviewed: 90d",
        "      - differences_decided: high",
        "  - key: go",
        "    title: Go",
        "    about: Someone has reviewed everything and approves.",
        "    requires:",
        "      - not_frozen: {}",
        "      - actions_done: {}  # what incidents left to do, and is due",
        "    sign:",
        f"      roles: [{{role: {ROLE}}}]",
        "      own: true  # false, once there are two of you: nobody then approves their own work",
    ]
