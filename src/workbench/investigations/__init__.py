"""Investigations: why a score of an environment fell under its limit, and what came of it."""
