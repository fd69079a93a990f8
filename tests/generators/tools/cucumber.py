"""Cucumber.js: its messages of scenarios that pass, fail, are retried, skipped, pending and undefined."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop

MIXED = """
Feature: Cart
  Scenario: Adds
    Given a cart
    When it is filled
    Then it is full

  @card
  Scenario: Pays
    Given a cart
    Then nothing works

  Scenario: Returns
    Given a cart
    When it is not yet ready

  Scenario: Ships
    Given a cart
    When nobody wrote this step

  Scenario: Waits
    Given a cart
    When somebody has to write it

  Scenario: Flickers
    Given a cart that works the second time

  Scenario: Says nothing

  Scenario Outline: Country <country>
    Given a cart
    Examples:
      | country       |
      | AT            |
      | ../../etc     |
"""
GREEN = """
Feature: Cart
  Scenario: Adds
    Given a cart
  Scenario: Fills
    Given a cart
    When it is filled
"""
STEPS = """
const { Given, When, Then, AfterAll } = require('@cucumber/cucumber');
let tries = 0;
Given('a cart', () => {});
When('it is filled', () => {});
Then('it is full', () => {});
Then('nothing works', () => { throw new Error('no card'); });
When('it is not yet ready', () => 'skipped');
When('somebody has to write it', () => 'pending');
Given('a cart that works the second time', () => { if (++tries < 2) throw new Error('flickers'); });
AfterAll(() => { if (process.env.BREAKS) throw new Error('the database was not emptied'); });
"""
GIT = {
    "CI": "true",
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "team/shop",
    "GITHUB_RUN_ID": "7",
    "GITHUB_SHA": "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72",
    "GITHUB_REF": "refs/heads/main",
    "GITHUB_EVENT_NAME": "push",
}


def make(work: Workshop) -> None:
    """Each run once."""
    work.write(
        "steps.js",
        STEPS.replace("@cucumber/cucumber", str(work.home / "npm/node_modules/@cucumber/cucumber")),
    )
    work.write("mixed.feature", MIXED)
    work.write("green.feature", GREEN)
    known = "9 scenarios: Adds and two countries pass, Flickers fails once and passes; Pays fails, Returns is skipped, Ships is undefined, Waits is pending, one has no steps"
    for name, feature, words, env, code, told in (
        ("mixed", "mixed", ("--retry", "1"), GIT, 1, known),
        ("green", "green", (), GIT, 0, "2 scenarios, both pass"),
        ("hook-fails", "green", (), {**GIT, "BREAKS": "yes"}, 1, "2 scenarios pass, then the hook after all of them fails"),
    ):  # fmt: skip
        work.run(
            "cucumber-js", f"{feature}.feature", "--require", "steps.js", *words,
            "--format", f"message:{name}.ndjson", codes=(code,), env=env,
        )  # fmt: skip
        work.keep(f"{name}.ndjson", told)


TOOL = Tool(name="cucumber", make=make, npm=["@cucumber/cucumber@12.2.0"], programs=["node", "npm"])
