"""Makes ``record.db.gz``: the sample project's record as a workbench of September 2026 wrote it.

Run it with the ``workbench`` of the commit that stands in :data:`MADE_BY`, and an empty folder:

    git worktree add OLD b46eb78 && cd OLD && python -m venv .venv && .venv/bin/pip install -e .
    PATH=OLD/.venv/bin:$PATH python make.py EMPTY_FOLDER

Ids and times are of the day on which it runs, so that a record made again is another one.
"""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from workbench import shipped

MADE_BY = "b46eb78"
COMMIT = "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72"
HERE = Path(__file__).parent
TICKS = (
    ("pre-production/infrastructure-as-written", "kim", "--note", "Plan of 15 September: no changes"),
    ("pre-production/data-masked", "kim", "--note", "Snapshot of the night, 40 columns looked at"),
    ("pre-production/scanners-clear", "noor", "--link", "https://ci.shop.example/scans/7351"),
    ("pre-production/runbooks-rehearsed", "ilse", "--note", "Rehearsed on 15 September in 9 minutes"),
    ("production-readiness/security-agrees", "noor", "--note", "Agreed on 15 September"),
    ("production-readiness/restore-tried", "ilse", "--file", "restored.txt"),
    ("production-readiness/stakeholders-agree", "robin", "--note", "Everybody was there on Monday"),
)


def main(folder: Path) -> None:
    """The whole story, typed, and what is kept of it copied here."""
    shop = folder / "shop"
    run("demo", "web-shop", "--headless", "--to", shop, cwd=folder, fine=(0, 1))
    (shop / "restored.txt").write_text("restored in 31 minutes\n", encoding="utf-8")
    own_checklists(shop)

    def say(*words: object) -> None:
        run(*words, cwd=shop)

    say("release", "candidate", COMMIT[:7])
    say("fetch")
    say("parity", "decide", "payment gateway mocked", "--as", "kim", "--accept", "--until", "2026-11-01",
        "--reason", "The stand-in is as slow and as moody as the real one")  # fmt: skip
    ready(say, "2.14.0")
    sign(say, "2.14.0", "robin")
    sign(say, "2.14.0", "kim", "--conditions", "Watch the cart's replicas", "--due", "2026-09-20")
    sign(say, "2.14.0", "sam", "--comment", "Read them all")
    say("release", "shipped", "2.14.0", "--run", "https://ci.shop.example/runs/7351")

    say("release", "new", "2.15.0", "--commit", COMMIT, "--owner", "robin", "--author", "jo",
        "--rollback-target", "2.14.0", "--rollback-step", "Deploy 2.14.0", "--watch", "Checkout's p95")  # fmt: skip
    say("fetch")
    ready(say, "2.15.0")
    override(say, "2026-12-01")
    sign(say, "2.15.0", "lena")
    say("override", "benchmark/refund-p95", "--as", "robin", "--lift", "--reason", "Too long a time")
    override(say, "2026-10-15")  # lena signed something else
    sign(say, "2.15.0", "robin")
    sign(say, "2.15.0", "mika", "--reject", "--comment", "The cart's replicas first")
    keep(shop)


def own_checklists(shop: Path) -> None:
    """The lists as files of the project, so that a later wording of the shipped ones changes nothing."""
    project = shop / "workbench.yaml"
    text = project.read_text(encoding="utf-8")
    (shop / "checklists").mkdir()
    for name in ("pre-production", "production-readiness", "incident"):
        shutil.copy(shipped.checklists() / f"{name}.yaml", shop / "checklists")
        text = text.replace(f"  - {name}\n", f"  - checklists/{name}.yaml\n")
    project.write_text(text, encoding="utf-8")


def override(say, until: str) -> None:
    say("override", "benchmark/refund-p95", "--as", "robin", "--approver", "kim", "--until", until,
        "--reason", "The bank's test system answers refunds slowly for everybody")  # fmt: skip


def ready(say, version: str) -> None:
    """Everything that this release's gates ask for but signatures."""
    for ref, person, *evidence in TICKS:
        say("checklist", "tick", ref, "--as", person, *evidence)
    if version != "2.14.0":
        for item in ("signals-visible", "no-way-into-production"):
            say("checklist", "tick", f"pre-production/{item}", "--as", "ilse", "--note", "Seen again")
    say("parity", "reviewed", "--as", "kim")


def sign(say, version: str, person: str, *more: str) -> None:
    say("sign", "sign-off", "--as", person, "--confirm", version, *more)


def keep(shop: Path) -> None:
    """The record without its log, packed, and the definitions that it was judged by."""
    target = shop / "kept.db"
    source = sqlite3.connect(shop / ".workbench" / "record.db")
    source.execute("VACUUM INTO ?", (str(target),))
    source.close()
    copy = sqlite3.connect(target)
    copy.execute("PRAGMA journal_mode = DELETE")
    copy.close()
    (HERE / "record.db.gz").write_bytes(gzip.compress(target.read_bytes(), 9, mtime=0))
    for name in ("workbench.yaml", "flows.csv", "parity.csv"):
        shutil.copy(shop / name, HERE)
    for name in ("benchmarks", "checklists"):
        shutil.copytree(shop / name, HERE / name, dirs_exist_ok=True)


def run(*words: object, cwd: Path, fine: tuple[int, ...] = (0,)) -> None:
    environ = os.environ | {"WORKBENCH_DATA": str(cwd / "data")}
    done = subprocess.run(
        ["workbench", *map(str, words)], cwd=cwd, env=environ, capture_output=True, text=True
    )
    print(" ".join(map(str, words)), done.stdout, done.stderr, sep="\n", file=sys.stderr)
    if done.returncode not in fine:
        raise SystemExit(f"failed: {done.stderr}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
