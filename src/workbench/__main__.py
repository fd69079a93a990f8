"""``workbench``, and ``python -m workbench``.

Nothing of ours but the version is imported before it is needed: ``--version`` answers at once.
"""

import sys

from workbench import __version__


def main() -> None:
    """Run the command and end the process with its code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        print(f"workbench {__version__}")
        return
    import gc

    from workbench.cli import run

    code = run(sys.argv[1:])
    gc.freeze()  # nothing is worth collecting now, and looking for it costs a tenth of a short command
    sys.exit(code)


if __name__ == "__main__":
    main()
