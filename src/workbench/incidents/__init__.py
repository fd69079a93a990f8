"""Incidents in staging and production: what happened when, what was learnt, and what is done about it."""
