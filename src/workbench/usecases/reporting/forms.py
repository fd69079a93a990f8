"""The formats of a gate's report: one judgement, many reports.

Each is imported when it is asked for.  ``github`` and ``gitlab`` are written for the job's log; in a file they
are the job's summary and the Code Quality report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from workbench.model.ci_log import break_commands
from workbench.model.json_text import json_text
from workbench.usecases.reporting.checks import Checked

TEXT, JSON = "text", "json"


class Form(msgspec.Struct, frozen=True):
    """A format: its media type, what its file holds, and what is printed where that is something else."""

    media: str
    document: Callable[[Checked, str], str]
    printed: Callable[[Checked, str], str] | None = None


def written(form: str, said: Checked, reader: str = "", *, printed: bool = False) -> str:
    """The report in a format, ending in a line break; ``printed`` for the log of a job."""
    chosen = FORMS[form]
    make = chosen.printed if printed and chosen.printed is not None else chosen.document
    return make(said, reader)


def _text(said: Checked, reader: str) -> str:
    from workbench.usecases.reporting.as_text import text_report

    return break_commands(text_report(said.found, said.gate, reader, advisory=said.advisory)) + "\n"


def gate_json(said: Checked, reader: str) -> dict[str, Any]:
    """The object of ``gate --json``."""
    from workbench.usecases.reporting.as_json import gate_document

    document = gate_document(said.found, said.gate, reader)
    return {**document, "advisory": said.advisory, "exit_code": said.exit_code}


def _json(said: Checked, reader: str) -> str:
    return json_text(gate_json(said, reader)) + "\n"


def _markdown(said: Checked, reader: str) -> str:
    from workbench.usecases.reporting.as_markdown import markdown_report

    return break_commands(markdown_report(said.found, said.gate, advisory=said.advisory))


def _junit(said: Checked, reader: str) -> str:
    from workbench.usecases.reporting.as_junit import junit

    return junit(said)


def _sarif(said: Checked, reader: str) -> str:
    from workbench.usecases.reporting.as_sarif import sarif

    return json_text(sarif(said)) + "\n"


def _ctrf(said: Checked, reader: str) -> str:
    from workbench.usecases.reporting.as_ctrf import ctrf

    return json_text(ctrf(said)) + "\n"


def _github(said: Checked, reader: str) -> str:
    from workbench.usecases.reporting.as_github import summary

    return summary(said)


def _github_log(said: Checked, reader: str) -> str:
    from workbench.usecases.reporting.as_github import log

    return log(said, reader)


def _gitlab(said: Checked, reader: str) -> str:
    from workbench.usecases.reporting.as_gitlab import code_quality

    return json_text(code_quality(said)) + "\n"


def _gitlab_log(said: Checked, reader: str) -> str:
    import os

    from workbench.usecases.reporting.as_gitlab import log

    return log(said, reader, sections=os.environ.get("GITLAB_CI") == "true")


FORMS: Mapping[str, Form] = {
    TEXT: Form("text/plain", _text),
    JSON: Form("application/json", _json),
    "markdown": Form("text/markdown", _markdown),
    "junit": Form("application/xml", _junit),
    "sarif": Form("application/sarif+json", _sarif),
    "ctrf": Form("application/json", _ctrf),
    "github": Form("text/markdown", _github, _github_log),
    "gitlab": Form("application/json", _gitlab, _gitlab_log),
}
