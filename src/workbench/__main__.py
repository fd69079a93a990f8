"""``workbench``, and ``python -m workbench``.

Nothing of ours but the version is imported before it is needed: ``--version`` answers at once.
"""

import sys

from workbench import __version__

_ended: list[int] = []


def main() -> None:
    """Run the command and end the process with its code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        print(f"workbench {__version__}")
        return
    import atexit
    import gc

    atexit.register(_leave)  # the first to be registered is the last to be called

    from workbench.cli import run

    _ended.append(run(sys.argv[1:]))
    gc.freeze()  # nothing is worth collecting now, and looking for it costs a tenth of a short command
    sys.exit(_ended[-1])


def _leave() -> None:
    """End here, when threads and clean-up are done: Python would yet give back every object one by one."""
    import os

    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        return  # closed, or nobody reads: Python has its own words for that
    if _ended:
        os._exit(_ended[-1])


if __name__ == "__main__":
    main()
