"""Releases and their candidates: what they are, and what may happen to them."""
