"""An investigation's fields: what each is called, how it is read and written, who sets it."""

from __future__ import annotations

from datetime import tzinfo
from decimal import Decimal
from typing import Any

from workbench.investigations.model import Ending
from workbench.model.canonical import decimal_text
from workbench.model.noun_fields import ADD, Field, choice_field, moment_field, text_field


def _number(value: Any, zone: tzinfo) -> str:
    return decimal_text(value) if isinstance(value, Decimal) else ""


FIELDS: tuple[Field, ...] = (
    text_field("title", "What", help="What is investigated.", needed=True),
    text_field("environment", "Environment", help="The environment that it is about.", metavar="KEY", verbs=(ADD,)),
    text_field("region", "Region", help="The region, if not everywhere.", verbs=(ADD,)),
    text_field("owner", "Owner", help="Who investigates.", metavar="PERSON", refers="person", empty=None),
    text_field("finding", "Finding", help="What was found out.", lines=True),
    text_field("probe", "Probe", help="The probe whose score fell.", verbs=()),
    text_field("score", "Score", help="The score that fell.", verbs=()),
    text_field("value", "Value", help="The score when it was opened.", verbs=(), write=_number, tell=_number),
    text_field("limit", "Limit", help="What the score fell under.", verbs=(), write=_number, tell=_number),
    text_field("unit", "Unit", help="The unit of both; a share from 0 to 1 where there is none.", verbs=()),
    moment_field("opened_at", "Opened", help="When it was opened.", verbs=()),
    choice_field("ended", "State", choices=tuple(Ending), help="Open, or what it ended in.", verbs=()),
    text_field("outcome", "Ended in", help="The difference, refresh or limit.", verbs=()),
    moment_field("ended_at", "Ended", help="When it ended.", verbs=()),
    text_field("ended_by", "Ended by", help="Who ended it.", verbs=(), empty=None),
)  # fmt: skip
