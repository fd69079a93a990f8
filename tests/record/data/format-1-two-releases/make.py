"""Makes ``record.db.gz`` and ``said/``: two shipped releases and an open one, of the format's last days.

Run it with the ``workbench`` of the commit that stands in :data:`MADE_BY`, and an empty folder:

    git worktree add OLD d57242d && cd OLD && python -m venv .venv && .venv/bin/pip install -e .
    PATH=OLD/.venv/bin:$PATH python make.py EMPTY_FOLDER

``said`` holds what that workbench said of each release: ``VERSION-on-the-day`` right after it was
shipped, ``VERSION-at-the-end`` after the whole story, when later days had rewritten it.

Ids and times are of the day on which it runs, so that a record made again is another one.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from workbench import shipped

MADE_BY = "d57242d"
COMMIT = "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72"
HERE = Path(__file__).parent
GATES = ("inventory", "pre-production", "benchmarks", "parity", "production-readiness", "sign-off")
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
    shutil.rmtree(HERE / "said", ignore_errors=True)
    (HERE / "said").mkdir()

    def say(*words: object) -> str:
        return run(*words, cwd=shop)

    say("release", "candidate", COMMIT[:7], "--artifact", "web-shop.oci=sha256:47e1a6c09bd3",
        "--artifact", "web-shop-jobs.oci=sha256:98ab5f27c0de")  # fmt: skip
    say("fetch")
    first(say, shop)
    second(say, shop)
    third(say)
    for version in ("2.14.0", "2.15.0", "2.16.0"):
        remember(shop, version, "at-the-end")
    keep(shop)


def first(say, shop: Path) -> None:
    """2.14.0: every gate is through, with a request answered by a file and one by mail."""
    say("parity", "decide", "payment gateway mocked", "--as", "kim", "--accept", "--until", "2026-11-01",
        "--reason", "The stand-in is as slow and as moody as the real one")  # fmt: skip
    say("parity", "decide", "replicas of the cart", "--as", "jo", "--mitigate", "--until", "2026-10-31",
        "--mitigation", "The cart's load test runs against three replicas")  # fmt: skip
    say("parity", "decide", "PostgreSQL minor version", "--as", "ilse", "--close", "--until", "2026-10-04")
    say("parity", "remove", "log retention", "--as", "kim", "--reason", "Both keep logs for 30 days now")
    say("freeze", "--as", "ilse", "--reason", "The payment vendor has an incident")
    say("freeze", "--as", "ilse", "--lift", "--reason", "The vendor's incident is over since noon")
    say("promise", "pre-production/data-masked", "--as", "robin", "--owner", "kim", "--by", "2026-09-16",
        "--note", "The snapshot of the night is on its way")  # fmt: skip
    say("checklist", "attach", "production-readiness/restore-tried", "--as", "ilse", "--link",
        "https://wiki.shop.example/restores/31", "--title", "The restore's protocol")  # fmt: skip
    ready(say, "2.14.0")
    sign(say, "2.14.0", "robin")
    sign(say, "2.14.0", "sam", "--reject", "--comment", "The refund's text is still the old one")
    sign(say, "2.14.0", "sam", "--comment", "Read them all; the text is right now")
    by_mail(say, shop, "kim", "--conditions", "Watch the cart's replicas", "--due", "2026-09-20")
    by_file(say, shop, "2.14.0", "lena")
    say("release", "shipped", "2.14.0", "--run", "https://ci.shop.example/runs/7351")
    remember(shop, "2.14.0", "on-the-day")


def second(say, shop: Path) -> None:
    """2.15.0: signed, then frozen, and shipped against the freeze with a reason."""
    say("release", "new", "2.15.0", "--commit", COMMIT, "--owner", "robin", "--author", "jo", "--kind", "hotfix",
        "--previous", "2.14.0", "--rollback-target", "2.14.0", "--rollback-step", "Deploy 2.14.0",
        "--watch", "Checkout's p95", "--summary", "Refunds above 500 euros", "--artifact", "shop=sha256:5512")  # fmt: skip
    say("fetch")
    ready(say, "2.15.0")
    say("parity", "add", "mail is not sent", "--as", "kim", "--severity", "high", "--staging", "mail trap",
        "--production", "mail provider", "--flow", "order-status", "--impact", "A broken template is not seen")  # fmt: skip
    say("parity", "decide", "mail is not sent", "--as", "mika", "--accept", "--until", "2026-12-15",
        "--reason", "Templates are rendered and compared in the pipeline")  # fmt: skip
    override(say, "2026-12-01")
    sign(say, "2.15.0", "lena")
    say("override", "benchmark/refund-p95", "--as", "robin", "--lift", "--reason", "Too long a time")
    override(say, "2026-10-15")  # lena signed something else
    sign(say, "2.15.0", "robin")
    sign(say, "2.15.0", "kim")
    say("undo", "--as", "kim")
    sign(say, "2.15.0", "kim", "--conditions", "Refunds are watched for a day", "--due", "2026-09-22T12:00")
    by_mail(say, shop, "sam", "--comment", "Go")
    say("freeze", "--as", "ilse", "--reason", "The warehouse counts its stock")
    say("release", "shipped", "2.15.0", "--reason", "Refunds above 500 euros fail for everybody")
    remember(shop, "2.15.0", "on-the-day")
    say("freeze", "--as", "ilse", "--lift", "--reason", "The stock is counted")


def third(say) -> None:
    """2.16.0 stays open: a freeze in force, a rejection, and much that was changed after the others."""
    say("release", "new", "2.16.0", "--commit", COMMIT, "--owner", "mika", "--author", "jo",
        "--previous", "2.15.0", "--rollback-target", "2.15.0", "--rollback-step", "Deploy 2.15.0",
        "--watch", "Checkout's p95")  # fmt: skip
    say("fetch")
    ready(say, "2.16.0")
    say("promise", "benchmark/refund-p95", "--as", "robin", "--owner", "kim", "--by", "2026-10-02")
    override(say, "2026-10-15")
    say(
        "benchmark", "tighten", "catalogue-p95", "--as", "robin", "--reason", "Shoppers wait for the pictures"
    )
    say("benchmark", "enter", "search-results", "0", "--as", "sam", "--note", "Read off the wall")
    shown = json.loads(say("--json", "benchmark", "show", "search-results"))
    say(
        "benchmark",
        "invalidate",
        shown["history"][0]["ref"],
        "--as",
        "sam",
        "--reason",
        "It was another screen",
    )
    say("benchmark", "enter", "search-results", "97", "--samples", "200", "--as", "sam",
        "--note", "Read off the right screen")  # fmt: skip
    say("parity", "edit", "HTTP_TIMEOUT", "--as", "kim", "--severity", "high", "--review-by", "2026-10-01")
    sign(say, "2.16.0", "sam")
    say("revoke", "sign-off", "--as", "sam", "--reason", "I meant the other release")
    sign(say, "2.16.0", "lena")
    say("override", "benchmark/refund-p95", "--as", "robin", "--lift", "--reason", "Too long a time")
    override(say, "2026-10-01")  # lena signed something else
    sign(say, "2.16.0", "mika", "--role", "release-owner")
    say("freeze", "--as", "ilse", "--reason", "The autumn sale begins early")
    sign(say, "2.16.0", "kim", "--reject", "--comment", "The cart's replicas first")


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


def by_mail(say, shop: Path, person: str, *more: str) -> None:
    """A sheet is sent, and the answer comes as a mail that quotes its code."""
    asked = json.loads(say("--json", "ask", person, "sign-off", "--to", "asked"))
    mail = shop / "asked" / "mail.txt"
    mail.write_text(f"Subject: yes, {asked['code']}\n\nI agree.\n{person.title()}\n", encoding="utf-8")
    say("sign", "--received", mail, "--code", asked["code"], "--approve", *more)
    shutil.rmtree(shop / "asked")


def by_file(say, shop: Path, version: str, person: str) -> None:
    """A request file goes to somebody who has no record, and the reply file comes back."""
    elsewhere = shop.parent / "elsewhere"
    elsewhere.mkdir()
    say("sign", "--request", person, "sign-off", "--output", elsewhere / "request.json")
    run("sign", "request.json", "--as", person, "--approve", "--confirm", version, "--comment", "Seen at home",
        "--output", "reply.json", cwd=elsewhere)  # fmt: skip
    say("import", elsewhere / "reply.json")


def remember(shop: Path, version: str, day: str) -> None:
    """What is said of this release now, by ``gate`` for each of its gates and by ``notes``."""
    for gate in GATES:
        for kind, more in (("txt", ()), ("json", ("--json",))):
            text = run("gate", gate, "--release", version, *more, cwd=shop, fine=(0, 1))
            (HERE / "said" / f"{version}-{day}.gate.{gate}.{kind}").write_text(text, encoding="utf-8")
    for kind in ("md", "txt", "json", *(("html",) if day == "on-the-day" else ())):
        more = ("--format", kind)
        text = run("notes", "--release", version, *more, cwd=shop, fine=(0, 1))
        (HERE / "said" / f"{version}-{day}.notes.{kind}").write_text(text, encoding="utf-8")


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


def run(*words: object, cwd: Path, fine: tuple[int, ...] = (0,)) -> str:
    environ = os.environ | {"WORKBENCH_DATA": str(cwd / "data")}
    done = subprocess.run(
        ["workbench", *map(str, words)], cwd=cwd, env=environ, capture_output=True, text=True
    )
    print(" ".join(map(str, words)), done.stdout, done.stderr, sep="\n", file=sys.stderr)
    if done.returncode not in fine:
        raise SystemExit(f"failed: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
