"""What a form of the language says about how it is read."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from workbench.criteria.clause import Clause
from workbench.criteria.reader import Reader


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """One form of the language.

    ``opens`` are the words that it begins with; a form without them begins with an operator.
    ``words`` are its words, for suggestions; those in ``after_number`` may follow a number and so
    are no units.  ``read`` reads what stands behind the opening words, or from the operator on;
    it gives ``None`` where the text is of another form.
    """

    read: Callable[[Reader], Clause | None]
    opens: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    after_number: tuple[str, ...] = ()
