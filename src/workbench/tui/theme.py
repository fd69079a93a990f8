"""Colours and marks: what each means, and how it looks in every terminal.

Widgets name a *role* ("this blocks"), never a colour; :func:`styles` turns roles into
styles for the theme in use.  Without colour, weight and reverse video take over.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.style import Style
from textual.theme import Theme

from workbench.usecases.views.marks import Mark as Mark
from workbench.usecases.views.pieces import Role as Role

if TYPE_CHECKING:
    from textual.app import App


_MARK_ROLES = {
    Mark.BLOCKS: Role.ERROR,
    Mark.WARNS: Role.WARNING,
    Mark.DONE: Role.SUCCESS,
    Mark.OPEN: Role.MUTED,
    Mark.UNDER_WAY: Role.ACCENT,
    Mark.COMPLETE: Role.SUCCESS,
    Mark.LEARNING: Role.MUTED,
    Mark.EXCEPTED: Role.ACCENT,
    Mark.NOT_APPLICABLE: Role.MUTED,
}


def role_of(mark: Mark) -> Role:
    """What a sign is coloured as."""
    return _MARK_ROLES[mark]


# Block cursors of Textual's own widgets (palette, selects) follow our calm row cursor.
DARK = Theme(
    name="workbench-dark",
    dark=True,
    primary="#7fb4ca",
    secondary="#7fb4ca",
    accent="#7fb4ca",
    error="#f07a72",
    warning="#d8a657",
    success="#87b37a",
    foreground="#d6d9de",
    background="#15171c",
    surface="#1c1f26",
    panel="#1c1f26",
    variables={
        "foreground-muted": "#98a0ac",
        "text-muted": "#98a0ac",
        "field": "#485060",
        "field-focus": "#2a566b",
        "block-cursor-background": "#3b4c5d",
        "cursor-error": "#ffb0aa",
        "cursor-warning": "#f2cd8e",
        "cursor-success": "#b5dfa9",
        "cursor-accent": "#abdcf0",
        "cursor-foreground-muted": "#ccd2da",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#20252e",
        "scrollbar": "#3a404b",
        "scrollbar-hover": "#4d5563",
        "scrollbar-active": "#7fb4ca",
        "scrollbar-background": "#15171c",
        "scrollbar-background-hover": "#15171c",
        "scrollbar-background-active": "#15171c",
        "border": "#7fb4ca",
        "border-blurred": "#3a404b",
    },
)
LIGHT = Theme(
    name="workbench-light",
    dark=False,
    primary="#0b6584",
    secondary="#0b6584",
    accent="#0b6584",
    error="#b3261e",
    warning="#875a00",
    success="#2c6e38",
    foreground="#23272e",
    background="#fbfaf7",
    surface="#f1efe9",
    panel="#f1efe9",
    variables={
        "foreground-muted": "#5f656f",
        "text-muted": "#5f656f",
        "field": "#aca9a2",
        "field-focus": "#87b0bf",
        "block-cursor-background": "#9ab8c5",
        "cursor-error": "#841813",
        "cursor-warning": "#5a3c00",
        "cursor-success": "#1b4723",
        "cursor-accent": "#07445a",
        "cursor-foreground-muted": "#3a3f46",
        "block-cursor-foreground": "#101418",
        "block-cursor-blurred-background": "#e9e7e0",
        "scrollbar": "#c9c5ba",
        "scrollbar-hover": "#b2ada0",
        "scrollbar-active": "#0b6584",
        "scrollbar-background": "#fbfaf7",
        "scrollbar-background-hover": "#fbfaf7",
        "scrollbar-background-active": "#fbfaf7",
        "border": "#0b6584",
        "border-blurred": "#c9c5ba",
    },
)
# The terminal's own sixteen colours on its own background: right on dark and on light ones.
ANSI = Theme(
    name="workbench-ansi",
    ansi=True,
    dark=True,
    primary="ansi_cyan",
    secondary="ansi_cyan",
    accent="ansi_cyan",
    error="ansi_red",
    warning="ansi_yellow",
    success="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "border": "ansi_cyan",
        "border-blurred": "ansi_bright_black",
        "field": "ansi_default",
        "field-focus": "ansi_default",
        "block-cursor-background": "ansi_cyan",
        "block-cursor-foreground": "ansi_black",
        "scrollbar": "ansi_bright_black",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
        "input-cursor-text-style": "reverse",
    },
)
THEMES = (DARK, LIGHT, ANSI)


class Styles:
    """Rich styles for the roles of one theme; foreground and weight only, but for the cursors."""

    def __init__(self, theme: Theme, *, no_color: bool) -> None:
        self._roles = {role: _role_style(role, theme, no_color) for role in Role}
        self.cursor = _cursor_style(theme, no_color, focused=True)
        self._on_cursor = {
            role: self.cursor + style + _on_cursor(role, theme) for role, style in self._roles.items()
        }
        self.cursor_blurred = _cursor_style(theme, no_color, focused=False)
        self.cell = _cell_style(theme, no_color)
        self.block = _block_style(theme, no_color)
        self.typed = _typed_style(theme, no_color)
        self.caret = Style(reverse=True)
        self.selected = self.cell
        self.match = Style(underline=True, bold=True)
        # Reversed colours would make a row of coloured blocks: such a cursor has none.
        self.is_plain = theme.ansi or no_color

    def on_cursor(self, role: Role) -> Style:
        """The style of a role in the row under the focused cursor."""
        return self.cursor if self.is_plain else self._on_cursor[role]

    def __getitem__(self, role: Role) -> Style:
        return self._roles[role]


def styles(app: App) -> Styles:
    """The styles for what ``app`` looks like now."""
    return _styles(app.theme, app.no_color)


def register(app: App, theme: str) -> None:
    """Make our themes known to ``app`` and put on the one named ``theme``."""
    for ours in THEMES:
        app.register_theme(ours)
    app.theme = theme


@lru_cache(16)
def _styles(name: str, no_color: bool) -> Styles:
    themes = {theme.name: theme for theme in THEMES}
    return Styles(themes.get(name, ANSI if "ansi" in name else DARK), no_color=no_color)


def _role_style(role: Role, theme: Theme, no_color: bool) -> Style:
    if role is Role.TEXT:
        return Style()
    if role is Role.STRONG or role is Role.HEADING:
        return Style(bold=True)
    if role in _FILLED:
        return _filled_style(_FILLED[role], theme, no_color)
    if role is Role.DIVIDER:
        return _divider_style(theme, no_color)
    if role is Role.HERE:
        return _role_style(Role.ACCENT, theme, no_color) + Style(bold=True, underline=True)
    if role is Role.MUTED:
        if theme.ansi or no_color:
            return Style(dim=True)
        return Style(color=theme.variables["foreground-muted"])
    bold = no_color or (theme.ansi and role is Role.ERROR)
    if no_color:
        return Style(bold=bold if role in (Role.ERROR, Role.ACCENT) else None)
    colour: str = getattr(theme, role.value)
    return Style(color=colour.removeprefix("ansi_"), bold=bold or None)


_FILLED = {Role.BLOCKED: Role.ERROR, Role.PASSED: Role.SUCCESS, Role.FILLED: Role.ACCENT}


def _filled_style(ground: Role, theme: Theme, no_color: bool) -> Style:
    if no_color:
        return Style(reverse=True, bold=True)
    colour: str = getattr(theme, ground.value)
    if theme.ansi:
        return Style(color="black", bgcolor=colour.removeprefix("ansi_"), bold=True)
    return Style(color=theme.background, bgcolor=colour, bold=True)


def _divider_style(theme: Theme, no_color: bool) -> Style:
    if theme.ansi or no_color:
        return Style(dim=True)
    return Style(color=theme.variables["border-blurred"])


def _cursor_style(theme: Theme, no_color: bool, *, focused: bool) -> Style:
    if theme.ansi or no_color:
        return Style(reverse=True) if focused else Style(bold=True)
    which = "block-cursor-background" if focused else "block-cursor-blurred-background"
    return Style(bgcolor=theme.variables[which])


def _on_cursor(role: Role, theme: Theme) -> Style:
    """The role's colour on the cursor's ground, which is lighter (on light themes darker) than the others."""
    name = "foreground-muted" if role is Role.MUTED else "accent" if role is Role.HERE else role.value
    colour = theme.variables.get(f"cursor-{name}")
    return Style(color=colour) if colour else Style()


def _cell_style(theme: Theme, no_color: bool) -> Style:
    """The cell under the cursor: as strong as a filled button."""
    if theme.ansi or no_color:
        return Style(reverse=True, bold=True)
    return Style(bgcolor=theme.accent, color=theme.background, bold=True)


def _block_style(theme: Theme, no_color: bool) -> Style:
    """Cells that are selected with the one under the cursor."""
    if theme.ansi or no_color:
        return Style(reverse=True)
    return Style(bgcolor=theme.variables["block-cursor-background"])


def _typed_style(theme: Theme, no_color: bool) -> Style:
    """An editor in a cell: a surface of its own, underlined."""
    if theme.ansi or no_color:
        return Style(underline=True)
    return Style(bgcolor=theme.surface, underline=True)
