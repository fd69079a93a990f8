"""The command of the command line that does the same as an action, by the action's id.

Words in capitals are what one has to say; a test compares all of it with the commands that there are.
"""

from __future__ import annotations

from collections.abc import Mapping

SHAPES: Mapping[str, str] = {
    "undo": "undo",
    "redo": "redo",
    "fetch": "fetch",
    "probe": "probe NAME",
    "open_environment": "environment show KEY",
    "add_happening": "environment occupy KEY --who TEXT --why TEXT --until TIME",
    "mark_environment": "environment validate KEY --plans RESULT",
    "prove": "probe NAME --prove",
    "take": "parity take PROBE:PATH",
    "proposals": "parity proposals",
    "diary": "parity diff A B",
    "freeze": "freeze --reason TEXT",
    "sign": "sign GATE --approve --confirm VERSION",
    "ask": "ask PERSON GATE",
    "promise": "promise PART --owner PERSON --by TIME",
    "override": "override PART --reason TEXT --until TIME",
    "propose_build": "release candidate COMMIT",
    "propose": "release candidate COMMIT",
    "candidate": "release candidate COMMIT",
    "decide_line": "parity decide REF --accept --reason TEXT --until TIME",
    "chase": "status",
    "show_line": "gate GATE",
    "show_signed": "shown REF",
    "add_difference": "parity add TITLE --staging TEXT --production TEXT",
    "open_difference": "parity show REF",
    "decide": "parity decide REF --accept --reason TEXT --until TIME",
    "review": "parity reviewed",
    "review_map": "parity reviewed",
    "remove_difference": "parity remove REF --reason TEXT",
    "import_differences": "import differences FILE",
    "edit_cell": "parity edit REF --staging TEXT",
    "fill_cells": "parity edit REF --owner PERSON",
    "paste_cells": "parity apply FILE",
    "save_edits": "parity apply FILE --reason TEXT",
    "open_benchmark": "benchmark show KEY",
    "explain": "check --explain KEY",
    "enter_value": "benchmark enter KEY VALUE --note TEXT",
    "tighten": "benchmark tighten KEY --reason TEXT",
    "try_criterion": "try CRITERION --value V --baseline B",
    "invalidate": "benchmark invalidate KEY --reason TEXT",
    "walk_here": "checklist show REF",
    "tick": "checklist tick REF --done",
    "failed": "checklist tick REF --failed --comment TEXT",
    "not_applicable": "checklist tick REF --not-applicable --reason TEXT",
    "attach": "checklist attach REF --link URL",
    "attach_evidence": "parity attach REF --link URL",
    "reopen_item": "checklist tick REF --reopen",
    "plan_release": "release new VERSION --commit SHA",
    "new_release": "release new VERSION --commit SHA",
    "edit_release": "release edit VERSION --summary TEXT",
    "outcome": "release shipped VERSION",
    "show_report": "shown REF",
    "add_flow": "flow add KEY --name TEXT",
    "edit_flow": "flow edit KEY --owner PERSON",
    "promote": "flow promote KEY",
    "tier_question": "flow tier KEY",
    "import_flows": "import flows FILE",
    "search_history": "history --text WORDS",
    "show_entry": "history",
    "show_kept": "shown REF",
    "open_page": "guide PAGE",
    "show_sentence": "parity statement",
    "keep_statement": "parity statement --keep",
    "edit_sentence": "parity statement SENTENCE --edit TEXT",
    "add_sentence": "parity statement --add TEXT --topic TOPIC --on REF",
    "remove_sentence": "parity statement SENTENCE --remove",
    "redraft": "parity statement --redraft",
    "write_notes": "notes --output FILE",
    "write_elsewhere": "notes --output FILE",
    "introduction": "release edit VERSION --notes TEXT",
    "so_far": "script --since TIME",
    "edit_file": "check",
}


def shape_of(action: str) -> str:
    """The whole command as one would begin to type it; "" where there is none."""
    shape = SHAPES.get(action, "")
    return f"workbench {shape}" if shape else ""
