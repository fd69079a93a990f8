"""The files that go to somebody elsewhere: a request for the workbench, a sheet for everybody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import msgspec

from workbench.model.errors import UsageError
from workbench.model.files import write_whole
from workbench.model.keys import slug
from workbench.model.text import safe_text
from workbench.model.times import moment_text
from workbench.usecases.signing_elsewhere import Reply, Request

# No scripts, no outside loads, nothing sent anywhere: the page says so itself.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
td, th { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #8886; }
code { font-size: 1.3rem; letter-spacing: .1em; font-weight: bold; }
.answer { border: 1px solid #8886; border-radius: .4rem; padding: .5rem 1rem; }
small { opacity: .75; overflow-wrap: anywhere; }
"""
_STATES = {
    "met": "✓ met",
    "not_met": "✗ not met",
    "overridden": "⊘ overridden",
    "not_applicable": "– not applicable",
}


def request_name(request: Request) -> str:
    """The request's file name."""
    return f"sign-off-{slug(request.release)}-{request.gate}-{request.person}.json"


def write_request(request: Request, folder: Path) -> Path:
    """Write the request that ``workbench sign FILE`` answers; returns the file."""
    data = msgspec.json.format(msgspec.json.encode(request), indent=1) + b"\n"
    return _write(folder / request_name(request), data)


def write_sheet(request: Request, folder: Path) -> Path:
    """Write the sheet that anybody can read in a browser; returns the file."""
    return _write((folder / request_name(request)).with_suffix(".html"), html_sheet(request).encode())


def write_reply(reply: Reply, path: Path) -> Path:
    """Write the answer that ``workbench import FILE`` takes in; returns the file."""
    return _write(path, msgspec.json.format(msgspec.json.encode(reply), indent=1) + b"\n")


def _write(path: Path, data: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}", hint="choose another folder"
        ) from None
    return path


def html_sheet(request: Request) -> str:
    """One self-contained page: what is asked, what it rests on, and how to answer by mail or chat."""
    t = _text
    document = request.document
    title = f"{request.project} {request.release}: {request.gate_title}"
    answer = (
        f"<div class=answer><p>Please answer by mail or chat to {t(request.asked_by)}, and quote this code:</p>"
        f"<p><code>{t(request.code)}</code></p>"
        "<p>For example: “I approve, " + t(request.code) + "”, “I approve on the condition that …, "
        + t(request.code) + "”, or “I reject because …, " + t(request.code) + "”.</p></div>"
    )  # fmt: skip
    body = [
        f"<h1>{t(title)}</h1>",
        f"<p>{t(request.asked_by)} asks {t(request.person)} to sign as {t(request.role.replace('-', ' '))}. "
        f"Candidate {t(request.candidate)}, commit {t(request.commit[:12])}; as of "
        f"{t(moment_text(request.asked_at))}.</p>",
        f"<p>Approving means: <q>{t(request.meaning)}</q></p>",
        answer,
        "<h2>Gates before this one</h2>",
        _table(("State", "Gate"), _gates(document)),
        "<h2>What this gate asks</h2>",
        _table(("State", "Requirement", "Why"), _requirements(document)),
        "<h2>What staging cannot tell</h2>",
        _table(("Difference", "Staging", "Production", "Decision", "Why"), _differences(document)),
        "<h2>Let past with a reason</h2>",
        _table(("What", "Reason", "Approved by", "Until"), _overrides(document)),
        "<h2>Measurements</h2>",
        _table(("Verdict", "Benchmark", "Mode", "Why"), _verdicts(document)),
        f"<p><small>Digest of what is shown: {t(request.shown)}<br>of what decides: {t(request.basis)}</small></p>",
    ]
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{t(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
    )
    return head + "<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"


def text_lines(request: Request) -> list[str]:
    """The same for a terminal; every line is safe."""
    document = request.document
    lines = [
        f"{request.project} {request.release} {request.candidate} {request.commit[:7]}: {request.gate_title}",
        f"{request.asked_by} asks {request.person} to sign as {request.role.replace('-', ' ')}",
        *(f"  {state} {title}: {why}" for state, title, why in _requirements(document)),
        *(f"  {verdict:<11} {title}: {why}" for verdict, title, _, why in _verdicts(document)),
        f"approving means: {request.meaning}",
    ]
    return [safe_text(line) for line in lines]


def _requirements(document: Mapping[str, Any]) -> Iterable[Sequence[str]]:
    for item in _rows(document, "requirements"):
        yield (
            _STATES.get(_field(item, "state"), _field(item, "state")),
            _field(item, "title"),
            _field(item, "why"),
        )


def _gates(document: Mapping[str, Any]) -> Iterable[Sequence[str]]:
    for item in _rows(document, "gates"):
        yield _field(item, "state"), _field(item, "title")


def _differences(document: Mapping[str, Any]) -> Iterable[Sequence[str]]:
    for item in _rows(document, "differences"):
        until = _field(item, "until")[:10]
        decision = _field(item, "decision") + (f" until {until}" if until else "")
        yield (
            _field(item, "title"),
            _field(item, "staging"),
            _field(item, "production"),
            decision,
            _field(item, "reason"),
        )


def _overrides(document: Mapping[str, Any]) -> Iterable[Sequence[str]]:
    for item in _rows(document, "overrides"):
        yield (
            _field(item, "title"),
            _field(item, "reason"),
            _field(item, "approver"),
            _field(item, "until")[:10],
        )


def _verdicts(document: Mapping[str, Any]) -> Iterable[Sequence[str]]:
    for item in _rows(document, "verdicts"):
        verdict = _field(item, "verdict").replace("_", " ")
        yield verdict, _field(item, "title"), _field(item, "mode"), _field(item, "why")


def _rows(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The list of that name: the document came from outside, so its shape is not trusted."""
    found = document.get(name)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def _field(item: Mapping[str, Any], name: str) -> str:
    return str(item.get(name) or "")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
    if not cells:
        return "<p>none</p>"
    return f"<table>\n<tr>{''.join(f'<th>{_text(cell)}</th>' for cell in head)}</tr>\n{cells}</table>"


def _text(text: object) -> str:
    return escape(safe_text(text))
