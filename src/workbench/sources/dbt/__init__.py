"""dbt's ``run_results.json``: its tests, and the models without which they could not run."""

from workbench.model.kinds import Approach, Proof, SourceKind, later
from workbench.sources.checks import ChecksMeasure
from workbench.sources.files_config import FilesConfig


class DbtConfig(FilesConfig, frozen=True, kw_only=True):
    """Files that dbt leaves in ``target``: ``run_results.json`` of ``dbt build`` or ``dbt test``."""


class DbtMeasure(ChecksMeasure, frozen=True, kw_only=True):
    """One number about the tests, which are called as dbt calls them (``not_null_orders_number``)."""


KIND = SourceKind(
    name="dbt",
    about="dbt's run results: tests of data, and models that could not be built",
    config=DbtConfig,
    measure=DbtMeasure,
    load=later("workbench.sources.dbt.read:Dbt"),
    approach=Approach.QUERIES,
    proof=Proof.REAL,
    recognise=later("workbench.sources.dbt.recognise:recognise"),
    signs=("dbt", "dbt_project"),
)
