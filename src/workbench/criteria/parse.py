"""Reading a criterion: recursive descent over words that know their column.

::

    criterion = term {"or" term}        term = factor {"and" factor}
    factor    = "(" criterion ")" | clause
    clause    = operator bound | "between" amount "and" amount | "within" amount "of baseline"
              | "both" operator amount | "in control" | "not worse than baseline" ["by" percent]
    bound     = amount | number "x baseline" | "baseline" [("+" | "-") amount ["of baseline"]]
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn

import msgspec

from workbench.criteria import tree
from workbench.criteria.tree import Amount, Criterion, Operator
from workbench.criteria.verdict import CriterionError
from workbench.model.canonical import decimal_text
from workbench.model.keys import nearest
from workbench.model.quantity import UNITS, Quantity, find_unit

MAX_LENGTH = 1000
MAX_DEPTH = 50
MAX_DIGITS = 18

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<operator><=|>=|==|≤|≥|<|>)"
    r"|(?P<word>[^\W\d_]\w*(?:/\w+)?|/[^\W\d_]\w*|%)"
    r"|(?P<mark>[()+×*−-])"
)
_AFTER_NUMBER = re.compile(r"[.,_'’]")
_OPERATORS = {"≤": "<=", "≥": ">="}
_KEYWORDS = (
    "and", "or", "between", "within", "of", "baseline", "both", "in", "control",
    "not", "worse", "than", "by", "x", "pp",
)  # fmt: skip
_FORMS = "a rule begins with <=, >=, <, >, ==, between, within, both, in control or not worse than"
_PHRASES = {
    "at": "write <= for “at most” and >= for “at least”",
    "max": "write <= for an upper limit", "maximum": "write <= for an upper limit",
    "minimum": "write >= for a lower limit", "under": "write <", "below": "write <",
    "less": "write <", "over": "write >", "above": "write >", "more": "write >",
    "greater": "write >", "equal": "write ==", "equals": "write ==", "is": "write ==",
    "baseline": "write <= baseline, or within 20% of baseline",
}  # fmt: skip


class _Token(msgspec.Struct, frozen=True):
    kind: str
    text: str
    column: int


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


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unreadable(text, position)
        kind, word = str(match.lastgroup), match[0]
        if kind == "number":
            _check_number(text, word, match.end(), position + 1)
        if kind == "operator":
            word = _OPERATORS.get(word, word)
        if kind != "space":
            found.append(_Token(kind, word, position + 1))
        position = match.end()
    found.append(_Token("end", "", len(text) + 1))
    return found


def _unreadable(text: str, position: int) -> CriterionError:
    character = text[position]
    hints = {
        "=": "write == for equal, <= for at most, >= for at least",
        "!": "“not equal” is not part of the language; write two rules joined by or",
        "&": "write and", "|": "write or", ".": "write 0.5, with a digit before the point",
        "±": "write within 20% of baseline", "~": "write within 20% of baseline",
    }  # fmt: skip
    return CriterionError(
        f"“{character}” has no meaning here", text=text, column=position + 1, hint=hints.get(character)
    )


def _check_number(text: str, word: str, end: int, column: int) -> None:
    if len(word) > MAX_DIGITS:
        raise CriterionError(
            f"a number of more than {MAX_DIGITS} characters", text=text, column=column, hint="round it"
        )
    if _AFTER_NUMBER.match(text, end):
        raise CriterionError(
            f"“{word}{text[end]}” does not read as a number",
            text=text,
            column=column,
            hint="write plain decimals: 10000, not 10,000; 0.5, not 0,5",
        )


class _Parser:
    """One reading of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.index = 0
        self.depth = 0

    # -- moving over tokens ------------------------------------------------------------

    @property
    def token(self) -> _Token:
        return self.tokens[self.index]

    def fail(self, what: str, hint: str | None = None, at: _Token | None = None) -> NoReturn:
        raise CriterionError(what, text=self.text, column=(at or self.token).column, hint=hint)

    def take(self) -> _Token:
        token = self.token
        self.index += token.kind != "end"
        return token

    def sees(self, *words: str) -> bool:
        return self.token.kind in ("word", "mark") and self.token.text.lower() in words

    def skip(self, *words: str) -> bool:
        if self.sees(*words):
            self.index += 1
            return True
        return False

    def expect(self, *words: str) -> None:
        for word in words:
            if not self.skip(word):
                self.unexpected(f"“{word}” was expected", (word,))

    def unexpected(self, expected: str, words: tuple[str, ...] = _KEYWORDS) -> NoReturn:
        token = self.token
        if token.kind == "end":
            self.fail(f"the text ends where {expected.replace(' was expected', '')} was expected")
        known = [*words, *UNITS, "baseline"]
        meant = nearest(token.text, known) if token.kind == "word" else None
        hint = f"did you mean {meant}?" if meant and meant != token.text else None
        self.fail(f"{expected}, not “{token.text}”", hint)

    # -- the grammar -------------------------------------------------------------------

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
        if token.kind in ("operator", "number") or self.sees("between", "within", "both", "not", "in", "("):
            self.fail(f"“and” or “or” was expected before “{token.text}”")
        self.unexpected("“and”, “or” or the end was expected", ("and", "or"))

    def alternatives(self) -> Criterion:
        parts = [self.conjunction()]
        while self.skip("or"):
            parts.append(self.conjunction())
        return tree.any_of(*parts)

    def conjunction(self) -> Criterion:
        parts = [self.factor()]
        while self.skip("and"):
            parts.append(self.factor())
        return tree.all_of(*parts)

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

    def clause(self) -> Criterion:
        if self.token.kind == "operator":
            return self.one_sided(self.operator())
        if self.skip("between"):
            return self.between()
        if self.skip("within"):
            return self.within()
        if self.skip("both"):
            if self.token.kind != "operator":
                self.unexpected("a comparison (<=, >=, <, >, ==) was expected after both")
            return tree.Both(self.operator(), self.absolute())
        if self.skip("in"):
            self.expect("control")
            return tree.InControl()
        if self.skip("not"):
            self.expect("worse", "than", "baseline")
            return tree.NotWorse(self.percent() if self.skip("by") else None)
        return self.no_clause()

    def no_clause(self) -> NoReturn:
        token = self.token
        if token.kind == "end":
            self.fail("the text ends where a rule was expected", _FORMS)
        if token.kind == "number":
            self.fail(f"“{token.text}” needs a comparison before it", f"write <= {token.text}, for example")
        phrase = _PHRASES.get(token.text.lower())
        meant = nearest(token.text, ("between", "within", "both", "in control", "not worse than"))
        self.fail(
            f"no rule begins with “{token.text}”", phrase or (f"did you mean {meant}?" if meant else _FORMS)
        )

    def operator(self) -> Operator:
        return Operator(self.take().text)

    def one_sided(self, operator: Operator) -> Criterion:
        if self.skip("baseline"):
            if self.sees("+", "-", "−"):
                return self.offset(operator)
            if self.sees("x", "×", "*"):
                self.fail("the factor comes first", "write <= 2 x baseline")
            return tree.Shifted(operator)
        if self.sees("+"):  # other tools' short form: <=+10%
            return self.offset(operator)
        start = self.token
        amount = self.amount(signed=True)
        if self.sees("x", "×", "*"):
            return self.multiple(operator, amount, start)
        if self.sees("of"):
            self.share_of_baseline(operator, amount)
        if amount.unit == "%" and amount.number < 0:
            self.fail(
                "it is not clear whether this is a negative limit or a distance from the baseline",
                f"write {operator} baseline - {decimal_text(-amount.number)}%, "
                f"or {operator} {decimal_text(amount.number)} for a limit in the benchmark's unit",
                start,
            )
        return tree.Compare(operator, self.not_points(amount, start))

    def share_of_baseline(self, operator: Operator, amount: Amount) -> NoReturn:
        if amount.unit != "%":
            self.fail("only “within” takes a distance of the baseline", f"write within {amount} of baseline")
        factor, raised = decimal_text(amount.number / 100), decimal_text(1 + amount.number / 100)
        self.fail(
            "a limit as a share of the baseline is written as a multiple",
            f"write {operator} {factor} x baseline, or {operator} {raised} x baseline",
        )

    def multiple(self, operator: Operator, amount: Amount, start: _Token) -> Criterion:
        if amount.unit is not None:
            self.fail("a factor has no unit", f"write {operator} 2 x baseline", start)
        if amount.number <= 0:
            self.fail("a factor must be above 0", at=start)
        self.take()
        self.expect("baseline")
        return tree.Multiple(operator, amount.number)

    def offset(self, operator: Operator) -> Criterion:
        negative = self.take().text != "+"
        amount = self.amount()
        number = -amount.number if negative else amount.number
        if amount.unit == "%":
            explicit = self.skip("of")
            if explicit:
                self.expect("baseline")
            return tree.Relative(operator, number, explicit)
        if self.sees("x", "×", "*"):
            self.fail("a multiple of the baseline stands alone", f"write {operator} 2 x baseline")
        return tree.Shifted(operator, Amount(number, amount.unit))

    def between(self) -> Criterion:
        start = self.token
        low = self.absolute()
        self.expect("and")
        high = self.absolute()
        low = low if low.unit is not None else Amount(low.number, high.unit)
        high = high if high.unit is not None else Amount(high.number, low.unit)
        unit = UNITS[low.unit or ""]
        try:
            top = Quantity(high.number, UNITS[high.unit or ""]).to(unit).value
        except ValueError:
            self.fail(f"the bounds {low} and {high} are not of one kind", at=start)
        if low.number > top:
            self.fail("the lower bound comes first", f"write between {high} and {low}", start)
        return tree.Between(low, high)

    def within(self) -> Criterion:
        if self.sees("-", "−", "+"):
            self.fail("a distance has no sign", "write within 20% of baseline")
        amount = self.amount()
        self.expect("of", "baseline")
        if amount.unit == "%":
            return tree.WithinPercent(amount.number)
        return tree.Within(amount)

    # -- numbers and units -------------------------------------------------------------

    def absolute(self) -> Amount:
        start = self.token
        return self.not_points(self.amount(signed=True), start)

    def not_points(self, amount: Amount, start: _Token) -> Amount:
        if amount.unit == "pp":
            self.fail(
                "pp (percentage points) is for differences from the baseline",
                f"write {decimal_text(amount.number)} %, or baseline + {amount}",
                start,
            )
        return amount

    def percent(self) -> Decimal:
        start = self.token
        amount = self.amount()
        if amount.unit != "%":
            self.fail("a percentage was expected", f"write {decimal_text(amount.number)}%", start)
        return amount.number

    def amount(self, signed: bool = False) -> Amount:
        negative = signed and self.skip("-", "−")
        if self.token.kind != "number":
            self.unexpected("a number was expected")
        number = Decimal(self.take().text)
        return Amount(-number if negative else number, self.unit())

    def unit(self) -> str | None:
        token = self.token
        if token.kind != "word" or token.text.lower() in ("and", "or", "x", "of", "by", "baseline"):
            return None
        self.index += 1
        if token.text.lower() == "pp":
            return "pp"
        name = token.text
        if name.lower() == "per" and self.token.kind == "word":
            name = f"per {self.take().text.lower()}"
        if re.fullmatch(r"[eE][0-9]*", name):
            self.fail("numbers are written without an exponent", "write 1000, not 1e3", token)
        try:
            return find_unit(name).symbol
        except ValueError:
            meant = nearest(name, [*UNITS, *_KEYWORDS, "seconds", "minutes", "percent", "hours"])
            hint = f"did you mean {meant}?" if meant else "units: ms, s, min, h, d, B, kB, MiB, %, share, /s"
            self.fail(f"unknown word or unit “{name}”", hint, token)
