"""Charts as lines of text: a struct in, lines out, at any size; shape alone tells everything, colour repeats it."""
