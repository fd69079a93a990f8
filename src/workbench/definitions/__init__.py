"""The team's YAML, read and checked into immutable objects that know their file and line.

What few commands want stands in modules of its own: ``schemas`` and ``trust``.
"""

from workbench.definitions.loading import FILE_NAME, NoProject, find_project, load
from workbench.definitions.project import Definitions, no_definitions
from workbench.definitions.shapes import Mark

__all__ = [
    "FILE_NAME",
    "Definitions",
    "Mark",
    "NoProject",
    "find_project",
    "load",
    "no_definitions",
]
