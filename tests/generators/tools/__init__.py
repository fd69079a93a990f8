"""A module for each tool, which ends with its ``TOOL``."""
