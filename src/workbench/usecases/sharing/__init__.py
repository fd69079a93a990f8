"""A record that several desks share through a server: putting it there, joining, sending and receiving."""

SHARED = "shared"
"""The name of the note about a record's file that says where it is shared."""
