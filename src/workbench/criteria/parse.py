"""Reading a criterion: recursive descent over words that know their column.

::

    criterion = term {"or" term}        term = factor {"and" factor}
    factor    = "(" criterion ")" | clause

What a clause may be is said by the forms, a file each: see ``forms``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NoReturn

from workbench.criteria.clause import Clause, Criterion
from workbench.criteria.forms import FORMS
from workbench.criteria.operators import Operator
from workbench.criteria.reader import Reader, Vocabulary
from workbench.criteria.tree import all_of, any_of
from workbench.criteria.verdict import CriterionError
from workbench.model.keys import nearest

MAX_LENGTH = 1000
MAX_DEPTH = 50

_COMPARISONS = tuple(form for form in FORMS if not form.opens)
_NAMED = tuple(form for form in FORMS if form.opens)
_OPENINGS = tuple(" ".join(form.opens) for form in _NAMED)
_BEGINS = ", ".join((*Operator, *_OPENINGS[:-1])) + f" or {_OPENINGS[-1]}"
_VOCABULARY = Vocabulary(
    keywords=("and", "or", "of", "baseline", "pp", *(word for form in FORMS for word in form.words)),
    after_number=("and", "or", "of", "baseline", *(word for form in FORMS for word in form.after_number)),
)
_FORMS = f"a rule begins with {_BEGINS}"
_PHRASES = {
    "at": "write <= for “at most” and >= for “at least”",
    "max": "write <= for an upper limit", "maximum": "write <= for an upper limit",
    "minimum": "write >= for a lower limit", "under": "write <", "below": "write <",
    "less": "write <", "over": "write >", "above": "write >", "more": "write >",
    "greater": "write >", "equal": "write ==", "equals": "write ==", "is": "write ==",
    "baseline": "write <= baseline, or within 20% of baseline",
}  # fmt: skip


@lru_cache(maxsize=1024)
def parse(text: str) -> Criterion:
    """The criterion that ``text`` says; raises :class:`CriterionError` with the column."""
    if len(text) > MAX_LENGTH:
        raise CriterionError(
            f"a criterion of {len(text)} characters; {MAX_LENGTH} are the most",
            text=text,
            column=MAX_LENGTH + 1,
            hint="split it into several benchmarks",
        )
    return _Parser(text).read()


class _Parser(Reader):
    """One reading of one text."""

    def __init__(self, text: str) -> None:
        super().__init__(text, _VOCABULARY)
        self.depth = 0

    def read(self) -> Criterion:
        if self.token.kind == "end":
            self.fail("an empty criterion", hint=_FORMS)
        criterion = self.alternatives()
        if self.token.kind != "end":
            self.trailing()
        return criterion

    def trailing(self) -> NoReturn:
        token = self.token
        if token.text == ")":
            self.fail("a “)” without its “(”")
        if token.kind in ("operator", "number") or self.sees("(", *(form.opens[0] for form in _NAMED)):
            self.fail(f"“and” or “or” was expected before “{token.text}”")
        self.unexpected("“and”, “or” or the end was expected", ("and", "or"))

    def alternatives(self) -> Criterion:
        parts = [self.conjunction()]
        while self.skip("or"):
            parts.append(self.conjunction())
        return any_of(*parts)

    def conjunction(self) -> Criterion:
        parts = [self.factor()]
        while self.skip("and"):
            parts.append(self.factor())
        return all_of(*parts)

    def factor(self) -> Criterion:
        opening = self.token
        if not self.skip("("):
            return self.clause()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"parentheses more than {MAX_DEPTH} deep", hint="simplify the criterion", at=opening)
        inner = self.alternatives()
        if not self.skip(")"):
            if self.token.kind == "end":
                self.fail("a “(” without its “)”", at=opening)
            self.trailing()
        self.depth -= 1
        return inner

    def clause(self) -> Clause:
        """The first form that reads what stands here."""
        start = self.index
        for form in _COMPARISONS if self.token.kind == "operator" else _NAMED:
            if form.opens:
                if not self.skip(form.opens[0]):
                    continue
                self.expect(*form.opens[1:])
            found = form.read(self)
            if found is not None:
                return found
            self.index = start
        return self.no_clause()

    def no_clause(self) -> NoReturn:
        token = self.token
        if token.kind == "end":
            self.fail("the text ends where a rule was expected", _FORMS)
        if token.kind == "number":
            self.fail(f"“{token.text}” needs a comparison before it", f"write <= {token.text}, for example")
        phrase = _PHRASES.get(token.text.lower())
        meant = nearest(token.text, _OPENINGS)
        self.fail(
            f"no rule begins with “{token.text}”", phrase or (f"did you mean {meant}?" if meant else _FORMS)
        )
