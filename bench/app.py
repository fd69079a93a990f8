"""The app as the command starts it, for measuring.

``python -m bench.app FOLDER [--fetch] [--probe] [--loop FILE]``: ``--fetch`` keeps fetching beside
it, and ``--probe`` running all probes, without the panel in front; ``--loop`` writes down when the event loop was busy.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from pathlib import Path

from workbench import tui
from workbench.usecases.project import Options


def _fetch_on(options: Options) -> None:
    """What the app's worker does, one fetch after the other."""
    from workbench.usecases.fetching import fetch
    from workbench.usecases.opening import open_context

    context = open_context(options)
    while True:
        fetch(context, progress=lambda source, done, total, note: None)


def _probe_on(options: Options) -> None:
    """The same with probes."""
    from workbench.usecases.opening import open_context
    from workbench.usecases.probing import probe

    context = open_context(options)
    while True:
        probe(context)


def _watch_loop(path: Path) -> None:
    """Note when the event loop began something, when it ended, and the processor's seconds that it took."""
    run = asyncio.Handle._run
    # Open as long as the process lives: every line is there as soon as it was written.
    file = path.open("w", buffering=1, encoding="ascii")

    def noted(handle: asyncio.Handle) -> None:
        start, worked = time.perf_counter(), time.thread_time()
        run(handle)
        took = time.thread_time() - worked
        file.write(f"{start:.6f} {time.perf_counter():.6f} {took:.6f}\n")

    asyncio.Handle._run = noted  # type: ignore[method-assign]


if __name__ == "__main__":
    chosen = Options(project=Path(sys.argv[1]))
    if "--fetch" in sys.argv:
        threading.Thread(target=_fetch_on, args=(chosen,), daemon=True).start()
    if "--probe" in sys.argv:
        threading.Thread(target=_probe_on, args=(chosen,), daemon=True).start()
    if "--loop" in sys.argv:
        _watch_loop(Path(sys.argv[sys.argv.index("--loop") + 1]))
    sys.exit(tui.run(chosen))
