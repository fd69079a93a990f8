"""The fields of a form that asks for a piece of evidence."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.evidence.model import Attachment
from workbench.model.text import safe_text
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, Values


def evidence_fields(earlier: Sequence[Attachment] = ()) -> tuple[Field, ...]:
    """What is asked for; ``earlier`` is evidence of earlier builds that may be taken over."""
    what = Field("what", "Evidence", hint="a link, the path of a file, or a note")
    title = Field("title", "Title", hint="Optional")
    if not earlier:
        return what, title
    options = tuple(
        Option(str(number), safe_text(f"{piece.kind}: {piece.title}", 60))
        for number, piece in enumerate(earlier, 1)
    )
    hint = "from an earlier build; choose one only if it also holds for this build"
    return what, title, Field("earlier", "Or reuse", "choice", hint=hint, options=options)


def check_evidence(values: Values) -> Values:
    """What is wrong with the answers, by field: one piece is one of them."""
    typed, chosen = bool(values["what"].strip()), bool(values.get("earlier"))
    if typed and chosen:
        return {"earlier": "choose this or the evidence above, not both; a attaches the other one"}
    return {} if typed or chosen else {"what": "Required"}
