"""Cucumber: its messages, one JSON object a line."""

from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig, same_files
from workbench.sources.test_runs import RunMeasure, RunTests


class CucumberConfig(FilesConfig, frozen=True, kw_only=True):
    """Messages of Cucumber inside the project."""


KIND = SourceKind(
    name="cucumber",
    about="Cucumber messages: the scenarios of a run, as every implementation of Cucumber writes them",
    config=CucumberConfig,
    measure=RunMeasure,
    tests=RunTests,
    load=later("workbench.sources.cucumber.read:Cucumber"),
    recognise=later("workbench.sources.cucumber.read:recognise"),
    question_doubts=same_files,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
    signs=("cucumber",),
)
