"""Attacks on sign-offs, gates, bundles and records: each is a test that says what stops it.

The first paragraph of a test's docstring is the attack, the second what stops it; the table of
docs/gates.md is made of them (`make attacks`).
"""
