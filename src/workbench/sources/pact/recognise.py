"""Whether a file holds results of Pact's verifier."""

from __future__ import annotations

from workbench.sources.recognising import Sample


def recognise(sample: Sample) -> str:
    """``results of verifying pacts`` for a file with the verifier's names; ``""`` for anything else."""
    return "results of verifying pacts" if {"interactionResults", "errors", "result"} <= sample.keys else ""
