"""What trying a source brought, line by line: for the command and for the app."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from workbench.model.text import safe_lines, safe_text
from workbench.sources.exchanges import Exchange
from workbench.usecases.guide_text import parts
from workbench.usecases.source_trying import Answer, Tried

_SHOWN = 12  # lines of an answer, and of what is asked
_SIGNS = {"ok": "✓", "missing": "–", "error": "✗"}


def lines(tried: Tried) -> Iterator[str]:
    """Everything in order: what was asked, what came, what would be measured; then the usual mistakes."""
    server = f", {tried.server}" if tried.server else ""
    yield f"{tried.source}: {tried.kind}{server}"
    if tried.unproven:
        yield f"  {tried.unproven}"
    for answer in tried.answers:
        yield ""
        yield from _answer(answer)
    if tried.pitfalls:
        yield ""
        yield "usual mistakes with this kind of source"
        for part in parts(tried.pitfalls):
            yield from (f"  {text}" for text in part.texts)


def summary(answer: Answer) -> str:
    """One line: what would be measured, or why nothing."""
    words = {"ok": answer.value, "missing": "missing", "error": "error"}[answer.state]
    return f"{words}: {answer.why}" if answer.why else words


def _answer(answer: Answer) -> Iterator[str]:
    where = f" in {answer.environment}" if answer.environment else ""
    role = ", baseline" if answer.role == "baseline" else ""
    yield f"{answer.subject}{role}{where}"
    for name, text in answer.asked_for.items():
        yield f"  {name}: {safe_text(text, 400)}"
    for exchange in answer.exchanges:
        yield from (f"  {line}" for line in _exchange(exchange))
    for kept in answer.kept if not answer.exchanges else ():
        yield f"  ← {kept}"
    yield f"  {_SIGNS[answer.state]} {summary(answer)}"
    more = {
        "samples": "" if answer.samples is None else f"{answer.samples:,} observations behind it",
        "partial": f"partial: {answer.partial}" if answer.partial else "",
        "mark": answer.mark,
    }
    yield from (f"    {text}" for text in more.values() if text)
    for name, fact in answer.facts.items():
        yield f"    {name.replace('_', ' ')}: {safe_text(fact, 200)}"
    for doubt in answer.doubts:
        yield f"  ▲ {doubt.what}" + (f"; {doubt.hint}" if doubt.hint else "")


def _exchange(exchange: Exchange) -> Iterator[str]:
    yield f"→ {exchange.request}"
    yield from (f"    {name}={safe_text(value, 400)}" for name, value in exchange.sent)
    if exchange.content:
        yield from _beginning(exchange.content)
    if not exchange.status and not exchange.media:  # a program may end with 0
        yield "← nothing came back"
        return
    yield f"← {exchange.status} {exchange.media}, {exchange.size:,} bytes"
    yield from _beginning(exchange.beginning)


def _beginning(text: str) -> Iterator[str]:
    told = safe_lines(text)
    yield from (f"    {line[:400]}" for line in told[:_SHOWN])
    if len(told) > _SHOWN:
        yield "    …"


def outcome(tried: Tried) -> str:
    """All answers in a few words: ``2 answered, 1 without data``."""
    counts = Counter(answer.state for answer in tried.answers)
    told = {"ok": "answered", "missing": "without data", "error": "failed"}
    return ", ".join(f"{counts[state]} {words}" for state, words in told.items() if counts[state])
