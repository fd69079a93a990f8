"""Where the tests keep what a user's data folder would hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.usecases import project


@pytest.fixture(scope="module")
def of_a_module() -> Path:
    """The data folder while fixtures are made that many tests share."""
    return project.data_folder()


def test_fixtures_that_tests_share_write_to_no_data_folder_of_a_user(
    of_a_module: Path, data_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert of_a_module.is_relative_to(tmp_path_factory.getbasetemp())
    assert project.data_folder() == data_folder != of_a_module
