"""RE-2: environments: what happens in them, and what that says of their word.

What an environment *is* stands in the project's files; the record holds what happens: refreshes of
its data, who occupies it, and an end of its life that a person has set.
"""
