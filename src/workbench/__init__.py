"""workbench: a release record in the terminal.

Nothing is imported here, so that ``workbench --version`` answers at once.
"""

__version__ = "0.1.0"


def main() -> None:
    """Entry point of the ``workbench`` command."""
    import sys

    if sys.argv[1:] in (["--version"], ["-V"]):
        print(f"workbench {__version__}")
        return
    from workbench.cli import run

    sys.exit(run(sys.argv[1:]))
