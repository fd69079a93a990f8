"""The words by which paths and names say for which environment they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

STAGING = (
    "staging",
    "stage",
    "stg",
    "preproduction",
    "pre-production",
    "pre_production",
    "preprod",
    "pre-prod",
    "uat",
)
PRODUCTION = ("production", "prod", "prd", "live")
ORDER = {word: place for place, word in enumerate((*STAGING, *PRODUCTION))}
# A word of its own, or one that a capital begins: staging.yaml, values-prod.yaml, appsettings.Staging.json
WORD = re.compile(
    rf"(?<![A-Za-z0-9])({'|'.join(sorted(ORDER, key=len, reverse=True))})(?![A-Za-z0-9])", re.IGNORECASE
)
_WILD = frozenset("*?[")
_AND_ITS_MARK = re.compile(rf"(?:^|[-_. ]){WORD.pattern}|{WORD.pattern}[-_. ]?", re.IGNORECASE)


def without_environment(name: str) -> str:
    """A name without the word of an environment: ``shop-staging`` is ``shop``, ``values-prod.yaml`` is ``values.yaml``."""
    return _AND_ITS_MARK.sub("", name)


def common_names(files: Sequence[str], patterns: Sequence[str]) -> Mapping[str, str]:
    """What files are called in both environments: below what their pattern fixes, without the environment's word.

    ``deploy/staging/shop.env`` for ``deploy/staging/*.env`` is ``shop.env``, and so is ``shop.staging.env``.
    Two that would be called the same keep their whole path.
    """
    fixed = [_fixed(pattern) for pattern in patterns]
    names = {file: without_words(_below(file, fixed)) for file in files}
    often = Counter(names.values())
    return {file: name if often[name] == 1 else file for file, name in names.items()}


def _fixed(pattern: str) -> PurePosixPath:
    """The folders of a pattern before the first that is a pattern itself."""
    parts = PurePosixPath(pattern.replace("\\", "/")).parts[:-1]
    wild = next((at for at, part in enumerate(parts) if _WILD & set(part)), len(parts))
    return PurePosixPath(*parts[:wild])


def _below(file: str, fixed: Sequence[PurePosixPath]) -> str:
    path = PurePosixPath(file)
    above = [folder for folder in fixed if path.is_relative_to(folder)]
    return path.relative_to(
        max(above, key=lambda folder: len(folder.parts), default=PurePosixPath())
    ).as_posix()


def without_words(file: str) -> str:
    """A path without the words of environments in its folders and its name."""
    *folders, name = file.split("/")
    plain = [part for folder in folders if (part := without_environment(folder))]
    bare = without_environment(name)
    if bare.startswith(".") and not name.startswith("."):  # staging.yaml: nothing but the word
        bare = "*" + bare
    return "/".join([*plain, bare or name])
