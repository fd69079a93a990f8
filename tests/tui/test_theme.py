"""Colours can be read, and marks mean what they should."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from workbench.tui.theme import ANSI, DARK, LIGHT, Mark, Role, Styles, role_of


def luminance(color: str) -> float:
    """Relative luminance, as WCAG 2.1 defines it."""
    parts = [part / 255 for part in Color.parse(color).rgb]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_every_role_can_be_read_on_every_background(theme: Theme) -> None:
    backgrounds = (theme.background, theme.surface)
    texts = (theme.foreground, theme.accent, theme.error, theme.warning, theme.success)
    for background in backgrounds:
        for text in (*texts, theme.variables["foreground-muted"]):
            assert contrast(str(text), str(background)) >= 4.5, (text, background)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_row_under_the_cursor_cannot_be_missed_and_every_role_is_read_on_it(theme: Theme) -> None:
    ground = theme.variables["block-cursor-background"]
    assert contrast(ground, str(theme.background)) >= 2
    look = Styles(theme, no_color=False)
    for role in Role:
        style = look.on_cursor(role)
        text = style.color.name if style.color else str(theme.foreground)
        assert style.bgcolor is not None
        if role is not Role.DIVIDER:  # nothing is written in it
            assert contrast(text, style.bgcolor.name) >= 4.5, role


def test_only_what_blocks_is_in_the_error_role() -> None:
    assert [mark for mark in Mark if role_of(mark) is Role.ERROR] == [Mark.BLOCKS]
    assert len({mark.symbol for mark in Mark}) == len(Mark)
    assert all(mark.word for mark in Mark)


def test_without_colour_no_style_has_one() -> None:
    look = Styles(ANSI, no_color=True)
    for role in Role:
        assert look[role].color is None
        assert look.on_cursor(role).color is None
    assert look.cursor.reverse
    assert look[Role.ERROR].bold


def test_sixteen_colours_are_the_terminals_own() -> None:
    look = Styles(ANSI, no_color=False)
    for role in (Role.ERROR, Role.ACCENT, Role.SUCCESS, Role.WARNING):
        color = look[role].color
        assert color is not None
        assert color.triplet is None


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("box", ["field", "field-focus"])
def test_where_one_types_stands_out_from_the_form_and_what_is_typed_from_there(
    theme: Theme, box: str
) -> None:
    ground = theme.variables[box]
    assert theme.surface and theme.foreground
    assert contrast(ground, theme.surface) >= 2
    assert contrast(theme.foreground, ground) >= 4.5
