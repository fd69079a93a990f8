"""Commands that CI systems take from what is printed: text from outside must never be one.

GitHub and GitLab's runners, Azure Pipelines, TeamCity and Buildkite read the log of a job line by line.
"""

from __future__ import annotations

import re

# Azure Pipelines, TeamCity and GitHub's older form look anywhere in a line: ##vso[, ##teamcity[, ##[.
_ANYWHERE = re.compile(r"#(?=#[\w.-]{0,40}\[)")
# GitHub looks behind blanks at the beginning of a line; Buildkite makes groups of lines.
_AT_START = re.compile(r"^([ \t]*)(?=::|(?:---|\+\+\+|~~~|\^\^\^)[ \t])", re.MULTILINE)


def break_anywhere(text: str) -> str:
    """``text`` without what is taken for a command wherever it stands: a dot comes between."""
    return _ANYWHERE.sub("#·", text) if "##" in text else text


def break_commands(text: str) -> str:
    """Lines without any command; what stands at the beginning of a line gets a dot before it."""
    return _AT_START.sub(r"\1·", break_anywhere(text))
