"""Widths, cropping and wrapping: nothing is ever wider than its room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from workbench.model.text import safe_text
from workbench.model.width import crop, fit, wrap
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import GAP, Column, lay_out
from workbench.tui.widgets.conflict import Difference, side_by_side
from workbench.tui.widgets.footer import MOST, Hint, footer_line
from workbench.tui.widgets.header import Situation, Tab, broken_line, header_line, mode_line
from workbench.tui.widgets.line import Line, Piece, spread, target_at, width_of
from workbench.tui.widgets.progress import Asked, progress_line
from workbench.tui.widgets.prose import Pair, Paragraph, Title, Verbatim, prose_lines
from workbench.tui.widgets.stepper import step_lines
from workbench.usecases.views.charts.bullet import Point, Scale, bullet_lines
from workbench.usecases.views.marks import Phrase
from workbench.usecases.views.readiness import GateStep

TEXTS = st.text(st.sampled_from("ab c éЖ漢字🙂[/x]\x1b\u202e"), max_size=30)
WIDTHS = st.integers(1, 200)
HOSTILE = "[/x][@click=app.quit]a[/]\x1b[31mred\x1b]0;title\x07\u202egnp.exe 漢字🙂👍🏽" + "x" * 500


def text_of(line: Line) -> str:
    return "".join(piece.text for piece in line)


@given(TEXTS, WIDTHS)
def test_crop_and_fit_keep_to_their_cells(text: str, width: int) -> None:
    safe = safe_text(text)
    assert cell_len(crop(safe, width)) <= width
    for align in ("left", "right", "center"):
        assert cell_len(fit(safe, width, align)) == width


@given(TEXTS, st.integers(2, 60))
def test_wrap_loses_no_letter(text: str, width: int) -> None:
    lines = wrap(safe_text(text), width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(safe_text(text).split())


columns = st.builds(
    Column,
    key=st.just("k"),
    width=st.sampled_from([0, 0, 4, 12]),
    flex=st.sampled_from([0, 0, 1, 3]),
    least=st.integers(1, 20),
    most=st.integers(1, 40),
    drop=st.integers(0, 3),
)


@given(st.lists(st.tuples(columns, st.integers(0, 80)), min_size=1, max_size=8), WIDTHS)
def test_columns_fit_and_never_overlap(found: list[tuple[Column, int]], room: int) -> None:
    placed = lay_out([column for column, _ in found], [want for _, want in found], room)
    end = 0
    for place in placed:
        assert place.x >= end
        assert place.width > 0
        end = place.x + place.width
    assert end <= room
    indexes = [place.index for place in placed]
    assert indexes == sorted(indexes)


def test_the_column_to_drop_goes_before_others_shrink() -> None:
    found = (Column("a", flex=1, least=10), Column("b", drop=1), Column("c", drop=2))
    wants = [30, 10, 10]
    assert [place.index for place in lay_out(found, wants, 60)] == [0, 1, 2]
    assert [place.index for place in lay_out(found, wants, 24)] == [0, 1]
    narrow = lay_out(found, wants, 12)
    assert [(place.index, place.width) for place in narrow] == [(0, 12)]


def test_a_flexible_column_takes_what_is_left_up_to_what_eyes_can_follow() -> None:
    found = (Column("a", flex=1), Column("b"))
    assert [place.width for place in lay_out(found, [20, 5], 20 + GAP + 5)] == [20, 5]
    assert lay_out(found, [20, 5], 200)[0].width == 36


SITUATION = Situation(
    "web-shop",
    "2.14.0",
    "rc2",
    "a1b2c3d",
    3,
    7,
    3,
    "Tue 15 Sep, in 2 days",
    "in 2 days",
    person="Robin",
    key="rob",
    roles="release owner",
)


def test_the_header_says_everything_at_80_and_what_counts_at_60() -> None:
    wide = text_of(header_line(SITUATION, 80))
    for said in ("web-shop 2.14.0 rc2", "✗ 3 blockers · 7 to do · 3 to sign", "Robin · in 2 days"):
        assert said in wide
    full = text_of(header_line(SITUATION, 120))
    assert "rc2 a1b2c3d" in full and "Robin, release owner · Tue 15 Sep, in 2 days" in full
    narrow = text_of(header_line(SITUATION, 60))
    assert "2.14.0 rc2" in narrow
    assert "✗ 3 blockers · 7 to do · 3 to sign" in narrow


@given(TEXTS, TEXTS, st.integers(40, 200))
def test_the_header_never_loses_what_blocks(project: str, release: str, width: int) -> None:
    line = header_line(Situation(project, release or "1", "rc1", "a" * 40, 12, 3, 1, "in 2 days"), width)
    assert width_of(line) <= width
    if width >= 50:
        assert "12 blockers" in text_of(line)


def test_the_header_of_a_clean_release_says_so() -> None:
    clean = text_of(header_line(Situation("shop", "1.0", state="signed"), 80))
    assert "✓ signed" in clean
    assert "open" not in text_of(header_line(Situation("shop"), 80))
    ended = text_of(
        header_line(Situation("shop", "1.0", blocks=3, state="watching", mark=Mark.UNDER_WAY, ended=True), 80)
    )
    assert "◐ watching" in ended and "block" not in ended


def test_the_mode_we_are_in_is_underlined_and_each_can_be_clicked() -> None:
    line = mode_line((Tab("a", "1", "Alpha"), Tab("b", "2", "Beta")), "b", 80)
    assert text_of(line).strip() == "1 Alpha  2 Beta"
    assert [piece.text for piece in line if piece.role is Role.HERE] == ["Beta"]
    assert target_at(line, text_of(line).index("Beta")) == "b"
    assert target_at(line, 70) is None


def test_where_it_is_narrow_the_last_modes_keep_their_keys_and_the_notice_stays() -> None:
    modes = (Tab("a", "1", "Alpha"), Tab("b", "2", "Beta"), Tab("c", "3", "Gamma"), Tab("m", "0", "more"))
    assert text_of(mode_line(modes, "a", 44, "demo")).split() == [
        "1",
        "Alpha",
        "2",
        "Beta",
        "3",
        "Gamma",
        "0",
        "more",
        "demo",
    ]
    assert text_of(mode_line(modes, "a", 32, "demo")).split() == ["1", "Alpha", "2", "3", "0", "more", "demo"]
    assert text_of(mode_line(modes, "c", 32, "demo")).split() == ["1", "2", "3", "Gamma", "0", "more", "demo"]
    beyond = (*modes, Tab("e", "", "Epsilon"))
    assert text_of(mode_line(beyond, "e", 26, "")).split() == ["1", "2", "3", "0", "more", "Epsilon"]


def test_files_with_a_mistake_are_told_below_the_header() -> None:
    line = text_of(broken_line("workbench.yaml:12:3: no field is called tier" + "x" * 200, 80))
    assert (
        line.startswith(" ✗ workbench.yaml:12:3: no field") and "last good version shown · E to edit" in line
    )
    assert cell_len(line) <= 80


def test_the_footer_keeps_the_most_important_hints_in_their_order() -> None:
    hints = [Hint(str(number), str(number), "label", priority=number % 5) for number in range(9)]
    line = text_of(footer_line(hints, 300))
    assert line.count("label") == MOST
    kept = [piece.target for piece in footer_line(hints, 25) if piece.target]
    assert set(kept) == {"4", "3"}
    assert kept[0] == "3"


def test_steps_wrap_between_gates() -> None:
    steps = [GateStep(str(number), f"Gate {number}", Mark.OPEN, "0/5") for number in range(8)]
    lines = step_lines(steps, "3", 50)
    assert len(lines) > 1
    assert all(width_of(line) <= 50 for line in lines)
    assert sum(text_of(line).count("Gate") for line in lines) == 8


def test_spread_puts_both_ends_at_the_ends() -> None:
    line = spread([Piece("left")], [Piece("right")], 20)
    assert text_of(line) == "left" + " " * 11 + "right"


def test_a_pair_hangs_beside_its_label() -> None:
    lines = [text_of(line) for line in prose_lines([Pair("Why", "word " * 30)], 40)]
    assert lines[0].startswith(" Why  word")
    assert all(line.startswith("      word") for line in lines[1:])


def test_what_a_command_printed_keeps_its_columns_where_a_line_is_too_long() -> None:
    (only,) = prose_lines([Verbatim("a    b")], 20)
    assert text_of(only).strip() == "a    b"
    printed = "2.14.0   blocked  Thu 17 Sep  The payment gateway"
    lines = [text_of(line).rstrip() for line in prose_lines([Verbatim(printed)], 40, indent=0)]
    assert lines == ["2.14.0   blocked  Thu 17 Sep  The", "payment gateway"]
    (long, rest) = (text_of(line) for line in prose_lines([Verbatim("  " + "x" * 50)], 40, indent=0))
    assert long == "  " + "x" * 38 and rest == "  " + "x" * 12


def test_a_paragraph_keeps_its_line_breaks_and_titles_stand_apart() -> None:
    lines = [text_of(line) for line in prose_lines([Paragraph("one\ntwo"), Title("Three")], 40)]
    assert lines == [" one", " two", "", " Three"]


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.integers(20, 160))
def test_a_bullet_fits_whatever_the_numbers(value: float, baseline: float, limit: float, width: int) -> None:
    scale = Scale(Point(value, "value"), Point(baseline, "baseline"), Point(limit, "limit"))
    lines = bullet_lines(scale, width)
    assert all(width_of(line) <= width for line in lines)
    words = " ".join(text_of(line) for line in lines)
    assert "value" in words
    assert "baseline" in words
    assert "limit" in words


def test_only_what_is_beyond_the_limit_is_in_error_red() -> None:
    over = bullet_lines(Scale(Point(0.69, "v"), high=Point(0.54, "l")), 80)[1]
    met = bullet_lines(Scale(Point(0.40, "v"), high=Point(0.54, "l")), 80)[1]
    assert any(piece.role is Role.ERROR for piece in over)
    assert not any(piece.role is Role.ERROR for piece in met)


def test_a_bullet_without_a_value_shows_no_bar() -> None:
    lines = bullet_lines(Scale(None, high=Point(0.54, "limit 0.54 s")), 60)
    assert "━" not in text_of(lines[0])
    assert "limit 0.54 s" in text_of(lines[1])


def test_progress_fills() -> None:
    half = text_of(progress_line(Asked("p", "Prometheus", "asking", 11, 22), 90))
    full = text_of(progress_line(Asked("p", "Prometheus", "done", 22, 22), 90))
    assert 0 < half.count("━") < full.count("━")
    assert "─" not in full
    assert "11 of 22" in half


def test_two_versions_stand_side_by_side() -> None:
    lines = side_by_side([Difference("Reason", "word " * 20, "")], 80)
    assert all(width_of(line) <= 80 for line in lines)
    assert text_of(lines[1]).rstrip().endswith("–")


@given(st.integers(20, 120))
def test_hostile_names_steer_nothing(width: int) -> None:
    situation = Situation(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1, 1, 1, HOSTILE)
    lines = [
        header_line(situation, width),
        mode_line([Tab("a", HOSTILE, HOSTILE)], "a", width),
        footer_line([Hint("a", HOSTILE, HOSTILE, HOSTILE)], width),
        progress_line(Asked("a", HOSTILE, "asking", 1, 2, HOSTILE), width),
        *step_lines([GateStep("a", HOSTILE, Mark.OPEN, HOSTILE)], "a", width),
        *prose_lines([Title(HOSTILE), Pair(HOSTILE, HOSTILE), Paragraph(HOSTILE)], width),
        *bullet_lines(Scale(Point(1, HOSTILE), Point(2, HOSTILE)), width),
        *side_by_side([Difference(HOSTILE, HOSTILE, HOSTILE)], width),
    ]
    for line in lines:
        assert width_of(line) <= width
        assert not {"\x1b", "\x07", "\u202e"} & set(text_of(line))


def test_many_blockers_are_counted_as_everywhere() -> None:
    situation = Situation(project="shop", release="2.14.0", blocks=1416, to_do=1200)
    assert "1,416 blockers · 1,200 to do" in text_of(header_line(situation, 100))


@given(st.integers(80, 160))
def test_the_word_about_the_server_stands_at_the_right_and_cuts_nothing_off(width: int) -> None:
    tabs = [Tab(str(n), str(n), f"Screen {n}") for n in range(10)]
    line = mode_line(tabs, "3", width, "demo", Phrase("off-line · 3 to send"))
    assert width_of(line) <= width
    names = len(" " + "".join(f"{tab.key} {tab.title}  " for tab in tabs))
    whole = names + 2 + len("off-line · 3 to send · demo ") <= width
    said = "off-line · 3 to send · demo" if whole else "off-line · 3 · demo"
    assert text_of(line).rstrip().endswith(said)
    assert "Screen 3" in text_of(line)
    quiet, loud = (
        mode_line(tabs, "3", width, "", word)
        for word in (Phrase("off-line"), Phrase("needs you", Mark.WARNS))
    )
    assert [piece.role for piece in quiet if "off-line" in piece.text] == [Role.MUTED]
    assert [piece.role for piece in loud if "needs you" in piece.text] == [Role.WARNING]
    assert mode_line(tabs, "3", width) == mode_line(tabs, "3", width, "", None)
