"""``$environment`` in a path or a text: replaced so that a value is never more than a part of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workbench.model.keys import nearest
from workbench.sources.reading import Question, WrongQuestion

_PATHS = ("file", "baseline_file", "files", "baseline_files")
PLACES = ("value", "samples", "error_if", "missing_if", "partial_if", "measured_at", "commit")
_QUESTIONS = ("params", "form", "body", *PLACES)
# Nothing that ends a text of a query language, or begins another part of it.
_BARE = re.compile(r"[\w\-.,:/+@ ]*")
_VARIABLE = re.compile(r"\$(?:\$|\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))", re.ASCII)


def filled(text: str, question: Question, field: str = "file") -> str:
    """What ``field`` says with ``$name`` and ``${name}`` replaced; ``$$`` is a dollar sign."""
    return fill(text, {**question.variables, "environment": question.environment or ""}, field)


def fill(text: str, values: Mapping[str, str], field: str = "file") -> str:
    """See :func:`filled`; ``WrongQuestion`` names a variable that nothing fills, or that leads elsewhere."""

    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        if name is None:
            return "$"
        if name not in values:
            meant = nearest(name, values)
            hint = f"did you mean ${meant}?" if meant else f"known here: {', '.join(sorted(values))}"
            raise WrongQuestion(f"${name} is filled by nothing", field=field, hint=hint)
        if field in _PATHS and (
            any(sign in values[name] for sign in "/\\*?[") or values[name] in ("", ".", "..")
        ):
            raise WrongQuestion(f"${name} is “{values[name]}”, which is no part of a path", field=field)
        if field in _QUESTIONS and not _BARE.fullmatch(values[name]):
            raise WrongQuestion(
                f"the value of ${name} cannot stand in a question",
                field=field,
                hint="letters, digits and spaces can, and _ - . , : / + @",
            )
        return values[name]

    return _VARIABLE.sub(value, text)
