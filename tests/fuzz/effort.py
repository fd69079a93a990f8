"""How much is tried at each door: little in every test run, as much as was asked for in ``make fuzz``."""

from __future__ import annotations

import os

from hypothesis import settings

SOME = settings(max_examples=int(os.environ.get("FUZZ_EXAMPLES", "25")))
