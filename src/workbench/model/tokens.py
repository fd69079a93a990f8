"""How texts name environment variables, and the shapes that well-known services give their tokens."""

from __future__ import annotations

import re

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

# Beside each shape the texts of which one stands in every token of it: looking for a plain
# text is many times faster than matching.
_SHAPES = (
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"gh[pousr]_[A-Za-z0-9]{16,}"),
    (("github_pat_",), r"github_pat_[A-Za-z0-9_]{20,}"),
    (("glpat-",), r"glpat-[A-Za-z0-9_-]{16,}"),
    (("xox",), r"xox[abeprs]-[A-Za-z0-9-]{10,}"),
    (("AKIA", "ASIA"), r"(?:AKIA|ASIA)[A-Z0-9]{16}"),
    (("sk_live_",), r"sk_live_[A-Za-z0-9]{16,}"),
    (("npm_",), r"npm_[A-Za-z0-9]{36}"),
    (("sqa_", "sqp_", "squ_"), r"sq[apu]_[0-9a-f]{40}"),
)
# Names that people write look like this too (sk-bratislava-eu-central-1), so it is no mistake in a file.
_ONLY_IN_ANSWERS = (("sk-",), r"sk-[A-Za-z0-9_-]{20,}")

# A JSON web token.  What only begins like one is taken to its end, too, and has no “rest”: looked at
# again at each of its letters, a long text of beginnings would take minutes.
WEB_TOKEN = r"eyJ[A-Za-z0-9_-]{8,}+(?P<rest>\.[A-Za-z0-9_-]{8,}+(?:\.[A-Za-z0-9_-]*+)?)?"
WEB_TOKEN_MARKER = "eyJ"

_TOLD_BY = tuple(marker for markers, _ in _SHAPES for marker in markers)
# In bytes from outside, a token may stand behind anything.
TOKEN_ANYWHERE = "|".join(shape for _, shape in (*_SHAPES, _ONLY_IN_ANSWERS)).encode()
MARKERS = tuple(marker.encode() for markers, _ in (*_SHAPES, _ONLY_IN_ANSWERS) for marker in markers)


_NOT_IN_A_WORD = r"(?<![A-Za-z0-9_])"


def holds_token(text: str) -> bool:
    """Whether a text that people wrote holds something shaped like a well-known service's token.

    No token begins in the middle of a word: a metric's name may hold any of these.
    """
    if WEB_TOKEN_MARKER in text and any(
        found["rest"] for found in re.finditer(_NOT_IN_A_WORD + WEB_TOKEN, text)
    ):
        return True
    if not any(marker in text for marker in _TOLD_BY):
        return False
    shapes = "|".join(shape for _, shape in _SHAPES)
    return re.search(rf"{_NOT_IN_A_WORD}(?:{shapes})", text) is not None


def variables_in(*texts: str | None) -> tuple[str, ...]:
    """The names of the environment variables that texts such as ``${NAME}`` stand for, sorted."""
    return tuple(sorted({name for text in texts if text for name in VARIABLE.findall(text)}))
