"""The words of a criterion with their columns, and what every form reads: numbers, units, operators."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NoReturn

import msgspec

from workbench.criteria.amount import Amount
from workbench.criteria.operators import Operator
from workbench.criteria.verdict import CriterionError
from workbench.model.canonical import decimal_text
from workbench.model.keys import nearest
from workbench.model.quantity import UNITS, find_unit, read_number

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


class Token(msgspec.Struct, frozen=True):
    """A word, number, operator or mark; ``column`` counts from 1."""

    kind: str
    text: str
    column: int


class Vocabulary(msgspec.Struct, frozen=True):
    """The words of the language: all of them, and those that may follow a number and are no unit."""

    keywords: tuple[str, ...]
    after_number: tuple[str, ...]


class Reader:
    """A place in a text, moved on word by word.  Every mistake is a :class:`CriterionError`."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.index = 0
        self.vocabulary = vocabulary

    # -- moving over tokens ------------------------------------------------------------

    @property
    def token(self) -> Token:
        """The token at this place; the last one has the kind ``end``."""
        return self.tokens[self.index]

    def fail(self, what: str, hint: str | None = None, at: Token | None = None) -> NoReturn:
        """Refuse the text at this place, or at that of ``at``."""
        raise CriterionError(what, text=self.text, column=(at or self.token).column, hint=hint)

    def take(self) -> Token:
        """The token at this place, and on to the next."""
        token = self.token
        self.index += token.kind != "end"
        return token

    def sees(self, *words: str) -> bool:
        """Whether one of these words stands here."""
        return self.token.kind in ("word", "mark") and self.token.text.lower() in words

    def skip(self, *words: str) -> bool:
        """Past one of these words, if one stands here."""
        if self.sees(*words):
            self.index += 1
            return True
        return False

    def expect(self, *words: str) -> None:
        """Past all of these words."""
        for word in words:
            if not self.skip(word):
                self.unexpected(f"“{word}” was expected", (word,))

    def unexpected(self, expected: str, words: tuple[str, ...] | None = None) -> NoReturn:
        """Refuse what stands here; ``words`` may have been meant."""
        token = self.token
        if token.kind == "end":
            self.fail(f"the text ends where {expected.replace(' was expected', '')} was expected")
        known = [*(self.vocabulary.keywords if words is None else words), *UNITS, "baseline"]
        meant = nearest(token.text, known) if token.kind == "word" else None
        hint = f"did you mean {meant}?" if meant and meant != token.text else None
        self.fail(f"{expected}, not “{token.text}”", hint)

    # -- numbers and units -------------------------------------------------------------

    def operator(self) -> Operator:
        """The operator that stands here."""
        return Operator(self.take().text)

    def absolute(self) -> Amount:
        """A limit, perhaps below 0."""
        start = self.token
        return self.not_points(self.amount(signed=True), start)

    def not_points(self, amount: Amount, start: Token) -> Amount:
        """The amount, unless it is in percentage points, which is no limit."""
        if amount.unit == "pp":
            self.fail(
                "pp (percentage points) is for differences from the baseline",
                f"write {decimal_text(amount.number)} %, or baseline + {amount}",
                start,
            )
        return amount

    def percent(self) -> Decimal:
        """A number of per cents."""
        start = self.token
        amount = self.amount()
        if amount.unit != "%":
            self.fail("a percentage was expected", f"write {decimal_text(amount.number)}%", start)
        return amount.number

    def amount(self, signed: bool = False) -> Amount:
        """A number and the unit behind it."""
        negative = signed and self.skip("-", "−")
        if self.token.kind != "number":
            self.unexpected("a number was expected")
        token = self.take()
        try:
            number = read_number(token.text)
        except ValueError as error:
            self.fail(str(error), at=token)
        return Amount(-number if negative else number, self._unit())

    def _unit(self) -> str | None:
        token = self.token
        if token.kind != "word" or token.text.lower() in self.vocabulary.after_number:
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
            words = [*UNITS, *self.vocabulary.keywords, "seconds", "minutes", "percent", "hours"]
            meant = nearest(name, words)
            hint = f"did you mean {meant}?" if meant else "units: ms, s, min, h, d, B, kB, MiB, %, share, /s"
            self.fail(f"unknown word or unit “{name}”", hint, token)


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
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
            found.append(Token(kind, word, position + 1))
        position = match.end()
    found.append(Token("end", "", len(text) + 1))
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
