"""Every action of the app, with its key: the one place where keys are given out.

One key means one thing everywhere; a screen's own actions come before the common ones.
"""

from __future__ import annotations

from workbench.tui.actions import Action, Actions
from workbench.tui.widgets.header import Mode

MODES = (
    Mode("readiness", "1", "Readiness"),
    Mode("parity", "2", "Parity"),
    Mode("benchmarks", "3", "Benchmarks"),
    Mode("checklists", "4", "Checklists"),
    Mode("releases", "6", "Releases"),
    Mode("flows", "F", "Flows"),
    Mode("history", "H", "History"),
    Mode("notes", "N", "Notes"),
)

# What lies below a mode, as the help names it.
BELOW = {"benchmark": "a benchmark", "walking": "walking a checklist"}

_HOME = ("readiness",)
_PARITY = ("parity",)
_BENCH = ("benchmarks", "benchmark")
_LISTS = ("checklists",)
_WALK = ("walking",)
_RELEASES = ("releases",)
_FLOWS = ("flows",)
_HISTORY = ("history",)
_NOTES = ("notes",)

ACTIONS = Actions(
    (
        # Readiness
        Action("clear_line", "enter", "fix", "go to where the line is cleared", _HOME, 10),
        Action("next_blocker", "right_square_bracket", "next", "go to the next line that blocks", _HOME, 9),
        Action(
            "previous_blocker", "left_square_bracket", "previous", "go to the line before that blocks", _HOME
        ),
        Action(
            "override", "o", "override", "let the release past the line, with a reason and an end", _HOME, 5
        ),
        Action("sign", "s", "sign", "sign the next gate that waits for your role", _HOME, 8),
        Action("promise", "w", "who", "say who takes care of the line, and by when", _HOME, 3),
        Action("chase", "c", "chase", "copy what is open, by person", _HOME, 4),
        Action("show_line", "m", "more", "the line in full", _HOME),
        Action("freeze", "z", "freeze", "freeze promotion, or lift the freeze", _HOME),
        # Parity
        Action("add_difference", "a", "add", "put a difference on the map", _PARITY, 8),
        Action("edit_difference", "enter", "edit", "edit the fields of the line", _PARITY, 7),
        Action("decide", "d", "decide", "decide about the line, or about all marked ones", _PARITY, 9),
        Action("mark_difference", "space", "mark", "mark the line, to decide about several", _PARITY, 4),
        Action(
            "reviewed", "r", "looked over", "say that the map was looked over for this release", _PARITY, 6
        ),
        Action(
            "remove_difference", "x", "gone", "take a difference off the map that exists no more", _PARITY
        ),
        Action("import_differences", "i", "import", "take differences in from a CSV file", _PARITY, 1),
        Action("filter_parity", "slash", "filter", "show only lines with certain words", _PARITY),
        Action("sort_parity", "t", "sort", "sort by the next column", _PARITY),
        # Benchmarks
        Action("open_benchmark", "enter", "open", "the benchmark in full", ("benchmarks",), 9),
        Action(
            "show_row", "enter", "show", "the line in full; of evidence, what was answered", ("benchmark",), 9
        ),
        Action("fetch_one", "g", "fetch this", "measure this benchmark alone", _BENCH),
        Action("explain", "x", "explain", "show what the benchmark resolves to, and from where", _BENCH, 5),
        Action("enter_value", "a", "value", "enter a value by hand, with evidence", _BENCH, 4),
        Action("tighten", "b", "blocking", "make the benchmark stop the release from now on", _BENCH, 3),
        Action("try_criterion", "t", "try", "try another criterion on these figures", _BENCH, 6),
        Action("invalidate", "v", "does not count", "say that the last measurement does not count", _BENCH),
        # Checklists
        Action("walk", "w", "walk", "walk the open items one by one, from this one on", _LISTS, 9),
        Action("walk_here", "enter", "read", "read the item, and walk on from it", _LISTS, 7),
        Action("tick", "y", "done", "the item is done", (*_LISTS, *_WALK), 8),
        Action(
            "not_applicable",
            "x",
            "not applicable",
            "the item does not concern this release",
            (*_LISTS, *_WALK),
            5,
        ),
        Action("attach", "a", "attach", "attach a link, a file or a note as evidence", (*_LISTS, *_WALK), 6),
        Action("reopen_item", "n", "open again", "take the answer back", (*_LISTS, *_WALK)),
        Action("failed", "f", "failed", "the item failed: say what was found", _WALK, 7),
        Action("comment_item", "c", "comment", "answer with a comment", _WALK, 4),
        Action("next_open", "tab", "next open", "go to the next open item", _WALK, 9),
        Action("previous_open", "shift+tab", "back", "go to the item before; ← does, too", _WALK, 8),
        Action("next_item", "right", "after", "go to the item after, open or not", _WALK),
        Action("leave_walk", "l", "list", "go back to the list; esc does, too", _WALK, 7),
        # Releases
        Action("take_in_hand", "enter", "in hand", "judge this release on every screen", _RELEASES, 6),
        Action("new_release", "a", "new", "plan a release", _RELEASES, 8),
        Action("candidate", "b", "candidate", "propose the next build of the release", _RELEASES, 7),
        Action("edit_release", "e", "edit", "edit what the release is, and how one goes back", _RELEASES, 4),
        Action("shipped", "s", "shipped", "say that the release was shipped", _RELEASES, 5),
        Action(
            "rolled_back",
            "x",
            "rolled back",
            "say that the release was rolled back or abandoned",
            _RELEASES,
            3,
        ),
        # Flows
        Action("add_flow", "a", "add", "list a flow", _FLOWS, 8),
        Action("edit_flow", "enter", "edit", "edit the fields of the flow", _FLOWS, 7),
        Action("promote", "b", "promote", "take the flow one adoption stage further", _FLOWS, 6),
        Action("tier_question", "t", "tier", "answer three questions that suggest a tier", _FLOWS, 4),
        Action("import_flows", "i", "import", "take flows in from a CSV file", _FLOWS, 3),
        Action("sort_flows", "", "sort", "sort by the next column", _FLOWS),
        Action("filter_flows", "slash", "filter", "show only flows with certain words", _FLOWS),
        # History
        Action("show_entry", "enter", "show", "the entry in full, with before and after", _HISTORY, 9),
        Action("search_history", "slash", "search", "find words anywhere in the ledger", _HISTORY, 8),
        # Notes
        Action("export_notes", "s", "save", "write the notes to a file", _NOTES, 9),
        Action("next_format", "t", "format", "show the next format", _NOTES, 7),
        Action("own_words", "a", "own words", "write your own words for the notes", _NOTES, 8),
        Action("copy_notes", "c", "copy", "copy the notes as they are shown", _NOTES, 5),
        # Everywhere
        Action(
            "filter_lines",
            "slash",
            "find",
            "show only lines with certain words",
            (*_HOME, *_LISTS, *_BENCH, *_RELEASES),
        ),
        Action("fetch", "f", "fetch", "measure again", (*_HOME, *_BENCH), 7),
        Action("undo", "u", "undo", "take back your own last change", (), 1),
        Action("edit_file", "E", "edit file", "open the definition of the line in your editor"),
        Action("help", "question_mark", "help", "what the keys do here", (), 5),
        Action("mode_readiness", "1", "readiness", "go to Readiness"),
        Action("mode_parity", "2", "parity", "go to the parity map"),
        Action("mode_benchmarks", "3", "benchmarks", "go to the benchmarks"),
        Action("mode_checklists", "4", "checklists", "go to the checklists"),
        Action("incidents", "5", "incidents", "incidents: they come with a later version"),
        Action("mode_releases", "6", "releases", "go to the releases"),
        Action("mode_flows", "F", "flows", "go to the flow inventory"),
        Action("mode_history", "H", "history", "go to the history of changes"),
        Action("mode_notes", "N", "notes", "go to the release notes"),
        Action("switch_colours", "", "colours", "dark, light, or the terminal's own colours"),
        Action("reload", "ctrl+r", "reload", "read the files and the record again"),
        Action("quit", "q", "quit", "leave; nothing is lost"),
    )
)
