"""What is asked of somebody elsewhere, as an outline for a page and as lines for a terminal."""

from __future__ import annotations

from workbench.model.text import safe_text
from workbench.model.times import moment_text
from workbench.notes.as_html import page
from workbench.notes.blocks import Outline, Pairs, Section, Tone
from workbench.notes.safe import made_safe
from workbench.usecases.shown_document import rows, shown_sections, state_words, titled, verdict_words
from workbench.usecases.signing_elsewhere import Request


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
            *shown_sections(document),
            Section(
                "proof",
                "Digests",
                (Pairs((("Of what is shown", request.shown), ("Of what decides", request.basis))),),
            ),
        ),
    )


def text_lines(request: Request) -> list[str]:
    """The same for a terminal; every line is safe."""
    document = request.document
    lines = [
        f"{request.project} {request.release} {request.candidate} {request.commit[:7]}: {request.gate_title}",
        f"{request.asked_by} asks {request.person} to sign as {request.role.replace('-', ' ')}",
        *(f"  {state_words(item)} {titled(item)}" for item in rows(document, "requirements")),
        *(f"  {verdict_words(item):<11} {titled(item)}" for item in rows(document, "verdicts")),
        f"approving means: {request.meaning}",
    ]
    return [safe_text(line) for line in lines]
