"""What is said of JSON that has another form than was expected, in words for people."""

from __future__ import annotations

import re

_WORDS = {
    "object": "an object",
    "array": "a list",
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "null": "nothing",
}
_LACKS = re.compile(r"Object missing required field `([^`]+)`")
_INSTEAD = re.compile(r"Expected `([^`]+)`, got `([^`]+)`")
_PLACE = re.compile(r" - at `(?:key in )?\$\.?([^`]*)`")


def in_words(said: object) -> str:
    """An error of msgspec as people say it; any other text stays as it is."""
    text = _LACKS.sub(r"“\1” is lacking", str(said))
    text = _INSTEAD.sub(lambda found: f"it has {_named(found[2])} in place of {_named(found[1])}", text)
    return _PLACE.sub(lambda found: f" (at {found[1]})" if found[1] else "", text)


def _named(types: str) -> str:
    wanted = [one for one in types.split(" | ") if one != "null" or types == "null"]
    return " or ".join(_WORDS.get(one, one) for one in wanted)
