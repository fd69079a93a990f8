"""Cobertura XML: the coverage report that most languages have a tool for."""

from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.code_coverage import CoverageMeasure, question_doubts
from workbench.sources.files_config import FilesConfig


class CoberturaConfig(FilesConfig, frozen=True, kw_only=True):
    """Cobertura reports inside the project."""


KIND = SourceKind(
    name="cobertura",
    about="Cobertura XML: coverage of code, as tools for most languages write it",
    config=CoberturaConfig,
    measure=CoverageMeasure,
    load=later("workbench.sources.cobertura.read:Cobertura"),
    recognise=later("workbench.sources.cobertura.read:recognise"),
    question_doubts=question_doubts,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
)
