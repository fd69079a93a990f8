"""Puts the folders at the top of the repository into the package when it is built.

Everything else about the build stands in pyproject.toml.  An editable install needs no
copy: ``workbench.shipped`` finds the folders where they are.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHIPPED = ("checklists", "sample_projects")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".workbench", ".*_cache")


class BuildWithShipped(build_py):
    """``build_py``, and then a copy of the shipped folders as ``workbench/data/``."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for name in SHIPPED:
            target = Path(self.build_lib, "workbench", "data", name)
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(name, target, ignore=LEFT_OUT)


setup(cmdclass={"build_py": BuildWithShipped})
