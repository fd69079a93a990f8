"""Recipes: how to ask a product through a kind of source that is there already; each a folder with its ``guide.md``."""
