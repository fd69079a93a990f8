"""Checklists of a release: answers to their items, and the evidence attached."""
