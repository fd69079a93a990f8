"""What is asked of somebody elsewhere, as an outline for a page and as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workbench.model.text import safe_text
from workbench.model.times import moment_text
from workbench.notes.as_html import page
from workbench.notes.blocks import MARKS, Entries, Entry, Outline, Pairs, Paragraph, Section, Tone
from workbench.notes.safe import made_safe
from workbench.usecases.signing_elsewhere import Request

_TONES = {
    **dict.fromkeys(("met", "ready", "signed", "pass"), Tone.GOOD),
    **dict.fromkeys(("not_met", "blocked", "fail", "missing", "error", "stale", "no_baseline"), Tone.BAD),
    **dict.fromkeys(("warn", "learning"), Tone.WARN),
    "overridden": Tone.EXCEPTED,
}


def html_sheet(request: Request) -> str:
    """One self-contained page: what is asked, what it rests on, and how to answer by mail or chat."""
    return page(made_safe(_outline(request)))


def _outline(request: Request) -> Outline:
    document, code = request.document, request.code
    return Outline(
        project=request.project,
        version=request.release,
        subject=request.gate_title,
        summary=f"{request.asked_by} asks {request.person} to sign as {request.role.replace('-', ' ')}.",
        tone=Tone.PLAIN,
        headline=f"Please answer by mail or chat to {request.asked_by}, and quote this code: {code}",
        remarks=(
            f"For example: “I approve, {code}”, “I approve on the condition that …, {code}”, "
            f"or “I reject because …, {code}”.",
        ),
        facts=Pairs(
            (
                ("Approving means", request.meaning),
                ("Candidate", f"{request.candidate}, commit {request.commit[:12]}"),
                ("As of", moment_text(request.asked_at)),
            )
        ),
        sections=(
            _section("gates", "Gates before this one", _gates(document)),
            _section("asks", "What this gate asks", _requirements(document)),
            _section("parity", "What staging cannot tell", _differences(document)),
            _section("overrides", "Let past with a reason", _overrides(document)),
            _section("benchmarks", "Measurements", _verdicts(document)),
            Section(
                "proof",
                "Digests",
                (Pairs((("Of what is shown", request.shown), ("Of what decides", request.basis))),),
            ),
        ),
    )


def _section(key: str, title: str, entries: Iterable[Entry]) -> Section:
    found = tuple(entries)
    return Section(key, title, (Entries(found) if found else Paragraph("none", Tone.QUIET),))


def text_lines(request: Request) -> list[str]:
    """The same for a terminal; every line is safe."""
    document = request.document
    lines = [
        f"{request.project} {request.release} {request.candidate} {request.commit[:7]}: {request.gate_title}",
        f"{request.asked_by} asks {request.person} to sign as {request.role.replace('-', ' ')}",
        *(f"  {_state(item)} {_titled(item)}" for item in _rows(document, "requirements")),
        *(f"  {_verdict(item):<11} {_titled(item)}" for item in _rows(document, "verdicts")),
        f"approving means: {request.meaning}",
    ]
    return [safe_text(line) for line in lines]


def _gates(document: Mapping[str, Any]) -> Iterable[Entry]:
    for item in _rows(document, "gates"):
        yield Entry(_tone(item, "state"), _field(item, "title"), _plain(item, "state"))


def _requirements(document: Mapping[str, Any]) -> Iterable[Entry]:
    for item in _rows(document, "requirements"):
        yield Entry(_tone(item, "state"), _field(item, "title"), _because(_plain(item, "state"), item))


def _differences(document: Mapping[str, Any]) -> Iterable[Entry]:
    for item in _rows(document, "differences"):
        until = _field(item, "until")[:10]
        details = _filled(
            ("Staging", _field(item, "staging")),
            ("Production", _field(item, "production")),
            ("Why", _field(item, "reason")),
        )
        words = _field(item, "decision") + (f" until {until}" if until else "")
        yield Entry(Tone.PLAIN, _field(item, "title"), words, details)


def _overrides(document: Mapping[str, Any]) -> Iterable[Entry]:
    for item in _rows(document, "overrides"):
        details = _filled(("Approved by", _field(item, "approver")), ("Until", _field(item, "until")[:10]))
        yield Entry(Tone.EXCEPTED, _field(item, "title"), _field(item, "reason"), details)


def _verdicts(document: Mapping[str, Any]) -> Iterable[Entry]:
    for item in _rows(document, "verdicts"):
        words = f"{_verdict(item)}, {_field(item, 'mode')}"
        yield Entry(_tone(item, "verdict"), _field(item, "title"), _because(words, item))


def _titled(item: Mapping[str, Any]) -> str:
    return f"{_field(item, 'title')}: {_field(item, 'why')}"


def _because(words: str, item: Mapping[str, Any]) -> str:
    return ": ".join(filter(None, (words, _field(item, "why"))))


def _state(item: Mapping[str, Any]) -> str:
    return f"{MARKS[_tone(item, 'state')]} {_plain(item, 'state')}"


def _verdict(item: Mapping[str, Any]) -> str:
    return _plain(item, "verdict")


def _plain(item: Mapping[str, Any], name: str) -> str:
    return _field(item, name).replace("_", " ")


def _tone(item: Mapping[str, Any], name: str) -> Tone:
    return _TONES.get(_field(item, name), Tone.QUIET)


def _filled(*rows: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in rows if text)


def _rows(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The list of that name: the document came from outside, so its shape is not trusted."""
    found = document.get(name)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def _field(item: Mapping[str, Any], name: str) -> str:
    return str(item.get(name) or "")
