"""Run the tools, all of them or those that are named."""

from __future__ import annotations

import argparse
import importlib
import pkgutil

from tests.generators import tools
from tests.generators.tool import Workshop


def main() -> None:
    """``python -m tests.generators [--only k6,locust]``."""
    names = sorted(module.name for module in pkgutil.iter_modules(tools.__path__))
    parser = argparse.ArgumentParser(prog="tests.generators", description=main.__doc__)
    parser.add_argument("--only", default="", metavar="NAMES", help=f"of {', '.join(names)}")
    wanted = [name for name in parser.parse_args().only.replace(" ", "").split(",") if name]
    if unknown := sorted(set(wanted) - set(names)):
        parser.error(f"there is no tool called {', '.join(unknown)}; there are {', '.join(names)}")
    for name in wanted or names:
        workshop = Workshop(importlib.import_module(f"tests.generators.tools.{name}").TOOL)
        print(f"{name}: installing", flush=True)
        workshop.install()
        print(f"{name}: running", flush=True)
        workshop.tool.make(workshop)
        workshop.finish()
        print(f"{name}: {len(workshop.kept)} files kept", flush=True)


if __name__ == "__main__":
    main()
