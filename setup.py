"""Puts the folders at the top of the repository into the package when it is built, and writes its manual.

Everything else about the build stands in pyproject.toml.  An editable install needs no
copy: ``workbench.shipped`` finds the folders where they are.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

from distutils.command.install_data import install_data  # isort: skip  (setuptools brings it along)

SHIPPED = ("checklists", "sample_projects", "docs")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".workbench", ".*_cache", "make_*.py", "pictures")


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


class InstallManual(install_data):
    """``install_data``: manual pages and shell completions, made from the commands, in their standard places."""

    def run(self):
        if self.distribution.get_command_obj("editable_wheel", create=False):
            return
        # Whatever is installed where this is built: the manual is that of the commands here.
        begin = f"import sys; sys.path.insert(0, {str(Path('src').resolve())!r}); from workbench.cli import manual"
        command = [
            sys.executable,
            "-c",
            f"{begin}; print(*manual.write(manual.Path(sys.argv[1])), sep='\\n')",
        ]
        made = subprocess.run([*command, self.install_dir], check=True, stdout=subprocess.PIPE, text=True)
        self.outfiles += made.stdout.splitlines()


setup(
    cmdclass={"build_py": BuildWithShipped, "install_data": InstallManual},
    # Without any, nobody asks for install_data; what there is to install, it makes itself.
    data_files=[("share/man/man1", [])],
)
