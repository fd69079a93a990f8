"""The team's YAML, read and checked into immutable objects that know their file and line."""

from workbench.definitions.loading import FILE_NAME, find_project, load
from workbench.definitions.project import BUILT_IN, Definitions
from workbench.definitions.schemas import schema
from workbench.definitions.shapes import Mark
from workbench.definitions.trust import TrustRequest, TrustStore, Use, trust_request

__all__ = [
    "BUILT_IN",
    "FILE_NAME",
    "Definitions",
    "Mark",
    "TrustRequest",
    "TrustStore",
    "Use",
    "find_project",
    "load",
    "schema",
    "trust_request",
]
