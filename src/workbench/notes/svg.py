"""Pieces of SVG: for light and dark ground, without scripts, every text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from workbench.model.text import safe_text
from workbench.notes.style import PLOTS, VARIABLES

WIDTH = 720
LEFT, RIGHT = 64, 590  # between them the drawing itself; beside it numbers and words
HEIGHT = 220


def svg_file(title: str, parts: Sequence[str]) -> str:
    """A file of its own with these ``svg`` elements one below the other."""
    placed, y = [], 0.0
    for part in parts:
        placed.append(part.replace("<svg ", f'<svg y="{short(y)}" ', 1))
        y += float(part.split('height="', 1)[1].split('"', 1)[0])
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {short(y)}" width="{WIDTH}" height="{short(y)}" '
        f'font-family="system-ui, sans-serif">'
    )
    ground = f'<rect class="ground" width="{WIDTH}" height="{short(y)}"/>'
    style = f"<style>{VARIABLES}{PLOTS}</style>"
    return "\n".join((head, f"<title>{safe(title)}</title>", style, ground, *placed, "</svg>")) + "\n"


def safe(text: object) -> str:
    """Text from outside, safe between tags and within attributes."""
    return escape(safe_text(text), quote=True)


def short(number: float) -> str:
    """A number with one decimal, the same on every machine."""
    return f"{number:.1f}".removesuffix(".0")


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """Words at a place; ``kind`` is their class."""
    return f'<text class="{kind}" x="{short(x)}" y="{short(y)}" text-anchor="{anchor}">{safe(words)}</text>'


def across(kind: str, y: float, right: float = RIGHT) -> str:
    """A line from left to right."""
    return f'<line class="{kind}" x1="{LEFT}" x2="{short(right)}" y1="{short(y)}" y2="{short(y)}"/>'


def plot(height: float, title: str, words: str, parts: Sequence[str]) -> str:
    """One drawing for a page that has the styles of plots; ``words`` are read out in its place."""
    head = (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {short(height)}" width="{WIDTH}" height="{short(height)}" role="img" '
        f'aria-label="{safe(f"{title}: {words}")}">'
    )
    return "\n".join((head, *parts, "</svg>"))
