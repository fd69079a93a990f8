"""Allure: the results that its adapters write, one file for each test."""

from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.files_config import FilesConfig, same_files
from workbench.sources.test_runs import RunMeasure, RunTests


class AllureConfig(FilesConfig, frozen=True, kw_only=True):
    """Results of Allure inside the project."""


KIND = SourceKind(
    name="allure",
    about="Allure results: one JSON file for each test, as adapters of many test runners write them",
    config=AllureConfig,
    measure=RunMeasure,
    tests=RunTests,
    load=later("workbench.sources.allure.read:Allure"),
    recognise=later("workbench.sources.allure.read:recognise"),
    question_doubts=same_files,
    approach=Approach.SYNTHETIC,
    proof=Proof.REAL,
    signs=("allure",),
)
