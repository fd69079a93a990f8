"""Runbooks that are rehearsed: each drill, its steps, its clock."""
