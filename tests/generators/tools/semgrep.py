"""semgrep: SARIF by rules of our own, with a finding set aside in the source, and of a file that it cannot read."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop

RULES = """
rules:
  - id: eval-of-input
    languages: [python]
    severity: ERROR
    message: Text from outside is run as a program.
    pattern: eval(...)
    metadata: {cwe: ["CWE-95: Eval Injection"], security-severity: "9.1"}
  - id: request-without-timeout
    languages: [python]
    severity: WARNING
    message: A request without a time limit may wait for ever.
    pattern: requests.get($URL)
  - id: debug-print
    languages: [python]
    severity: INFO
    message: Something is printed.
    pattern: print(...)
"""
FAULTY = """
import requests


def total(words):
    return eval(words)


def rates(url):
    return requests.get(url)


def say(words):
    print(words)
    print(words)  # nosemgrep: debug-print
"""
CLEAN = """
def add(one, other):
    return one + other
"""
# semgrep reads around small mistakes; of this nothing can be read.
BROKEN = "def def (((( ''' class {{{ \n))) = = eval(\n"
WRONG_RULE = """
rules:
  - {id: wrong, languages: [python], severity: ERROR, message: cannot be read, pattern: "eval(...)) ("}
"""


def make(work: Workshop) -> None:
    """Three programs, one of them with a rule that cannot be read."""
    work.write("rules.yaml", RULES)
    work.write("shop/rates.py", FAULTY)
    work.write("clean/sums.py", CLEAN)
    work.write("broken/sums.py", BROKEN)
    work.write("wrong.yaml", WRONG_RULE)
    for name, rules, folder, known in (
        (
            "found.sarif",
            "rules.yaml",
            "shop",
            "one error, one warning, one note, and a second note set aside in the source",
        ),
        ("clean.sarif", "rules.yaml", "clean", "no finding"),
        (
            "unreadable.sarif",
            "rules.yaml",
            "broken",
            "its only file has a syntax error, which semgrep only warns of",
        ),
        ("wrong-rule.sarif", "wrong.yaml", "shop", "its only rule cannot be read, so nothing was looked for"),
    ):
        quiet = ("--metrics", "off", "--disable-version-check", "--no-git-ignore", "--quiet")
        work.run(
            "semgrep",
            "scan",
            *quiet,
            "--config",
            rules,
            "--sarif",
            "--output",
            name,
            folder,
            codes=(0, 1, 2, 3),
        )
        work.keep(name, known)


TOOL = Tool(name="semgrep", make=make, python=["semgrep==1.185.0"])
