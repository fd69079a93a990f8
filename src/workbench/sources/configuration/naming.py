"""The words by which paths and names say for which environment they are."""

from __future__ import annotations

import re

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
_AND_ITS_MARK = re.compile(rf"(?:^|[-_. ]){WORD.pattern}|{WORD.pattern}[-_. ]?", re.IGNORECASE)


def without_environment(name: str) -> str:
    """A name without the word of an environment: ``shop-staging`` is ``shop``, ``values-prod.yaml`` is ``values.yaml``."""
    return _AND_ITS_MARK.sub("", name)
