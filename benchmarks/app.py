"""The app as the command starts it; ``--fetch`` keeps fetching beside it, without the panel in front.

``python -m benchmarks.app FOLDER [--fetch]``
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from workbench import tui
from workbench.usecases.context import Options


def _fetch_on(options: Options) -> None:
    """What the app's worker does, one fetch after the other."""
    from workbench.usecases.context import open_context
    from workbench.usecases.fetching import fetch

    context = open_context(options)
    while True:
        fetch(context, progress=lambda source, done, total, note: None)


if __name__ == "__main__":
    chosen = Options(project=Path(sys.argv[1]))
    if "--fetch" in sys.argv:
        threading.Thread(target=_fetch_on, args=(chosen,), daemon=True).start()
    sys.exit(tui.run(chosen))
