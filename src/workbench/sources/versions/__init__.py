"""Versions, as programs, packages, images and files tell them; nothing here asks anybody."""
