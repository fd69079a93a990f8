"""workbench: a release record in the terminal."""

__version__ = "0.1.0"
