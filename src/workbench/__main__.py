"""``workbench``, and ``python -m workbench``.

Nothing of ours but the version is imported before it is needed: ``--version`` answers at once.
"""

import sys

from workbench import __version__

_ended: list[int] = []


def main() -> None:
    """Run the command and end the process with its code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.exit(_say_version())
    import os

    if asked := os.environ.pop("_WORKBENCH_COMPLETE", ""):
        from workbench.cli import answer_shell

        sys.exit(answer_shell(asked))
    import atexit
    import gc

    atexit.register(_leave)  # the first to be registered is the last to be called

    from workbench.cli import run

    _ended.append(run(sys.argv[1:]))
    gc.freeze()  # nothing is worth collecting now, and looking for it costs a tenth of a short command
    sys.exit(_ended[-1])


def _say_version() -> int:
    try:
        print(f"workbench {__version__}", flush=True)
    except OSError as error:
        try:
            sys.stderr.write(f"workbench: standard output cannot be written: {error.strerror}\n")
        finally:
            sys.exit(2)
    return 0


def _leave() -> None:
    """End here, when threads and clean-up are done: Python would yet give back every object one by one."""
    import contextlib
    import os

    for stream in (sys.stdout, sys.stderr):
        # Closed, full, or nobody reads: whoever printed there has told that.
        with contextlib.suppress(AttributeError, OSError, ValueError):
            stream.flush()
    if _ended:
        os._exit(_ended[-1])


if __name__ == "__main__":
    main()
