"""An action's fields: what each is called, how it is read and written, who sets it."""

from __future__ import annotations

from workbench.incidents.actions import ActionState
from workbench.model.noun_fields import Field, choice_field, end_field, moment_field, text_field

FIELDS: tuple[Field, ...] = (
    text_field("title", "What", "action", help="What is to be done.", label="What is to be done?", needed=True),
    text_field("owner", "Owner", help="Who does it.", metavar="PERSON", refers="person", empty=None),
    end_field("due", "Due", "by", help="The day by which it is done; that day counts.", metavar="DATE"),
    text_field("link", "Link", help="The ticket, or what shows that it is done.", metavar="URL"),
    text_field("subject", "Came of", help="The incident or failed test that it came of.", verbs=()),
    choice_field("state", "State", choices=tuple(ActionState), help="Open, done or dropped.", verbs=()),
    text_field("why", "Why", help="What was done, or why it was dropped.", verbs=()),
    text_field("by", "Added by", help="Who added it.", verbs=()),
    moment_field("at", "Added", help="When it was added.", verbs=()),
    moment_field("ended_at", "Ended", help="When it was done or dropped.", verbs=()),
    text_field("ended_by", "Ended by", help="Who did or dropped it.", verbs=(), empty=None),
)  # fmt: skip
