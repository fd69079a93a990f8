"""Trials: what every source must stand, and what each kind or recipe answers to it.

A module here has the name of a kind of source or of a recipe, and a ``TRIALS``: of a server
(:class:`ServerTrials`), of files (:class:`FileTrials`), or the tests that do the same in their own way
(:class:`TriedIn`).  ``tests/sources/test_trials.py`` carries them out; a kind without them fails there.
"""
