"""Great Expectations: results of a suite that passes, one that fails, and one with an expectation that errs."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop

SCRIPT = """
import json, re
import great_expectations as gx
import great_expectations.expectations as e
import pandas as pd

orders = pd.DataFrame(
    {
        "number": list(range(1, 41)),
        "amount": [10.0 + i for i in range(36)] + [None, None, None, None],
        "country": ["NL", "DE", "FR", "XX"] * 10,
    }
)
suites = {
    "passed": [e.ExpectColumnToExist(column="number"), e.ExpectColumnValuesToBeUnique(column="number")],
    "failed": [
        e.ExpectColumnValuesToNotBeNull(column="amount"),
        e.ExpectColumnValuesToBeInSet(column="country", value_set=["NL", "DE", "FR"], severity="warning"),
        e.ExpectColumnValuesToBeBetween(column="amount", min_value=12, max_value=1000),
        e.ExpectTableRowCountToBeBetween(min_value=1, max_value=1000),
    ],
    "errored": [
        e.ExpectColumnValuesToBeUnique(column="number"),
        e.ExpectColumnValuesToNotBeNull(column="price"),
    ],
    "empty": [],
}
context = gx.get_context(mode="ephemeral")
batch = (
    context.data_sources.add_pandas("shop")
    .add_dataframe_asset("orders")
    .add_batch_definition_whole_dataframe("all")
)


def written(value):
    return re.sub(r'"ge_load_time": "[^"]*"', '"ge_load_time": "20260302T090004.000000Z"', json.dumps(value, indent=1))


for name, expectations in suites.items():
    suite = context.suites.add(gx.ExpectationSuite(name=name, expectations=expectations))
    definition = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))
    result = definition.run(batch_parameters={"dataframe": orders})
    open(f"{name}.json", "w").write(written(result.to_json_dict()))
definitions = [context.validation_definitions.get(name) for name in ("passed", "failed")]
checkpoint = context.checkpoints.add(gx.Checkpoint(name="nightly", validation_definitions=definitions))
result = checkpoint.run(batch_parameters={"dataframe": orders})
open("checkpoint.json", "w").write(written([one.to_json_dict() for one in result.run_results.values()]))
open("described.json", "w").write(result.describe())
"""


def make(work: Workshop) -> None:
    """40 orders: amount is null in 4 and under 12 in 2, country is unknown in 10; there is no column price."""
    work.write("run.py", SCRIPT)
    quiet = {"GX_ANALYTICS_ENABLED": "false", "TQDM_DISABLE": "1"}
    work.run("python", "run.py", env=quiet)
    for name, known in (
        ("passed.json", "two expectations, both met"),
        (
            "failed.json",
            "4 of 40 amounts are null, 2 of the other 36 too small; 10 of 40 countries unknown, which only warns; "
            "the table's size is met",
        ),
        ("errored.json", "one expectation met; the other asks for a column that is not there"),
        ("empty.json", "a suite without expectations, which Great Expectations calls a success"),
        ("checkpoint.json", "a checkpoint of the first two suites"),
        ("described.json", "the same checkpoint as it describes itself"),
    ):
        work.keep(name, known)


TOOL = Tool(name="great_expectations", make=make, python=["great_expectations==1.24.1", "pandas==2.3.3"])
