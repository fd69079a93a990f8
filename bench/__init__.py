"""How fast the workbench is, beside limits and peers: ``python -m bench`` measures and prints.

Nothing here is a test: a run always ends well, and says what misses its target.
"""
