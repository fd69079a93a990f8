"""What is asked of somebody elsewhere, as an outline for a page and as lines for a terminal."""

from __future__ import annotations

from workbench.model.text import safe_text
from workbench.model.times import moment_text
from workbench.notes.as_html import page
from workbench.notes.blocks import Outline, Pairs, Section, Tone
from workbench.notes.safe import made_safe
from workbench.usecases.requests import Request
from workbench.usecases.shown_document import rows, shown_sections, state_words, titled, verdict_words


def html_sheet(request: Request) -> str:
    """One self-contained page: what is asked, what it rests on, and how to answer by mail or chat."""
    return page(made_safe(_outline(request)))


def _outline(request: Request) -> Outline:
    document, code, asking = request.document, request.code, request.asking
    return Outline(
        project=request.project,
        version=request.release,
        subject=request.gate_title,
        summary=f"{asking.person} asks {request.person} to sign as {asking.role.replace('-', ' ')}.",
        tone=Tone.PLAIN,
        headline=f"Please answer by mail or chat to {asking.person}, and quote this code: {code}",
        remarks=(
            f"For example: “I approve, {code}”, “I approve on the condition that …, {code}”, "
            f"“I send it back: I need … from …, {code}”, or “I reject because …, {code}”.",
        ),
        facts=Pairs(
            (
                ("Approving means", asking.meaning),
                ("Candidate", f"{asking.candidate}, commit {asking.commit[:12]}"),
                ("As of", moment_text(asking.said_at)),
            )
        ),
        sections=(
            *shown_sections(document),
            Section(
                "proof",
                "Digests",
                (Pairs((("Of what is shown", asking.shown), ("Of what decides", asking.basis))),),
            ),
        ),
    )


def text_lines(request: Request) -> list[str]:
    """The same for a terminal; every line is safe."""
    document, asking = request.document, request.asking
    lines = [
        f"{request.project} {request.release} {asking.candidate} {asking.commit[:7]}: {request.gate_title}",
        f"{asking.person} asks {request.person} to sign as {asking.role.replace('-', ' ')}",
        *(f"  {state_words(item)} {titled(item)}" for item in rows(document, "requirements")),
        *(f"  {verdict_words(item):<11} {titled(item)}" for item in rows(document, "verdicts")),
        f"approving means: {asking.meaning}",
    ]
    return [safe_text(line) for line in lines]
